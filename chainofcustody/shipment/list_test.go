package shipment_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
)

// counted counts the documents that are read from a log.
type counted struct {
	ledger.Log
	read int
}

func (c *counted) Views(ctx context.Context, prefix string) iter.Seq2[ledger.Document, error] {
	return func(yield func(ledger.Document, error) bool) {
		for doc, err := range c.Log.Views(ctx, prefix) {
			c.read++
			if !yield(doc, err) {
				return
			}
		}
	}
}

// travelled brings a shipment of a batch to its end in the log, or as far as a receipt with a leak.
func travelled(t *testing.T, k *shipment.Book, n int, leaks bool) shipment.ID {
	t.Helper()
	ctx := t.Context()
	id, series, err := k.Next(ctx)
	require.NoError(t, err)
	p, box := plan(), fmt.Sprintf("A9999260%05d/B00001", n)
	p.Batch = fmt.Sprintf("SVQ26%05dK", n)
	order, err := shipment.Order(id, logistics, at("07:00"), p)
	require.NoError(t, err)
	stream, views, err := k.Add(&shipment.Shipment{}, id, logistics, []ledger.Draft{order})
	require.NoError(t, err)
	_, err = k.Log.Append(ctx, ledger.Append{Author: logistics, Streams: []ledger.StreamAppend{series, stream}, Views: views})
	require.NoError(t, err)
	do := func(by ledger.Author, decide func(s *shipment.Shipment) ([]ledger.Draft, error)) {
		t.Helper()
		require.NoError(t, k.Change(ctx, by, id, func(s *shipment.Shipment, _ time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
			drafts, err := decide(s)
			return drafts, nil, nil, err
		}))
	}
	one := func(d ledger.Draft, err error) ([]ledger.Draft, error) { return []ledger.Draft{d}, err }
	do(nurse, func(s *shipment.Shipment) ([]ledger.Draft, error) {
		return one(s.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{box}, Seals: []string{"A1", "A2"}, Place: "ward 3"}))
	})
	for _, l := range []shipment.Leg{pickup(), delivery()} {
		l.Containers = []string{box}
		do(operator, func(s *shipment.Shipment) ([]ledger.Draft, error) { return s.Deliver(l), nil })
	}
	in := inspection()
	in.Matched, in.Leak = []string{box}, leaks
	do(operator, func(s *shipment.Shipment) ([]ledger.Draft, error) { return one(s.Receive(operator, at("11:10"), in)) })
	if !leaks {
		do(logistics, func(s *shipment.Shipment) ([]ledger.Draft, error) {
			return one(s.Close(logistics, "the logger was lost on the way"))
		})
	}
	return id
}

// What a page reads of the shipments does not grow with the age of the log: those of a batch, and those that are open or held.
func TestReadingShipmentsDoesNotGrowWithTheirNumber(t *testing.T) {
	dir, clock := t.TempDir(), func() time.Time { return at("07:45") }
	log, err := bolt.Open(dir, bolt.Options{Site: "ES-SVQ", Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, log.Close())
		_, err := verify.Dir(context.Background(), dir, verify.Options{Projections: []ledger.Projection{shipment.Projection()}})
		require.NoError(t, err, "a rebuild gives the same views")
	})
	c := &counted{Log: log}
	k := &shipment.Book{Log: c, Prefix: "SVQ", Clock: clock}
	held := travelled(t, k, 1, true)
	old := 0
	for _, closed := range []int{2, 9} {
		for ; old < closed; old++ {
			travelled(t, k, 10+old, false)
		}
		for what, read := range map[string]struct {
			list func(context.Context) ([]shipment.Sheet, error)
			id   shipment.ID
		}{
			"open":       {k.Open, held},
			"of a batch": {func(ctx context.Context) ([]shipment.Sheet, error) { return k.Of(ctx, "SVQ2600001K") }, held},
		} {
			c.read = 0
			sheets, err := read.list(t.Context())
			require.NoError(t, err)
			require.Len(t, sheets, 1, what)
			require.Equal(t, read.id, sheets[0].ID, what)
			require.Equal(t, 1, c.read, what)
		}
		all, err := k.List(t.Context())
		require.NoError(t, err)
		require.Len(t, all, closed+1)
		c.read = 0
		any, err := k.Any(t.Context())
		require.NoError(t, err)
		require.True(t, any)
		require.Equal(t, 1, c.read)
	}
}
