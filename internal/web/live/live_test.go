package live

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
)

var nobody = slog.New(slog.NewTextHandler(io.Discard, nil))

func openLog(t *testing.T) *bolt.Log {
	t.Helper()
	log, err := bolt.Open(t.TempDir(), bolt.Options{Site: "ES-SVQ", Clock: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	return log
}

// grow appends one entry to a stream.
func grow(t *testing.T, log *bolt.Log, stream string, expected uint64) {
	t.Helper()
	_, err := log.Append(t.Context(), ledger.Append{
		Author:  ledger.Author{Account: "ana", Role: "operator", Terminal: "T1"},
		Streams: []ledger.StreamAppend{{Stream: stream, Expected: expected, Drafts: []ledger.Draft{{Type: "test", Data: 1}}}},
	})
	require.NoError(t, err)
}

func listen(t *testing.T, w *Watch, stream string) <-chan uint64 {
	t.Helper()
	news, stop, err := w.Listen(t.Context(), stream)
	require.NoError(t, err)
	t.Cleanup(stop)
	return news
}

// quiet is a watch that looks only when told.
func quiet(log Heads) *Watch {
	w := New(log, time.Hour, nobody)
	w.running = true
	return w
}

func take(t *testing.T, news <-chan uint64) uint64 {
	t.Helper()
	select {
	case v := <-news:
		return v
	default:
		require.Fail(t, "nothing was told")
		return 0
	}
}

func TestListenersHearOfTheirStreamAlone(t *testing.T) {
	log := openLog(t)
	grow(t, log, "batch/A", 0)
	grow(t, log, "batch/AB", 0)
	w := quiet(log)
	a, b, other := listen(t, w, "batch/A"), listen(t, w, "batch/A"), listen(t, w, "batch/none")
	require.Equal(t, uint64(1), take(t, a), "the version now comes first")
	require.Equal(t, uint64(1), take(t, b))
	require.Empty(t, other)

	grow(t, log, "batch/AB", 1)
	require.True(t, w.look())
	require.Empty(t, a, "another stream whose name begins alike")
	grow(t, log, "batch/A", 1)
	grow(t, log, "batch/A", 2)
	require.True(t, w.look())
	require.Equal(t, uint64(3), take(t, a))
	grow(t, log, "batch/A", 3)
	require.True(t, w.look())
	require.Equal(t, uint64(4), take(t, b), "the newest stands for those that were not taken")
	require.Empty(t, b)
}

// An entry that another process made is seen: nothing is hooked into appends of this one.
func TestEntriesOfOtherProcessesAreSeen(t *testing.T) {
	log := openLog(t)
	first, second := New(log, time.Millisecond, nobody), New(log, time.Millisecond, nobody)
	a, b := listen(t, first, "batch/A"), listen(t, second, "batch/A")
	grow(t, log, "batch/A", 0)
	require.Equal(t, uint64(1), <-a)
	require.Equal(t, uint64(1), <-b)
}

// counted counts how often a log is asked.
type counted struct {
	Heads
	mu             sync.Mutex
	heads, streams int
	fail           error
}

func (c *counted) Head(ctx context.Context) (ledger.Head, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heads++
	if c.fail != nil {
		return ledger.Head{}, c.fail
	}
	return c.Heads.Head(ctx)
}

func (c *counted) Streams(ctx context.Context, prefix string) iter.Seq2[ledger.StreamHead, error] {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streams++
	return c.Heads.Streams(ctx, prefix)
}

func TestManyListenersCostOneLook(t *testing.T) {
	log := &counted{Heads: openLog(t)}
	grow(t, log.Heads.(*bolt.Log), "batch/A", 0)
	w := quiet(log)
	for range 100 {
		listen(t, w, "batch/A")
	}
	log.heads, log.streams = 0, 0
	require.True(t, w.look())
	require.True(t, w.look())
	require.Equal(t, 2, log.heads)
	require.Equal(t, 1, log.streams, "nothing has grown the second time")
}

func TestTroubleIsLookedAtAgain(t *testing.T) {
	log := &counted{Heads: openLog(t), fail: errors.New("the disk")}
	w := quiet(log)
	news := listen(t, w, "batch/A")
	grow(t, log.Heads.(*bolt.Log), "batch/A", 0)
	require.True(t, w.look())
	require.Empty(t, news)
	log.fail = nil
	require.True(t, w.look())
	require.Equal(t, uint64(1), take(t, news))
}

func TestListenersAreBoundedAndLookingEndsWithThem(t *testing.T) {
	w := quiet(openLog(t))
	var stops []func()
	for range maxListeners {
		_, stop, err := w.Listen(t.Context(), "batch/A")
		require.NoError(t, err)
		stops = append(stops, stop)
	}
	_, _, err := w.Listen(t.Context(), "batch/A")
	rs := ledger.RefusalsOf(err)
	require.Len(t, rs, 1)
	require.Equal(t, "too-many-pages", rs[0].Code)
	require.Contains(t, rs[0].What, "512")
	for _, stop := range stops {
		stop()
		stop() // twice does nothing
	}
	require.False(t, w.look())
	require.False(t, w.running)
	listen(t, w, "batch/A")
}
