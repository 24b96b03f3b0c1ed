package bedside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Statement is what the plant says to the bedside of one batch: what the signed certificate is, and what has to agree
// before anything is given. A new one replaces it when something of it changes, such as the limb by an amendment.
type Statement struct {
	Batch       string            `json:"batch"`
	CoI         string            `json:"coi"`
	Certificate string            `json:"certificate"` // number
	PDF         ledger.Digest     `json:"pdf_sha256"`  // of the signed certificate, byte for byte
	CertifiedBy string            `json:"certified_by"`
	CertifiedAt time.Time         `json:"certified_at"`
	Expiry      time.Time         `json:"expiry"`
	Limb        string            `json:"limb"` // of the order: "left" or "right"
	Containers  []Filled          `json:"containers"`
	Tolerance   quantity.Quantity `json:"tolerance"` // of given + left against filled
}

// Filled is one container of the product and what was filled into it.
type Filled struct {
	ID     string            `json:"id"`
	Label  string            `json:"label"` // as it is printed
	Volume quantity.Quantity `json:"volume"`
}

// Digest names a statement: the SHA-256 of its JSON, as it stands in the entry.
func (s Statement) Digest() (ledger.Digest, error) {
	var doc bytes.Buffer
	enc := json.NewEncoder(&doc)
	enc.SetEscapeHTML(false) // as the ledger writes it
	err := enc.Encode(s)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("statement of %s: %w", s.Batch, err)
	}
	return ledger.DigestOf(bytes.TrimSuffix(doc.Bytes(), []byte("\n"))), nil
}

// Proved opens a statement that was handed over with its proof. What is not in the log with that key, changed by a
// single character or of another batch, is no statement (scenario 44).
func Proved(p ledger.EntryProof, key, batch string) (Statement, error) {
	var s Statement
	e, err := p.Open(key)
	if err == nil && (e.Type != typeStated || e.Stream != Stream(batch)) {
		err = fmt.Errorf("entry %d is no statement for the bedside of %s", p.Position, batch)
	}
	if err == nil {
		err = json.Unmarshal(e.Data, &s)
	}
	if err != nil {
		return Statement{}, ledger.Refuse(ledger.Stop, "I10", "bed-no-certificate",
			"there is no valid certificate for batch {batch}", "do not give it; call the plant", "batch", batch)
	}
	return s, nil
}

// container finds a container of the statement.
func (s *Statement) container(id string) (Filled, bool) {
	for _, c := range s.Containers {
		if c.ID == id {
			return c, true
		}
	}
	return Filled{}, false
}

// State is whether what a statement says still stands.
type State string

// The states. Only a server knows them; a phone knows the one that it was last told, and when (scenario 44).
const (
	Released    State = "released"
	NotReleased State = "not-released" // held, stopped, or a signature no longer stands
	Recalled    State = "recalled"     // AT-57
)

// Standing is the state at one time. The zero Standing is that nobody asked yet.
type Standing struct {
	State   State     `json:"state"`
	Why     string    `json:"why,omitempty"`
	Checked time.Time `json:"checked"` // server time
}

// Age is how long ago it was asked, at most, at a moment.
func (s Standing) Age(now chainofcustody.Moment) time.Duration {
	return max(0, now.Latest.Sub(s.Checked))
}
