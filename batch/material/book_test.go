package material_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// plant is a book on a real log. Its clock moves with every look, as real ones do: what views show must not hang on it.
type plant struct {
	*material.Book
	t    *testing.T
	ctx  context.Context
	dir  string
	mu   sync.Mutex
	time time.Time
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	p := &plant{t: t, ctx: context.Background(), dir: t.TempDir(), time: morning}
	log, err := bolt.Open(p.dir, bolt.Options{Site: "ES-SVQ", Clock: p.now})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, log.Close())
		_, err := verify.Dir(p.ctx, p.dir, verify.Options{Projections: []ledger.Projection{material.Projection()}})
		require.NoError(t, err, "the views are what the entries give")
	})
	p.Book = &material.Book{Log: log, Site: "ES-SVQ", Zone: zone, Prefix: "SVQ", Clock: p.now}
	return p
}

func (p *plant) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(1300 * time.Millisecond)
	return p.time
}

func (p *plant) pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

// receive takes a delivery in that was changed a little, and releases it.
func (p *plant) receive(change func(*material.Delivery)) material.Number {
	p.t.Helper()
	d := ficoll()
	if change != nil {
		change(&d)
	}
	n, err := p.Receive(p.ctx, store, d)
	require.NoError(p.t, err)
	require.NoError(p.t, p.Release(p.ctx, qa, n, 0))
	return n
}

// take appends a use as the engine of the batch does: in an append of its own, on the version that was loaded.
func (p *plant) take(n material.Number, u material.Use) error {
	_, err := ledger.Decide(p.ctx, p.Log, func(ctx context.Context) (ledger.Append, error) {
		l, err := p.Load(ctx, n)
		if err != nil {
			return ledger.Append{}, err
		}
		now, expected := p.now(), l.Version
		drafts, err := l.Use(now, want(now), u)
		if err != nil {
			return ledger.Append{}, err
		}
		views, err := l.Provisional(operator, now, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		return ledger.Append{Author: operator, Views: views, Streams: []ledger.StreamAppend{{Stream: material.Stream(n), Expected: expected, Drafts: drafts}}}, nil
	})
	return err
}

func TestNumbersHaveNoGap_AT20(t *testing.T) {
	p := newPlant(t)
	_, err := p.Receive(p.ctx, store, material.Delivery{})
	require.Error(t, err, "what is refused draws no number")
	var wait sync.WaitGroup
	numbers := make([]material.Number, 6)
	for i := range numbers {
		wait.Go(func() {
			n, err := p.Receive(p.ctx, as("leo", people.Logistics), ficoll())
			if err == nil {
				numbers[i] = n
			}
		})
	}
	wait.Wait()
	seen := map[material.Number]bool{}
	for _, n := range numbers {
		require.False(t, n.IsZero())
		seen[n] = true
	}
	for i := range numbers {
		n, err := material.NewNumber("SVQ", 26, uint64(i+1))
		require.NoError(t, err)
		require.True(t, seen[n], "%s is missing", n)
	}
	p.pass(60 * 24 * time.Hour)
	n, err := p.Receive(p.ctx, store, ficoll())
	require.NoError(t, err)
	first, err := material.NewNumber("SVQ", 27, 1)
	require.NoError(t, err)
	require.Equal(t, first, n, "every year begins with 1")
}

func TestLotOverTheLog(t *testing.T) {
	p := newPlant(t)
	n := p.receive(nil)
	require.NoError(t, p.take(n, use("SVQ26000019", "100")))
	require.NoError(t, p.take(n, use("SVQ26000027", "120")))
	require.NoError(t, p.Open(p.ctx, operator, n, 0))
	require.NoError(t, p.Discard(p.ctx, store, n, 0, quantity.MustParse("0.03", "L"), "spilled at the bench"))
	l, err := p.Load(p.ctx, n)
	require.NoError(t, err)
	require.Equal(t, "250 mL", l.Remaining.String())
	require.Equal(t, []string{"SVQ26000019", "SVQ26000027"}, l.UsedBy())
	require.NotZero(t, l.Uses[0].Seq)
	require.Equal(t, uint64(3), l.Uses[0].Entry)
	require.Equal(t, "leo", l.ReceivedBy)

	refused(t, p.Block(p.ctx, qa, n, material.Seen(l.Version-1), "recall 4711"), ledger.Stale, "CS-65", "lot-stale")
	require.NoError(t, p.Block(p.ctx, qa, n, material.Seen(l.Version), "recall 4711"))
	refused(t, p.take(n, use("SVQ26000035", "1")), ledger.Unmet, "CS-67", "lot-blocked")
	require.NoError(t, p.Unblock(p.ctx, qa, n, 0, "the recall names other lots"))
	require.NoError(t, p.take(n, use("SVQ26000035", "1")))

	unknown, err := material.NewNumber("SVQ", 26, 99)
	require.NoError(t, err)
	_, err = p.Load(p.ctx, unknown)
	refused(t, err, ledger.Missing, "AT-20", "no-lot")
	refused(t, p.Release(p.ctx, qa, unknown, 0), ledger.Missing, "AT-20", "no-lot")
}

// What follows for the batches stands beside the block in one append, or the lot is not blocked.
func TestABlockIsToldToTheBatchesInTheSameAppend_AT20(t *testing.T) { // scenario 24
	p := newPlant(t)
	n := p.receive(nil)
	require.NoError(t, p.take(n, use("SVQ26000019", "100")))
	require.NoError(t, p.take(n, use("SVQ26000027", "100")))
	failing := errors.New("no batch can be told now")
	p.Blocked = func(context.Context, ledger.Author, *material.Lot, string) ([]ledger.StreamAppend, map[string][]byte, error) {
		return nil, nil, failing
	}
	require.ErrorIs(t, p.Block(p.ctx, qa, n, 0, "recall 4711"), failing)
	l, err := p.Load(p.ctx, n)
	require.NoError(t, err)
	require.Equal(t, material.Released, l.Status)

	p.Blocked = func(_ context.Context, by ledger.Author, l *material.Lot, reason string) ([]ledger.StreamAppend, map[string][]byte, error) {
		require.Equal(t, qa, by)
		require.Equal(t, "recall 4711", reason)
		var out []ledger.StreamAppend
		for _, batch := range l.UsedBy() {
			out = append(out, ledger.StreamAppend{Stream: "held/" + batch, Drafts: []ledger.Draft{{Type: "test.held", Data: reason}}})
		}
		return out, nil, nil
	}
	require.NoError(t, p.Block(p.ctx, qa, n, 0, "recall 4711"))
	for _, batch := range []string{"SVQ26000019", "SVQ26000027"} {
		held := 0
		for _, err := range p.Log.Stream(p.ctx, "held/"+batch, 0) {
			require.NoError(t, err)
			held++
		}
		require.Equal(t, 1, held, batch)
	}
}

// Two batches that want the last of a lot at the same moment do not both get it.
func TestTheLastOfALotIsUsedOnce_AT21(t *testing.T) {
	p := newPlant(t)
	n := p.receive(nil)
	results := make([]error, 6)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { results[i] = p.take(n, use("SVQ26000019", "200")) })
	}
	wait.Wait()
	done := 0
	for _, err := range results {
		if err == nil {
			done++
			continue
		}
		refused(t, err, ledger.Unmet, "AT-21", "lot-not-enough")
	}
	require.Equal(t, 2, done)
	l, err := p.Load(p.ctx, n)
	require.NoError(t, err)
	require.Equal(t, "100 mL", l.Remaining.String())
}

func TestLotsAreFoundByWhatARecallNames_AT20(t *testing.T) { // scenario 24, inspector check 39
	p := newPlant(t)
	late := p.receive(nil)
	soon := p.receive(func(d *material.Delivery) { d.Expiry = morning.Add(24 * time.Hour) })
	other := p.receive(func(d *material.Delivery) {
		d.Material, d.Name, d.Supplier, d.SupplierLot = "wash-buffer", "PBS/EDTA with HSA", "Miltenyi", "5210-A"
	})
	opened := p.receive(func(d *material.Delivery) { d.SupplierLot = "77" })
	require.NoError(t, p.take(opened, use("SVQ26000019", "1")))
	gone := p.receive(func(d *material.Delivery) { d.Expiry = morning.Add(time.Hour) })
	p.pass(2 * time.Hour)
	numbers := func(f material.Filter) []material.Number {
		found, err := p.Find(p.ctx, f)
		require.NoError(t, err)
		var out []material.Number
		for _, i := range found {
			out = append(out, i.Number)
		}
		return out
	}
	require.Equal(t, []material.Number{opened, soon, late, other, gone}, numbers(material.Filter{}), "what ends first is to be taken first")
	require.Equal(t, []material.Number{soon, late, gone}, numbers(material.Filter{SupplierLot: " 10331275 "}))
	require.Equal(t, []material.Number{other}, numbers(material.Filter{SupplierLot: "5210-a"}))
	require.Empty(t, numbers(material.Filter{SupplierLot: "1033127"}), "a part of the supplier's lot is another lot")
	require.Equal(t, []material.Number{other}, numbers(material.Filter{Material: "wash-buffer"}))
	require.Empty(t, numbers(material.Filter{Material: "wash-buffer", SupplierLot: "10331275"}))
	require.Equal(t, []material.Number{other}, numbers(material.Filter{Text: " edta "}))
	require.Equal(t, []material.Number{opened}, numbers(material.Filter{Text: opened.String()}))
	require.Equal(t, []material.Number{opened}, numbers(material.Filter{Text: "]d1" + opened.String()}), "the list is searched by scanning")
	require.Empty(t, numbers(material.Filter{Text: "nothing of that kind"}))
}

// What the worklist reads of suspected lots does not grow with the number of lots: those that wait, and no others (AT-21).
func TestSuspectedLotsAreReadAlone_21(t *testing.T) {
	p := newPlant(t)
	suspect := func(n material.Number) {
		t.Helper()
		_, err := ledger.Decide(p.ctx, p.Log, func(ctx context.Context) (ledger.Append, error) {
			l, err := p.Load(ctx, n)
			if err != nil {
				return ledger.Append{}, err
			}
			drafts, err := l.Suspect(qa, material.Suspicion{Device: "CEN-1", Alarm: 1, Text: "E-18", Reason: "valve stuck"})
			if err != nil {
				return ledger.Append{}, err
			}
			stream := ledger.StreamAppend{Stream: material.Stream(n), Expected: l.Version, Drafts: drafts}
			views, err := l.Provisional(qa, p.now(), drafts)
			return ledger.Append{Author: qa, Streams: []ledger.StreamAppend{stream}, Views: views}, err
		})
		require.NoError(t, err)
	}
	waits := p.receive(nil)
	suspect(waits)
	for range 2 {
		for range 3 {
			n := p.receive(nil)
			suspect(n)
			require.NoError(t, p.Clear(p.ctx, qa, n, 0, "the valves of the others are in order"))
			p.receive(nil)
		}
		found, err := p.Suspected(p.ctx)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, waits, found[0].Number)
		read := 0
		for _, err := range p.Log.Views(p.ctx, "lot-suspected/") {
			require.NoError(t, err)
			read++
		}
		require.Equal(t, 1, read)
	}
}
