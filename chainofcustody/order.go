package chainofcustody

import (
	"encoding/json"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

const typeAmended = "custody.order-amended"

// Change is one particular of an order that an investigator changed.
type Change struct {
	Field string `json:"field"` // as the recipe names it, e.g. "index_limb"
	From  string `json:"from"`
	To    string `json:"to"`
}

// Amendment is a signed change of an order (scenario 52).
type Amendment struct {
	Changes   []Change
	Reason    string
	Signature people.Signature
	At        time.Time
	Seq       uint64
}

type amended struct {
	Batch     string           `json:"batch"` // in whose record the values are changed in the same append
	Changes   []Change         `json:"changes"`
	Reason    string           `json:"reason"`
	Signature people.Signature `json:"signature"`
}

// Amend decides that an order is changed. Only an investigator changes what was ordered, and signs it.
func (t *TherapyEvent) Amend(batch string, changes []Change, reason string, signature people.Signature) (ledger.Draft, error) {
	if people.Role(signature.Role) != people.Investigator {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-amend", "an order is changed by the investigator, not by {role}", "ask the investigator", "role", signature.Role)
	}
	return ledger.Draft{Type: typeAmended, Data: amended{Batch: batch, Changes: changes, Reason: reason, Signature: signature}}, nil
}

func (t *TherapyEvent) applyAmended(e ledger.Entry) error {
	var d amended
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	e.Names(&d.Signature.Account)
	t.Amendments = append(t.Amendments, Amendment{Changes: d.Changes, Reason: d.Reason, Signature: d.Signature, At: e.Time, Seq: e.Seq})
	return nil
}
