package shipment

import (
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// BoxLabel is one print of the label of the transport box.
type BoxLabel struct {
	Serial int    `json:"serial"`
	Failed string `json:"failed,omitempty"` // why it is not on paper; empty when it is
	Unsure bool   `json:"unsure,omitempty"` // it failed, and may be on paper all the same
	// Sending says that it goes to the printer, before it does; what came of it stands in its place afterwards, or nobody knows.
	Sending bool              `json:"sending,omitempty"`
	Reason  string            `json:"reason,omitempty"` // of a reprint
	Second  *people.Signature `json:"second,omitempty"` // who stood by at a reprint
	At      time.Time         `json:"-"`
	By      string            `json:"-"`
}

// LabelSerial is the serial of the next label of the box: one more than those that are, or may be, on paper (LB-1).
func (s *Shipment) LabelSerial() int {
	next := 1
	for _, l := range s.BoxLabels {
		if l.Failed == "" || l.Unsure {
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

// Label decides that a label of the box is printed, or was not.
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

// Labelled is what came of a label that was sent, whatever became of the shipment meanwhile.
func (s *Shipment) Labelled(l BoxLabel) []ledger.Draft {
	if n := len(s.BoxLabels); n == 0 || !s.BoxLabels[n-1].Sending || s.BoxLabels[n-1].Serial != l.Serial {
		return nil
	}
	l.Sending = false
	return []ledger.Draft{{Type: typeLabelled, Data: l}}
}

// applyLabelled keeps a label; what came of one that was sent stands in its place.
func (s *Shipment) applyLabelled(e ledger.Entry, d BoxLabel) error {
	d.At, d.By = e.Time, e.Author.Account
	if d.Second != nil {
		e.Names(&d.Second.Account)
	}
	labels := s.BoxLabels
	if n := len(labels); n > 0 && labels[n-1].Sending && labels[n-1].Serial == d.Serial {
		labels = slices.Clone(labels[:n-1])
	}
	s.BoxLabels = append(labels, d)
	return nil
}
