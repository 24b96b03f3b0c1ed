package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/release"
)

// Load reads what a print of the batch needs, as it stands now: the source needs the log no more, and entries that are
// appended later are not part of it. names is asked once for each person.
func Load(ctx context.Context, batches *batch.Book, plant *release.Plant, number string, names func(account string) string) (Source, error) {
	fail := func(err error) (Source, error) { return Source{}, fmt.Errorf("record of %s: %w", number, err) }
	b, t, err := batches.LoadWithEvent(ctx, number)
	if err != nil {
		return Source{}, err
	}
	known := map[string]string{}
	var entries []ledger.Entry
	for e, err := range merge(
		upTo(batches.Log.Stream(ctx, batch.Stream(number), 0), b.Version),
		upTo(batches.Log.Stream(ctx, chainofcustody.Stream(t.CoI), 0), t.Version),
	) {
		if err != nil {
			return fail(err)
		}
		entries = append(entries, e)
		if _, ok := known[e.Author.Account]; !ok {
			known[e.Author.Account] = names(e.Author.Account)
		}
	}
	checkpoint, err := batches.Log.Checkpoint(ctx)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) { // a log that is opened for reading may have none
		return fail(err)
	}
	moved, err := transported(ctx, batches, b)
	if err != nil {
		return fail(err)
	}
	for _, m := range moved {
		for _, account := range m.accounts() {
			if _, ok := known[account]; !ok {
				known[account] = names(account)
			}
		}
	}
	return Source{
		Batch: b, Event: t, Plant: plant, Checkpoint: checkpoint, Entries: inOrder(entries), Transports: moved,
		Names: func(account string) string { return cmp.Or(known[account], account) },
	}, nil
}

func inOrder(entries []ledger.Entry) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// upTo leaves out what came after a version of the stream.
func upTo(entries iter.Seq2[ledger.Entry, error], version uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && e.Version > version || !yield(e, err) {
				return
			}
		}
	}
}

// merge brings two streams into the order of the log.
func merge(a, b iter.Seq2[ledger.Entry, error]) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		next, stop := iter.Pull2(b)
		defer stop()
		other, otherErr, more := next()
		for e, err := range a {
			for more && otherErr == nil && err == nil && other.Seq < e.Seq {
				if !yield(other, nil) {
					return
				}
				other, otherErr, more = next()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		for more {
			if !yield(other, otherErr) || otherErr != nil {
				return
			}
			other, otherErr, more = next()
		}
	}
}
