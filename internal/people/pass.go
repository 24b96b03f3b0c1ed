package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"

	"rexbatch/internal/ledger"
)

const (
	passPrefix     = "pass/"      // of streams and views
	passLinkPrefix = "pass-link/" // of secrets, by the hash of the link's token
	passPINPrefix  = "pass-pin/"  // of secrets, by the id of the pass
	passIDBytes    = 5
	pinDigits      = 6
	maxScope       = 128
	maxPassFor     = 7 * 24 * time.Hour // no therapy's transport lasts longer
	maxPhones      = 3
	phonePrefix    = "phone/" // of terminals in entries
)

// Pass lets one named person act for one thing that is carried, from their own phone and also while it is
// offline: they open a link, give a PIN, and their phone is enrolled with a key that never leaves it (screens,
// rule 23). A pass opens no session and no other page, and what a phone signs is authored by the person of its
// pass alone (I3).
type Pass struct {
	ID       string    `json:"id"`
	Account  string    `json:"account"` // the named person
	Role     Role      `json:"role"`    // in which they act with it
	Scope    string    `json:"scope"`   // the stream of what is carried
	Until    time.Time `json:"until"`   // no phone is enrolled later
	IssuedBy string    `json:"issuedBy"`
	Phones   []Phone   `json:"phones,omitempty"`
	Failures int       `json:"failures,omitempty"` // wrong PINs in a row
	Locked   bool      `json:"locked,omitempty"`
	Revoked  bool      `json:"revoked,omitempty"` // what its phones deliver from now on is evidence only
	Version  uint64    `json:"version"`
}

// Phone is a device that a pass enrolled. Its ID stands as the terminal in what it signs.
type Phone struct {
	ID  string `json:"id"`
	Key []byte `json:"key"` // PKIX, of the pair that the phone made and keeps
}

// Terminal is how a phone stands in entries (I3).
func (p Phone) Terminal() string { return phonePrefix + p.ID }

// Phone finds an enrolled phone of the pass.
func (p Pass) Phone(id string) (Phone, bool) {
	for _, phone := range p.Phones {
		if phone.ID == id {
			return phone, true
		}
	}
	return Phone{}, false
}

// NewPass is what is needed for a pass.
type NewPass struct {
	Account string
	Role    Role
	Scope   string
	Until   time.Time
}

// PassSecrets open a pass. They are returned once, when it is issued, and are sent by two ways: the link by
// message, the PIN by voice or on paper.
type PassSecrets struct {
	Token string // of the link
	PIN   string
}

var passIDs = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{8}$`)

// Pass returns the pass with that id; a Refusal of kind Missing when there is none.
func (d *Directory) Pass(ctx context.Context, id string) (Pass, error) {
	p, err := d.loadPass(ctx, id)
	if err != nil {
		return Pass{}, err
	}
	if p.Version == 0 {
		return Pass{}, ledger.Refuse(ledger.Missing, "CS-67", "pass-missing", "There is no pass {pass}.", "Look at the shipment's passes.", "pass", printed(id))
	}
	return p, nil
}

// Passes returns the passes for one scope, in order of id.
func (d *Directory) Passes(ctx context.Context, scope string) ([]Pass, error) {
	var all []Pass
	for doc, err := range d.log.Views(ctx, passPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list passes: %w", err)
		}
		var p Pass
		err = json.Unmarshal(doc.Data, &p)
		if err != nil {
			return nil, fmt.Errorf("read pass view %s: %w", doc.Key, err)
		}
		if p.Scope == scope {
			all = append(all, p)
		}
	}
	return all, nil
}

// PassOfPhone returns the pass that enrolled a phone, and the phone; a Refusal of kind Missing when none did.
func (d *Directory) PassOfPhone(ctx context.Context, phone string) (Pass, Phone, error) {
	id, _, _ := strings.Cut(phone, "-")
	p, err := d.loadPass(ctx, id)
	if err != nil {
		return Pass{}, Phone{}, err
	}
	found, ok := p.Phone(phone)
	if !ok {
		return Pass{}, Phone{}, ledger.Refuse(ledger.Missing, "CS-67", "phone-missing",
			"No phone {phone} was enrolled at {site}.", "Open the link of the shipment again.", "phone", printed(phone), "site", d.opt.Site)
	}
	return p, found, nil
}

// PassOfLink returns the pass that a link's token opens.
func (d *Directory) PassOfLink(ctx context.Context, token string) (Pass, error) {
	id, err := d.log.Secret(ctx, passLinkPrefix+keyOf(token))
	if errors.Is(err, ledger.ErrNotFound) {
		return Pass{}, refuseLink()
	}
	if err != nil {
		return Pass{}, fmt.Errorf("read a link: %w", err)
	}
	p, err := d.loadPass(ctx, string(id))
	if err != nil {
		return Pass{}, err
	}
	return p, p.open(d.now())
}

func refuseLink() error {
	return ledger.Refuse(ledger.Unauthorised, "CS-34", "link-unknown",
		"This link opens nothing: it is not whole, or a newer one was sent.", "Open the newest link again, or call the plant.")
}

// open is the refusal of a pass that enrols no phone now.
func (p Pass) open(now time.Time) error {
	switch {
	case p.Version == 0:
		return refuseLink()
	case p.Revoked:
		return ledger.Refuse(ledger.Unauthorised, "CS-80", "pass-revoked", "This link was withdrawn.", "Call the plant for another one.")
	case p.Locked:
		return ledger.Refuse(ledger.Unauthorised, "CS-37", "pass-locked", "The PIN of this link was wrong too often.", "Call the plant for another link.")
	case now.After(p.Until):
		return ledger.Refuse(ledger.Unauthorised, "CS-38", "pass-over", "This link is over.", "Call the plant for another one.")
	}
	return nil
}

func (d *Directory) loadPass(ctx context.Context, id string) (Pass, error) {
	var p Pass
	if !passIDs.MatchString(id) {
		return p, nil
	}
	doc, err := d.log.View(ctx, passPrefix+id)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return p, fmt.Errorf("read pass %s: %w", id, err)
	}
	if err == nil {
		err = json.Unmarshal(doc, &p)
		if err != nil {
			return Pass{}, fmt.Errorf("read pass view %s: %w", id, err)
		}
	}
	err = p.foldEntries(d.log.Stream(ctx, passPrefix+id, p.Version))
	return p, err
}

func (p *Pass) foldEntries(entries iter.Seq2[ledger.Entry, error]) error {
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("read pass: %w", err)
		}
		err = p.apply(e)
		if err != nil {
			return err
		}
	}
	return nil
}

// PassProjection derives the view document "pass/<id>" of each pass from its stream alone, for reindex and verify.
func PassProjection() ledger.Projection {
	return ledger.Projection{Prefix: passPrefix, Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
		var p Pass
		err := p.foldEntries(entries)
		if err != nil || p.Version == 0 {
			return nil, err
		}
		doc, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("encode pass %s: %w", p.ID, err)
		}
		return map[string][]byte{passPrefix + p.ID: doc}, nil
	}}
}

// Guard makes an append fail when the pass has changed since it was read.
func (p Pass) Guard() ledger.StreamAppend {
	return ledger.StreamAppend{Stream: passPrefix + p.ID, Expected: p.Version}
}
