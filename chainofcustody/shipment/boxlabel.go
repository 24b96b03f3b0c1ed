package shipment

import (
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// BoxLabel is one print of the label of the transport box.
type BoxLabel struct {
	Serial int               `json:"serial"`
	Failed string            `json:"failed,omitempty"` // why it is not on paper; empty when it is
	Reason string            `json:"reason,omitempty"` // of a reprint
	Second *people.Signature `json:"second,omitempty"` // who stood by at a reprint
	At     time.Time         `json:"-"`
	By     string            `json:"-"`
}

// LabelSerial is the serial of the next label of the box: one more than those that are on paper (LB-1).
func (s *Shipment) LabelSerial() int {
	next := 1
	for _, l := range s.BoxLabels {
		if l.Failed == "" {
			next = l.Serial + 1
		}
	}
	return next
}

// MayLabel says whether this person prints the label of the box now: the sender of a packed box, and who plans shipments. A
// second label needs a reason and a second person, as any other reprint does (LB-1).
func (s *Shipment) MayLabel(by ledger.Author, reason string, second *people.Signature) error {
	party, _ := chainofcustody.PartyOf(people.Role(by.Role))
	if party != s.Plan.From.Party && !people.Role(by.Role).May(people.PlanShipment) {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "not-the-sender", "the {party} packs this shipment", "let the sending side pack it", "party", string(s.Plan.From.Party))
	}
	if status := s.Status(); status != Packed {
		return s.not(status, "its box is labelled when it is packed, before it leaves")
	}
	if s.LabelSerial() == 1 {
		return nil
	}
	if reason == "" {
		return ledger.Refuse(ledger.Invalid, "LB-1", "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	if second == nil || second.Account == by.Account {
		return ledger.Refuse(ledger.Unmet, "LB-1", "reprint-second", "a reprint needs the signature of a second person", "another qualified person has to sign", "container", string(s.ID))
	}
	return nil
}

// Label decides that a label of the box was printed, or was not.
func (s *Shipment) Label(by ledger.Author, l BoxLabel) (ledger.Draft, error) {
	err := s.MayLabel(by, l.Reason, l.Second)
	if err != nil {
		return ledger.Draft{}, err
	}
	if l.Serial != s.LabelSerial() {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "LB-1", "box-labelled", "another label of the box was printed meanwhile", "destroy one of the two")
	}
	return ledger.Draft{Type: typeLabelled, Data: l}, nil
}
