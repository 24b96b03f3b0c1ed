package epcis

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody"
)

// Plant is whose record is told: its log, and the time zone in which its people work.
type Plant struct {
	Site string
	Zone *time.Location
}

// Making is what the record of a batch knows of how a container came to be.
type Making struct {
	At     time.Time // when what is in it was collected or filled; zero: when its label was issued
	From   []string  // containers that went into it; empty: its parent
	Lots   []string  // of materials that went into it in the step; none from a blinded step (I11)
	Output string    // number of the batch whose product it is; empty for everything on the way there
	Empty  bool      // its label was issued, and nothing is in it yet
}

// Therapy are the events of a therapy event: how its containers came to be and ended, and every change of hands that
// both sides confirmed. making tells what the batch knows of a container; nil for nothing.
func (p Plant) Therapy(t *chainofcustody.TherapyEvent, making func(*chainofcustody.Container) Making) ([]Event, error) {
	var out []Event
	for _, group := range together(t.Containers) {
		made := Making{}
		if making != nil {
			made = making(group[0])
		}
		if made.Empty {
			continue
		}
		out = append(out, p.made(t, group, made))
	}
	for _, c := range t.Containers {
		for _, change := range c.Changes {
			out = append(out, p.changed(t, c, change))
		}
	}
	for _, o := range t.Offers {
		if o.AcceptedAt.IsZero() {
			continue // nothing changed hands
		}
		out = append(out, p.handoff(t.CoI.String(), passing{
			from: o.From.Party, to: o.To.Party, containers: []string{o.Container}, seals: o.Seals, taken: o.Seals,
			given: chainofcustody.At(o.OfferedAt), received: chainofcustody.At(o.AcceptedAt), told: o.OfferedAt, confirmed: o.AcceptedAt,
			flags: disagreement(o), evidence: []string{entry(cmp.Or(o.Origin, p.Site), o.Seq)},
		})...)
	}
	for _, s := range t.Scans {
		if s.Outcome == chainofcustody.Mismatched {
			out = append(out, p.mismatch(t, s))
		}
	}
	return named(out)
}

func named(events []Event) ([]Event, error) {
	for i, e := range events {
		var err error
		events[i], err = e.named()
		if err != nil {
			return nil, err
		}
	}
	return events, nil
}

// together are the containers that one act made: of one kind, from one parent, at one moment.
func together(all []*chainofcustody.Container) [][]*chainofcustody.Container {
	var out [][]*chainofcustody.Container
	for _, c := range all {
		if n := len(out); n > 0 {
			last := out[n-1][0]
			if last.Kind == c.Kind && last.Parent == c.Parent && last.Purpose == c.Purpose && last.CreatedAt.Equal(c.CreatedAt) {
				out[n-1] = append(out[n-1], c)
				continue
			}
		}
		out = append(out, []*chainofcustody.Container{c})
	}
	return out
}

// begin is an event with what every event has.
func (p Plant) begin(kind EventType, at, recorded time.Time, coi string) Event {
	return Event{
		Type: kind, Time: stamp(at), RecordTime: stamp(recorded), Offset: at.In(p.Zone).Format("-07:00"), CoI: Namespace + "coi:" + coi,
	}
}

// made is how containers came to be. Marrow is commissioned: "collecting" is picking something up for its disposal. A sample is an
// object of its own: "sampling" would say that what it was taken from is no longer good. Everything else is a transformation.
func (p Plant) made(t *chainofcustody.TherapyEvent, group []*chainofcustody.Container, m Making) Event {
	first := group[0]
	at := first.CreatedAt
	if !m.At.IsZero() {
		at = m.At
	}
	recorded := first.CreatedAt
	if at.After(recorded) {
		recorded = at
	}
	var epcs []string
	for _, c := range group {
		epcs = append(epcs, Container(c.ID.String()))
	}
	slices.Sort(epcs)
	e := p.begin(ObjectEvent, at, recorded, t.CoI.String())
	e.Action, e.Step, e.Disposition = Add, "commissioning", "active"
	if n := first.Batch(); n != "" {
		e.Batch = Batch(n)
	}
	switch {
	case first.Parent == "":
		e.EPCs = epcs
	case first.Kind.Sample():
		e.EPCs, e.SampledFrom = epcs, Container(first.Parent)
	default:
		e.Type, e.Action, e.Disposition = TransformationEvent, "", "in_progress"
		e.OutputEPCs = epcs
		for _, id := range inputs(first, m) {
			e.InputEPCs = append(e.InputEPCs, Container(id))
		}
		for _, lot := range m.Lots {
			e.Inputs = append(e.Inputs, Quantity{Class: Lot(lot)})
		}
		if m.Output != "" {
			e.Inputs = append([]Quantity{{Class: Donation(first.ID.DIN())}}, e.Inputs...)
			e.Outputs = []Quantity{{Class: Batch(m.Output), Amount: number(fmt.Sprint(len(group)))}}
		}
	}
	return e
}

func inputs(c *chainofcustody.Container, m Making) []string {
	from := slices.Clone(c.Pooled)
	if len(from) == 0 {
		from = slices.Clone(m.From)
	}
	if len(from) == 0 {
		from = []string{c.Parent}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// changed is a container that was frozen, thawed or destroyed.
func (p Plant) changed(t *chainofcustody.TherapyEvent, c *chainofcustody.Container, change chainofcustody.Turn) Event {
	e := p.begin(ObjectEvent, change.At, change.At, t.CoI.String())
	e.EPCs, e.Evidence = []string{Container(c.ID.String())}, []string{entry(cmp.Or(change.Origin, p.Site), change.Seq)}
	switch change.To {
	case chainofcustody.Destroyed:
		e.Action, e.Step, e.Disposition = Delete, "destroying", "destroyed"
	case chainofcustody.Frozen:
		e.Action, e.Step, e.Disposition = Observe, Namespace+"step:freezing", "in_progress"
	default:
		e.Action, e.Step, e.Disposition = Observe, Namespace+"step:thawing", "in_progress"
	}
	return e
}

// mismatch is a label that was not the expected one. What another patient's label said is not told here.
func (p Plant) mismatch(t *chainofcustody.TherapyEvent, s chainofcustody.ScanRecord) Event {
	e := p.begin(ObjectEvent, s.At, s.At, t.CoI.String())
	e.Action, e.Step, e.Disposition, e.EPCs = Observe, "inspecting", "mismatch_instance", []string{e.CoI}
	if _, ours := t.Container(s.Container); ours {
		e.EPCs = []string{Container(s.Container)}
	}
	e.Evidence = []string{entry(cmp.Or(s.Origin, p.Site), s.Seq)}
	return e
}

// passing is one change of hands.
type passing struct {
	from, to        chainofcustody.Party
	containers      []string
	seals, taken    []string
	given, received chainofcustody.Moment
	told, confirmed time.Time // when the record learnt of each
	flags, evidence []string
	start, end      *Location // of the shipment, where it is one
	transactions    []Transaction
}

func disagreement(o chainofcustody.Offer) []string {
	if o.Disagrees == "" {
		return nil
	}
	return []string{"giver-and-receiver-differ"}
}

// handoff is a change of hands as two observations, one of each side. What a courier gives to a site is told once, as
// "receiving": it excludes "arriving" and "accepting" (CBV 2.0 7.1.2).
func (p Plant) handoff(coi string, h passing) []Event {
	var out []Event
	if h.to == chainofcustody.Courier || h.from != chainofcustody.Courier {
		gave := p.observed(coi, h, h.given, h.told, h.seals)
		gave.Step, gave.Disposition, gave.ReadPoint = "shipping", "in_transit", h.start
		if h.from == chainofcustody.Courier {
			gave.Step, gave.ReadPoint = "departing", nil
		}
		if gave.ReadPoint == nil && h.from == chainofcustody.Plant {
			gave.ReadPoint = &Location{Site(p.Site)}
		}
		out = append(out, gave)
	}
	took := p.observed(coi, h, h.received, h.confirmed, h.taken)
	if h.to == chainofcustody.Courier {
		took.Step, took.Disposition = "accepting", "in_transit"
	} else {
		took.Step, took.Disposition, took.ReadPoint = "receiving", "in_progress", h.end
		if took.ReadPoint == nil && h.to == chainofcustody.Plant {
			took.ReadPoint = &Location{Site(p.Site)}
		}
		took.BizLocation = took.ReadPoint
	}
	return append(out, took)
}

func (p Plant) observed(coi string, h passing, when chainofcustody.Moment, recorded time.Time, seals []string) Event {
	at := when.Latest
	flags := slices.Clone(h.flags)
	if at.IsZero() {
		at, flags = h.confirmed, append(flags, "time-not-known")
	}
	e := p.begin(ObjectEvent, at, recorded, coi)
	if !when.Certain() || when.Width() > 0 {
		e.Latest = stamp(at)
		if !when.Earliest.IsZero() {
			e.Earliest = stamp(when.Earliest)
		}
	}
	e.Action = Observe
	for _, c := range h.containers {
		e.EPCs = append(e.EPCs, Container(c))
	}
	e.Seals, e.Flags, e.Evidence, e.Transactions = sealList(seals), flags, h.evidence, h.transactions
	e.Sources = []Source{{"possessing_party", p.side(h.from)}}
	e.Destinations = []Destination{{"possessing_party", p.side(h.to)}}
	return e
}

func (p Plant) side(of chainofcustody.Party) string {
	if of == chainofcustody.Plant {
		return party(string(of), p.Site)
	}
	return party(string(of), "")
}
