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
func (t *TherapyEvent) CarryOn(origin string, entries []ledger.Entry) ([]ledger.Draft, error) {
	later, err := Later(t.Carried, entries)
	return ledger.Carry(typeCarried, origin, later), err
}

// Later are those of a stream's entries in another log that were not carried here yet. It is refused where what was carried before is
// not how the stream begins: then it is another log, or one that was cut or written anew (I2).
func Later(carried []ledger.Digest, entries []ledger.Entry) ([]ledger.Entry, error) {
	other := len(entries) < len(carried)
	for i, leaf := range carried {
		other = other || entries[i].Leaf != leaf
	}
	if other {
		return nil, ledger.Refuse(ledger.Invalid, "I14", "dossier-fault", "the dossier cannot be taken: {why}", "ask the plant that handed the batch on for its dossier again", "why", "its log is not the one that was carried before")
	}
	return entries[len(carried):], nil
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
