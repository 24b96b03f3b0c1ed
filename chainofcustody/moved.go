package chainofcustody

import (
	"encoding/json"
	"strings"

	"rexbatch/internal/ledger"
)

// The types of entry with which a plant takes on a therapy event of another one.
const (
	typeCarried = "custody.carried"
	typeMoved   = "custody.plant-changed"
)

// Moved says that a therapy event whose material was on its way is made at another plant than where it was ordered (process
// scenario 53). What was recorded there stays as it was; containers that belonged to the batch there belong to the one here.
type Moved struct {
	From  string `json:"from"` // site
	To    string `json:"to"`
	Was   string `json:"was"` // batch there
	Batch string `json:"batch"`
}

// TakeOn decides that a plant takes a therapy event on, with all that the other plant recorded of it.
func TakeOn(origin string, entries []ledger.Entry, m Moved) []ledger.Draft {
	return append(ledger.Carry(typeCarried, origin, entries), ledger.Draft{Type: typeMoved, Data: m})
}

// CarryOn decides that what the other plant learned later comes here too. entries are all of its entries, from the first on.
func (t *TherapyEvent) CarryOn(origin string, entries []ledger.Entry) []ledger.Draft {
	return ledger.Carry(typeCarried, origin, entries[min(t.Carried, uint64(len(entries))):])
}

func (t *TherapyEvent) applyMoved(e ledger.Entry) error {
	var d Moved
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	t.Site, t.From = d.To, &d
	for _, c := range t.Containers {
		if rest, there := strings.CutPrefix(c.Purpose, d.Was); there && (rest == "" || rest[0] == '/') {
			c.Purpose = d.Batch + rest
		}
	}
	return nil
}
