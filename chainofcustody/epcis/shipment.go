package epcis

import (
	"encoding/json"
	"slices"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/quantity"
)

// Shipment are the events of a shipment: packing, handoffs that phones signed, what phones reported on the way and who acknowledged it,
// what the logger says, receipt, and what was decided on what was found. Handoffs that were confirmed at the server stand in the therapy event.
func (p Plant) Shipment(s *shipment.Shipment) ([]Event, error) {
	v := voyage{p, s, s.Plan.CoI}
	var out []Event
	for _, u := range s.Unpacked {
		out = append(out, v.packed(u.Was, u.PackedAt), v.unpacked(u))
	}
	if !s.PackedAt.IsZero() {
		out = append(out, v.packed(s.Packing, s.PackedAt))
	}
	if !s.CancelledAt.IsZero() {
		out = append(out, v.cancelled())
	}
	for _, i := range s.Imports {
		if len(i.Rejected) == 0 && i.Figures != nil {
			out = append(out, v.sensed(i))
		}
	}
	out = append(out, v.reported()...)
	out = append(out, v.received()...)
	out = append(out, v.decided()...)
	if s.Storage != nil {
		e := v.observed(s.Storage.Since, "storing", "in_progress")
		e.BizLocation = v.place("to", s.Plan.To)
		out = append(out, e)
	}
	out, err := named(out)
	if err != nil {
		return nil, err
	}
	for _, l := range s.Legs {
		legs, err := v.leg(l)
		if err != nil {
			return nil, err
		}
		out = append(out, legs...)
	}
	return out, nil
}

// voyage is a shipment that is told.
type voyage struct {
	p   Plant
	s   *shipment.Shipment
	coi string
}

func (v voyage) event(kind EventType, at time.Time, step, disposition string) Event {
	e := v.p.begin(kind, at, at, v.coi)
	e.Step, e.Disposition = step, disposition
	e.Transactions = v.transactions()
	if v.s.Plan.Batch != "" {
		e.Batch = Batch(v.s.Plan.Batch)
	}
	return e
}

// observed is an observation of what is in the box then.
func (v voyage) observed(at time.Time, step, disposition string) Event {
	return v.observedIn(v.s.PackedWhen(at), at, step, disposition)
}

func (v voyage) observedIn(in shipment.Packing, at time.Time, step, disposition string) Event {
	e := v.event(ObjectEvent, at, step, disposition)
	e.Action, e.EPCs = Observe, containers(in)
	if len(e.EPCs) == 0 {
		e.EPCs = []string{e.CoI} // nothing of it was packed at this plant
	}
	return e
}

func (v voyage) transactions() []Transaction {
	return []Transaction{{Type: "desadv", ID: Namespace + "shipment:" + string(v.s.ID)}}
}

func containers(in shipment.Packing) []string {
	var out []string
	for _, c := range in.Containers {
		out = append(out, Container(c))
	}
	slices.Sort(out)
	return out
}

// place is one end of the way: a plant by its site, a hospital by the shipment that names it. Its name may hold more than a place.
func (v voyage) place(end string, at shipment.Place) *Location {
	if at.Site != "" {
		return &Location{Site(at.Site)}
	}
	return &Location{Namespace + "place:" + string(v.s.ID) + ":" + end}
}

func (v voyage) packed(in shipment.Packing, at time.Time) Event {
	e := v.event(AggregationEvent, at, "packing", "container_closed")
	e.Action, e.ParentID, e.ChildEPCs = Add, box(v.s.Plan.Box, string(v.s.ID)), containers(in)
	e.Seals, e.ReadPoint = sealList(in.Seals), v.place("from", v.s.Plan.From)
	return e
}

// unpacked is a box that its sender opened again. Nothing was shipped.
func (v voyage) unpacked(u shipment.Unpacking) Event {
	e := v.event(AggregationEvent, u.At, "unpacking", "container_open")
	e.Action, e.ParentID, e.ChildEPCs = Delete, box(v.s.Plan.Box, string(v.s.ID)), containers(u.Was)
	e.Seals, e.ReadPoint = sealList(u.Was.Seals), v.place("from", v.s.Plan.From)
	return e
}

// cancelled takes the material out of the shipment, which is a business document: it is not shipped with it.
func (v voyage) cancelled() Event {
	e := v.event(TransactionEvent, v.s.CancelledAt, "void_shipping", "in_progress")
	e.Action, e.EPCs = Delete, []string{e.CoI}
	return e
}

// leg is a handoff that phones signed. Where its time became known better later, the earlier telling is declared wrong and
// points at the one that counts.
func (v voyage) leg(l shipment.Leg) ([]Event, error) {
	if !slices.ContainsFunc(l.Evidence, func(e shipment.Evidence) bool { return e.Kind == "phone" }) {
		return nil, nil
	}
	now, err := named(v.p.handoff(v.coi, v.passing(l)))
	if err != nil {
		return nil, err
	}
	out := slices.Clone(now)
	for was, corrected := l.Was, l.CorrectedAt; was != nil; was, corrected = was.Was, was.CorrectedAt {
		before, err := named(v.p.handoff(v.coi, v.passing(*was)))
		if err != nil {
			return nil, err
		}
		for i, e := range before {
			if e.ID != now[i].ID && !slices.ContainsFunc(out, func(o Event) bool { return o.ID == e.ID }) {
				e.Error = &ErrorDeclaration{At: stamp(corrected), Reason: "incorrect_data", Corrective: []string{now[i].ID}}
				out = append(out, e)
			}
		}
	}
	return out, nil
}

func (v voyage) passing(l shipment.Leg) passing {
	h := passing{
		from: l.Giver.Party, to: l.Receiver.Party, seals: l.Seals, taken: l.SealsTaken, given: l.Given, received: l.Taken,
		told: l.Known, confirmed: l.Known, start: v.place("from", v.s.Plan.From), end: v.place("to", v.s.Plan.To), transactions: v.transactions(),
	}
	for _, id := range l.Containers {
		if _, err := isbt128.ParseContainerID(id); err == nil {
			h.containers = append(h.containers, id)
		}
	}
	if len(h.containers) < len(l.Containers) {
		h.flags = append(h.flags, "label-not-read")
	}
	if l.WrongClock {
		h.flags = append(h.flags, string(shipment.WrongClock))
	}
	if l.Revoked {
		h.flags = append(h.flags, string(shipment.RevokedPass))
	}
	for _, e := range l.Evidence {
		if e.Kind == "phone" {
			h.evidence = append(h.evidence, phoneEvents(e.Ref)...)
		}
	}
	return h
}

// sensed is what the logger says of the way, with its file (I14). It is "transporting": "sensor_reporting" is for times in which
// nothing else happens.
func (v voyage) sensed(i shipment.Import) Event {
	f := i.Figures
	e := v.observedIn(v.s.PackedWhen(i.At), f.Last, "transporting", "in_transit")
	e.RecordTime = stamp(later(i.At, f.Last))
	report := Report{Type: "Temperature", Min: figure(f.Min), Max: figure(f.Max), Mean: figure(f.Mean), Unit: "CEL"}
	lane := v.s.Plan.Lane
	switch {
	case f.Unknown > 0:
		report.Exception = "ERROR_CONDITION"
	case f.Above+f.Below > 0 || outside(f, lane):
		report.Exception = "ALARM_CONDITION"
	}
	reports := []Report{report}
	if mkt := figure(f.MKT); mkt != "" {
		reports = append(reports, Report{Type: "Temperature", Method: Namespace + "formula:F13", Value: mkt, Unit: "CEL"})
	}
	if own := (Report{Type: "Temperature", Method: Namespace + "method:device", Min: figure(f.Device.Min), Max: figure(f.Device.Max), Mean: figure(f.Device.Mean), Unit: "CEL"}); own.Min != "" || own.Max != "" || own.Mean != "" {
		reports = append(reports, own)
	}
	e.Sensors = []Sensor{{
		Metadata: SensorMetadata{
			Device: Namespace + "logger:" + token(f.Serial, string(v.s.ID)), RawData: raw(i.File), Start: stamp(f.First), End: stamp(f.Last), Rules: Namespace + "lane:" + token(lane.ID, string(v.s.ID)),
		},
		Reports: reports,
	}}
	return e
}

func outside(f *shipment.Figures, lane shipment.Lane) bool {
	under := !f.Min.IsZero() && !lane.Low.IsZero() && f.Min.Decimal().Cmp(lane.Low.Decimal()) < 0
	over := !f.Max.IsZero() && !lane.High.IsZero() && f.Max.Decimal().Cmp(lane.High.Decimal()) > 0
	return under || over
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func figure(q quantity.Quantity) json.Number {
	if q.IsZero() {
		return ""
	}
	return number(q.Number())
}

func number(text string) json.Number {
	if !numbers.MatchString(text) {
		return ""
	}
	return json.Number(text)
}

// received is the inspection at the end of the way: the box is opened, and what was found.
func (v voyage) received() []Event {
	r := v.s.Receipt
	if r == nil {
		return nil
	}
	var out []Event
	here := v.place("to", v.s.Plan.To)
	if !v.s.PackedAt.IsZero() {
		opened := v.event(AggregationEvent, r.At, "unpacking", "container_open")
		opened.Action, opened.ParentID, opened.ChildEPCs = Delete, box(v.s.Plan.Box, string(v.s.ID)), containers(v.s.Packing)
		opened.Seals, opened.ReadPoint = sealList(r.Seals), here
		out = append(out, opened)
	}
	looked := v.observed(r.At, "inspecting", verdict(r.Problems))
	looked.Flags = problems(r.Problems)
	looked.ReadPoint, looked.BizLocation = here, here
	out = append(out, looked)
	if slices.ContainsFunc(r.Problems, func(f shipment.Finding) bool { return f.Kind.Quarantines() }) {
		out = append(out, v.held(r.At, problems(r.Problems)))
	}
	return out
}

// held is a quarantine, for which the vocabulary has no word of its own.
func (v voyage) held(at time.Time, why []string) Event {
	e := v.observed(at, "holding", "unavailable")
	e.Flags, e.BizLocation = why, v.place("to", v.s.Plan.To)
	return e
}

// problems are the kinds of what was found; their details are texts.
func problems(found []shipment.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, string(f.Kind))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func verdict(found []shipment.Finding) string {
	kinds := problems(found)
	switch {
	case slices.Contains(kinds, string(shipment.WrongContainer)):
		return "mismatch_instance"
	case slices.Contains(kinds, string(shipment.Leaking)), slices.Contains(kinds, string(shipment.BrokenSeal)):
		return "damaged"
	case slices.ContainsFunc(found, func(f shipment.Finding) bool { return f.Kind.Quarantines() }):
		return "non_conformant"
	}
	return "conformant"
}

// decided is what holds the material beside the receipt, and how each hold ended.
func (v voyage) decided() []Event {
	var out []Event
	end := func(at time.Time, disposition string) {
		out = append(out, v.observed(at, "inspecting", disposition))
	}
	if u := v.s.Unplanned; u != nil {
		out = append(out, v.held(u.At, []string{string(shipment.WrongPlant)}))
	}
	if x := v.s.Excursion; x != nil {
		out = append(out, v.held(x.Found, []string{string(shipment.TemperatureExcursion)}))
		if d := x.Decision; d != nil {
			end(d.Signature.At, map[shipment.Verdict]string{shipment.UseOn: "conformant", shipment.Reject: "non_conformant"}[d.Verdict])
		}
	}
	if r := v.s.Resolved; r != nil {
		end(r.At, map[shipment.Way]string{
			shipment.Accepted: "conformant", shipment.TakenOver: "conformant", shipment.Rerouted: "returned", shipment.Destroyed: "non_conformant",
		}[r.How])
	}
	return out
}
