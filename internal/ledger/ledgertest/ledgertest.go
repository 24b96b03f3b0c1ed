// Package ledgertest is the contract of ledger.Log as tests: every engine must pass Run. Subtests are named after
// the rule that they hold the engine to (I1, I2, I3), see the design page.
package ledgertest

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

// Open opens the log in dir, and makes it if there is none. The log takes its time from clock.
type Open func(t *testing.T, dir string, clock func() time.Time) ledger.Log

// Run holds an engine to the contract.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f *Fixture)
	}{
		{"I1 an append over several streams is atomic", atomicStreams},
		{"I1 a stale version is a conflict and stores nothing", staleVersion},
		{"I1 a stream without drafts only guards its version", guardVersion},
		{"I1 claims are taken once, freed and taken again", claims},
		{"I1 a refused claim stores nothing", claimRefused},
		{"I1 views, secrets and blobs share the transaction", documents},
		{"I1 an append without streams is allowed", withoutStreams},
		{"I1 views are replaced as a whole", replaceViews},
		{"I1 appends at once are all kept, and one winner per version", concurrent},
		{"I1 reopening gives the same log", reopen},
		{"I1 a cancelled context stores nothing", cancelled},
		{"I1 a closed log refuses", closed},
		{"I2 iterators are not disturbed by appends", stableIterators},
		{"I2 iterators stop when told", stopIterators},
		{"I2 streams are found by prefix", streamsByPrefix},
		{"I2 what is not there is not found", notFound},
		{"I2 proofs verify", proofs},
		{"I2 the checkpoint is a signed note", checkpoint},
		{"I3 the entry keeps what it was given", fidelity},
		{"I3 time never runs backwards", clockJumps},
		{"I3 an append stands at the time it was decided for", decidedTime},
		{"I3 entries out of bounds are refused", bounds},
		{"I3 an entry without author is refused", authors},
		{"model", model},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newFixture(t, open)) })
	}
}

// Clock is a clock that a test sets. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at a fixed time.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 11, 22, 17, 4, 5, 123456789, time.UTC)}
}

// Now is the clock's time; each call advances it by a millisecond.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Jump moves the clock, forwards or backwards.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Fixture is one log under test.
type Fixture struct {
	t     *testing.T
	open  Open
	dir   string
	clock *Clock
	log   ledger.Log
	ctx   context.Context
}

func newFixture(t *testing.T, open Open) *Fixture {
	f := &Fixture{t: t, open: open, dir: t.TempDir(), clock: NewClock(), ctx: t.Context()}
	f.log = open(t, f.dir, f.clock.Now)
	t.Cleanup(func() { require.NoError(t, f.log.Close()) })
	return f
}

func (f *Fixture) reopen() {
	require.NoError(f.t, f.log.Close())
	f.log = f.open(f.t, f.dir, f.clock.Now)
}

// Anna is an author for tests.
var Anna = ledger.Author{Account: "anna", Role: "operator", Terminal: "SVQ-07"}

// To is the part of an append for one stream, with one draft per text.
func To(stream string, expected uint64, texts ...string) ledger.StreamAppend {
	s := ledger.StreamAppend{Stream: stream, Expected: expected}
	for _, text := range texts {
		s.Drafts = append(s.Drafts, ledger.Draft{Type: "test.said", Data: map[string]string{"text": text}})
	}
	return s
}

// Of is an append by Anna.
func Of(streams ...ledger.StreamAppend) ledger.Append {
	return ledger.Append{Author: Anna, Streams: streams}
}

func (f *Fixture) must(a ledger.Append) ledger.Receipt {
	f.t.Helper()
	r, err := f.log.Append(f.ctx, a)
	require.NoError(f.t, err)
	return r
}

func (f *Fixture) size() uint64 {
	f.t.Helper()
	head, err := f.log.Head(f.ctx)
	require.NoError(f.t, err)
	return head.Size
}

func (f *Fixture) entries() []ledger.Entry {
	f.t.Helper()
	return Collect(f.t, f.log.Entries(f.ctx, 0))
}

func (f *Fixture) stream(name string) []ledger.Entry {
	f.t.Helper()
	return Collect(f.t, f.log.Stream(f.ctx, name, 0))
}

// Collect drains an iterator that must not fail.
func Collect[T any](t require.TestingT, seq iter.Seq2[T, error]) []T {
	var out []T
	for v, err := range seq {
		require.NoError(t, err)
		out = append(out, v)
	}
	return out
}

func name(prefix string, n int) string { return fmt.Sprintf("%s%04d", prefix, n) }
