package release_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The third identifier in a row that was typed with a wrong check character locks the step, until the production lead has
// looked at the label. ID-12
func TestThreeFailedEntriesLockTheStep_ID12(t *testing.T) {
	p, s, sessions, number := upTo(t, "S19")
	ctx := context.Background()
	op, lead := p.by(s, sessions, people.Operator), p.by(s, sessions, people.ProductionLead)
	_, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	bag := event.OfKind("harvest-bag")[0]
	wrong := bag.ID.DIN().String() + bag.ID.Division().String() + "*"
	if bag.ID.Check() == '*' {
		wrong = wrong[:len(wrong)-1] + "A"
	}
	for range 2 {
		require.Equal(t, "scan-unreadable", ledger.RefusalsOf(p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", wrong))[0].Code)
	}
	require.Equal(t, "entries-locked", ledger.RefusalsOf(p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", wrong))[0].Code)
	st, _ := p.load(number).Step("S19")
	require.Equal(t, batch.Interrupted, st.Status)
	require.Error(t, p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", bag.Label), "not even the right label opens it")
	found, _ := p.load(number).Exceptions()
	require.NotEmpty(t, found)
	require.Equal(t, batch.BrokenOff, found[0].Class)
	require.NoError(t, p.batches.Resume(ctx, lead, number, 0, "S19", batch.GoesOn, "label smeared, read aloud by two persons"))
	p.Clock.Pass(time.Second)
	require.Equal(t, "scan-unreadable", ledger.RefusalsOf(p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", wrong))[0].Code, "the count begins anew")
	require.NoError(t, p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", bag.Label))
	scans := 0
	_, event, err = p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	for _, scan := range event.Scans {
		if scan.Raw == wrong && scan.Outcome == chainofcustody.Unreadable {
			scans++
		}
	}
	require.Equal(t, 4, scans, "every attempt is an entry with its raw text")
}

// A right to work in a step serves the state it was given on. I4
func TestHandlingIsNotKept_I4(t *testing.T) {
	p, s, sessions, number := upTo(t, "S19")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	_, err = b.Handle(op, p.Clock.Now(), "S19")
	require.Equal(t, []string{"I4"}, rules(err), "nothing was scanned")
	_, _, err = b.Labels(batch.Handling{}, event)
	require.Equal(t, []string{"I4"}, rules(err), "one that nobody gave opens nothing")
	_, err = b.Complete(batch.Handling{}, event)
	require.Equal(t, []string{"I4"}, rules(err))
	require.NoError(t, p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	b = p.load(number)
	h, err := b.Handle(op, p.Clock.Now(), "S19")
	require.NoError(t, err)
	require.NoError(t, p.batches.Enter(ctx, op, number, 0, "S19", "volume_in", batch.Input{Text: "98.0"}))
	_, err = p.load(number).Complete(h, event)
	require.Equal(t, []string{"I4"}, rules(err), "the batch went on since")
}
