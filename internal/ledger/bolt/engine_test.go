package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rexbatch/internal/ledger"
)

var clockStart = time.Date(2026, 11, 22, 17, 4, 5, 0, time.UTC)

func fixed() time.Time { return clockStart }

func mustOpen(t *testing.T, dir string) *Log {
	l, err := Open(dir, Options{Site: "ES-SVQ", Clock: fixed})
	require.NoError(t, err)
	return l
}

func said(stream string, expected uint64, takes ...string) ledger.Append {
	return ledger.Append{Author: ledger.Author{Account: "anna", Role: "operator", Terminal: "SVQ-07"},
		Streams: []ledger.StreamAppend{{Stream: stream, Expected: expected, Drafts: []ledger.Draft{{Type: "test.said", Takes: takes}}}}}
}

func mustPrepare(t *testing.T, a ledger.Append, now time.Time) *request {
	r, err := prepare(a, now)
	require.NoError(t, err)
	return r
}

// I1: within one group each append sees those before it; one that does not fit fails alone.
func TestGroup(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	late := clockStart.Add(-time.Hour)
	group := []*request{
		mustPrepare(t, said("a", 0, "k"), clockStart),
		mustPrepare(t, said("a", 0), clockStart),      // stale by the first
		mustPrepare(t, said("b", 0, "k"), clockStart), // taken by the first
		mustPrepare(t, said("a", 1), late),            // stamped before the first
		mustPrepare(t, said("c", 7), clockStart),
	}
	l.commit(group)
	require.NoError(t, group[0].err)
	require.Equal(t, &ledger.ConflictError{Stream: "a", Expected: 0, Actual: 1}, group[1].err)
	require.Equal(t, &ledger.ClaimError{Key: "k", Holder: 0}, group[2].err)
	require.NoError(t, group[3].err)
	require.Error(t, group[4].err)
	require.Equal(t, clockStart, group[3].receipt.Time) // I3
	e, err := l.Entry(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, group[3].receipt.Entries[0], e)
	head, err := l.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(2), head.Size)

	// A group of which nothing fits writes nothing.
	l.commit(group[1:3])
	require.Error(t, group[1].err)
	require.NoError(t, l.Close())
}

// I1: when the file cannot grow, the whole group fails, nothing is stored, and the log goes on afterwards.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	_, err := l.Append(t.Context(), said("a", 0))
	require.NoError(t, err)
	before, err := l.Head(t.Context())
	require.NoError(t, err)

	l.db.MaxSize = 1 // from now on the file may not grow
	big := said("a", 1, "k")
	big.Blobs = [][]byte{make([]byte, 4<<20)}
	group := []*request{mustPrepare(t, big, clockStart), mustPrepare(t, said("b", 0), clockStart), mustPrepare(t, said("z", 5), clockStart)}
	l.commit(group)
	require.ErrorIs(t, group[0].err, berrors.ErrMaxSizeReached)
	require.ErrorIs(t, group[1].err, berrors.ErrMaxSizeReached)
	var conflict *ledger.ConflictError
	require.ErrorAs(t, group[2].err, &conflict)
	after, err := l.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, err = l.Claim(t.Context(), "k")
	require.ErrorIs(t, err, ledger.ErrNotFound)

	l.db.MaxSize = 0
	r, err := l.Append(t.Context(), big)
	require.NoError(t, err)
	require.Equal(t, uint64(1), r.Entries[0].Seq)
	require.NoError(t, l.Close())
	require.NoError(t, mustOpen(t, dir).Close())
}

// I1: a commit that ended in doubt stops the log, until it is opened again.
func TestOutcomeInDoubt(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	// The file is one entry ahead of the memory, as it is when the last sync of a commit fails.
	require.NoError(t, l.db.Update(func(tx *bbolt.Tx) error {
		r := mustPrepare(t, said("a", 0), clockStart)
		return tx.Bucket(bucketEntries).Put(number(0), r.stored[0].Value)
	}))
	cause := errors.New("sync failed")
	require.ErrorIs(t, l.failed(cause), cause)
	_, err := l.Append(t.Context(), said("a", 0))
	require.ErrorContains(t, err, "opened again")
	require.NoError(t, l.Close())
	l = mustOpen(t, dir)
	_, err = l.Append(t.Context(), said("a", 1))
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

// A panic within a commit fails the group and stops the log; nobody is left waiting.
func TestPanicInCommit(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	_, err := l.Append(t.Context(), said("a", 0))
	require.NoError(t, err)
	r := mustPrepare(t, said("b", 0), clockStart.Add(-time.Hour))
	r.stored[0].Value = nil // cannot be restamped
	l.commit([]*request{mustPrepare(t, said("c", 0), clockStart), r})
	require.ErrorContains(t, r.err, "cannot be written any more")
	_, err = l.Append(t.Context(), said("a", 1))
	require.ErrorContains(t, err, "cannot be written any more")
	require.Len(t, l.recentHeads(""), 1)
	require.NoError(t, l.Close())
	require.NoError(t, mustOpen(t, dir).Close())
}

// held is a queue whose leader is stopped within its commit until release.
func held(t *testing.T, q *queue) (release func(), leader chan error) {
	in, out := make(chan struct{}), make(chan struct{})
	leader = make(chan error, 1)
	go func() {
		leader <- q.enter(context.Background(), &request{wake: make(chan signal, 1)}, func([]*request) { close(in); <-out })
	}()
	<-in
	return func() { close(out) }, leader
}

func (q *queue) waitFor(n int) {
	for {
		q.mu.Lock()
		found := len(q.waiting)
		q.mu.Unlock()
		if found == n {
			return
		}
	}
}

// A caller who gives up while waiting is not written; one who was taken gets the outcome.
func TestCancelWhileQueued(t *testing.T) {
	q := &queue{}
	release, leader := held(t, q)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 2)
	go func() {
		result <- q.enter(ctx, &request{wake: make(chan signal, 1)}, func([]*request) { panic("never written") })
	}()
	q.waitFor(1)
	cancel()
	require.ErrorIs(t, <-result, context.Canceled)
	q.waitFor(0)

	ctx, cancel = context.WithCancel(t.Context())
	taken := &request{wake: make(chan signal, 1)}
	go func() { result <- q.enter(ctx, taken, nil) }()
	q.waitFor(1)
	group := q.take(&request{})
	require.Equal(t, taken, group[1])
	cancel()
	taken.wake <- done
	require.NoError(t, <-result)
	release()
	require.NoError(t, <-leader)
	require.False(t, q.busy)
}

// Leadership goes to the first who waits, with all others in its group, within the bounds.
func TestHandOver(t *testing.T) {
	q := &queue{}
	release, leader := held(t, q)
	var mu sync.Mutex
	var groups []int
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			r := &request{wake: make(chan signal, 1)}
			if i == 3 {
				r.bytes = groupBytes + 1
			}
			require.NoError(t, q.enter(t.Context(), r, func(g []*request) {
				mu.Lock()
				defer mu.Unlock()
				groups = append(groups, len(g))
			}))
		})
		q.waitFor(i + 1)
	}
	release()
	require.NoError(t, <-leader)
	wg.Wait()
	require.Equal(t, []int{3, 1, 1}, groups)
}

func TestCloseRefusesTheQueue(t *testing.T) {
	q := &queue{}
	release, leader := held(t, q)
	result := make(chan error, 1)
	go func() { result <- q.enter(t.Context(), &request{wake: make(chan signal, 1)}, nil) }()
	q.waitFor(1)
	closed := make(chan bool, 1)
	go func() { closed <- q.close() }()
	require.ErrorIs(t, <-result, ledger.ErrClosed)
	release()
	require.NoError(t, <-leader)
	require.True(t, <-closed)
	require.False(t, q.close())
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, Options{})
	require.ErrorContains(t, err, "a site is needed")
	_, err = Open(dir, Options{Site: "../x"})
	require.ErrorContains(t, err, "a site is needed")
	_, err = Open(dir, Options{ReadOnly: true})
	require.ErrorIs(t, err, os.ErrNotExist)

	l := mustOpen(t, dir)
	_, err = Open(dir, Options{Timeout: time.Millisecond})
	require.ErrorIs(t, err, ErrInUse)
	require.NoError(t, l.Close())
	_, err = Open(dir, Options{Site: "DE-FRA"})
	require.ErrorContains(t, err, "not of site DE-FRA")

	key, err := os.ReadFile(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.Remove(filepath.Join(dir, keyFile)))
	_, err = Open(dir, Options{})
	require.ErrorContains(t, err, "restore log.key")
	require.NoError(t, os.WriteFile(filepath.Join(dir, keyFile), key, 0o600))

	db, err := bbolt.Open(filepath.Join(dir, dbFile), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketMeta).Put(metaFormat, []byte("rexbatch ledger 2"))
	}))
	require.NoError(t, db.Close())
	_, err = Open(dir, Options{})
	require.ErrorContains(t, err, `format "rexbatch ledger 2"`)
}

// A creation that was cut off after the key goes on with that key.
func TestCreationIsTakenUpAgain(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	key := l.Key()
	require.NoError(t, l.Close())
	require.NoError(t, os.Remove(filepath.Join(dir, dbFile)))
	require.NoError(t, os.Remove(filepath.Join(dir, checkpointFile)))
	l = mustOpen(t, dir)
	require.Equal(t, key, l.Key())
	require.NoError(t, l.Close())
	left, err := filepath.Glob(filepath.Join(dir, "*.new-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	_, err := l.Append(t.Context(), said("a", 0))
	require.NoError(t, err)
	signed, err := l.Checkpoint(t.Context())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for range 20 { // keys are random: base64 with every sign in it must be read
		one, err := Open(dir, Options{ReadOnly: true})
		require.NoError(t, err)
		two, err := Open(dir, Options{ReadOnly: true})
		require.NoError(t, err)
		_, err = one.Append(t.Context(), said("a", 1))
		require.ErrorIs(t, err, ErrReadOnly)
		require.ErrorIs(t, one.ReplaceViews(t.Context(), nil), ErrReadOnly)
		again, err := two.Checkpoint(t.Context())
		require.NoError(t, err)
		require.Equal(t, signed, again)
		require.NoError(t, one.Close())
		require.NoError(t, two.Close())
	}
}

// I2: a changed byte is found by every way of reading.
func TestCorruptionIsTyped(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, dir)
	for i := range 3 {
		_, err := l.Append(t.Context(), said("a", uint64(i)))
		require.NoError(t, err)
	}
	require.NoError(t, l.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketEntries)
		v := append([]byte{}, b.Get(number(1))...)
		v[len(v)-2] ^= 1
		return b.Put(number(1), v)
	}))
	var corrupt *ledger.CorruptError
	_, err := l.Entry(t.Context(), 1)
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(1), corrupt.Seq)
	n := 0
	for _, err = range l.Entries(t.Context(), 0) {
		n++
	}
	require.Equal(t, 2, n)
	require.ErrorAs(t, err, &corrupt)
	for _, err = range l.Stream(t.Context(), "a", 1) {
		require.ErrorAs(t, err, &corrupt)
	}
	require.Equal(t, "a", corrupt.Stream)
	_, err = l.Inclusion(t.Context(), 1, 3)
	require.ErrorAs(t, err, &corrupt)
	require.NoError(t, l.Close())
	_, err = Open(dir, Options{})
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(1), corrupt.Seq, fmt.Sprint(err))
}
