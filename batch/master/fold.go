package master

import (
	"encoding/json"
	"fmt"
	"slices"

	"rexbatch/internal/ledger"
)

// Apply adds an entry to the state.
func (m *Master) Apply(e ledger.Entry) error {
	err := m.apply(e)
	if err != nil {
		return fmt.Errorf("%s entry %d (%s): %w", m.ID, e.Version, e.Type, err)
	}
	m.Version = e.Version
	return nil
}

func (m *Master) apply(e ledger.Entry) error {
	switch e.Type {
	case typeDrafted:
		return read(e, m.applyDrafted)
	case typeRevised:
		return read(e, m.applyRevised)
	case typeSubmitted:
		return read(e, m.applySubmitted)
	case typeReturned:
		return read(e, m.applyReturned)
	case typeApproved:
		return read(e, m.applyApproved)
	case typeWithdrawn:
		return read(e, m.applyWithdrawn)
	}
	return fmt.Errorf("unknown type")
}

func read[T any](e ledger.Entry, apply func(ledger.Entry, T)) error {
	var data T
	err := json.Unmarshal(e.Data, &data)
	if err != nil {
		return err
	}
	apply(e, data)
	return nil
}

func (m *Master) applyDrafted(e ledger.Entry, d drafted) {
	m.ID, m.Content, m.Change, m.Note, m.Status = ID{d.Recipe, d.Number}, d.Content, d.Change, d.Note, Draft
	m.note(e, d.Note)
	m.hand(e)
}

func (m *Master) applyRevised(e ledger.Entry, d revised) {
	m.Content, m.Note = d.Content, d.Note
	m.note(e, d.Note)
	m.hand(e)
}

func (m *Master) applySubmitted(e ledger.Entry, _ submitted) {
	m.Status = InReview
	m.note(e, "")
	m.hand(e)
}

func (m *Master) applyReturned(e ledger.Entry, d returned) {
	m.Status = Draft
	m.note(e, d.Reason)
}

func (m *Master) applyApproved(e ledger.Entry, d approved) {
	m.Status, m.Approval, m.From = Approved, d.Signature, d.Shown.From
	if d.Signature.At.After(m.From) { // a minute that had begun when it was signed
		m.From = d.Signature.At
	}
	m.note(e, "")
}

func (m *Master) applyWithdrawn(e ledger.Entry, d withdrawn) {
	m.Status, m.WithdrawnAt = Withdrawn, d.At
	m.note(e, d.Reason)
}

func (m *Master) note(e ledger.Entry, text string) {
	m.History = append(m.History, Event{Type: e.Type, Text: text, By: e.Author, At: e.Time, Seq: e.Seq})
}

func (m *Master) hand(e ledger.Entry) {
	if !slices.Contains(m.Authors, e.Author.Account) {
		m.Authors = append(m.Authors, e.Author.Account)
	}
}
