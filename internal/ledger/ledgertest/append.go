package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

func atomicStreams(t *testing.T, f *Fixture) {
	r := f.must(Of(To("batch/a", 0, "1", "2"), To("container/b", 0, "3")))
	require.Len(t, r.Entries, 3)
	for i, e := range r.Entries {
		require.Equal(t, uint64(i), e.Seq)
		require.Equal(t, r.Time, e.Time)
	}
	require.Equal(t, uint64(2), r.Entries[1].Version)
	require.Equal(t, r.Entries, f.entries())
	require.Equal(t, r.Entries[:2], f.stream("batch/a"))
	require.Equal(t, r.Entries[2:], f.stream("container/b"))

	// One stream of two is stale: neither gets anything.
	_, err := f.log.Append(f.ctx, Of(To("batch/a", 2, "4"), To("container/b", 0, "5")))
	require.Equal(t, &ledger.ConflictError{Stream: "container/b", Expected: 0, Actual: 1}, err)
	require.Equal(t, r.Entries, f.entries())
	require.Len(t, f.stream("batch/a"), 2)
}

func staleVersion(t *testing.T, f *Fixture) {
	f.must(Of(To("batch/a", 0, "1")))
	for _, expected := range []uint64{0, 2, 99} {
		a := Of(To("batch/a", expected, "x"))
		a.Views = map[string][]byte{"v": []byte("x")}
		a.Secrets = map[string][]byte{"s": []byte("x")}
		a.Blobs = [][]byte{[]byte("x")}
		a.Streams[0].Drafts[0].Takes = []string{"claim"}
		_, err := f.log.Append(f.ctx, a)
		var conflict *ledger.ConflictError
		require.ErrorAs(t, err, &conflict)
		require.Equal(t, ledger.ConflictError{Stream: "batch/a", Expected: expected, Actual: 1}, *conflict)
	}
	require.Equal(t, uint64(1), f.size())
	f.nothingKept()
}

func (f *Fixture) nothingKept() {
	_, err := f.log.View(f.ctx, "v")
	require.ErrorIs(f.t, err, ledger.ErrNotFound)
	_, err = f.log.Secret(f.ctx, "s")
	require.ErrorIs(f.t, err, ledger.ErrNotFound)
	_, err = f.log.Blob(f.ctx, ledger.DigestOf([]byte("x")))
	require.ErrorIs(f.t, err, ledger.ErrNotFound)
	_, err = f.log.Claim(f.ctx, "claim")
	require.ErrorIs(f.t, err, ledger.ErrNotFound)
}

func guardVersion(t *testing.T, f *Fixture) {
	f.must(Of(To("room/1", 0, "1")))
	f.must(Of(To("room/1", 1), To("batch/a", 0, "2")))
	_, err := f.log.Append(f.ctx, Of(To("room/1", 0), To("batch/a", 1, "3")))
	var conflict *ledger.ConflictError
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, "room/1", conflict.Stream)
	require.Equal(t, uint64(2), f.size())
}

func decidedTime(t *testing.T, f *Fixture) {
	first := f.must(Of(To("batch/a", 0, "1"))).Time
	f.clock.Jump(time.Hour)
	for _, within := range []ledger.Window{{Until: first.Add(time.Minute)}, {From: first.Add(2 * time.Hour)}} {
		a := Of(To("batch/a", 1, "x"))
		a.Within, a.Views = within, map[string][]byte{"v": []byte("x")}
		_, err := f.log.Append(f.ctx, a)
		var late *ledger.TimeError
		require.ErrorAs(t, err, &late)
		require.False(t, within.Holds(late.At))
	}
	f.nothingKept()
	a := Of(To("batch/a", 1, "2"))
	a.Within = ledger.Window{From: first, Until: first.Add(2 * time.Hour)}
	f.must(a)

	// A clock that goes back does not make an entry earlier than the one before it: that time counts.
	newest := f.entries()[1].Time
	f.clock.Jump(-2 * time.Hour)
	a = Of(To("batch/a", 2, "3"))
	a.Within = ledger.Window{Until: newest.Add(-time.Microsecond)}
	var late *ledger.TimeError
	_, err := f.log.Append(f.ctx, a)
	require.ErrorAs(t, err, &late)
	a.Within = ledger.Window{From: newest, Until: newest}
	f.must(a)
}

func claiming(stream string, expected uint64, takes, frees []string) ledger.Append {
	a := Of(To(stream, expected, "claim"))
	a.Streams[0].Drafts[0].Takes, a.Streams[0].Drafts[0].Frees = takes, frees
	return a
}

func claims(t *testing.T, f *Fixture) {
	f.must(claiming("batch/a", 0, []string{"room/1", "din/7"}, nil))
	holder, err := f.log.Claim(f.ctx, "room/1")
	require.NoError(t, err)
	require.Equal(t, uint64(0), holder)

	_, err = f.log.Append(f.ctx, claiming("batch/b", 0, []string{"room/1"}, nil))
	require.Equal(t, &ledger.ClaimError{Key: "room/1", Holder: 0}, err)

	f.must(claiming("batch/a", 1, nil, []string{"room/1"}))
	_, err = f.log.Claim(f.ctx, "room/1")
	require.ErrorIs(t, err, ledger.ErrNotFound)
	f.must(claiming("batch/b", 0, []string{"room/1"}, nil))

	// One entry hands a claim on to itself; within one append a key goes from hand to hand.
	f.must(claiming("batch/b", 1, []string{"room/1"}, []string{"room/1"}))
	hand := Of(To("batch/b", 2, "frees"), To("batch/c", 0, "takes"))
	hand.Streams[0].Drafts[0].Frees = []string{"room/1"}
	hand.Streams[1].Drafts[0].Takes = []string{"room/1"}
	r := f.must(hand)
	holder, err = f.log.Claim(f.ctx, "room/1")
	require.NoError(t, err)
	require.Equal(t, r.Entries[1].Seq, holder)
	require.Equal(t, []string{"room/1"}, f.stream("batch/c")[0].Takes)
	require.Equal(t, []string{"room/1"}, f.stream("batch/b")[2].Frees)
}

func claimRefused(t *testing.T, f *Fixture) {
	f.must(claiming("batch/a", 0, []string{"taken"}, nil))
	a := claiming("batch/b", 0, []string{"claim", "taken"}, nil)
	a.Views = map[string][]byte{"v": []byte("x")}
	_, err := f.log.Append(f.ctx, a)
	var taken *ledger.ClaimError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, "taken", taken.Key)
	f.nothingKept()

	// Twice in one append, and freeing what nobody holds.
	two := Of(To("batch/b", 0, "1", "2"))
	two.Streams[0].Drafts[0].Takes = []string{"claim"}
	two.Streams[0].Drafts[1].Takes = []string{"claim"}
	_, err = f.log.Append(f.ctx, two)
	require.ErrorAs(t, err, &taken)
	_, err = f.log.Append(f.ctx, claiming("batch/b", 0, nil, []string{"claim"}))
	require.ErrorIs(t, err, ledger.ErrInvalid)
	require.Equal(t, uint64(1), f.size())
	f.nothingKept()
}

func documents(t *testing.T, f *Fixture) {
	blob := []byte("device file\r\n\x00\xff")
	a := Of(To("batch/a", 0, "1"))
	a.Blobs = [][]byte{blob, {}}
	a.Streams[0].Drafts[0].Blobs = []ledger.Digest{ledger.DigestOf(blob)}
	a.Views = map[string][]byte{"batch/2": []byte("two"), "batch/1": []byte("one"), "other": {}}
	a.Secrets = map[string][]byte{"key/1": []byte("k")}
	f.must(a)
	f.reopen()

	got, err := f.log.Blob(f.ctx, ledger.DigestOf(blob))
	require.NoError(t, err)
	require.Equal(t, blob, got)
	got, err = f.log.Blob(f.ctx, ledger.DigestOf(nil))
	require.NoError(t, err)
	require.Empty(t, got)
	got, err = f.log.View(f.ctx, "other")
	require.NoError(t, err)
	require.Equal(t, []byte{}, got)
	require.Equal(t, []ledger.Document{{Key: "batch/1", Data: []byte("one")}, {Key: "batch/2", Data: []byte("two")}},
		Collect(t, f.log.Views(f.ctx, "batch/")))
	require.Equal(t, []ledger.Document{{Key: "key/1", Data: []byte("k")}}, Collect(t, f.log.Secrets(f.ctx, "")))
	require.Equal(t, []ledger.Digest{ledger.DigestOf(blob)}, f.stream("batch/a")[0].Blobs)

	// A blob that is already there may be named; one that is not may not.
	b := Of(To("batch/a", 1, "2"))
	b.Streams[0].Drafts[0].Blobs = []ledger.Digest{ledger.DigestOf(blob)}
	f.must(b)
	b = Of(To("batch/a", 2, "3"))
	b.Streams[0].Drafts[0].Blobs = []ledger.Digest{ledger.DigestOf([]byte("x"))}
	_, err = f.log.Append(f.ctx, b)
	require.ErrorIs(t, err, ledger.ErrInvalid)
	require.Equal(t, uint64(2), f.size())
}

func withoutStreams(t *testing.T, f *Fixture) {
	set := func(v []byte) {
		r := f.must(ledger.Append{Views: map[string][]byte{"v": v}, Secrets: map[string][]byte{"s": v}})
		require.Empty(t, r.Entries)
	}
	set([]byte("1"))
	set([]byte("2"))
	got, err := f.log.Secret(f.ctx, "s")
	require.NoError(t, err)
	require.Equal(t, "2", string(got))
	set(nil)
	f.nothingKept()
	set(nil) // removing what is not there is no error
	require.Zero(t, f.size())
}

func replaceViews(t *testing.T, f *Fixture) {
	for i := range 300 {
		f.must(ledger.Append{Views: map[string][]byte{name("v", i): []byte("old")}, Secrets: map[string][]byte{"s": []byte("kept")}})
	}
	docs := map[string][]byte{"v0001": []byte("old"), "v0002": []byte("new"), "w": {}}
	require.NoError(t, f.log.ReplaceViews(f.ctx, docs))
	require.Equal(t, []ledger.Document{{Key: "v0001", Data: []byte("old")}, {Key: "v0002", Data: []byte("new")}, {Key: "w", Data: []byte{}}},
		Collect(t, f.log.Views(f.ctx, "")))
	require.NoError(t, f.log.ReplaceViews(f.ctx, nil))
	require.Empty(t, Collect(t, f.log.Views(f.ctx, "")))
	require.Len(t, Collect(t, f.log.Secrets(f.ctx, "")), 1)
}

// concurrent has many writers on one contended stream, one of their own each, and one contended claim.
func concurrent(t *testing.T, f *Fixture) {
	const writers, rounds = 16, 25
	errs := make(chan error, writers)
	var wins sync.Map
	for w := range writers {
		go func() {
			errs <- func() error {
				for i := range rounds {
					_, err := f.log.Append(f.ctx, Of(To(name("own/", w), uint64(i), "own")))
					if err != nil {
						return err
					}
					_, err = f.log.Append(f.ctx, claiming(name("try/", w*rounds+i), 0, []string{name("claim/", i)}, nil))
					var taken *ledger.ClaimError
					if err == nil {
						_, twice := wins.LoadOrStore(i, w)
						if twice {
							return fmt.Errorf("claim %d was taken twice", i)
						}
					} else if !errors.As(err, &taken) {
						return err
					}
					_, err = ledger.Decide(f.ctx, f.log, func(ctx context.Context) (ledger.Append, error) {
						head := uint64(0)
						for e, err := range f.log.Stream(ctx, "shared", 0) {
							if err != nil {
								return ledger.Append{}, err
							}
							head = e.Version
						}
						return Of(To("shared", head, "shared")), nil
					})
					if err != nil && ledger.RefusalsOf(err) == nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range writers {
		require.NoError(t, <-errs)
	}
	for w := range writers {
		require.Len(t, f.stream(name("own/", w)), rounds)
	}
	for i, e := range f.stream("shared") {
		require.Equal(t, uint64(i+1), e.Version)
	}
	for i := range rounds {
		_, won := wins.Load(i)
		require.True(t, won, "claim %d", i)
	}
	before := f.entries()
	f.reopen()
	require.Equal(t, before, f.entries())
}

func cancelled(t *testing.T, f *Fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	a := Of(To("batch/a", 0, "x"))
	a.Views = map[string][]byte{"v": []byte("x")}
	_, err := f.log.Append(ctx, a)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, f.size())
	f.nothingKept()
	require.ErrorIs(t, f.log.ReplaceViews(ctx, nil), context.Canceled)
	_, err = f.log.View(ctx, "v")
	require.ErrorIs(t, err, context.Canceled)
	f.must(Of(To("batch/a", 0, "y")))
	for _, err := range f.log.Entries(ctx, 0) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

func closed(t *testing.T, f *Fixture) {
	f.must(Of(To("batch/a", 0, "1")))
	log := f.log
	require.NoError(t, log.Close())
	require.NoError(t, log.Close())
	_, err := log.Append(f.ctx, Of(To("batch/a", 1, "2")))
	require.ErrorIs(t, err, ledger.ErrClosed)
	require.ErrorIs(t, log.ReplaceViews(f.ctx, nil), ledger.ErrClosed)
	_, err = log.Entry(f.ctx, 0)
	require.ErrorIs(t, err, ledger.ErrClosed)
	_, err = log.View(f.ctx, "v")
	require.ErrorIs(t, err, ledger.ErrClosed)
	for _, err := range log.Entries(f.ctx, 0) {
		require.ErrorIs(t, err, ledger.ErrClosed)
	}
	f.log = f.open(t, f.dir, f.clock.Now)
	require.Len(t, f.entries(), 1)
}
