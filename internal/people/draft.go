package people

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rexbatch/internal/ledger"
)

const (
	draftPrefix = "draft/" // of secrets: no part of the record
	maxDraft    = 500      // bytes of one text
	maxDrafts   = 96       // of one batch
	draftKept   = 7 * 24 * time.Hour
)

// Place is the field of a page into which something is typed.
type Place struct {
	Batch, Step, Field string
}

// places are the parts of a place. None has the slash that parts them in a key.
var places = regexp.MustCompile(`^[A-Za-z0-9._-]{1,48}$`)

func (p Place) key() string { return draftPrefix + p.Batch + "/" + p.Step + "/" + p.Field + "/" }

func (p Place) check() error {
	for _, part := range []string{p.Batch, p.Step, p.Field} {
		if !places.MatchString(part) {
			return ledger.Refuse(ledger.Invalid, "DI-19", "draft-place", "There is no field {place}.", "Open the step again.", "place", printed(part))
		}
	}
	return nil
}

// Draft is what a person typed into a field and has not confirmed. It is no entry and no value: nobody can sign it,
// and only its author reads it (DI-19, I7).
type Draft struct {
	Batch   string    `json:"batch"`
	Step    string    `json:"step"`
	Field   string    `json:"field"`
	Account string    `json:"account"` // who typed
	Text    string    `json:"text"`    // empty for everybody else
	At      time.Time `json:"at"`
}

// KeepDraft keeps what the session's person typed into a field, in place of what they typed there before. It
// outlives the session and the server, for seven days (DI-19).
func (d *Directory) KeepDraft(ctx context.Context, s Session, at Place, text string) error {
	live, _, err := d.resolve(ctx, s.key)
	if err != nil {
		return err
	}
	err = at.check()
	if err != nil {
		return err
	}
	if len(text) > maxDraft || !utf8.ValidString(text) {
		return ledger.Refuse(ledger.Invalid, "DI-19", "draft-large",
			"This text is too long to be kept before it is confirmed.", "Shorten it to {most} characters, or confirm it.", "most", fmt.Sprint(maxDraft))
	}
	own := Draft{Batch: at.Batch, Step: at.Step, Field: at.Field, Account: live.Account, Text: text, At: d.now()}
	others, secrets, err := d.drafts(ctx, draftPrefix+at.Batch+"/")
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(o Draft) bool { return o.place() == at && o.Account == live.Account })
	if len(others) >= maxDrafts {
		return ledger.Refuse(ledger.Unmet, "DI-19", "draft-many",
			"Too much is typed and not confirmed in the batch {batch}.", "Confirm what you have typed.", "batch", at.Batch)
	}
	doc, err := json.Marshal(own)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	secrets[at.key()+live.Account] = doc
	return d.store(ctx, live, secrets)
}

// DropDraft forgets what the session's person typed into a field.
func (d *Directory) DropDraft(ctx context.Context, s Session, at Place) error {
	live, _, err := d.resolve(ctx, s.key)
	if err != nil {
		return err
	}
	err = at.check()
	if err != nil {
		return err
	}
	key := at.key() + live.Account
	_, err = d.log.Secret(ctx, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read draft: %w", err)
	}
	return d.store(ctx, live, map[string][]byte{key: nil})
}

// EndDrafts forgets what anybody typed into a field: it has been confirmed.
func (d *Directory) EndDrafts(ctx context.Context, s Session, at Place) error {
	err := at.check()
	if err != nil {
		return err
	}
	drafts, secrets, err := d.drafts(ctx, at.key())
	if err != nil {
		return err
	}
	for _, o := range drafts {
		secrets[at.key()+o.Account] = nil
	}
	if len(secrets) == 0 {
		return nil
	}
	return d.store(ctx, s, secrets)
}

// Drafts returns what is typed and not confirmed in a batch, the newest first. Of what others typed the session's
// person learns who and when, not what: a second person enters without seeing the first value (I7), and some values
// tell the arm (I11).
func (d *Directory) Drafts(ctx context.Context, s Session, batch string) ([]Draft, error) {
	err := Place{Batch: batch, Step: "-", Field: "-"}.check()
	if err != nil {
		return nil, err
	}
	all, _, err := d.drafts(ctx, draftPrefix+batch+"/")
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Account != s.Account {
			all[i].Text = ""
		}
	}
	slices.SortFunc(all, func(a, b Draft) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.Step+"/"+a.Field+"/"+a.Account, b.Step+"/"+b.Field+"/"+b.Account))
	})
	return all, nil
}

func (o Draft) place() Place { return Place{Batch: o.Batch, Step: o.Step, Field: o.Field} }

// drafts reads those under prefix. What is older than seven days is left out, and stands in the second result to be
// destroyed with the next change.
func (d *Directory) drafts(ctx context.Context, prefix string) ([]Draft, map[string][]byte, error) {
	now := d.now()
	old := map[string][]byte{}
	var all []Draft
	for doc, err := range d.log.Secrets(ctx, prefix) {
		if err != nil {
			return nil, nil, fmt.Errorf("list drafts: %w", err)
		}
		var o Draft
		err = json.Unmarshal(doc.Data, &o)
		if err != nil || now.Sub(o.At) > draftKept {
			old[doc.Key] = nil
			continue
		}
		all = append(all, o)
	}
	return all, old, nil
}

func (d *Directory) store(ctx context.Context, s Session, secrets map[string][]byte) error {
	_, err := d.log.Append(ctx, ledger.Append{Author: holder(s.Account, s.Terminal), Secrets: secrets})
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	return nil
}
