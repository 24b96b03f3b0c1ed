package people

import (
	"encoding/json"
	"errors"
	"time"

	"rexbatch/internal/ledger"
)

// Signature is an electronic signature as it stands in the entry that it signs, for display and print: full name,
// username, role, meaning, the digest of exactly what was shown, and the time with offset and zone (I8, CS-48,
// CS-72, CS-73). One read from an entry is a fact of the record. A command takes a Signed instead.
type Signature struct {
	Account string        `json:"account"`
	Name    string        `json:"name"`
	Role    string        `json:"role"`
	Meaning string        `json:"meaning"`
	Digest  ledger.Digest `json:"digest"`
	At      time.Time     `json:"at"`     // UTC
	Offset  string        `json:"offset"` // of local time at the site then, e.g. "+01:00"
	Zone    string        `json:"zone"`   // IANA name
}

// Over says whether the signature still stands: whether what is shown now has the digest that was signed (CS-49).
func (s Signature) Over(shown ledger.Digest) bool { return s.Digest == shown }

// Local is the time of signing on the site's clock. It uses the offset that was recorded, so that a later change
// of the zone's rules does not change a signature.
func (s Signature) Local() time.Time {
	at, err := time.Parse("-07:00", s.Offset)
	if err != nil {
		return s.At
	}
	_, seconds := at.Zone()
	return s.At.In(time.FixedZone(s.Offset, seconds))
}

// Signed is a signature that was given just now, by re-authentication, in this program. Only Directory.Sign and
// SignAs make one: it has no exported field and cannot be read from JSON, so no other room can forge it. It
// marshals as its Signature.
type Signed struct {
	signature Signature
	terminal  string
}

// Signature returns what goes into the entry. It is zero for a Signed that no Directory made.
func (s Signed) Signature() Signature { return s.signature }

// Author returns the signer as author of the entry, in the role of the signature, at the terminal (I3, I7).
func (s Signed) Author() ledger.Author {
	return ledger.Author{Account: s.signature.Account, Role: s.signature.Role, Terminal: s.terminal}
}

// Valid says whether a Directory made it.
func (s Signed) Valid() bool { return s.signature.Account != "" }

// For refuses a signature that was given with another meaning or over something else than shown (I8, CS-73).
func (s Signed) For(meaning Meaning, shown ledger.Digest) error {
	if !s.Valid() {
		return ledger.Refuse(ledger.Unmet, "I8", "signature-missing", "A signature is missing.", "Sign with your password.")
	}
	if s.signature.Meaning != string(meaning) || !s.signature.Over(shown) {
		return ledger.Refuse(ledger.Stale, "I8", "signature-elsewhere",
			"What was signed is not what would be saved.", "Look at what is shown now, then sign again.")
	}
	return nil
}

var errUnsigned = errors.New("people: a signature that nobody gave cannot be stored")

// MarshalJSON writes the Signature; a Signed that no Directory made is an error.
func (s Signed) MarshalJSON() ([]byte, error) {
	if !s.Valid() {
		return nil, errUnsigned
	}
	return json.Marshal(s.signature)
}

// UnmarshalJSON always fails: a signature read from JSON is a Signature, not one that was given just now.
func (s *Signed) UnmarshalJSON([]byte) error {
	return errors.New("people: a Signed cannot be read, read a Signature")
}
