package batch

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
)

// Bedside is what happened at the beds of the plant's patients. What concerns a batch goes through this room, so that the
// batch learns of it in the same append.
func (k *Book) Bedside() *bedside.Book { return &bedside.Book{Log: k.Log, Clock: k.Clock} }

// AtBedside adds to an append what a phone's event at the bedside says: to the bedside, each scan to the treatment, and
// what a reviewer has to see to the batch. Nothing of it is refused.
func (k *Book) AtBedside(ctx context.Context, a *ledger.Append, e phone.Delivered) error {
	b, t, err := k.LoadWithEvent(ctx, e.Bed.Batch)
	var refused *ledger.Refusal
	if errors.As(err, &refused) {
		return nil // there is no such batch: it stands in the phone's record
	}
	if err != nil {
		return err
	}
	at, err := k.Bedside().Load(ctx, b.Number)
	if err != nil {
		return err
	}
	own := func(m chainofcustody.Match, r *ledger.Refusal) (chainofcustody.Match, *ledger.Refusal) {
		return b.own(t, m, r)
	}
	plant, since := b.AtBed(k.Clock())
	d, err := at.Deliver(t, own, a.Author, e, plant, since)
	if err != nil {
		return err
	}
	a.Streams = append(a.Streams, at.Add(d.Bedside))
	if a.Views == nil {
		a.Views = map[string][]byte{}
	}
	if len(d.Therapy) > 0 {
		a.Streams = append(a.Streams, ledger.StreamAppend{Stream: chainofcustody.Stream(t.CoI), Expected: t.Version, Drafts: d.Therapy})
		views, err := t.Views(a.Author, k.Clock(), d.Therapy)
		if err != nil {
			return err
		}
		maps.Copy(a.Views, views)
	}
	found := b.atBedside(d)
	differs, err := b.deliveredLate(a.Author, k.Clock(), at, d.Bedside)
	if err != nil {
		return err
	}
	found = append(found, differs...)
	if e.Kind == phone.BedStart && !b.Begun {
		found = append(found, ledger.Draft{Type: typeBegun, Data: begun{Event: e.Digest}})
	}
	if len(found) == 0 {
		return nil
	}
	return k.record(ctx, a.Author, b, nil, found, a)
}

// AtBed is whether the product may be given, but for its expiry, which every clock can tell, and since when it may not:
// the zero time where that is not known (I10).
func (b *Batch) AtBed(now time.Time) (bedside.Standing, time.Time) {
	s := bedside.Standing{State: bedside.Released, Checked: now.UTC()}
	refusal, since := b.barred()
	if refusal != nil {
		s.State, s.Why = bedside.NotReleased, refusal.Code
	}
	return s, since
}

// begun is that a phone said that the infusion began. Its details stand in the bedside's stream.
type begun struct {
	Event ledger.Digest `json:"event"`
}

func (b *Batch) applyBegun(ledger.Entry, begun) error {
	b.Begun = true
	return nil
}

// atBedside are the exceptions of what was delivered: a label that did not match, and what else stands against it.
func (b *Batch) atBedside(d bedside.Delivered) []ledger.Draft {
	if d.Mismatch != nil {
		return []ledger.Draft{{Type: typeCustody, Data: mismatched(infusionStep, "", d.Mismatch)}}
	}
	if len(d.Doubts) == 0 {
		return nil
	}
	codes := strings.Join(d.Doubts, ",")
	return []ledger.Draft{{Type: typeCustody, Data: custodyException{Class: AtBedside, Step: infusionStep, Got: codes, What: "at the bedside: " + strings.Join(d.Doubts, ", ")}}}
}

// deliveredLate holds the step in which the product is given, where it was completed before a phone delivered, against what
// the phone says now.
func (b *Batch) deliveredLate(by ledger.Author, now time.Time, at *bedside.Administration, delivered ledger.Draft) ([]ledger.Draft, error) {
	st, ok := b.steps[infusionStep]
	if !ok || st.Status != Done && st.Status != ToVerify {
		return nil, nil
	}
	e, err := ledger.Provisional(delivered, by, now, at.Version+1)
	if err != nil {
		return nil, err
	}
	after := at.Clone()
	err = after.Apply(e)
	return b.differs(at, after), err
}

// heldAgainstBed adds to the completion of the step in which the product is given what it says otherwise than the phones at
// the bed did (DI-14).
func (k *Book) heldAgainstBed(ctx context.Context, b *Batch, by ledger.Author, step string, c *change) error {
	if step != infusionStep {
		return nil
	}
	at, err := k.Bedside().Load(ctx, b.Number)
	if err != nil || !at.Began() {
		return err
	}
	after := b.clone()
	err = k.provisional(after, by, k.Clock(), c.batch)
	if err != nil {
		return err
	}
	c.batch = append(c.batch, after.differs(&bedside.Administration{}, at)...)
	c.streams = append(c.streams, at.Add())
	return nil
}

// differs is the exception of a record that says otherwise than the phones at the bed, none where they agree.
func (b *Batch) differs(before, at *bedside.Administration) []ledger.Draft {
	fields := b.differing(before, at)
	if len(fields) == 0 {
		return nil
	}
	list := strings.Join(fields, ", ")
	return []ledger.Draft{{Type: typeCustody, Data: custodyException{
		Class: AtBedside, Step: infusionStep, Got: "bed-differs", Want: list, What: "the record says otherwise than the phones at the bed: " + list,
	}}}
}

// BegunAt tells whether any of the product was given, or is being given, as the record and its phones say; or nothing can be any more.
func (b *Batch) BegunAt(at *bedside.Administration) bool {
	return !b.ClosedAt.IsZero() || b.given() || at.Began()
}

// Recalled is what a recall signed: of which certificate, whether after the beginning, and the append of the register and the
// bedside that goes with it.
type Recalled struct {
	Certificate string
	Begun       bool
	ledger.Append
}

// Recall ends a certified batch: what QA cannot let go on, before it was given; what a reviewer sees, since it began (AT-57).
func (k *Book) Recall(ctx context.Context, by ledger.Author, number, reason string, signed func(*Batch) (Recalled, error)) error {
	return k.change(ctx, by, number, 0, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		r, err := signed(b)
		if err != nil {
			return change{}, err
		}
		c := change{batch: []ledger.Draft{b.holdDraft(0, HoldRecall, r.Certificate, reason)}, streams: r.Streams, views: r.Views, holds: true}
		if r.Begun {
			what := "certificate " + r.Certificate + " was recalled: " + reason
			c.batch = []ledger.Draft{{Type: typeCustody, Data: custodyException{Class: AtBedside, Step: infusionStep, Got: "bed-recalled", What: what}}}
		}
		return c, nil
	})
}
