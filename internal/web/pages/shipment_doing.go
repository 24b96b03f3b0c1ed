package pages

import (
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// shipmentDoings are what this person may do with a shipment now. Nothing is decided here: who may is asked of the sides and
// permissions, what stands against it says the domain when it is tried.
type shipmentDoings struct {
	Pack, Receive, Store, Logger, Close bool
	Unpack, Cancel                      bool
	Offer                               *offerForm
	Accept                              []acceptForm
	Label                               []choice // elements that the hospital may confirm
	Excursion                           *excursionForm
	Quarantine                          []choice // ways in which it may end
	Plant                               *plantForm
	HandOn                              string // the plant to which its batch can be handed on now
	Tell                                []choice
	Passes                              bool
	Call                                bool // a call about it waits for this person
	Elements                            []elementAsk
	Roles                               map[string]*picker // by act, where several of the person's roles could do it

	First string // what is to be done first: it stands open
	Scans string // the act that takes what is scanned
}

// Any tells whether there is anything to do.
func (d shipmentDoings) Any() bool {
	return d.Pack || d.Unpack || d.Cancel || d.Receive || d.Store || d.Logger || d.Close || d.Offer != nil || len(d.Accept) > 0 || len(d.Label) > 0 || d.Excursion != nil || len(d.Quarantine) > 0 ||
		d.Plant != nil || d.HandOn != "" || len(d.Tell) > 0 || d.Passes || d.Call
}

type offerForm struct {
	Containers []choice
	To         []choice
}

type acceptForm struct{ Container, Print, From string }

// elementAsk asks for one element of the label: it is there and agrees, or it is missing or differs.
type elementAsk struct{ Code, Name string }

type excursionForm struct {
	Viability string // as it is signed
	Words     string // as it is read
	Verdicts  []choice
}

type plantForm struct {
	Sites   []choice
	Lanes   []choice
	Arrival []picker
}

func (v *visit) shipmentDoings(s *shipment.Shipment, b *batch.Batch, t *chainofcustody.TherapyEvent) shipmentDoings {
	d := shipmentDoings{Roles: map[string]*picker{}, Passes: slices.ContainsFunc(v.desk.Session.Roles, passer)}
	status := s.Status()
	may := func(act string, fits func(people.Role) bool) bool {
		roles, ok := v.rolesFor(fits)
		d.Roles[act] = roles
		return ok
	}
	qa := v.has(people.QA)
	if status == shipment.Closed { // of a cancelled one, what is unread is still to be acknowledged
		return shipmentDoings{Passes: d.Passes}
	}
	for _, a := range s.Unread() {
		if v.readsFor(a.Party) && may("tell", func(r people.Role) bool {
			return isOf(chainofcustody.Party(a.Party))(r) || a.Party == string(chainofcustody.Plant) && r.May(people.Review)
		}) {
			d.Tell = append(d.Tell, choice{Code: a.What, Name: v.word("shipment-told", a.What)})
		}
	}
	d.Tell = slices.CompactFunc(d.Tell, func(a, b choice) bool { return a.Code == b.Code })
	if v.calledAbout(s.ID) {
		d.Call = may("call", v.takesCall(s.ID))
	}
	if qa {
		v.decisionsDue(&d, s, b)
	}
	if s.Plan.Batch == "" {
		d.order(status)
		return d
	}
	d.Pack = status == shipment.Planned && may("pack", isOf(s.Plan.From.Party))
	d.Unpack = status == shipment.Packed && may("unpack", isOf(s.Plan.From.Party))
	d.Cancel = status == shipment.Planned && may("cancel", plans)
	if t != nil {
		v.handoffs(&d, s, t, may)
	}
	d.Receive = (status == shipment.InTransit || status == shipment.Delivered) && may("receive", isOf(s.Plan.To.Party))
	if d.Receive {
		for _, e := range shipment.Elements() {
			d.Elements = append(d.Elements, elementAsk{string(e), v.word("label-element", string(e))})
		}
	}
	d.Store = s.Receipt != nil && s.Receipt.OnCall && s.Storage == nil && may("store", isOf(s.Plan.To.Party))
	d.Logger = (!s.PackedAt.IsZero() || len(s.Legs) > 0) && may("logger", func(r people.Role) bool { return r.May(people.HoldCustody) || r.May(people.Review) })
	d.Close = status == shipment.Received && len(s.Held()) == 0 && may("close", func(r people.Role) bool { return r.May(people.PlanShipment) || r.May(people.Review) })
	if may("label", isOf(chainofcustody.Hospital)) {
		for _, e := range s.Unconfirmed() {
			d.Label = append(d.Label, choice{Code: string(e), Name: v.word("label-element", string(e))})
		}
	}
	d.order(status)
	return d
}

// order says which act comes first, and which of them takes what is scanned. Unpacking and cancelling are never what comes first.
func (d *shipmentDoings) order(status shipment.Status) {
	for _, a := range []struct {
		code  string
		open  bool
		scans bool
	}{
		{"accept", len(d.Accept) > 0, true}, {"pack", d.Pack, true}, {"receive", d.Receive && status == shipment.Delivered, true}, {"excursion", d.Excursion != nil, false},
		{"quarantine", len(d.Quarantine) > 0, false}, {"label", len(d.Label) > 0, false}, {"store", d.Store, false}, {"offer", d.Offer != nil, true},
		{"receive", d.Receive, true}, {"logger", d.Logger, false}, {"close", d.Close, false},
	} {
		if a.open && d.First == "" {
			d.First = a.code
		}
		if a.open && a.scans && d.Scans == "" {
			d.Scans = a.code
		}
	}
	if d.Scans == "" && d.Unpack {
		d.Scans = "unpack"
	}
}

// passer is who may give others a link for a shipment.
func passer(r people.Role) bool {
	return r.May(people.HoldCustody) || r.May(people.Schedule) || r.May(people.IssueKit)
}

// handoffs are what the person may hand over, and what is offered to their side (I6).
func (v *visit) handoffs(d *shipmentDoings, s *shipment.Shipment, t *chainofcustody.TherapyEvent, may func(string, func(people.Role) bool) bool) {
	for _, id := range s.Packing.Containers {
		c, ok := t.Container(id)
		if !ok || s.Receipt != nil && !s.OnTheWay(id) { // a receipt does not take it over (I6)
			continue
		}
		offer, open := t.Open(id)
		switch {
		case open && may("accept", isOf(offer.To.Party)):
			d.Accept = append(d.Accept, acceptForm{id, unlabelled(id), v.word("party", string(offer.From.Party)) + ", " + v.full(offer.From.Account)})
		case !open && may("offer", isOf(c.Custodian.Party)) && c.Custodian.Party != s.Plan.To.Party:
			if d.Offer == nil {
				d.Offer = &offerForm{}
				for _, p := range []chainofcustody.Party{chainofcustody.Courier, s.Plan.To.Party} {
					if p != c.Custodian.Party {
						d.Offer.To = append(d.Offer.To, choice{Code: string(p), Name: v.word("party", string(p))})
					}
				}
			}
			d.Offer.Containers = append(d.Offer.Containers, choice{Code: id, Name: unlabelled(id)})
		}
	}
}

// decisionsDue are the decisions that wait for QA, and the change of the plant that they may make.
func (v *visit) decisionsDue(d *shipmentDoings, s *shipment.Shipment, b *batch.Batch) {
	if x := s.Excursion; x != nil && x.Decision == nil {
		d.Excursion = &excursionForm{}
		if b != nil {
			d.Excursion.Viability = b.Viability()
		}
		d.Excursion.Words = v.viability(d.Excursion.Viability)
		for _, verdict := range []shipment.Verdict{shipment.UseOn, shipment.Reject} {
			d.Excursion.Verdicts = append(d.Excursion.Verdicts, choice{Code: string(verdict), Name: v.word("shipment-verdict", string(verdict)), Chosen: v.FormValue("verdict") == string(verdict)})
		}
	}
	for _, h := range s.Held() {
		if h.Kind == shipment.TemperatureExcursion || len(d.Quarantine) > 0 {
			continue
		}
		ways := []shipment.Way{shipment.Accepted, shipment.Rerouted, shipment.Destroyed}
		if s.Unplanned != nil || slices.ContainsFunc(s.Held(), func(f shipment.Finding) bool { return f.Kind == shipment.WrongPlant }) {
			ways = []shipment.Way{shipment.Rerouted, shipment.TakenOver, shipment.Destroyed}
		}
		for _, w := range ways {
			d.Quarantine = append(d.Quarantine, choice{Code: string(w), Name: v.word("shipment-way", string(w)), Chosen: v.FormValue("how") == string(w)})
		}
	}
	status := s.Status()
	if s.Plan.Direction != shipment.ToPlant || s.Plan.Batch == "" || status != shipment.Planned && status != shipment.Packed && status != shipment.InTransit {
		return
	}
	if len(s.Switches) > 0 && s.Plan.To.Site != v.plant().Site() && b != nil && b.HandedOn == nil {
		d.HandOn = s.Plan.To.Name
	}
	form := plantForm{Arrival: v.momentPickersFrom("arrival", 0, 1)}
	for _, p := range v.site.deps.Plants {
		if p.Site() == s.Plan.To.Site {
			continue
		}
		name := p.Profile.Name[v.lang]
		if name == "" {
			name = p.Site()
		}
		form.Sites = append(form.Sites, choice{Code: p.Site(), Name: name, Chosen: v.FormValue("site") == p.Site()})
		for _, l := range p.Shipments().Lanes {
			if !slices.ContainsFunc(form.Lanes, func(c choice) bool { return c.Code == l.ID }) {
				form.Lanes = append(form.Lanes, choice{Code: l.ID, Name: v.laneText(l), Chosen: v.FormValue("lane") == l.ID})
			}
		}
	}
	if len(form.Sites) > 0 {
		d.Plant = &form
	}
}

// viability is what the in-process control says of the cells, in words. It is a result of the plant: those who read no
// records do not see it (I11).
func (v *visit) viability(text string) string {
	ref, value, found := strings.Cut(text, ": ")
	switch {
	case !v.reads():
		return v.T("shipment.viability.hidden")
	case !found:
		return v.T("shipment.viability.none")
	}
	step, _, _ := strings.Cut(ref, ".")
	return v.T("shipment.viability.of", "step", step, "value", value)
}
