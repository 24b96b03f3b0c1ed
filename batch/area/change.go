package area

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// Change is what one append does to an area. Drafts take effect as they are added, so that an area can be cleared and
// taken in one append: the second decision rests on the first.
type Change struct {
	*Area
	by       ledger.Author
	at       time.Time
	expected uint64
	drafts   []ledger.Draft
}

// Change begins a change of the area as it was loaded. at is the time of the decision.
func (a *Area) Change(by ledger.Author, at time.Time) *Change {
	return &Change{Area: a, by: by, at: at, expected: a.Version}
}

// Add lets a draft take effect.
func (c *Change) Add(d ledger.Draft) error {
	e, err := ledger.Provisional(d, c.by, c.at, c.Version+1)
	if err != nil {
		return fmt.Errorf("work area %s: %w", c.ID, err)
	}
	err = c.Apply(e)
	if err != nil {
		return err
	}
	c.drafts = append(c.drafts, d)
	return nil
}

// Append is what goes into the ledger, and the views that follow. Without drafts it guards: the append then rests on
// the area as it was loaded.
func (c *Change) Append() (ledger.StreamAppend, map[string][]byte, error) {
	s := ledger.StreamAppend{Stream: Stream(c.ID), Expected: c.expected, Drafts: c.drafts}
	if len(c.drafts) == 0 {
		return s, nil, nil
	}
	views, err := c.views()
	return s, views, err
}

// Item is a work area as lists show it: a view, derived from the area's entries alone.
type Item struct {
	ID       string      `json:"id"`
	Kind     string      `json:"kind"`
	Name     string      `json:"name"`
	Grade    Grade       `json:"grade"`
	Batch    string      `json:"batch,omitempty"`
	CoI      isbt128.CoI `json:"coi,omitzero"`
	Until    time.Time   `json:"until,omitzero"` // of the standing clearance
	Waiting  int         `json:"waiting"`        // plates without a result
	Version  uint64      `json:"version"`
	ValidFor int         `json:"clearance_minutes"`
}

// Status is where the area stands at a moment.
func (i Item) Status(now time.Time) Status { return statusAt(i.Batch, i.Until, now) }

// Item is the area as lists show it.
func (a *Area) Item() Item {
	return Item{
		ID: a.ID, Kind: a.Kind, Name: a.Name, Grade: a.Grade, Batch: a.Batch, CoI: a.CoI, Until: a.ClearUntil(), Waiting: len(a.Waiting()),
		Version: a.Version, ValidFor: int(a.ValidFor / time.Minute),
	}
}

func (a *Area) views() (map[string][]byte, error) {
	doc, err := json.Marshal(a.Item())
	if err != nil {
		return nil, fmt.Errorf("view of work area %s: %w", a.ID, err)
	}
	return map[string][]byte{Stream(a.ID): doc}, nil
}

// Projection rebuilds the views of work areas from their entries.
func Projection() ledger.Projection {
	return ledger.Projection{Prefix: streamPrefix, Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
		a := &Area{}
		err := a.fold(entries)
		if err != nil || a.Version == 0 {
			return nil, err
		}
		return a.views()
	}}
}

func (a *Area) fold(entries iter.Seq2[ledger.Entry, error]) error {
	for e, err := range entries {
		if err != nil {
			return err
		}
		err = a.Apply(e)
		if err != nil {
			return err
		}
	}
	return nil
}

// merge adds the views of b to a.
func merge(a, b map[string][]byte) map[string][]byte {
	if a == nil {
		a = map[string][]byte{}
	}
	maps.Copy(a, b)
	return a
}
