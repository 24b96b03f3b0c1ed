package pages

import (
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
)

// linkView is a time during which one holder answered for the box, as it is shown.
type linkView struct {
	Party, Name, Role string
	From, To          string
	Bounds            string // how exactly the beginning is known
	Holds             bool   // has it now
	Missing           bool   // how it came here is not recorded
	Place             string
	Seals             string
	Evidence          []string
	Clocks            []string
	Late              string
	Flags             []flagView
}

// flagView is what does not fit, at its place: what it is, and for how long.
type flagView struct {
	What, Text string
	Breaks     bool
	seals      bool // its text names seals
}

// chain is the chain of custody as it happened, with gaps, overlaps and missing legs at their places (I6). What concerns the
// way as a whole comes apart.
func (v *visit) chain(s *shipment.Shipment) (links []linkView, whole []flagView) {
	c := s.Chain()
	flags := map[int][]flagView{}
	for _, f := range c.Flags {
		if f.Leg < 0 {
			whole = append(whole, v.flag(s, f))
			continue
		}
		flags[f.Leg] = append(flags[f.Leg], v.flag(s, f))
	}
	for i, l := range c.Links {
		out := linkView{
			Party: v.word("party", string(l.Holder.Party)), Name: v.full(l.Holder.Account), Role: v.word("role", l.Holder.Role), From: v.when(l.From), Bounds: v.bounds(l.From),
			Holds: i == len(c.Links)-1, Missing: l.Broken,
		}
		if l.Holder.Account == "" {
			out.Name = ""
		}
		if !out.Holds {
			out.To = v.when(l.To)
		}
		if l.Leg >= 0 {
			v.leg(&out, s, s.Legs[l.Leg])
			out.Flags = flags[l.Leg]
		} else if !l.Broken {
			out.Place, out.Seals = s.Packing.Place, listed(s.Packing.Seals)
		}
		links = append(links, out)
	}
	return links, whole
}

// leg is how a link began: place, seals, evidence, clocks, and whether the server learned of it late.
func (v *visit) leg(out *linkView, s *shipment.Shipment, l shipment.Leg) {
	out.Place, out.Seals = l.Place, listed(l.Seals)
	if l.SealsTaken != nil {
		out.Seals = listed(l.SealsTaken)
	}
	for _, e := range l.Evidence {
		ref := e.Ref
		if e.Kind == "phone" && len(ref) > 12 {
			ref = ref[:12] + "…"
		}
		out.Evidence = append(out.Evidence, v.T("shipment.evidence."+e.Kind, "ref", ref))
	}
	for name, claim := range map[string]*chainofcustody.ClaimedTime{"giver": l.GivenClaim, "receiver": l.TakenClaim} {
		if claim != nil {
			out.Clocks = append(out.Clocks, v.T("shipment.clock."+name, "at", momentUTC(claim.At), "offset", seconds(claim.Offset), "bound", seconds(claim.Bound)))
		}
	}
	if len(out.Clocks) == 2 && out.Clocks[0] > out.Clocks[1] {
		out.Clocks[0], out.Clocks[1] = out.Clocks[1], out.Clocks[0]
	}
	switch late := l.Late(); {
	case late > 0:
		out.Late = v.T("shipment.late", "span", v.span(late))
	case s.AfterReceipt(l):
		out.Late = v.T("shipment.late.receipt", "span", v.span(l.Taken.Earliest.Sub(s.Receipt.At)))
	}
}

func seconds(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "−", -d
	}
	return sign + d.Round(time.Second).String()
}

// flag is what does not fit, in words.
func (v *visit) flag(s *shipment.Shipment, f shipment.Flag) flagView {
	out := flagView{What: v.word("shipment-flag", string(f.Kind)), Breaks: f.Kind.Breaks(), seals: f.Kind == shipment.SealsDiffer}
	switch f.Kind {
	case shipment.Gap, shipment.Overlap, shipment.MissingLeg:
		if f.Span > 0 {
			out.Text = v.T("shipment.flag.span", "span", v.span(f.Span))
		}
	case shipment.TooLong:
		out.Text = v.T("shipment.flag.too-long", "span", v.span(f.Span), "longest", v.span(s.Plan.Lane.Longest))
	case shipment.SealsDiffer:
		if l := s.Legs[f.Leg]; f.Packed {
			out.Text = v.T("shipment.flag.seals-packed", "packed", v.sealed(s.Packing.Seals), "given", v.sealed(l.Seals))
		} else {
			out.Text = v.T("shipment.flag.seals-read", "given", v.sealed(l.Seals), "taken", v.sealed(l.SealsTaken))
		}
	case shipment.UnknownContainer, shipment.LeftBehind:
		out.Text = unlabelled(f.Detail)
	case shipment.SamePerson:
		out.Text = v.full(f.Detail)
	}
	return out
}

// when is a moment as far as it is known: never more exact than it is.
func (v *visit) when(m chainofcustody.Moment) string {
	switch {
	case m.Certain() && m.Width() == 0:
		return moment(m.Earliest, v.zone())
	case m.Certain():
		return v.T("shipment.between", "from", moment(m.Earliest, v.zone()), "to", moment(m.Latest, v.zone()))
	case !m.Latest.IsZero():
		return v.T("shipment.before", "to", moment(m.Latest, v.zone()))
	case !m.Earliest.IsZero():
		return v.T("shipment.after", "from", moment(m.Earliest, v.zone()))
	}
	return v.T("shipment.unknown-time")
}

// bounds says how exactly a moment is known.
func (v *visit) bounds(m chainofcustody.Moment) string {
	switch {
	case m.Certain() && m.Width() == 0:
		return v.T("shipment.exact")
	case m.Certain():
		return "± " + (m.Width() / 2).Round(time.Second).String()
	}
	return ""
}

// sealed are the numbers of seals, or that there was none.
func (v *visit) sealed(seals []string) string {
	if len(seals) == 0 {
		return v.T("shipment.flag.no-seal")
	}
	return listed(seals)
}

// notWhole says that the chain is not whole: something is missing, or only differs; empty where it is whole.
func (v *visit) notWhole(c shipment.Chain) string {
	switch {
	case c.Whole():
		return ""
	case c.Lacks():
		return v.T("shipment.chain.broken")
	case slices.ContainsFunc(c.Flags, func(f shipment.Flag) bool { return f.Kind.Breaks() && f.Kind != shipment.SealsDiffer }):
		return v.T("shipment.chain.differs")
	}
	return v.T("shipment.chain.seals")
}

func listed(items []string) string { return strings.Join(items, ", ") }
