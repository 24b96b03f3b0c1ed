// Package vault keeps who a patient is: hospital number, name, birth date, country. They stand nowhere else (I12).
//
// Each patient's identifiers are encrypted with a random data key of their own. The ciphertext is a document of the
// ledger outside the record; the data key, wrapped with the master key, is a file of its own beside the ledger. The
// record holds a pseudonym (the trial subject number), who looked when and why, and a salted commitment, whose salt is
// in the ciphertext. Destroying the key file therefore destroys the identifiers and leaves every entry and every proof
// as it was.
//
// Key files are files because a page that a database has freed still holds what stood there. Nothing of a patient is
// ever written in clear, temporary files included, and nothing here goes to a log line: Identity prints as a placeholder.
//
// What the vault does not do: it cannot call back copies of key files, such as backups (docs/operating.md).
package vault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Options configure a Vault.
type Options struct {
	Site   string            // the plant, e.g. "ES-SVQ"; needed
	Dir    string            // folder of the key files, 0700; made when missing
	Log    ledger.Log        // the plant's record
	Staff  *people.Directory // knows at which hospital an account works; needed
	Master Master            // opens the key files
	Clock  func() time.Time  // time.Now when nil

	// Treated tells whether a patient is still being treated here: then no key is destroyed. Nil asks nobody.
	Treated func(ctx context.Context, subject string) (bool, error)
	Rand    io.Reader // crypto/rand when nil
}

// Vault is the identifiers of the patients of one plant. It is safe for concurrent use.
type Vault struct {
	opt  Options
	ring *keyring
	mu   sync.Mutex // one enrolment or destruction at a time: a hospital number is enrolled once
}

// Open opens the vault of a plant, and finishes what a crash left half done: a key of a patient who was not enrolled, or
// whose key was destroyed, is removed. The error is ErrWrongMaster when the folder was made with another master key.
func Open(ctx context.Context, opt Options) (*Vault, error) {
	if opt.Site == "" || opt.Log == nil || opt.Staff == nil || opt.Dir == "" {
		return nil, errors.New("vault: options are not complete")
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Rand == nil {
		opt.Rand = rand.Reader
	}
	keys, err := opt.Master.derive(opt.Site)
	if err != nil {
		return nil, err
	}
	ring, err := openKeyring(opt.Dir, opt.Site, keys, opt.Rand)
	if err != nil {
		return nil, fmt.Errorf("vault of %s: %w", opt.Site, err)
	}
	v := &Vault{opt: opt, ring: ring}
	return v, v.tidy(ctx)
}

// tidy removes key files that nothing needs.
func (v *Vault) tidy(ctx context.Context) error {
	holders, err := v.ring.holders()
	if err != nil {
		return err
	}
	for _, h := range holders {
		p, err := v.load(ctx, h.subject)
		if err != nil {
			return err
		}
		if p.DestroyedAt.IsZero() && p.generation == h.generation {
			continue
		}
		err = v.ring.shred(h)
		if err != nil {
			return fmt.Errorf("vault of %s: finish what was begun: %w", v.opt.Site, err)
		}
	}
	return nil
}
