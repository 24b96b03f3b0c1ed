package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rexbatch/internal/ledger"
)

// open decrypts what is known of a patient, and holds it against the commitment in the record.
func (v *Vault) open(ctx context.Context, p *Patient) (Identity, error) {
	k, err := v.ring.get(holder{p.Subject, p.generation})
	if errors.Is(err, errNoKey) {
		return Identity{}, ledger.Refuse(ledger.Missing, "I12", "key-missing", "the key of {subject} is missing from the vault, though nobody destroyed it", "the administrator restores the folder of the vault from its backup", "subject", p.Subject)
	}
	if err != nil {
		return Identity{}, err
	}
	defer clear(k.Key)
	sealed, err := v.opt.Log.Secret(ctx, Stream(p.Subject))
	if err != nil {
		return Identity{}, fmt.Errorf("identifiers of %s: %w", p.Subject, err)
	}
	plain, err := unseal(k.Key, sealed, "identity", v.opt.Site, p.Subject)
	if err != nil {
		return Identity{}, fmt.Errorf("identifiers of %s: %w", p.Subject, err)
	}
	defer clear(plain)
	var d document
	err = json.Unmarshal(plain, &d)
	if err != nil {
		return Identity{}, fmt.Errorf("identifiers of %s: not what was kept", p.Subject) // the cause would quote them
	}
	if commitment(plain, d.Salt) != p.commitment {
		return Identity{}, fmt.Errorf("identifiers of %s: they are not those of the record's entry", p.Subject)
	}
	return d.identity(), nil
}

// Look shows who a patient is to staff of the patient's hospital. The look is an entry before anything is shown.
func (v *Vault) Look(ctx context.Context, by ledger.Author, subject, why string) (Identity, error) {
	var id Identity
	_, err := ledger.Decide(ctx, v.opt.Log, func(ctx context.Context) (ledger.Append, error) {
		p, err := v.Patient(ctx, subject)
		if err != nil {
			return ledger.Append{}, err
		}
		err = v.admit(ctx, by, p)
		if err != nil {
			return ledger.Append{}, err
		}
		id, err = v.open(ctx, p)
		if err != nil {
			return ledger.Append{}, err
		}
		reason, err := reasonOf(why, id)
		if err != nil {
			return ledger.Append{}, err
		}
		return ledger.Append{Author: by, Streams: p.head(subject, ledger.Draft{Type: typeLooked, Data: looked{Why: reason}})}, nil
	})
	if err != nil {
		return Identity{}, err
	}
	return id, nil
}

// Find gives the subject number under which a patient of the person's own hospital is enrolled, from the hospital number.
// It is an entry also when nobody is found.
func (v *Vault) Find(ctx context.Context, by ledger.Author, number, why string) (string, error) {
	hospital, err := v.hospitalOf(ctx, by)
	if err != nil {
		return "", err
	}
	typed := Identity{Number: number}
	if typed.sameNumber() == "" {
		return "", ledger.Refuse(ledger.Invalid, "AT-13", "identity-number", "the hospital number is empty, longer than 80 characters, or cannot be printed", "enter it as it stands in the hospital's record")
	}
	why, err = reasonOf(why, typed)
	if err != nil {
		return "", err
	}
	var found string
	_, err = ledger.Decide(ctx, v.opt.Log, func(ctx context.Context) (ledger.Append, error) {
		subject, ok, err := v.find(number)
		if err != nil {
			return ledger.Append{}, err
		}
		if ok {
			p, err := v.load(ctx, subject)
			if err != nil {
				return ledger.Append{}, err
			}
			if p.Version > 0 && p.Hospital == hospital {
				found = subject
				return ledger.Append{Author: by, Streams: p.head(subject, ledger.Draft{Type: typeFound, Data: looked{Why: why}})}, nil
			}
		}
		return v.searchedInVain(ctx, by, why)
	})
	if err == nil && found == "" {
		err = ledger.Refuse(ledger.Missing, "I12", "number-unknown", "nobody of your hospital is enrolled under this number", "check the number; the search is in the record")
	}
	return found, err
}

func (v *Vault) searchedInVain(ctx context.Context, by ledger.Author, why string) (ledger.Append, error) {
	var version uint64
	for head, err := range v.opt.Log.Streams(ctx, searchesStream) {
		if err != nil {
			return ledger.Append{}, err
		}
		if head.Stream == searchesStream {
			version = head.Version
		}
	}
	return ledger.Append{Author: by, Streams: []ledger.StreamAppend{{
		Stream: searchesStream, Expected: version, Drafts: []ledger.Draft{{Type: typeSearched, Data: searched{Why: why}}},
	}}}, nil
}

// find looks a hospital number up by its token alone.
func (v *Vault) find(number string) (string, bool, error) {
	tokens, err := v.ring.all()
	if err != nil {
		return "", false, err
	}
	want := v.ring.tokenOf("number", Identity{Number: number}.sameNumber())
	found := ""
	for subject, k := range tokens { // all of them: the time does not tell where it stood
		if k.Number.is(want) {
			found = subject
		}
	}
	return found, found != "", nil
}

// Alike are the subject numbers of other patients with the same name and year of birth, in order (scenario 6). It tells
// nothing else, so it is no look, and anybody who works with the patient's material may know it.
func (v *Vault) Alike(subject string) ([]string, error) {
	tokens, err := v.ring.all()
	if err != nil {
		return nil, err
	}
	mine, known := tokens[subject]
	if !known {
		return nil, nil
	}
	var out []string
	for other, k := range tokens {
		if other != subject && k.Name.is(mine.Name) {
			out = append(out, other)
		}
	}
	slices.Sort(out)
	return out, nil
}
