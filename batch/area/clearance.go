package area

import (
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Checklist is what two persons looked for before an area is given to a batch (AT-51, process S16).
type Checklist struct {
	NothingForeign bool `json:"nothing_foreign"` // no item of another patient is in the area
	ForeignLabels  int  `json:"foreign_labels"`  // labels of other batches found
	PreviousClosed bool `json:"previous_closed"` // the batch before is out of the area, its labels are reconciled
}

// maxLabels bounds what anybody can count in a room.
const maxLabels = 9999

// Clearance is one time that the area was looked over. One that did not pass stays in the record.
type Clearance struct {
	Checklist Checklist
	First     string           // account
	Second    people.Signature // empty when it did not pass
	At        time.Time
	Until     time.Time // zero when it did not pass
	Seq       uint64
	Passed    bool
}

// Shown is what the second person signs when a clearance stands alone and not within a step (I8).
type Shown struct {
	Area      string    `json:"area"`
	First     string    `json:"first"`
	Checklist Checklist `json:"checklist"`
}

// Digest is the SHA-256 of what is shown.
func (s Shown) Digest() (ledger.Digest, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("digest of the clearance of %s: %w", s.Area, err)
	}
	return ledger.DigestOf(raw), nil
}

// Met tells whether nothing was found: then a second person confirms it. What was found needs none.
func (c Checklist) Met() bool { return c == Checklist{NothingForeign: true, PreviousClosed: true} }

// fault is why the area is not clear by the checklist; nil when it is.
func (c Checklist) fault(id string) *ledger.Refusal {
	switch {
	case c.ForeignLabels > 0:
		return ledger.Refuse(ledger.Unmet, "AT-51", "foreign-labels", "{count} labels of another batch were found in work area {area}", "find out whose they are, remove them, then look the area over again", "area", id, "count", fmt.Sprint(c.ForeignLabels))
	case !c.NothingForeign:
		return ledger.Refuse(ledger.Unmet, "AT-51", "foreign-items", "items of another patient are in work area {area}", "tell the production lead, remove them, then look the area over again", "area", id)
	case !c.PreviousClosed:
		return ledger.Refuse(ledger.Unmet, "AT-51", "previous-open", "the batch before is not closed in work area {area}", "close it and reconcile its labels, then look the area over again", "area", id)
	}
	return nil
}

// Clear decides that two different persons found the area clear: it may be taken by a batch until its validity ends.
// first is the account of who looked; the second person signed for themselves (I7), over the batch step or over Shown,
// which the caller holds. When the checklist is not met the draft is a failed clearance and failed says why: it has
// to be appended all the same, and needs no second person. An err leaves nothing to append.
func (a *Area) Clear(now time.Time, first string, second people.Signed, c Checklist) (draft ledger.Draft, failed *ledger.Refusal, err error) {
	if a.Batch != "" {
		return ledger.Draft{}, nil, a.occupiedBy()
	}
	if c.ForeignLabels < 0 || c.ForeignLabels > maxLabels {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "AT-51", "foreign-label-count", "a count of labels is 0 to 9999", "count the labels of other batches in the area")
	}
	failed = c.fault(a.ID)
	if failed != nil {
		return ledger.Draft{Type: typeNotClear, Data: notClear{Checklist: c, First: first}}, failed, nil
	}
	if !second.Valid() {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Unmet, "AT-51", "clearance-unsigned", "a second person has not yet looked over work area {area}", "another qualified person has to look and sign", "area", a.ID)
	}
	if second.Signature().Account == first {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Forbidden, "I7", "clearance-same-person", "{account} cannot be both persons who clear work area {area}", "another qualified person has to look and sign", "account", first, "area", a.ID)
	}
	return ledger.Draft{Type: typeCleared, Data: cleared{
		Checklist: c, First: first, Second: second.Signature(), Until: now.UTC().Truncate(time.Second).Add(a.ValidFor),
	}}, nil, nil
}
