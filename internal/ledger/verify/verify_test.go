package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bbolt "go.etcd.io/bbolt"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/ledgertest"
	"rexbatch/internal/ledger/verify"
)

// counts is a projection: how many entries a stream has.
var counts = ledger.Projection{Prefix: "batch/", Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
	stream, n := "", 0
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		stream, n = e.Stream, n+1
	}
	return map[string][]byte{"count/" + stream: fmt.Append(nil, n)}, nil
}}

var options = verify.Options{Projections: []ledger.Projection{counts}}

// build makes a ledger with n entries: 40 in a few streams, with claims, blobs, views and secrets, and the
// rest in one stream.
func build(t *testing.T, dir string, n int) []ledger.Entry {
	l, err := bolt.Open(dir, bolt.Options{Site: "ES-SVQ", Clock: ledgertest.NewClock().Now})
	require.NoError(t, err)
	var out []ledger.Entry
	for i := range min(n, 40) {
		stream, version := fmt.Sprintf("batch/%d", i%5), i/5
		a := ledgertest.Of(ledgertest.To(stream, uint64(version), fmt.Sprintf("entry %d", i)))
		a.Streams[0].Drafts[0].Takes = []string{fmt.Sprintf("claim/%d", i)}
		if i > 7 {
			a.Streams[0].Drafts[0].Frees = []string{fmt.Sprintf("claim/%d", i-8)}
		}
		blob := fmt.Appendf(nil, "blob %d", i%10)
		a.Blobs, a.Streams[0].Drafts[0].Blobs = [][]byte{blob}, []ledger.Digest{ledger.DigestOf(blob)}
		a.Views = map[string][]byte{"count/" + stream: fmt.Append(nil, version+1)}
		a.Secrets = map[string][]byte{"secret": []byte("x")}
		r, err := l.Append(t.Context(), a)
		require.NoError(t, err)
		out = append(out, r.Entries...)
	}
	for len(out) < n {
		a := ledgertest.Of(ledgertest.To("bulk", uint64(len(out)-40), make([]string, min(500, n-len(out)))...))
		r, err := l.Append(t.Context(), a)
		require.NoError(t, err)
		out = append(out, r.Entries...)
	}
	require.NoError(t, l.Close())
	return out
}

func TestClean(t *testing.T) {
	for _, n := range []int{0, 1, 40, 1300} {
		dir := t.TempDir()
		build(t, dir, n)
		opt := options
		var last, total uint64
		opt.Progress = func(d, t uint64) { last, total = d, t }
		var err error
		opt.Checkpoint, err = os.ReadFile(filepath.Join(dir, "checkpoint"))
		require.NoError(t, err)
		r, err := verify.Dir(t.Context(), dir, opt)
		require.NoError(t, err)
		require.Nil(t, r.Fault)
		require.Equal(t, uint64(n), r.Entries)
		require.Equal(t, uint64(min(n, 5)+n/1000), r.Streams)
		require.Equal(t, uint64(min(n, 8)), r.Claims)
		require.Equal(t, uint64(min(n, 10)), r.Blobs)
		require.Equal(t, uint64(min(n, 5)), r.Views)
		require.Equal(t, uint64(min(n, 1)), r.Secrets)
		require.Equal(t, uint64(n), r.CheckpointSize)
		require.Equal(t, uint64(n), last)
		require.Equal(t, uint64(n), total)
		l, err := bolt.Open(dir, bolt.Options{})
		require.NoError(t, err)
		head, err := l.Head(t.Context())
		require.NoError(t, err)
		require.Equal(t, head.Root, r.Root)
		require.NoError(t, l.Close())
	}
}

// I2: one bit changed in any byte of any stored entry (its key, leaf hash or text) is found and its place named.
func TestEveryFlippedBitIsNamed(t *testing.T) {
	dir := t.TempDir()
	entries := build(t, dir, 30) // more than one page of them
	path := filepath.Join(dir, "ledger.db")
	clean, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	step := 1
	if testing.Short() {
		step = 17
	}
	bit := 0
	for _, e := range entries {
		raw, err := ledger.Encode(e)
		require.NoError(t, err)
		stored := append(append([]byte{0, 0, 0, 0, 0, 0, 0, byte(e.Seq)}, e.Leaf[:]...), raw...)
		// Pages that are free now may hold older copies: change them all.
		var places []int64
		for at := 0; ; at++ {
			i := bytes.Index(clean[at:], stored)
			if i < 0 {
				break
			}
			at += i
			places = append(places, int64(at))
		}
		require.NotEmpty(t, places)
		write := func(off int, b byte) {
			for _, place := range places {
				_, err := f.WriteAt([]byte{b}, place+int64(off))
				require.NoError(t, err)
			}
		}
		for off := 0; off < len(stored); off += step {
			bit++
			write(off, stored[off]^1<<(bit%8))
			r, err := verify.Dir(t.Context(), dir, options)
			require.Error(t, err, "entry %d byte %d", e.Seq, off)
			require.NotNil(t, r.Fault)
			require.True(t, r.Fault.HasSeq, r.Fault)
			require.Equal(t, e.Seq, r.Fault.Seq, r.Fault)
			write(off, stored[off])
		}
	}
	_, err = verify.Dir(t.Context(), dir, options)
	require.NoError(t, err)
}

// Whatever bit of the file is changed, verify neither crashes nor hangs; what it says is tested elsewhere.
func TestAnyFlippedBitIsSurvived(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 30)
	path := filepath.Join(dir, "ledger.db")
	clean, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	for at := range clean {
		if at%4096 > 96 && (at%11 != 0 || clean[at] == 0) {
			continue // all of each page's header and first elements, and a part of the rest
		}
		if at%4096 <= 96 && at >= 30*4096 {
			break
		}
		_, err = f.WriteAt([]byte{clean[at] ^ 1<<(at%8)}, int64(at))
		require.NoError(t, err)
		r, err := verify.Dir(t.Context(), dir, options)
		if err != nil {
			require.NotNil(t, r.Fault, "byte %d: %v", at, err)
		}
		_, err = f.WriteAt(clean[at:at+1], int64(at))
		require.NoError(t, err)
	}
}

// tamper changes the database through bbolt, as somebody with the tool could.
func tamper(t *testing.T, dir string, change func(tx *bbolt.Tx) error) {
	db, err := bbolt.Open(filepath.Join(dir, "ledger.db"), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(change))
	require.NoError(t, db.Close())
}

func put(bucket string, key, value []byte) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Put(key, value) }
}

func remove(bucket string, key []byte) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Delete(key) }
}

func seq(n byte) []byte { return []byte{0, 0, 0, 0, 0, 0, 0, n} }

func TestTamperingIsNamed(t *testing.T) {
	clean := t.TempDir()
	build(t, clean, 1300)
	blob := ledger.DigestOf([]byte("blob 3"))
	for _, test := range []struct {
		name   string
		change func(*bbolt.Tx) error
		want   string
	}{
		{"entry removed", remove("entries", seq(7)), "entry 7: its place holds key 0000000000000008"},
		{"last entry removed", func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte("entries")).Cursor()
			_, _ = c.Last()
			return c.Delete()
		}, "entry 1299"},
		{"entry replaced whole", func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte("entries"))
			return b.Put(seq(7), bytes.Clone(b.Get(seq(8))))
		}, "entry 7 (batch/3): the stream index does not have it"},
		{"index lacks", remove("streams", append([]byte("batch/2\x00"), seq(2)...)), "entry 7 (batch/2): the stream index"},
		{"index invents", put("streams", append([]byte("batch/9\x00"), seq(1)...), seq(7)), "entry 7 (batch/2): the stream index has it as an entry of batch/9"},
		{"claim freed", remove("claims", []byte("claim/39")), "entry 39: claim"},
		{"claim invented", put("claims", []byte("x"), seq(1)), `claim "x" is held`},
		{"claim moved", put("claims", []byte("claim/39"), seq(1)), "entry 39: claim"},
		{"blob removed", remove("blobs", blob[:]), "entry 3 (batch/3): it names blob"},
		{"blob changed", put("blobs", blob[:], []byte("blob 4")), "does not match its digest"},
		{"tile changed", put("tiles", append([]byte{0}, seq(0)...), make([]byte, 8192)), "tile 0 of level 0"},
		{"tile invented", put("tiles", append([]byte{3}, seq(0)...), make([]byte, 32)), "tiles are stored"},
		{"view removed", remove("views", []byte("count/batch/1")), "batch/1: view count/batch/1"},
		{"view changed", put("views", []byte("count/batch/1"), []byte("9")), "batch/1: view count/batch/1"},
		{"view invented", put("views", []byte("x"), nil), `view "x" does not follow`},
		{"format unknown", put("meta", []byte("format"), []byte("rexbatch ledger 2")), "this program knows"},
		{"key replaced", put("meta", []byte("key"), []byte("k")), "log.pub"},
		{"index moved", put("meta", []byte("indexed"), seq(9)), "does not follow"},
		{"bucket removed", func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("views")) }, "no bucket"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "copy")
			require.NoError(t, os.CopyFS(dir, os.DirFS(clean)))
			tamper(t, dir, test.change)
			r, err := verify.Dir(t.Context(), dir, options)
			require.ErrorContains(t, err, test.want)
			require.NotNil(t, r.Fault)
		})
	}
}

// A whole log that is consistent in itself, but not the one that was signed.
func TestCheckpoints(t *testing.T) {
	dir, short := t.TempDir(), t.TempDir()
	build(t, dir, 10)
	require.NoError(t, os.CopyFS(filepath.Join(short, "old"), os.DirFS(dir)))
	old, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	require.NoError(t, err)
	l, err := bolt.Open(dir, bolt.Options{})
	require.NoError(t, err)
	_, err = l.Append(t.Context(), ledgertest.Of(ledgertest.To("x", 0, "1")))
	require.NoError(t, err)
	require.NoError(t, l.Close())
	newer, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	require.NoError(t, err)

	_, err = verify.Dir(t.Context(), dir, verify.Options{Checkpoint: old})
	require.NoError(t, err)
	r, err := verify.Dir(t.Context(), filepath.Join(short, "old"), verify.Options{Checkpoint: newer})
	require.ErrorContains(t, err, "entries are missing")
	require.Equal(t, uint64(10), r.Fault.Seq)

	// An older database under a newer checkpoint is refused by the engine too.
	require.NoError(t, os.WriteFile(filepath.Join(short, "old", "checkpoint"), newer, 0o600))
	_, err = bolt.Open(filepath.Join(short, "old"), bolt.Options{})
	var corrupt *ledger.CorruptError
	require.ErrorAs(t, err, &corrupt)

	// A checkpoint of another log, and one with a changed root.
	other := t.TempDir()
	build(t, other, 3)
	foreign, err := os.ReadFile(filepath.Join(other, "checkpoint"))
	require.NoError(t, err)
	_, err = verify.Dir(t.Context(), dir, verify.Options{Checkpoint: foreign})
	require.ErrorContains(t, err, "not signed by this log")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "checkpoint"), bytes.Replace(newer, []byte("\n11\n"), []byte("\n10\n"), 1), 0o600))
	_, err = verify.Dir(t.Context(), dir, options)
	require.ErrorContains(t, err, "not signed by this log")
	require.NoError(t, os.Remove(filepath.Join(dir, "log.pub")))
	_, err = verify.Dir(t.Context(), dir, options)
	require.ErrorContains(t, err, "log.pub is missing")
}

func TestBesideARunningLog(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20)
	l, err := bolt.Open(dir, bolt.Options{})
	require.NoError(t, err)
	_, err = l.Append(t.Context(), ledgertest.Of(ledgertest.To("x", 0, "1")))
	require.NoError(t, err)
	r, err := verify.Dir(t.Context(), dir, options)
	require.NoError(t, err)
	require.Equal(t, uint64(21), r.Entries)
	require.NoError(t, l.Close())
}

func TestCannotCheck(t *testing.T) {
	_, err := verify.Dir(t.Context(), t.TempDir(), options)
	require.ErrorIs(t, err, os.ErrNotExist)
	dir := t.TempDir()
	build(t, dir, 10)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = verify.Dir(ctx, dir, options)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ledger.db"), []byte("short"), 0o600))
	r, err := verify.Dir(t.Context(), dir, options)
	require.Error(t, err)
	require.NotNil(t, r.Fault)
}
