package shipment

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// Apply folds one entry of the shipment's stream into the state.
func (s *Shipment) Apply(e ledger.Entry) error {
	s.Version = e.Version
	claims := e
	if e.Type == typeCarried {
		var err error
		e, err = e.Told()
		if err != nil {
			return fmt.Errorf("shipment %s: %w", s.ID, err)
		}
		s.Carried = append(s.Carried, e.Leaf)
	}
	apply, ok := folds[e.Type]
	if !ok {
		return fmt.Errorf("shipment %s, entry %d: unknown entry type %q", s.ID, e.Seq, e.Type)
	}
	err := apply(s, e)
	if err != nil {
		return fmt.Errorf("shipment %s, entry %d: %w", s.ID, e.Seq, err)
	}
	s.claim(claims)
	return nil
}

// with decodes the data of an entry for a fold.
func with[D any](apply func(*Shipment, ledger.Entry, D) error) func(*Shipment, ledger.Entry) error {
	return func(s *Shipment, e ledger.Entry) error {
		var d D
		err := json.Unmarshal(e.Data, &d)
		if err != nil {
			return err
		}
		return apply(s, e, d)
	}
}

var folds = map[string]func(*Shipment, ledger.Entry) error{
	typePlanned: with(func(s *Shipment, e ledger.Entry, d planned) error {
		s.ID, s.Plan, s.PlannedAt, s.PlannedBy = d.ID, d.Plan, e.Time, e.Author
		return nil
	}),
	typeUnexpected: with(func(s *Shipment, e ledger.Entry, d unexpected) error {
		d.Unplanned.At, d.By = e.Time, e.Author.Account
		s.ID, s.Unplanned = d.ID, &d.Unplanned
		s.Plan.CoI = d.CoI
		return nil
	}),
	typePacked: with(func(s *Shipment, e ledger.Entry, d Packing) error {
		s.Packing, s.PackedAt, s.PackedBy = d, e.Time, e.Author
		return nil
	}),
	typeUnpacked: with((*Shipment).applyUnpacked),
	typeCancelled: with(func(s *Shipment, e ledger.Entry, d cancelled) error {
		s.CancelledAt, s.CancelledBy, s.CancelledWhy = e.Time, e.Author, d.Reason
		return nil
	}),
	typeLabelled: with((*Shipment).applyLabelled),
	typeHanded:   with((*Shipment).applyHanded),
	typeTimed:    with((*Shipment).applyTimed),
	typeReported: with(func(s *Shipment, e ledger.Entry, d Report) error {
		e.Names(&d.By.Account)
		d.Known, d.Version = e.Time, e.Version
		s.Reports = append(s.Reports, d)
		return nil
	}),
	typeReceived: with(func(s *Shipment, e ledger.Entry, d received) error {
		s.Receipt = &Receipt{Inspection: d.Inspection, Problems: d.Problems, At: e.Time, By: e.Author}
		return nil
	}),
	typeConfirmed: with(func(s *Shipment, e ledger.Entry, d Confirmation) error {
		e.Names(&d.Signature.Account)
		d.At = e.Time
		s.Confirmed = append(s.Confirmed, d)
		return nil
	}),
	typeStored: with(func(s *Shipment, e ledger.Entry, d Storage) error {
		d.Since, d.By = e.Time, e.Author.Account
		s.Storage = &d
		return nil
	}),
	typeImported: with((*Shipment).applyImport),
	typeRejected: with((*Shipment).applyImport),
	typeDecided: with(func(s *Shipment, e ledger.Entry, d decided) error {
		if s.Excursion == nil || s.Excursion.Import != d.Import {
			return fmt.Errorf("no excursion of import %d", d.Import)
		}
		e.Names(&d.Decision.Signature.Account)
		x := *s.Excursion
		x.Decision = &d.Decision
		s.Excursion = &x
		return nil
	}),
	typeResolved: with(func(s *Shipment, e ledger.Entry, d Resolution) error {
		e.Names(&d.Signature.Account)
		d.At = e.Time
		s.Resolved = &d
		return nil
	}),
	typeSwitched: with(func(s *Shipment, e ledger.Entry, d Switch) error {
		e.Names(&d.Giving.Account)
		e.Names(&d.Taking.Account)
		d.At = e.Time
		s.Switches = append(s.Switches, d)
		s.Plan.To, s.Plan.Lane, s.Plan.Arrival, s.Plan.Expiry = d.To, d.Lane, d.Arrival, d.Expiry
		return nil
	}),
	typeTakenOn: with(func(s *Shipment, e ledger.Entry, d TakenOn) error {
		d.At, d.By = e.Time, e.Author.Account
		s.Plan.Batch, s.TakenOn = d.Batch, &d
		s.ClosedAt, s.ClosedWhy = time.Time{}, "" // the other plant is done with it
		return nil
	}),
	typeInformed: with(func(s *Shipment, e ledger.Entry, d Acknowledgement) error {
		if e.Origin != "" && d.Party == string(chainofcustody.Plant) {
			return nil // that plant has read it, not this one (TR-2)
		}
		d.At, d.Account, d.Version = e.Time, e.Author.Account, e.Version
		s.Informed = append(s.Informed, d)
		return nil
	}),
	typeClosed: with(func(s *Shipment, e ledger.Entry, d closed) error {
		if e.Origin != "" && s.TakenOn != nil {
			return nil // the other plant is done with it, as above
		}
		s.ClosedAt, s.ClosedWhy = e.Time, d.Reason
		return nil
	}),
}

// applyImport: an accepted file is the one that counts; it replaces what an earlier one showed only by showing more, so
// that a second file does not make an excursion disappear.
func (s *Shipment) applyImport(e ledger.Entry, d Import) error {
	d.At, d.By, d.Seq = e.Time, e.Author.Account, e.Seq
	s.Imports = append(s.Imports, d)
	if len(d.Rejected) > 0 || d.Figures == nil {
		return nil
	}
	what := s.Plan.Lane.excursion(*d.Figures)
	if what == "" {
		return nil
	}
	if s.Excursion != nil && s.Excursion.What == what {
		return nil
	}
	s.Excursion = &Excursion{What: what, Figures: *d.Figures, Import: len(s.Imports) - 1, Found: e.Time}
	return nil
}

// Clone is an independent copy: what is applied to one is not seen in the other.
func (s *Shipment) Clone() *Shipment {
	c := *s
	c.Legs, c.Imports, c.Switches, c.Informed = slices.Clip(s.Legs), slices.Clip(s.Imports), slices.Clip(s.Switches), slices.Clip(s.Informed)
	c.Confirmed, c.BoxLabels, c.Reports = slices.Clip(s.Confirmed), slices.Clip(s.BoxLabels), slices.Clip(s.Reports)
	c.Unpacked, c.Carried = slices.Clip(s.Unpacked), slices.Clip(s.Carried)
	return &c
}

// After is the shipment as it will stand once drafts are appended.
func (s *Shipment) After(by ledger.Author, at time.Time, drafts ...ledger.Draft) (*Shipment, error) {
	after := s.Clone()
	for i, d := range drafts {
		e, err := ledger.Provisional(d, by, at, after.Version+1)
		if err != nil {
			return nil, fmt.Errorf("draft %d: %w", i, err)
		}
		err = after.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	return after, nil
}

func (s *Shipment) applyHanded(e ledger.Entry, d Leg) error {
	d.Seq, d.Origin, d.Known = e.Seq, e.Origin, e.Time
	e.Names(&d.Giver.Account)
	e.Names(&d.Receiver.Account)
	for i, proof := range d.Evidence {
		if _, err := strconv.ParseUint(proof.Ref, 10, 64); e.Origin != "" && proof.Kind == "entry" && err == nil {
			d.Evidence[i].Ref = e.Origin + " #" + proof.Ref // a position in that plant's log
		}
	}
	s.Legs = append(s.Legs, d)
	return nil
}

func (s *Shipment) applyTimed(e ledger.Entry, d timed) error {
	at := slices.IndexFunc(s.Legs, func(l Leg) bool { return l.Seq == d.Leg && l.Origin == e.Origin })
	if at < 0 {
		return fmt.Errorf("time of a leg that is not there: entry %d", d.Leg)
	}
	legs := slices.Clone(s.Legs)
	was := legs[at]
	legs[at].Was, legs[at].CorrectedAt = &was, e.Time
	legs[at].Given, legs[at].WrongClock = d.Given, legs[at].WrongClock || d.WrongClock
	s.Legs = legs
	return nil
}
