package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The types of entry in a patient's stream. None of them holds an identifier.
const (
	typeEnrolled   = "vault.patient-enrolled"
	typeCorrected  = "vault.identity-corrected"
	typeLooked     = "vault.identity-looked-at"
	typeFound      = "vault.patient-found" // by the hospital number
	typeSearched   = "vault.searched"      // a hospital number under which nobody is enrolled
	typeRestricted = "vault.restricted"
	typeDestroyed  = "vault.key-destroyed"

	streamPrefix   = "patient/" // of streams, and of the documents with the ciphertext
	searchesStream = "vault-searches"
)

// Stream is the stream of a patient.
func Stream(subject string) string { return streamPrefix + subject }

// Patient is what the record says of a patient, without saying who it is.
type Patient struct {
	Subject      string // trial subject number, the pseudonym
	Hospital     string // whose staff may look
	EnrolledAt   time.Time
	EnrolledBy   string
	Looks        []Look
	RestrictedAt time.Time // since when only the investigator may look (scenario 47)
	Restricted   string    // why
	DestroyedAt  time.Time
	Destroyed    string // why
	Signatures   []people.Signature
	Version      uint64

	generation int
	commitment ledger.Digest
}

// Look is one look at a patient's identifiers: who, when, why.
type Look struct {
	By, Role, Why string
	Found         bool // the hospital number was typed, and the patient found by it
	At            time.Time
	Seq           uint64
}

type enrolled struct {
	Subject    string        `json:"subject"`
	Hospital   string        `json:"hospital,omitempty"`
	Commitment ledger.Digest `json:"commitment"`
}

type corrected struct {
	Reason     string        `json:"reason"`
	Commitment ledger.Digest `json:"commitment"`
}

type looked struct {
	Why string `json:"why"`
}

type searched struct {
	Why string `json:"why"`
}

type restricted struct {
	Why string `json:"why"`
}

type destroyed struct {
	Reason     string             `json:"reason"`
	Signatures []people.Signature `json:"signatures"`
}

// apply folds one entry.
func (p *Patient) apply(e ledger.Entry) error {
	p.Version = e.Version
	switch e.Type {
	case typeEnrolled:
		return read(e, func(d enrolled) {
			p.Subject, p.Hospital, p.commitment, p.generation = d.Subject, d.Hospital, d.Commitment, 1
			p.EnrolledAt, p.EnrolledBy = e.Time, e.Author.Account
		})
	case typeCorrected:
		return read(e, func(d corrected) { p.commitment, p.generation = d.Commitment, p.generation+1 })
	case typeLooked, typeFound:
		return read(e, func(d looked) {
			p.Looks = append(p.Looks, Look{By: e.Author.Account, Role: e.Author.Role, Why: d.Why, Found: e.Type == typeFound, At: e.Time, Seq: e.Seq})
		})
	case typeRestricted:
		return read(e, func(d restricted) { p.RestrictedAt, p.Restricted = e.Time, d.Why })
	case typeDestroyed:
		return read(e, func(d destroyed) { p.DestroyedAt, p.Destroyed, p.Signatures = e.Time, d.Reason, d.Signatures })
	}
	return fmt.Errorf("patient entry %d: unknown entry type %q", e.Seq, e.Type)
}

func read[T any](e ledger.Entry, do func(T)) error {
	var d T
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return fmt.Errorf("patient entry %d: %w", e.Seq, err)
	}
	do(d)
	return nil
}

// load folds a patient; of version zero when nobody is enrolled under the number.
func (v *Vault) load(ctx context.Context, subject string) (*Patient, error) {
	p := &Patient{}
	for e, err := range v.opt.Log.Stream(ctx, Stream(subject), 0) {
		if err != nil {
			return nil, fmt.Errorf("patient %s: %w", subject, err)
		}
		err = p.apply(e)
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Patient is what the record says of a patient; a refusal of kind Missing when nobody is enrolled under the subject number.
func (v *Vault) Patient(ctx context.Context, subject string) (*Patient, error) {
	err := checkSubject(subject)
	if err != nil {
		return nil, err
	}
	p, err := v.load(ctx, subject)
	if err == nil && p.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "I12", "no-patient", "nobody is enrolled under subject number {subject}", "the hospital's coordinator enrols the patient", "subject", subject)
	}
	return p, err
}

// maxSubject bounds a trial subject number.
const maxSubject = 32

func checkSubject(subject string) error {
	bad := subject == "" || len(subject) > maxSubject
	for _, r := range subject {
		if r <= ' ' || r > '~' {
			bad = true
		}
	}
	if bad {
		return ledger.Refuse(ledger.Invalid, "AT-13", "subject-number", "a subject number has 1 to 32 visible ASCII characters and no blanks", "type the trial's subject number, never a name")
	}
	return nil
}

// head is one append to a patient's stream.
func (p *Patient) head(subject string, drafts ...ledger.Draft) []ledger.StreamAppend {
	return []ledger.StreamAppend{{Stream: Stream(subject), Expected: p.Version, Drafts: drafts}}
}
