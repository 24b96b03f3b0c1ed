package material

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Book loads lots from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log    ledger.Log
	Site   string         // the plant, e.g. "ES-SVQ"
	Zone   *time.Location // of the plant: the day of an expiry ends there
	Prefix string         // of lot numbers, e.g. "SVQ"
	Clock  func() time.Time

	// Blocked is what else is appended when a lot is blocked: the holds of the batches that were made with it. The room that
	// keeps batches gives it; nil appends nothing else.
	Blocked func(ctx context.Context, by ledger.Author, l *Lot, reason string) ([]ledger.StreamAppend, map[string][]byte, error)
}

// Load folds a lot; a refusal of kind Missing when there is none.
func (k *Book) Load(ctx context.Context, n Number) (*Lot, error) {
	l := &Lot{}
	for e, err := range k.Log.Stream(ctx, Stream(n), 0) {
		if err != nil {
			return nil, fmt.Errorf("lot %s: %w", n, err)
		}
		err = l.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if l.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "AT-20", "no-lot", "there is no lot {lot} at this plant", "check the number and the plant", "lot", n.String())
	}
	return l, nil
}

// Find lists the lots that a filter holds for: those that may be used or will be first, and of them the one that ends
// first, since that one is to be taken first.
func (k *Book) Find(ctx context.Context, f Filter) ([]Item, error) {
	return k.find(ctx, ViewPrefix, f)
}

// Suspected are the lots that may be the cause of an alarm, and wait for maintenance and QA (process scenario 21).
func (k *Book) Suspected(ctx context.Context) ([]Item, error) {
	return k.find(ctx, suspectedPrefix, Filter{})
}

func (k *Book) find(ctx context.Context, prefix string, f Filter) ([]Item, error) {
	var found []Item
	for doc, err := range k.Log.Views(ctx, prefix) {
		if err != nil {
			return nil, fmt.Errorf("lots: %w", err)
		}
		var i Item
		err = json.Unmarshal(doc.Data, &i)
		if err != nil {
			return nil, fmt.Errorf("lots: %s: %w", doc.Key, err)
		}
		if f.Holds(i) {
			found = append(found, i)
		}
	}
	now := k.Clock()
	over := func(i Item) int {
		if s := i.StatusAt(now); s == Expired || s == Consumed {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(found, func(a, b Item) int {
		return cmp.Or(cmp.Compare(over(a), over(b)), a.UsableUntil.Compare(b.UsableUntil))
	})
	return found, nil
}

// Receive takes a delivery in and returns the number of the new lot, which is drawn without a gap from the series of
// the plant and year.
func (k *Book) Receive(ctx context.Context, by ledger.Author, d Delivery) (Number, error) {
	var number Number
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		now := k.Clock().UTC()
		year := now.Year() % 100
		series := chainofcustody.SeriesStream(fmt.Sprintf("lot/%s/%02d", k.Prefix, year))
		n, err := chainofcustody.Next(ctx, k.Log, series)
		if err != nil {
			return ledger.Append{}, err
		}
		number, err = NewNumber(k.Prefix, year, n)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, err := Receive(by, now, number, k.Site, d)
		if err != nil {
			return ledger.Append{}, err
		}
		views, err := (&Lot{}).Provisional(by, now, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		return ledger.Append{Author: by, Views: views, Streams: []ledger.StreamAppend{
			chainofcustody.Issue(series, n, number.String()), {Stream: Stream(number), Drafts: drafts},
		}}, nil
	})
	if err != nil {
		return Number{}, err
	}
	return number, nil
}

// Seen is the version of the lot that the person saw when they decided; zero when they do not say.
type Seen uint64

// change loads, decides and appends, again when another entry came in between.
func (k *Book) change(ctx context.Context, by ledger.Author, n Number, seen Seen, decide func(*Lot, time.Time) ([]ledger.Draft, error)) error {
	return k.changeWith(ctx, by, n, seen, decide, func(context.Context, *Lot) ([]ledger.StreamAppend, map[string][]byte, error) { return nil, nil, nil })
}

// changeWith appends what beside gives together with the change.
func (k *Book) changeWith(ctx context.Context, by ledger.Author, n Number, seen Seen, decide func(*Lot, time.Time) ([]ledger.Draft, error), beside func(context.Context, *Lot) ([]ledger.StreamAppend, map[string][]byte, error)) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		l, err := k.Load(ctx, n)
		if err != nil {
			return ledger.Append{}, err
		}
		if seen != 0 && uint64(seen) != l.Version {
			return ledger.Append{}, ledger.Refuse(ledger.Stale, "CS-65", "lot-stale", "lot {lot} is at version {is}, you decided on version {seen}", "look at the lot again, then repeat",
				"lot", n.String(), "is", fmt.Sprint(l.Version), "seen", fmt.Sprint(uint64(seen)))
		}
		now := k.Clock().UTC()
		drafts, err := decide(l, now)
		if err != nil {
			return ledger.Append{}, err
		}
		expected := l.Version
		views, err := l.Provisional(by, now, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		streams, more, err := beside(ctx, l)
		if err != nil {
			return ledger.Append{}, fmt.Errorf("tell the batches of %s: %w", n, err)
		}
		maps.Copy(views, more)
		streams = append(streams, ledger.StreamAppend{Stream: Stream(n), Expected: expected, Drafts: drafts})
		return ledger.Append{Author: by, Views: views, Streams: streams}, nil
	})
	return err
}

// Release frees a lot from quarantine.
func (k *Book) Release(ctx context.Context, by ledger.Author, n Number, seen Seen) error {
	return k.change(ctx, by, n, seen, func(l *Lot, now time.Time) ([]ledger.Draft, error) { return l.Release(by, now) })
}

// Block takes a lot out of use.
func (k *Book) Block(ctx context.Context, by ledger.Author, n Number, seen Seen, reason string) error {
	return k.changeWith(ctx, by, n, seen, func(l *Lot, _ time.Time) ([]ledger.Draft, error) { return l.Block(by, reason) }, func(ctx context.Context, l *Lot) ([]ledger.StreamAppend, map[string][]byte, error) {
		if k.Blocked == nil {
			return nil, nil, nil
		}
		return k.Blocked(ctx, by, l, reason)
	})
}

// Unblock brings a blocked lot back to where it was.
func (k *Book) Unblock(ctx context.Context, by ledger.Author, n Number, seen Seen, reason string) error {
	return k.change(ctx, by, n, seen, func(l *Lot, _ time.Time) ([]ledger.Draft, error) { return l.Unblock(by, reason) })
}

// Clear records that a lot was looked at which an alarm had pointed out.
func (k *Book) Clear(ctx context.Context, by ledger.Author, n Number, seen Seen, reason string) error {
	return k.change(ctx, by, n, seen, func(l *Lot, _ time.Time) ([]ledger.Draft, error) { return l.Clear(by, reason) })
}

// Open begins the time after opening of a package of the lot.
func (k *Book) Open(ctx context.Context, by ledger.Author, n Number, seen Seen) error {
	return k.change(ctx, by, n, seen, func(l *Lot, now time.Time) ([]ledger.Draft, error) { return l.Open(by, now) })
}

// Discard throws a part of a lot away.
func (k *Book) Discard(ctx context.Context, by ledger.Author, n Number, seen Seen, q quantity.Quantity, reason string) error {
	return k.change(ctx, by, n, seen, func(l *Lot, _ time.Time) ([]ledger.Draft, error) { return l.Discard(by, q, reason) })
}
