// Package material keeps the lots of the materials that a batch is made with: what they are, whether they may be used,
// and where they were used (AT-20, AT-21).
//
// One lot is one aggregate (stream "lot/<number>"). Decisions are pure functions of the folded state; Book loads,
// decides and appends. The package knows nothing of batches but their numbers.
//
// What remains of a lot is never below zero. A use that was recorded in error stays in the record beside its correction.
// A lot that is opened anew means that another package of the same lot was opened: its time after opening begins again.
package material

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Status is where a lot stands.
type Status string

// The statuses. People decide the first three; the others follow from clock and quantity, see StatusAt.
const (
	Quarantine  Status = "quarantine" // received, not yet released
	Released    Status = "released"
	Blocked     Status = "blocked"       // recalled, or under suspicion
	OpenTooLong Status = "open-too-long" // released, but the opened package is past its time; another one may be opened
	Expired     Status = "expired"
	Consumed    Status = "consumed"
)

// Statuses are all of them, in the order of a lot's life.
func Statuses() []Status {
	return []Status{Quarantine, Released, Blocked, OpenTooLong, Expired, Consumed}
}

// Lot is one delivery of one material, as the entries say.
type Lot struct {
	Number Number
	Site   string
	Delivery
	Status     Status // as it was decided: Quarantine, Released or Blocked
	ReceivedBy string
	ReceivedAt time.Time
	OpenedAt   time.Time         // of the package in use; zero while none was opened
	Remaining  quantity.Quantity // received less uses and waste, in the unit of Delivery.Quantity
	Uses       []Used            // in order of the record: lot to batches and patients in one look (AT-20)
	Taken      []Taken           // by steps that are open: it is at the patient's material, and not yet a use
	Waste      []Discarded
	Suspected  []Suspected // since QA last cleared it
	Decisions  []Decision  // receipt, release, block, unblock, opening, suspicion
	Version    uint64

	unblocked Status // what the lot goes back to when it is unblocked
}

// Use is where material of a lot goes.
type Use struct {
	Batch    string            `json:"batch"`
	CoI      string            `json:"coi"`
	Subject  string            `json:"subject"` // trial subject number, never a name
	Step     string            `json:"step"`
	Quantity quantity.Quantity `json:"quantity"` // no value: not counted
}

// Used is a use as it stands in the record.
type Used struct {
	Use
	Entry       uint64 // version of its entry in the lot's stream: a correction names it
	Seq         uint64 // position of its entry in the log
	By          string
	At          time.Time
	Corrections []Correction // oldest first
	Reversed    bool         // recorded in error: it did not happen
}

// Taking is a step that has the lot at hand: from the moment it is scanned the batch is one that a recall must find.
type Taking struct {
	Batch   string `json:"batch"`
	CoI     string `json:"coi"`
	Subject string `json:"subject"` // trial subject number, never a name
	Step    string `json:"step"`
	Field   string `json:"field"` // of the step, where it was scanned
}

// Taken is a taking as it stands in the record.
type Taken struct {
	Taking
	By  string
	At  time.Time
	Seq uint64
}

// Correction is a later entry about a use.
type Correction struct {
	Was      quantity.Quantity
	Is       quantity.Quantity // no value when the use was reversed
	Reversed bool
	Reason   string
	By       string
	At       time.Time
	Seq      uint64
}

// Discarded is material that was thrown away.
type Discarded struct {
	Quantity quantity.Quantity
	Reason   string
	By       string
	At       time.Time
	Seq      uint64
}

// Decision is a person's entry about the lot as a whole.
type Decision struct {
	Type   string // of the entry, e.g. "lot.blocked"
	Reason string
	By     string
	Role   string
	At     time.Time
	Seq    uint64
}

// Stream is the stream of a lot.
func Stream(n Number) string { return streamPrefix + n.String() }

// UsableUntil is when the lot may no longer be used: its expiry, or the end of its time after opening, whichever is first.
func (l *Lot) UsableUntil() time.Time {
	over, counts := l.openUntil(0)
	if counts && over.Before(l.Expiry) {
		return over
	}
	return l.Expiry
}

// openUntil is the end of the time after opening, where delivery or recipe (zero: does not) limit it; of both the shorter one
// counts. It is false while nothing runs.
func (l *Lot) openUntil(recipe time.Duration) (time.Time, bool) {
	window := recipe
	if !l.OpenFor.IsZero() {
		own, err := l.OpenFor.Duration() // Receive has checked it: of an error nothing could be used
		if err != nil || recipe == 0 || own < recipe {
			window = own
		}
	}
	limited := !l.OpenFor.IsZero() || recipe != 0
	return l.OpenedAt.Add(window), limited && !l.OpenedAt.IsZero()
}

// StatusAt is the status with what follows from the clock and the quantity.
func (l *Lot) StatusAt(now time.Time) Status {
	return l.Item().StatusAt(now)
}

// UsedBy are the batches in which the lot was used, and those that have it at hand in an open step, each once. Uses that
// were recorded in error do not count.
func (l *Lot) UsedBy() []string {
	var out []string
	add := func(batch string) {
		if !slices.Contains(out, batch) {
			out = append(out, batch)
		}
	}
	for _, u := range l.Uses {
		if !u.Reversed {
			add(u.Batch)
		}
	}
	for _, t := range l.Taken {
		add(t.Batch)
	}
	return out
}

// Apply folds one entry of the lot's stream into the state.
func (l *Lot) Apply(e ledger.Entry) error {
	l.Version = e.Version
	var err error
	switch e.Type {
	case typeReceived:
		err = apply(e, l.applyReceived)
	case typeReleased, typeBlocked, typeUnblocked:
		err = apply(e, l.applyDecided)
	case typeOpened:
		err = apply(e, l.applyOpened)
	case typeTaken:
		err = apply(e, l.applyTaken)
	case typePutBack:
		err = apply(e, l.applyPutBack)
	case typeUsed:
		err = apply(e, l.applyUsed)
	case typeCorrected:
		err = apply(e, l.applyCorrected)
	case typeDiscarded:
		err = apply(e, l.applyDiscarded)
	case typeSuspected:
		err = apply(e, l.applySuspected)
	case typeCleared:
		err = apply(e, l.applyCleared)
	default:
		err = fmt.Errorf("unknown entry type %q", e.Type)
	}
	if err != nil {
		return fmt.Errorf("lot entry %d (%s): %w", e.Seq, e.Type, err)
	}
	return nil
}

// apply decodes an entry's data and hands it to the fold of its type.
func apply[T any](e ledger.Entry, fold func(ledger.Entry, T) error) error {
	var data T
	err := json.Unmarshal(e.Data, &data)
	if err != nil {
		return err
	}
	return fold(e, data)
}

func (l *Lot) applyReceived(e ledger.Entry, d received) error {
	l.Number, l.Site, l.Delivery, l.Status, l.Remaining = d.Number, d.Site, d.Delivery, Quarantine, d.Quantity
	l.ReceivedBy, l.ReceivedAt = e.Author.Account, e.Time
	l.decide(e, "")
	return nil
}

func (l *Lot) applyDecided(e ledger.Entry, d decided) error {
	switch e.Type {
	case typeReleased:
		l.Status = Released
	case typeBlocked:
		l.unblocked, l.Status = l.Status, Blocked
	case typeUnblocked:
		l.Status = l.unblocked
	}
	l.decide(e, d.Reason)
	return nil
}

func (l *Lot) applyOpened(e ledger.Entry, d opened) error {
	l.OpenedAt = d.At
	l.decide(e, "")
	return nil
}

func (l *Lot) decide(e ledger.Entry, reason string) {
	l.Decisions = append(l.Decisions, Decision{Type: e.Type, Reason: reason, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq})
}

func (l *Lot) applyTaken(e ledger.Entry, d Taking) error {
	l.Taken = append(l.Taken, Taken{Taking: d, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return nil
}

func (l *Lot) applyPutBack(_ ledger.Entry, d putBack) error {
	l.drop(func(t Taken) bool { return t.Batch == d.Batch && t.Step == d.Step && t.Field == d.Field })
	return nil
}

func (l *Lot) drop(gone func(Taken) bool) {
	l.Taken = slices.DeleteFunc(slices.Clone(l.Taken), gone)
}

func (l *Lot) applyUsed(e ledger.Entry, d used) error {
	l.drop(func(t Taken) bool { return t.Batch == d.Batch && t.Step == d.Step })
	l.Uses = append(l.Uses, Used{Use: d.Use, Entry: e.Version, Seq: e.Seq, By: e.Author.Account, At: e.Time})
	if d.OpenedAt != nil {
		l.OpenedAt = *d.OpenedAt
	}
	return l.take(d.Quantity)
}

func (l *Lot) applyCorrected(e ledger.Entry, d corrected) error {
	u, err := l.use(d.Use)
	if err != nil {
		return err
	}
	u.Corrections = append(u.Corrections, Correction{Was: u.Quantity, Is: d.Quantity, Reversed: d.Reversed, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	err = l.give(u.Quantity)
	if err != nil {
		return err
	}
	if d.Reversed {
		u.Reversed = true
		return nil
	}
	u.Quantity = d.Quantity
	return l.take(d.Quantity)
}

func (l *Lot) applyDiscarded(e ledger.Entry, d discarded) error {
	l.Waste = append(l.Waste, Discarded{Quantity: d.Quantity, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return l.take(d.Quantity)
}

// take and give move a quantity out of what remains and back; one without value is not counted.
func (l *Lot) take(q quantity.Quantity) error { return l.move(q, quantity.Quantity.Sub) }
func (l *Lot) give(q quantity.Quantity) error { return l.move(q, quantity.Quantity.Add) }

func (l *Lot) move(q quantity.Quantity, op func(quantity.Quantity, quantity.Quantity) (quantity.Quantity, error)) error {
	if q.IsZero() {
		return nil
	}
	q, err := q.In(l.Quantity.Unit())
	if err != nil {
		return err
	}
	l.Remaining, err = op(l.Remaining, q)
	return err
}
