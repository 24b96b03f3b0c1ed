package bedside

import (
	"context"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

// Book loads what happened at bedsides from a plant's log.
type Book struct {
	Log   ledger.Log
	Clock func() time.Time
}

// Load folds the bedside of a batch. One where nothing happened yet is empty.
func (k *Book) Load(ctx context.Context, batch string) (*Administration, error) {
	a := &Administration{Batch: batch}
	for e, err := range k.Log.Stream(ctx, Stream(batch), 0) {
		if err != nil {
			return nil, fmt.Errorf("bedside of %s: %w", batch, err)
		}
		err = a.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Add is the part of an append with drafts for the bedside as loaded.
func (a *Administration) Add(drafts ...ledger.Draft) ledger.StreamAppend {
	return ledger.StreamAppend{Stream: Stream(a.Batch), Expected: a.Version, Drafts: drafts}
}

// State is the draft of a statement; false where the newest one says the same.
func (a *Administration) State(s Statement) (ledger.Draft, bool, error) {
	name, err := s.Digest()
	if err != nil {
		return ledger.Draft{}, false, err
	}
	if now := a.Current(); now != nil && now.Name == name {
		return ledger.Draft{}, false, nil
	}
	return ledger.Draft{Type: typeStated, Data: s}, true, nil
}

// Withdraw is the draft of a recall (AT-57).
func (a *Administration) Withdraw(r Recall) (ledger.Draft, error) {
	if a.Recall != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Stale, "AT-57", "already-recalled", "batch {batch} is recalled already", "nothing has to be done", "batch", a.Batch)
	}
	return ledger.Draft{Type: typeRecalled, Data: r}, nil
}

// Reply is the draft of an answer to a request.
func (a *Administration) Reply(n Answer) (ledger.Draft, error) {
	for _, r := range a.Requests {
		if r.Seq != n.Request {
			continue
		}
		if r.Answer != nil {
			return ledger.Draft{}, ledger.Refuse(ledger.Stale, "AT-37", "request-answered", "this request is answered already", "look at the bedside again")
		}
		return ledger.Draft{Type: typeAnswered, Data: n}, nil
	}
	return ledger.Draft{}, ledger.Refuse(ledger.Missing, "AT-37", "no-request", "there is no such request for batch {batch}", "look at the bedside again", "batch", a.Batch)
}
