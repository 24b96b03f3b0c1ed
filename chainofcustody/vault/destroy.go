package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Destruction is what two persons sign before a patient's key is destroyed.
type Destruction struct {
	Site    string `json:"site"`
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
	What    string `json:"what"`
}

// what the signers agree to, in words.
const what = "The key of this patient's identifiers is destroyed. Nobody can then find the patient from the material; traceability for 30 years after expiry has ended or is not owed."

// Digest is over exactly what is signed (I8).
func (d Destruction) Digest() (ledger.Digest, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("digest of a destruction: %w", err)
	}
	return ledger.DigestOf(text), nil
}

// Signer gives a person's signature over what they are shown.
type Signer = func(context.Context, people.Meaning, ledger.Digest) (people.Signed, error)

// Destroy destroys the key of a patient's identifiers. Two persons sign, one of them of QA. The entry stands before the key
// goes, so that a crash in between is finished at the next start.
func (v *Vault) Destroy(ctx context.Context, subject, reason string, first, second Signer) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	d, p, err := v.destruction(ctx, subject, reason)
	if err != nil {
		return err
	}
	digest, err := d.Digest()
	if err != nil {
		return err
	}
	one, err := first(ctx, people.IdentityDestroyed, digest)
	if err != nil {
		return err
	}
	two, err := second(ctx, people.IdentityDestroyed, digest)
	if err != nil {
		return err
	}
	err = bothMay(one, two, digest)
	if err != nil {
		return err
	}
	_, err = v.opt.Log.Append(ctx, ledger.Append{
		Author: one.Author(), Secrets: map[string][]byte{Stream(subject): nil},
		Streams: p.head(subject, ledger.Draft{Type: typeDestroyed, Data: destroyed{Reason: d.Reason, Signatures: []people.Signature{one.Signature(), two.Signature()}}}),
	})
	if err != nil {
		return err
	}
	err = v.ring.shred(holder{subject, p.generation})
	if err != nil {
		return fmt.Errorf("the destruction of the key of %s is recorded, the file is still there; it goes at the next start: %w", subject, err)
	}
	return nil
}

// destruction is what is to be signed, or why no key of this patient is destroyed now.
func (v *Vault) destruction(ctx context.Context, subject, reason string) (Destruction, *Patient, error) {
	p, err := v.Patient(ctx, subject)
	if err != nil {
		return Destruction{}, nil, err
	}
	if !p.DestroyedAt.IsZero() {
		return Destruction{}, nil, ledger.Refuse(ledger.Unmet, "I12", "identity-destroyed", "the identifiers of {subject} were destroyed ({reason})", "nobody can bring them back", "subject", subject, "reason", p.Destroyed)
	}
	if v.opt.Treated != nil {
		treated, err := v.opt.Treated(ctx, subject)
		if err != nil {
			return Destruction{}, nil, err
		}
		if treated {
			return Destruction{}, nil, ledger.Refuse(ledger.Unmet, "AT-22", "still-treated", "{subject} has a batch that is not closed: its material has to be traced to the patient", "close the batch first", "subject", subject)
		}
	}
	about, err := v.open(ctx, p)
	var refused *ledger.Refusal
	if errors.As(err, &refused) && refused.Code == "key-missing" { // what is gone can still be said to be gone
		about, err = Identity{}, nil
	}
	if err != nil {
		return Destruction{}, nil, err
	}
	reason, err = reasonOf(reason, about)
	return Destruction{Site: v.opt.Site, Subject: subject, Reason: reason, What: what}, p, err
}

func bothMay(one, two people.Signed, digest ledger.Digest) error {
	for _, s := range []people.Signed{one, two} {
		err := s.For(people.IdentityDestroyed, digest)
		if err != nil {
			return err
		}
	}
	roles := []string{one.Author().Role, two.Author().Role}
	if one.Author().Account == two.Author().Account {
		return ledger.Refuse(ledger.Forbidden, "I7", "same-person", "a key is destroyed by two persons", "another person has to sign too")
	}
	if !slices.Contains(roles, string(people.QA)) {
		return ledger.Refuse(ledger.Forbidden, "I12", "destroy-without-qa", "a key is destroyed by QA and another person, not by {first} and {second}", "QA has to sign", "first", roles[0], "second", roles[1])
	}
	return nil
}

// Restrict lets only the investigator look from now on: the patient withdrew or died, the law wants the identifiers kept
// (scenario 47). The draft goes into the append that says so; false when nobody is enrolled or it is restricted already.
func (v *Vault) Restrict(ctx context.Context, subject, why string) (ledger.StreamAppend, bool, error) {
	p, err := v.load(ctx, subject)
	if err != nil || p.Version == 0 || !p.RestrictedAt.IsZero() || !p.DestroyedAt.IsZero() {
		return ledger.StreamAppend{}, false, err
	}
	return p.head(subject, ledger.Draft{Type: typeRestricted, Data: restricted{Why: why}})[0], true, nil
}
