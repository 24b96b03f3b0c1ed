package master

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book loads versions from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Clock func() time.Time
	Spec  *qc.Specification // in force: a version has to go with it

	// Shipped came with the program, as File: batches are opened by it while no version of the log is in force.
	Shipped *mbr.Recipe
	File    []byte
}

// shipped is the version that came with the program. It has no entries, and nothing is decided on it.
func (k *Book) shipped() *Master {
	return &Master{ID: ID{k.Shipped.ID, k.Shipped.Version}, Content: Content{File: k.Shipped.Digest, Size: len(k.File)}, Status: Shipped}
}

// Load folds a version; a refusal of kind Missing when there is none.
func (k *Book) Load(ctx context.Context, id ID) (*Master, error) {
	m := &Master{}
	for e, err := range k.Log.Stream(ctx, Stream(id), 0) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		err = m.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if shipped := k.shipped(); m.Version == 0 && id == shipped.ID {
		return shipped, nil
	}
	if m.Version == 0 {
		return nil, id.missing()
	}
	return m, nil
}

// Versions are all versions of a recipe, the shipped one among them, the newest first.
func (k *Book) Versions(ctx context.Context, recipe string) ([]Item, error) {
	var out []Item
	for doc, err := range k.Log.Views(ctx, streamPrefix+recipe+"/") {
		if err != nil {
			return nil, fmt.Errorf("versions of %s: %w", recipe, err)
		}
		var i Item
		err = json.Unmarshal(doc.Data, &i)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", doc.Key, err)
		}
		out = append(out, i)
	}
	if shipped := k.shipped(); recipe == shipped.ID.Recipe && !slices.ContainsFunc(out, func(i Item) bool { return i.ID == shipped.ID }) {
		out = append(out, shipped.Item())
	}
	slices.SortFunc(out, func(a, b Item) int { return cmp.Compare(b.Number, a.Number) })
	return out, nil
}

// Effective is the version of a recipe by which batches are opened at a time, with the digest of its file; false when none
// of the log is in force then (AT-3, AT-5).
func (k *Book) Effective(ctx context.Context, recipe string, at time.Time) (digest ledger.Digest, version int, ok bool, err error) {
	p, err := k.Pin(ctx, recipe, at)
	return p.File, p.Number, p.Number > 0, err
}

// Pinned is the version by which a batch is opened, and on what that rests.
type Pinned struct {
	File   ledger.Digest
	Number int                   // zero when none of the log is in force: the shipped one is
	Guards []ledger.StreamAppend // of all versions of the recipe: one that is approved or withdrawn meanwhile is a conflict
	Within ledger.Window         // until the next version comes into force
}

// Pin is the version of a recipe by which a batch is opened at a time, for the append that opens it (AT-3, AT-5).
func (k *Book) Pin(ctx context.Context, recipe string, at time.Time) (Pinned, error) {
	versions, err := k.Versions(ctx, recipe)
	if err != nil {
		return Pinned{}, err
	}
	i, _ := InForce(versions, at)
	p := Pinned{File: i.File, Number: i.Number}
	for _, v := range versions {
		if v.Version == 0 {
			continue // the shipped one has no entries
		}
		p.Guards = append(p.Guards, ledger.StreamAppend{Stream: Stream(v.ID), Expected: v.Version})
		for _, turn := range []time.Time{v.From, v.WithdrawnAt} {
			if !turn.IsZero() {
				p.Within = p.Within.Narrow(ledger.UpTo(turn.Add(-time.Nanosecond), at))
			}
		}
	}
	return p, nil
}

// Read compiles the file of a version as it stands, with the rules of this program.
func (k *Book) Read(ctx context.Context, m *Master) (Reading, error) {
	if m.Status == Shipped {
		return Read(k.File, k.Spec)
	}
	file, err := k.Log.Blob(ctx, m.File)
	if err != nil {
		return Reading{}, fmt.Errorf("file of %s: %w", m.ID, err)
	}
	return Read(file, k.Spec)
}

// Changes is what a version means that another one does not. A refusal is for one that cannot be executed: it means nothing.
func (k *Book) Changes(ctx context.Context, from, to *Master) ([]mbr.Change, error) {
	var recipes [2]*mbr.Recipe
	for i, m := range []*Master{from, to} {
		r, err := k.Read(ctx, m)
		if err != nil {
			return nil, err
		}
		if r.Recipe == nil {
			return nil, ledger.Refuse(ledger.Unmet, "AT-3", "master-meaningless", "{version} cannot be executed, so it cannot be compared", "mend its errors first", "version", m.ID.String())
		}
		recipes[i] = r.Recipe
	}
	return mbr.Diff(recipes[0], recipes[1]), nil
}

// Start drafts a new version from a file. Its faults are returned with it: it is kept all the same.
func (k *Book) Start(ctx context.Context, by ledger.Author, file []byte, change, note string) (ID, []mbr.Fault, error) {
	r, err := Read(file, k.Spec)
	if err != nil {
		return ID{}, nil, err
	}
	_, err = ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		versions, err := k.Versions(ctx, k.Shipped.ID)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, err := Start(by, k.Shipped.ID, versions[0].Number, r, change, note)
		if err != nil {
			return ledger.Append{}, err
		}
		return k.addition(by, &Master{}, r.ID, drafts, r.File)
	})
	var taken *ledger.ClaimError
	if errors.As(err, &taken) {
		return ID{}, nil, ledger.Refuse(ledger.Stale, "AT-5", "master-at-once", "somebody else drafted another version at the same moment", "look at the list of versions, then repeat")
	}
	if err != nil {
		return ID{}, nil, err
	}
	return r.ID, r.Faults, nil
}

// addition is what an append has to hold so that drafts come to stand in the stream of m, as loaded.
func (k *Book) addition(by ledger.Author, m *Master, id ID, drafts []ledger.Draft, blobs ...[]byte) (ledger.Append, error) {
	expected := m.Version
	views, err := m.provisional(by, k.Clock(), drafts)
	if err != nil {
		return ledger.Append{}, err
	}
	return ledger.Append{Author: by, Blobs: blobs, Views: views, Streams: []ledger.StreamAppend{{Stream: Stream(id), Expected: expected, Drafts: drafts}}}, nil
}

// Seen is the version of the stream that the person saw when they decided; zero when they do not say.
type Seen uint64

// change loads, decides and appends, again when another entry came in between.
func (k *Book) change(ctx context.Context, by ledger.Author, id ID, seen Seen, decide func(*Master) ([]ledger.Draft, error), blobs ...[]byte) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		m, err := k.load(ctx, id, seen)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, err := decide(m)
		if err != nil {
			return ledger.Append{}, err
		}
		return k.addition(by, m, id, drafts, blobs...)
	})
	return err
}

func (k *Book) load(ctx context.Context, id ID, seen Seen) (*Master, error) {
	m, err := k.Load(ctx, id)
	if err == nil && seen != 0 && uint64(seen) != m.Version {
		return nil, ledger.Refuse(ledger.Stale, "CS-65", "master-stale", "{version} was changed since you looked at it", "look at the version again, then repeat", "version", id.String())
	}
	return m, err
}

// Revise gives a draft new bytes, and returns their faults.
func (k *Book) Revise(ctx context.Context, by ledger.Author, id ID, seen Seen, file []byte, note string) ([]mbr.Fault, error) {
	r, err := Read(file, k.Spec)
	if err != nil {
		return nil, err
	}
	return r.Faults, k.change(ctx, by, id, seen, func(m *Master) ([]ledger.Draft, error) { return m.Revise(by, r, note) }, file)
}

// Submit gives a draft to review.
func (k *Book) Submit(ctx context.Context, by ledger.Author, id ID, seen Seen) error {
	return k.change(ctx, by, id, seen, func(m *Master) ([]ledger.Draft, error) {
		r, err := k.Read(ctx, m)
		if err != nil {
			return nil, err
		}
		return m.Submit(by, r)
	})
}

// Return gives a version back to its authors, with the reason.
func (k *Book) Return(ctx context.Context, by ledger.Author, id ID, seen Seen, reason string) error {
	return k.change(ctx, by, id, seen, func(m *Master) ([]ledger.Draft, error) { return m.Return(by, reason) })
}

// Withdraw ends the use of a version for new batches, with the reason.
func (k *Book) Withdraw(ctx context.Context, by ledger.Author, id ID, seen Seen, reason string) error {
	return k.change(ctx, by, id, seen, func(m *Master) ([]ledger.Draft, error) { return m.Withdraw(by, k.Clock(), reason) })
}

// Signer asks a person for a signature over what was shown, by re-authentication.
type Signer = func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error)

// Approve records QA's signed approval, with effect from a time. sign is asked only when nothing stands against it.
func (k *Book) Approve(ctx context.Context, by ledger.Author, id ID, seen Seen, from time.Time, sign Signer) error {
	m, err := k.load(ctx, id, seen)
	if err != nil {
		return err
	}
	r, err := k.Read(ctx, m)
	if err != nil {
		return err
	}
	versions, err := k.Versions(ctx, id.Recipe)
	if err != nil {
		return err
	}
	err = m.MayApprove(by.Account, people.Role(by.Role), k.Clock(), from, r, versions)
	if err != nil {
		return err
	}
	digest, err := m.Shown(from).Digest()
	if err != nil {
		return err
	}
	signed, err := sign(ctx, people.Approved, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, signed.Author(), id, Seen(m.Version), func(m *Master) ([]ledger.Draft, error) {
		return m.Approve(signed, from, r, versions)
	})
}

// Before is the version that one of this number replaces: the newest lower one that is approved, or shipped; false when there
// is none. versions are all of the recipe, the newest first.
func Before(versions []Item, number int) (Item, bool) {
	i := slices.IndexFunc(versions, func(v Item) bool { return v.Number < number && (v.Status == Approved || v.Status == Shipped) })
	if i < 0 {
		return Item{}, false
	}
	return versions[i], true
}
