package master

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"rexbatch/internal/ledger"
)

// Item is a version as lists show it: a view, derived from the version's entries alone.
type Item struct {
	ID
	Content
	Status      Status    `json:"status"` // as it was decided
	Change      string    `json:"change"`
	Note        string    `json:"note"`
	Authors     []string  `json:"authors"`
	From        time.Time `json:"effective_from,omitzero"`
	Approver    string    `json:"approver,omitempty"` // full name
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	Version     uint64    `json:"version"` // of the stream
}

// Item is the version as lists show it.
func (m *Master) Item() Item {
	return Item{
		ID: m.ID, Content: m.Content, Status: m.Status, Change: m.Change, Note: m.Note, Authors: m.Authors, From: m.From,
		Approver: m.Approval.Name, WithdrawnAt: m.WithdrawnAt, Version: m.Version,
	}
}

// counts tells whether batches could be opened by the version at a time, for all that is known of it alone.
func (i Item) counts(at time.Time) bool {
	return !i.From.IsZero() && !at.Before(i.From) && (i.WithdrawnAt.IsZero() || at.Before(i.WithdrawnAt))
}

// InForce is the version of a recipe by which batches are opened at a time: the newest that is approved, whose day has
// come and that is not withdrawn then. There is one at most (AT-5). versions are all of the recipe.
func InForce(versions []Item, at time.Time) (Item, bool) {
	var found Item
	for _, v := range versions {
		if v.counts(at) && v.Number > found.Number {
			found = v
		}
	}
	return found, found.Number > 0
}

// StatusAt is where the version stands at a time. versions are all of its recipe.
func (i Item) StatusAt(versions []Item, at time.Time) Status {
	current, ok := InForce(versions, at)
	switch {
	case !ok:
		return i.Status
	case i.Status == Shipped, i.Status == Approved && current.Number > i.Number:
		return Superseded
	case current.Number == i.Number:
		return Effective
	}
	return i.Status
}

func (m *Master) views() (map[string][]byte, error) {
	doc, err := json.Marshal(m.Item())
	if err != nil {
		return nil, fmt.Errorf("view of %s: %w", m.ID, err)
	}
	return map[string][]byte{Stream(m.ID): doc}, nil
}

// provisional applies drafts as if they had been appended, and gives the views that follow.
func (m *Master) provisional(by ledger.Author, at time.Time, drafts []ledger.Draft) (map[string][]byte, error) {
	for i, d := range drafts {
		e, err := ledger.Provisional(d, by, at, m.Version+1)
		if err != nil {
			return nil, fmt.Errorf("draft %d: %w", i, err)
		}
		err = m.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	return m.views()
}

// Projection rebuilds the views of versions, "master/<recipe>/<version>", from their entries.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			m := &Master{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = m.Apply(e)
				if err != nil {
					return nil, err
				}
			}
			return m.views()
		},
	}
}
