package shipment

import (
	"slices"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Unconfirmed are the elements that were missing on the label at receipt, and of which the hospital has said nothing
// since (process scenario 2).
func (s *Shipment) Unconfirmed() []Element {
	if s.Receipt == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Receipt.Missing), func(e Element) bool {
		return slices.ContainsFunc(s.Confirmed, func(c Confirmation) bool { return slices.Contains(c.Elements, e) })
	})
}

// ConfirmLabel decides that the hospital states what is missing on the label, signed by themselves: the plant does not
// complete a label. It resolves nothing: QA does, with the statement before them.
func (s *Shipment) ConfirmLabel(signed people.Signed, elements []Element, statement string) (ledger.Draft, error) {
	party, ok := chainofcustody.PartyOf(people.Role(signed.Signature().Role))
	if !ok || party != chainofcustody.Hospital {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "AT-12", "label-not-hospital", "the hospital itself confirms what is missing on its label", "ask the hospital to confirm it")
	}
	statement, err := reasonOf(statement)
	if err != nil {
		return ledger.Draft{}, err
	}
	open := s.Unconfirmed()
	if len(elements) == 0 || len(elements) > len(open) || slices.ContainsFunc(elements, func(e Element) bool { return !slices.Contains(open, e) }) {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "AT-12", "label-nothing-open", "this is not missing on the label, or is confirmed already", "look at the shipment again")
	}
	err = signed.For(people.Performed, s.ShownLabel(elements, statement))
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeConfirmed, Data: Confirmation{Elements: elements, Statement: statement, Signature: signed.Signature()}}, nil
}

// ShownLabel is the digest of what the hospital signs.
func (s *Shipment) ShownLabel(elements []Element, statement string) ledger.Digest {
	text := []string{string(s.ID), s.Plan.CoI, strings.TrimSpace(statement)}
	for _, e := range elements {
		text = append(text, string(e))
	}
	return ledger.DigestOf([]byte(strings.Join(text, "\n")))
}
