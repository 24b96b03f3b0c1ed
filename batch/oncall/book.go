package oncall

import (
	"context"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book loads a plant's on-call duty from its log, lets it decide, and appends what it decided.
type Book struct {
	Log    ledger.Log
	Clock  func() time.Time
	Within time.Duration                                                    // to answer a call
	Person func(ctx context.Context, account string) (people.Person, error) // of the plant's directory

	folded ledger.Folded[*Duty]
}

// Load folds the duty. The state is shared: nobody alters it.
func (k *Book) Load(ctx context.Context) (*Duty, error) {
	kept, ok := k.folded.Get(Stream)
	if !ok {
		kept = &Duty{}
	}
	d := kept
	for e, err := range k.Log.Stream(ctx, Stream, kept.Version) {
		if err != nil {
			return nil, fmt.Errorf("on-call duty: %w", err)
		}
		if d == kept {
			d = kept.clone()
		}
		err = d.apply(e)
		if err != nil {
			return nil, err
		}
	}
	if d != kept {
		k.folded.Put(Stream, d.Version, d)
	}
	return d, nil
}

// Name says who is on call from now on.
func (k *Book) Name(ctx context.Context, by ledger.Author, account string) error {
	who, err := k.Person(ctx, account)
	if err != nil {
		return err
	}
	return k.change(ctx, by, func(d *Duty) (ledger.Draft, error) { return d.Name(by, who) })
}

// Take records that a person has taken the call about a shipment.
func (k *Book) Take(ctx context.Context, by ledger.Author, shipment string) error {
	return k.change(ctx, by, func(d *Duty) (ledger.Draft, error) { return d.Take(by, k.Clock().UTC(), shipment) })
}

func (k *Book) change(ctx context.Context, by ledger.Author, decide func(*Duty) (ledger.Draft, error)) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		d, err := k.Load(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := decide(d)
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{{Stream: Stream, Expected: d.Version, Drafts: []ledger.Draft{draft}}}}, err
	})
	return err
}

// Raise is what an append has to hold so that whoever is on call is called about a shipment.
func (k *Book) Raise(ctx context.Context, shipment string) (ledger.StreamAppend, error) {
	d, err := k.Load(ctx)
	if err != nil {
		return ledger.StreamAppend{}, err
	}
	return ledger.StreamAppend{Stream: Stream, Expected: d.Version, Drafts: []ledger.Draft{d.Raise(k.Clock(), shipment, k.Within)}}, nil
}
