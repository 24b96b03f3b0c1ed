package shipment

import (
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Order decides that a shipment is planned. The logger has to be calibrated from the planned start to the planned end
// (TR-3); a lane has to be able to make the way in its time, and what expires has to arrive before. That the product may
// leave at all (I10) is asked of its batch by the caller.
func Order(id ID, by ledger.Author, now time.Time, p Plan) (ledger.Draft, error) {
	if !people.Role(by.Role).May(people.PlanShipment) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "shipment-not-allowed", "the role {role} plans no shipments", "logistics or production plans it", "role", by.Role)
	}
	err := p.check(now)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typePlanned, Data: planned{ID: id, Plan: p}}, nil
}

func (p *Plan) check(now time.Time) error {
	for part, text := range map[string]*string{"box": &p.Box, "logger": &p.Logger.Serial, "from": &p.From.Name, "to": &p.To.Name} {
		checked, err := line(part, *text, 1)
		if err != nil {
			return err
		}
		*text = checked
	}
	err := p.Lane.Check()
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "TR-1", "lane-unknown", "the lane is not one of the plant: {why}", "choose a lane of the plant", "why", err.Error())
	}
	ends := map[Direction][2]chainofcustody.Party{ToPlant: {chainofcustody.Hospital, chainofcustody.Plant}, ToHospital: {chainofcustody.Plant, chainofcustody.Hospital}}
	if want, ok := ends[p.Direction]; !ok || p.From.Party != want[0] || p.To.Party != want[1] {
		return ledger.Refuse(ledger.Invalid, "TR-1", "shipment-route", "a shipment goes from the hospital to the plant, or back", "choose the direction again")
	}
	p.Pickup, p.Arrival, p.Expiry = p.Pickup.UTC(), p.Arrival.UTC(), p.Expiry.UTC()
	if p.Pickup.IsZero() || !p.Arrival.After(p.Pickup) {
		return ledger.Refuse(ledger.Invalid, "TR-1", "shipment-times", "the expected arrival is not after the pick-up", "enter both times again")
	}
	if took := p.Arrival.Sub(p.Pickup); took > p.Lane.Longest {
		return ledger.Refuse(ledger.Unmet, "TR-1", "lane-too-slow", "the way takes {took}, lane {lane} allows {longest}", "plan a faster way, or another lane",
			"took", took.String(), "lane", p.Lane.ID, "longest", p.Lane.Longest.String())
	}
	if !p.Expiry.IsZero() && !p.Arrival.Before(p.Expiry) {
		return ledger.Refuse(ledger.Unmet, "I10", "arrives-expired", "the material expires at {expiry}, before it arrives", "plan a faster way", "expiry", p.Expiry.Format(time.RFC3339))
	}
	for _, t := range []time.Time{p.Pickup, p.Arrival, now} {
		if !p.Logger.holdsAt(t) {
			return ledger.Refuse(ledger.Unmet, "TR-3", "logger-calibration", "the calibration of logger {serial} ends at {until}, the shipment lasts until {end}", "take another logger",
				"serial", p.Logger.Serial, "until", p.Logger.CalibratedUntil.Format(time.RFC3339), "end", p.Arrival.Format(time.RFC3339))
		}
	}
	return nil
}

// holdsAt says whether the calibration holds at t. A logger without a calibration date is not calibrated.
func (l Logger) holdsAt(t time.Time) bool { return l.CalibratedUntil.After(t) }

// Pack decides what is in the box, under which seals. Logger and box were checked when the shipment was planned; the
// calibration is looked at again, because the way begins now.
func (s *Shipment) Pack(by ledger.Author, now time.Time, p Packing) (ledger.Draft, error) {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	if !ok || party != s.Plan.From.Party {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "not-the-sender", "the {party} packs this shipment", "let the sending side pack it", "party", string(s.Plan.From.Party))
	}
	if status := s.Status(); status != Planned {
		return ledger.Draft{}, s.not(status, "it is packed once")
	}
	var err error
	p.Containers, err = names("containers", p.Containers, maxContainers)
	if err == nil {
		p.Seals, err = names("seals", p.Seals, maxSeals)
	}
	if err == nil {
		p.Place, err = line("place", p.Place, 1)
	}
	if err != nil {
		return ledger.Draft{}, err
	}
	if len(p.Containers) == 0 || len(p.Seals) == 0 {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "TR-6", "no-seals", "a box holds at least one container and has at least one seal", "scan the containers and enter the numbers of the seals")
	}
	if !s.Plan.Logger.holdsAt(later(now, s.Plan.Arrival)) {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-3", "logger-calibration", "the calibration of logger {serial} ends at {until}, the shipment lasts until {end}", "take another logger",
			"serial", s.Plan.Logger.Serial, "until", s.Plan.Logger.CalibratedUntil.Format(time.RFC3339), "end", later(now, s.Plan.Arrival).Format(time.RFC3339))
	}
	d := ledger.Draft{Type: typePacked, Data: p}
	for _, id := range p.Containers {
		d.Takes = append(d.Takes, Carries(id))
	}
	return d, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Deliver takes a change of hands that both sides confirmed. It refuses nothing that was validly signed: what does not fit
// is flagged by Chain, and a person looks at it.
func (s *Shipment) Deliver(l Leg) []ledger.Draft {
	d := ledger.Draft{Type: typeHanded, Data: l}
	if s.Receipt != nil && l.Receiver.Party == s.Plan.To.Party {
		d.Frees = s.frees(func(c string) bool { return slices.Contains(l.Containers, c) })
	}
	return []ledger.Draft{d}
}

// Online is the leg of a handoff that both sides confirmed at the server: its moments are exact.
func Online(giver, receiver Holder, given, taken time.Time, h chainofcustody.Handover, sealsGiven []string, evidence ...Evidence) Leg {
	return Leg{
		Giver: giver, Receiver: receiver, Containers: []string{h.Container}, Seals: sealsGiven, SealsTaken: h.Seals, Place: h.Place,
		Given: chainofcustody.At(given.UTC()), Taken: chainofcustody.At(taken.UTC()), Evidence: evidence,
	}
}

// Acknowledge says that a side has read that there is an excursion, what came of the receipt, or what was reported on the
// way (TR-2).
func (s *Shipment) Acknowledge(by ledger.Author, what string) (ledger.Draft, error) {
	party := s.side(by)
	if party == "" || !slices.Contains([]string{"excursion", "receipt", "report"}, what) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "TR-2", "not-told", "the role {role} was not told of this", "hospital and plant acknowledge for themselves", "role", by.Role)
	}
	if s.read(party, what) {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "acknowledged-before", "the {party} has acknowledged this already", "nothing is left to do", "party", party)
	}
	if what == "excursion" && s.Excursion == nil || what == "receipt" && s.Receipt == nil || what == "report" && s.reported(party) == 0 {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "nothing-to-acknowledge", "there is nothing of the kind to acknowledge", "look at the shipment again")
	}
	return ledger.Draft{Type: typeInformed, Data: Acknowledgement{Party: party, What: what}}, nil
}

// side is for whom a person reads what both sides are told: hospital or plant.
func (s *Shipment) side(by ledger.Author) string {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	switch {
	case ok && party == chainofcustody.Hospital:
		return string(chainofcustody.Hospital)
	case ok && party == chainofcustody.Plant, people.Role(by.Role).May(people.Review):
		return string(chainofcustody.Plant)
	default:
		return ""
	}
}

// Unread is who was told of something and has not acknowledged it (TR-2).
func (s *Shipment) Unread() []Acknowledgement {
	var out []Acknowledgement
	add := func(what string) {
		for _, party := range []string{string(chainofcustody.Hospital), string(chainofcustody.Plant)} {
			if !s.read(party, what) && (what != "report" || s.reported(party) > 0) {
				out = append(out, Acknowledgement{Party: party, What: what})
			}
		}
	}
	if s.Excursion != nil {
		add("excursion")
	}
	if s.Receipt != nil && len(s.Receipt.Problems) > 0 {
		add("receipt")
	}
	add("report")
	return out
}

// read tells whether a side has acknowledged what it was told of; of reports, the newest that it did not make itself.
func (s *Shipment) read(party, what string) bool {
	since := uint64(0)
	if what == "report" {
		since = s.reported(party)
	}
	return slices.ContainsFunc(s.Informed, func(a Acknowledgement) bool { return a.Party == party && a.What == what && a.Version > since })
}

// Close decides that nothing is left to do: it was received, its temperature is known, nothing is held.
func (s *Shipment) Close(by ledger.Author, reason string) (ledger.Draft, error) {
	if !people.Role(by.Role).May(people.PlanShipment) && !people.Role(by.Role).May(people.Review) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "shipment-not-allowed", "the role {role} closes no shipments", "logistics or QA closes it", "role", by.Role)
	}
	if status := s.Status(); status != Received {
		return ledger.Draft{}, s.not(status, "it is closed after its receipt")
	}
	if held := s.Held(); len(held) > 0 {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "shipment-held", "shipment {id} is held: {why}", "QA decides first", "id", string(s.ID), "why", string(held[0].Kind))
	}
	accepted := false
	for _, i := range s.Imports {
		accepted = accepted || len(i.Rejected) == 0
	}
	reason = strings.TrimSpace(reason)
	if !accepted || !s.Chain().Whole() || s.Untaken() { // never closed by a guess: a person says why it is closed all the same
		checked, err := reasonOf(reason)
		if err != nil {
			return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-9", "shipment-open-questions", "its temperature file is missing, or its chain of custody is not whole", "import the file and look at the chain, or say why it is closed all the same")
		}
		reason = checked
	}
	return ledger.Draft{Type: typeClosed, Data: closed{Reason: reason}, Frees: s.frees(func(string) bool { return true })}, nil
}

func (s *Shipment) not(status Status, next string) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "TR-8", "shipment-status", "shipment {id} is {status}", next, "id", string(s.ID), "status", string(status))
}
