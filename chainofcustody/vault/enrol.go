package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// document is what the ciphertext holds.
type document struct {
	Salt    []byte `json:"salt"`
	Number  string `json:"number"`
	Family  string `json:"family"`
	Given   string `json:"given"`
	Birth   string `json:"birth"`
	Country string `json:"country"`
}

func (d document) identity() Identity {
	return Identity{Number: d.Number, Family: d.Family, Given: d.Given, Birth: d.Birth, Country: d.Country}
}

// commitment binds an entry to a document without telling it: without the salt, which is destroyed with the key, nothing
// can be tried out.
func commitment(plain []byte, salt []byte) ledger.Digest {
	mac := hmac.New(sha256.New, salt)
	mac.Write(plain)
	var d ledger.Digest
	mac.Sum(d[:0])
	return d
}

// Enrol keeps who a patient is, under the trial subject number. Staff of the hospital who may order do it. The same
// patient enrolled again is fine; another one under the same subject number, or the same hospital number under another
// subject number, is refused.
func (v *Vault) Enrol(ctx context.Context, by ledger.Author, subject string, id Identity) error {
	return v.EnrolWith(ctx, by, subject, id, func(with ledger.Append) error {
		if len(with.Streams) == 0 {
			return nil // the same patient again
		}
		with.Author = by
		_, err := v.opt.Log.Append(ctx, with)
		return err
	})
}

// EnrolWith is Enrol as part of another append, such as that of the order for the patient: both are recorded, or neither is
// (AT-13). record appends the streams and secrets that it is given with its own; they are empty for the same patient again.
// Where it fails nobody is enrolled, and the key that was made is destroyed.
func (v *Vault) EnrolWith(ctx context.Context, by ledger.Author, subject string, id Identity, record func(with ledger.Append) error) error {
	hospital, err := v.hospitalOf(ctx, by)
	if err != nil {
		return err
	}
	if !people.Role(by.Role).May(people.OpenOrder) {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-enrol", "the role {role} does not enrol patients", "the coordinator or the investigator enrols", "role", by.Role)
	}
	err = checkSubject(subject)
	if err != nil {
		return err
	}
	id, err = id.checked(v.opt.Clock())
	if err != nil {
		return err
	}
	if id.tellsIn(subject) {
		return ledger.Refuse(ledger.Invalid, "I12", "subject-tells", "the subject number tells who the patient is", "use the number that the trial gave")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	p, err := v.load(ctx, subject)
	if err != nil {
		return err
	}
	if p.Version > 0 {
		err = v.again(ctx, by, p, id)
		if err != nil {
			return err
		}
		return record(ledger.Append{})
	}
	err = v.unknown(subject, id)
	if err != nil {
		return err
	}
	return v.keep(p, subject, id, func(c ledger.Digest) ledger.Draft {
		return ledger.Draft{Type: typeEnrolled, Data: enrolled{Subject: subject, Hospital: hospital, Commitment: c}}
	}, record)
}

// again answers a second enrolment under one subject number.
func (v *Vault) again(ctx context.Context, by ledger.Author, p *Patient, id Identity) error {
	err := v.admit(ctx, by, p)
	if err != nil {
		return err
	}
	known, err := v.open(ctx, p)
	if err != nil {
		return err
	}
	if known != id {
		return ledger.Refuse(ledger.Unmet, "AT-13", "subject-enrolled", "another patient, or the same one with other particulars, is enrolled under {subject}", "check the subject number; a mistake in the particulars is corrected on the patient's page", "subject", p.Subject)
	}
	return nil
}

// unknown refuses a hospital number that is enrolled under another subject number.
func (v *Vault) unknown(subject string, id Identity) error {
	other, found, err := v.find(id.Number)
	if err != nil {
		return err
	}
	if found && other != subject {
		return ledger.Refuse(ledger.Unmet, "AT-13", "number-enrolled", "this hospital number is enrolled under {subject}", "look there before a second one is made of one patient", "subject", other)
	}
	return nil
}

// keep writes a new key file, then ciphertext and entry in one append. When that fails the key opens nothing and goes.
func (v *Vault) keep(p *Patient, subject string, id Identity, entry func(ledger.Digest) ledger.Draft, record func(ledger.Append) error) error {
	random := make([]byte, 64)
	_, err := io.ReadFull(v.opt.Rand, random)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	key, salt := random[:32], random[32:]
	defer clear(random)
	plain, err := json.Marshal(document{Salt: salt, Number: id.Number, Family: id.Family, Given: id.Given, Birth: id.Birth, Country: id.Country})
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	defer clear(plain)
	sealed, err := seal(key, plain, v.opt.Rand, "identity", v.opt.Site, subject)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	h := holder{subject, p.generation + 1}
	err = v.ring.put(h, kept{Key: key, Number: v.ring.tokenOf("number", id.sameNumber()), Name: v.ring.tokenOf("name", id.sameName())})
	if err != nil {
		return fmt.Errorf("enrol: keep the key: %w", err)
	}
	err = record(ledger.Append{Streams: p.head(subject, entry(commitment(plain, salt))), Secrets: map[string][]byte{Stream(subject): sealed}})
	if err != nil {
		return errors.Join(err, v.ring.shred(h))
	}
	return nil
}

// Correct replaces what is known of a patient, with a new key; the old key is destroyed. The reason stands in the record,
// what was wrong does not (I12).
func (v *Vault) Correct(ctx context.Context, by ledger.Author, subject string, id Identity, reason string) error {
	p, err := v.Patient(ctx, subject)
	if err != nil {
		return err
	}
	err = v.admit(ctx, by, p)
	if err != nil {
		return err
	}
	id, err = id.checked(v.opt.Clock())
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	p, err = v.load(ctx, subject)
	if err != nil {
		return err
	}
	old, err := v.open(ctx, p)
	if err != nil {
		return err
	}
	reason, err = reasonOf(reason, old, id)
	if err != nil {
		return err
	}
	if old == id {
		return ledger.Refuse(ledger.Invalid, "CS-12", "nothing-changed", "nothing is different", "leave it as it is")
	}
	err = v.unknown(subject, id)
	if err != nil {
		return err
	}
	before := holder{subject, p.generation}
	err = v.keep(p, subject, id, func(c ledger.Digest) ledger.Draft {
		return ledger.Draft{Type: typeCorrected, Data: corrected{Reason: reason, Commitment: c}}
	}, func(a ledger.Append) error {
		a.Author = by
		_, err := v.opt.Log.Append(ctx, a)
		return err
	})
	if err != nil {
		return err
	}
	return v.ring.shred(before)
}
