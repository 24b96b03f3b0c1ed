package shipment

import (
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Element is something that has to stand on the label of the material (S09; process scenario 2).
type Element string

// The elements of the label of the collection bag.
const (
	ElementCoI       Element = "coi"
	ElementSubject   Element = "subject_no"
	ElementBirthYear Element = "birth_year"
	ElementDIN       Element = "din"
	ElementSite      Element = "site"
	ElementCollected Element = "collected_at"
)

// Elements are all elements, in the order of the label.
func Elements() []Element {
	return []Element{ElementCoI, ElementSubject, ElementBirthYear, ElementDIN, ElementSite, ElementCollected}
}

// Inspection is what the receiving side saw.
type Inspection struct {
	Box      string    `json:"box"` // as scanned
	Site     string    `json:"site,omitempty"`
	Seals    []string  `json:"seals"`
	SealsOK  bool      `json:"seals_intact"`
	Leak     bool      `json:"leak"`
	Missing  []Element `json:"missing,omitempty"` // of the label
	OnCall   bool      `json:"on_call"`           // delivered out of hours
	Matched  []string  `json:"matched"`           // containers whose own label was scanned and belongs to this shipment (I4)
	Mismatch string    `json:"mismatch,omitempty"`

	Volume      quantity.Quantity `json:"volume,omitzero"`       // as marked on the bag, mL
	VolumeLimit quantity.Limit    `json:"volume_limit,omitzero"` // that the recipe asks for, when it was received
	Temperature quantity.Quantity `json:"temperature,omitzero"`  // that the logger showed when the box was opened, °C
	Condition   string            `json:"condition,omitempty"`   // colour, clots, whatever else was seen
}

// ProblemKind is what was wrong at receipt, or holds the material since.
type ProblemKind string

// The problems.
const (
	WrongBox             ProblemKind = "wrong-box"
	WrongPlant           ProblemKind = "wrong-plant" // process scenario 10
	WrongContainer       ProblemKind = "wrong-container"
	BrokenSeal           ProblemKind = "broken-seal"
	OtherSeals           ProblemKind = "other-seals"
	Leaking              ProblemKind = "leaking"
	LabelIncomplete      ProblemKind = "label-incomplete" // process scenario 2
	OutOfHours           ProblemKind = "out-of-hours"     // process scenario 16
	CustodyBroken        ProblemKind = "custody-broken"   // process scenario 9
	TookTooLong          ProblemKind = "too-long"
	Expired              ProblemKind = "expired"
	TemperatureExcursion ProblemKind = "excursion"       // process scenario 17
	TemperatureNow       ProblemKind = "temperature-now" // beyond the lane when the box was opened
	LowVolume            ProblemKind = "low-volume"      // process scenario 14: decided at the gate of the recipe
)

// Quarantines says whether the material is kept apart until QA resolves it.
func (k ProblemKind) Quarantines() bool { return k != OutOfHours && k != TookTooLong && k != LowVolume }

// Finding is one finding.
type Finding struct {
	Kind   ProblemKind `json:"kind"`
	Detail string      `json:"detail,omitempty"`
}

// Lacks tells whether an element is missing on the label, or differs.
func (in Inspection) Lacks(e Element) bool { return slices.Contains(in.Missing, e) }

// Receipt is the inspection with what it found.
type Receipt struct {
	Inspection
	Problems []Finding
	At       time.Time
	By       ledger.Author
}

// Receive decides what the inspection of the box at its destination says. Whatever is wrong, the material is received: it
// is here. What is wrong keeps it in quarantine until QA resolves it; identity is never resolved by the receiving side. What
// nobody took over yet stays with the one who has it, and may be taken over afterwards (I6).
func (s *Shipment) Receive(by ledger.Author, now time.Time, in Inspection) (ledger.Draft, error) {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	if !ok || party != s.Plan.To.Party {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "not-the-receiver", "the {party} receives this shipment", "let the receiving side inspect it", "party", string(s.Plan.To.Party))
	}
	if status := s.Status(); status != InTransit && status != Delivered {
		return ledger.Draft{}, s.not(status, "it is inspected once, when it arrives")
	}
	var err error
	in.Box, err = line("box", in.Box, 1)
	if err == nil {
		in.Seals, err = names("seals", in.Seals, maxSeals)
	}
	if err != nil {
		return ledger.Draft{}, err
	}
	for part, q := range map[string]struct {
		quantity.Quantity
		unit quantity.Unit
	}{"volume": {in.Volume, "mL"}, "temperature": {in.Temperature, "degC"}} {
		if !q.IsZero() && (q.Unit() != q.unit || q.Qualifier() != quantity.Exactly) {
			return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "DI-8", "receipt-number", "{part} is no number in {unit}", "enter it again", "part", part, "unit", string(q.unit))
		}
	}
	if in.Condition != "" {
		in.Condition, err = line("condition", in.Condition, 1)
		if err != nil {
			return ledger.Draft{}, err
		}
	}
	for _, e := range in.Missing {
		if !slices.Contains(Elements(), e) {
			return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "AT-12", "label-element", "{element} is no element of the label", "choose among the listed ones", "element", string(e))
		}
	}
	return ledger.Draft{Type: typeReceived, Data: received{Inspection: in, Problems: s.problems(now, in)}, Frees: s.frees(func(c string) bool { return !s.OnTheWay(c) })}, nil
}

func (s *Shipment) problems(now time.Time, in Inspection) []Finding {
	var out []Finding
	add := func(when bool, kind ProblemKind, detail string) {
		if when {
			out = append(out, Finding{kind, detail})
		}
	}
	add(in.Mismatch != "" || len(in.Matched) < len(s.Packing.Containers), WrongContainer, in.Mismatch)
	add(in.Box != s.Plan.Box && in.Box != string(s.ID), WrongBox, in.Box) // its label bears both
	add(in.Site != s.Plan.To.Site, WrongPlant, s.Plan.To.Site)
	add(!in.SealsOK, BrokenSeal, list(in.Seals))
	add(in.SealsOK && !sameSet(in.Seals, s.Packing.Seals), OtherSeals, list(s.Packing.Seals)+" / "+list(in.Seals))
	add(in.Leak, Leaking, "")
	add(!in.Temperature.IsZero() && (below(in.Temperature, s.Plan.Lane.Low) || below(s.Plan.Lane.High, in.Temperature)), TemperatureNow, in.Temperature.Number())
	if v, err := in.VolumeLimit.Judge(in.Volume); err == nil { // without volume or limit there is nothing to judge
		add(!v.Pass, LowVolume, in.Volume.String()+" / "+in.VolumeLimit.String())
	}
	for _, e := range in.Missing {
		add(true, LabelIncomplete, string(e))
	}
	chain := s.Chain()
	for _, f := range chain.Flags {
		if f.Kind.Breaks() && f.Kind != SealsDiffer {
			add(true, CustodyBroken, string(f.Kind))
			break
		}
	}
	for _, f := range chain.Flags {
		add(f.Kind == TooLong, TookTooLong, f.Span.String())
	}
	add(!s.Plan.Expiry.IsZero() && !now.Before(s.Plan.Expiry), Expired, s.Plan.Expiry.Format(time.RFC3339))
	add(in.OnCall, OutOfHours, "")
	return out
}

// Store decides where the box waits for somebody to work on it, and at which temperature; its clocks run on (scenario 16).
// process is how long the work takes at least: it has to begin by the expiry, where one is known, less that.
func (s *Shipment) Store(by ledger.Author, place string, at quantity.Quantity, expiry time.Time, process time.Duration) (ledger.Draft, error) {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	if !ok || s.Receipt == nil || party != s.Plan.To.Party {
		return ledger.Draft{}, s.not(s.Status(), "the receiving side stores it after its receipt")
	}
	place, err := line("place", place, 1)
	if err != nil {
		return ledger.Draft{}, err
	}
	if at.IsZero() || at.Unit() != "degC" {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "TR-1", "storage-temperature", "the temperature of the store is missing", "read it off the store")
	}
	d := Storage{Place: place, Temperature: at}
	if !expiry.IsZero() {
		d.LatestStart = expiry.UTC().Add(-process)
	}
	return ledger.Draft{Type: typeStored, Data: d}, nil
}

// Unexpected decides that something arrived which this plant did not expect: it goes into quarantine (scenario 10).
func Unexpected(id ID, by ledger.Author, u Unplanned) (ledger.Draft, error) {
	if party, ok := chainofcustody.PartyOf(people.Role(by.Role)); !ok || party != chainofcustody.Plant {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "not-the-receiver", "the {party} receives this shipment", "let the receiving side inspect it", "party", string(chainofcustody.Plant))
	}
	var err error
	u.Place, err = line("place", u.Place, 1)
	if err != nil {
		return ledger.Draft{}, err
	}
	if len(u.Raw) > maxText || printable("label", u.Raw) != nil {
		u.Raw = ""
	}
	return ledger.Draft{Type: typeUnexpected, Data: unexpected{ID: id, Unplanned: u}}, nil
}

// ShownQuarantine is the digest of what QA signs when a quarantine ends.
func (s *Shipment) ShownQuarantine(how Way, reason string) ledger.Digest {
	text := []string{string(s.ID), s.Plan.CoI, string(how), strings.TrimSpace(reason)}
	for _, p := range s.Held() {
		text = append(text, string(p.Kind)+": "+p.Detail)
	}
	return ledger.DigestOf([]byte(strings.Join(text, "\n")))
}

// Resolve decides how a quarantine ends, signed by QA. A label that belongs to another patient is never accepted here (I4).
func (s *Shipment) Resolve(signed people.Signed, now time.Time, how Way, reason string, qualified bool) (ledger.Draft, error) {
	reason, err := reasonOf(reason)
	if err != nil {
		return ledger.Draft{}, err
	}
	held := s.Held()
	quarantined := slices.ContainsFunc(held, func(p Finding) bool { return p.Kind != TemperatureExcursion })
	if !quarantined {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "not-quarantined", "shipment {id} is not in quarantine", "nothing is left to decide", "id", string(s.ID))
	}
	if how == Accepted && slices.ContainsFunc(held, func(p Finding) bool { return p.Kind == WrongContainer || p.Kind == WrongPlant }) {
		return ledger.Draft{}, ledger.Refuse(ledger.Stop, "I4", "identity-not-accepted", "what arrived is not what was expected; nobody can accept that", "send it on to where it belongs, take it over, or reject it")
	}
	if open := s.Unconfirmed(); how == Accepted && len(open) > 0 {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "AT-12", "label-unconfirmed", "the hospital has not confirmed {element}, which is missing on the label", "ask the hospital to confirm it, signed by themselves", "element", string(open[0]))
	}
	if how == TakenOver && !qualified {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I10", "plant-not-qualified", "this plant has no effective recipe for it", "send it on to where it belongs")
	}
	if how == TakenOver && !s.Plan.Expiry.IsZero() && !now.Before(s.Plan.Expiry) {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I10", "expired-cannot-take-over", "it expired at {expiry}", "reject it", "expiry", s.Plan.Expiry.Format(time.RFC3339))
	}
	if !slices.Contains([]Way{Accepted, Rerouted, TakenOver, Destroyed}, how) {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "TR-2", "no-such-way", "a quarantine ends by accepting, sending on, taking over or rejecting", "choose one of them")
	}
	err = signed.For(people.Assessed, s.ShownQuarantine(how, reason))
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeResolved, Data: Resolution{How: how, Reason: reason, Signature: signed.Signature()}}, nil
}
