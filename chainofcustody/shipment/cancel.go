package shipment

import (
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Unpacking is that a packed box was opened again before it was handed over: what was in it, and why. Its material stayed with
// who packed it (I6).
type Unpacking struct {
	Containers []string      `json:"containers"` // scanned as they were taken out (I4)
	Place      string        `json:"place"`
	Reason     string        `json:"reason"`
	Was        Packing       `json:"-"` // what it ended
	PackedAt   time.Time     `json:"-"`
	PackedBy   ledger.Author `json:"-"`
	At         time.Time     `json:"-"`
	By         ledger.Author `json:"-"`
}

// Unpack decides that a box that nobody took over is opened again: everything in it was scanned as it was taken out, so it is
// known to be with its sender still. The shipment is then as it was planned, and its containers are free for another.
func (s *Shipment) Unpack(by ledger.Author, u Unpacking) (ledger.Draft, error) {
	err := s.mayUnpack(by)
	if err == nil {
		u.Reason, err = reasonOf(u.Reason)
	}
	if err == nil {
		u.Place, err = line("place", u.Place, 1)
	}
	if err == nil {
		u.Containers, err = names("containers", u.Containers, maxContainers)
	}
	if err != nil {
		return ledger.Draft{}, err
	}
	for _, c := range s.Packing.Containers {
		if !slices.Contains(u.Containers, c) {
			return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I4", "unpack-all", "{container} is in the box and was not scanned", "scan everything as it is taken out of the box", "container", c)
		}
	}
	if !sameSet(u.Containers, s.Packing.Containers) {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I4", "unpack-other", "something was scanned that was not in the box", "put it where it belongs and scan what was in the box")
	}
	return ledger.Draft{Type: typeUnpacked, Data: u, Frees: s.frees(func(string) bool { return true })}, nil
}

func (s *Shipment) mayUnpack(by ledger.Author) error {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	if !ok || party != s.Plan.From.Party {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "not-the-sender", "the {party} packs this shipment", "let the sending side pack it", "party", string(s.Plan.From.Party))
	}
	if status := s.Status(); status != Packed {
		return s.not(status, "a box is unpacked before anybody has taken it over")
	}
	return nil
}

// Cancel decides that a planned shipment does not take place. A packed box is unpacked first, so that a person has seen that the
// material is there; what was handed over is not cancelled: it has to arrive, or to come back.
func (s *Shipment) Cancel(by ledger.Author, reason string) (ledger.Draft, error) {
	if !people.Role(by.Role).May(people.PlanShipment) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "shipment-not-allowed", "the role {role} cancels no shipments", "logistics or production cancels it", "role", by.Role)
	}
	switch status := s.Status(); {
	case status == Packed:
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I6", "cancel-packed", "the box of shipment {id} is packed", "let the sending side unpack it first: they scan what they take out", "id", string(s.ID))
	case status != Planned || s.Plan.Batch == "":
		return ledger.Draft{}, s.not(status, "only a shipment that has not begun is cancelled")
	}
	reason, err := reasonOf(reason)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeCancelled, Data: cancelled{Reason: reason}}, nil
}

// MayCarry says whether somebody may still get a link for the shipment, or open one: not when it was cancelled.
func (s *Shipment) MayCarry() error {
	if s.Status() != Cancelled {
		return nil
	}
	return ledger.Refuse(ledger.Unmet, "TR-8", "shipment-cancelled", "shipment {id} was cancelled: nothing is carried with it", "call the plant, or open the link of the shipment that takes its place", "id", string(s.ID))
}

// PackedWhen is what was in the box at a moment, as the record says now.
func (s *Shipment) PackedWhen(t time.Time) Packing {
	for _, u := range s.Unpacked {
		if !t.Before(u.PackedAt) && t.Before(u.At) {
			return u.Was
		}
	}
	if t.Before(s.PackedAt) {
		return Packing{}
	}
	return s.Packing
}

// applyUnpacked ends a packing: the shipment is as it was planned, and what was packed stays known.
func (s *Shipment) applyUnpacked(e ledger.Entry, d Unpacking) error {
	d.Was, d.PackedAt, d.PackedBy, d.At, d.By = s.Packing, s.PackedAt, s.PackedBy, e.Time, e.Author
	s.Unpacked = append(s.Unpacked, d)
	s.Packing, s.PackedAt, s.PackedBy = Packing{}, time.Time{}, ledger.Author{}
	return nil
}

// unboxed tells whether nothing may have been handed on: the box was unpacked, or the shipment cancelled.
func (s *Shipment) unboxed() bool {
	return s.PackedAt.IsZero() && (len(s.Unpacked) > 0 || !s.CancelledAt.IsZero())
}
