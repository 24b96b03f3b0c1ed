package ledgertest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"rexbatch/internal/ledger"
)

// many appends n entries to three streams in turn, in appends of up to 100.
func (f *Fixture) many(n int) {
	versions := map[string]uint64{}
	for done := 0; done < n; {
		var streams []ledger.StreamAppend
		for _, stream := range []string{"a", "b", "c"} {
			texts := make([]string, min(33, n-done))
			s := To(stream, versions[stream], texts...)
			versions[stream] += uint64(len(texts))
			done += len(texts)
			streams = append(streams, s)
		}
		f.must(Of(streams...))
	}
}

func reopen(t *testing.T, f *Fixture) {
	for i := range 5 {
		f.must(Of(To("d", uint64(i*500), make([]string, 500)...)))
		head, err := f.log.Head(f.ctx)
		require.NoError(t, err)
		f.reopen()
		again, err := f.log.Head(f.ctx)
		require.NoError(t, err)
		require.Equal(t, head, again)
	}
	f.must(Of(To("d", 2500, "after")))
	require.Len(t, f.stream("d"), 2501)
	_, err := f.log.Append(f.ctx, Of(To("d", 2500, "stale")))
	var conflict *ledger.ConflictError
	require.ErrorAs(t, err, &conflict)
}

func stableIterators(t *testing.T, f *Fixture) {
	f.many(2000)
	size := int(f.size())
	seen := 0
	for e, err := range f.log.Entries(f.ctx, 0) {
		require.NoError(t, err)
		require.Equal(t, uint64(seen), e.Seq)
		if seen%100 == 0 {
			f.must(Of(To("late", uint64(seen/100), "late")))
		}
		seen++
	}
	require.Equal(t, size, seen)

	length := len(f.stream("a"))
	seen = 0
	for e, err := range f.log.Stream(f.ctx, "a", 0) {
		require.NoError(t, err)
		seen++
		require.Equal(t, uint64(seen), e.Version)
		if seen%3 == 0 {
			f.must(Of(To("a", uint64(length+seen/3-1), "late")))
		}
	}
	require.Equal(t, length, seen)
}

func stopIterators(t *testing.T, f *Fixture) {
	f.many(600)
	for e, err := range f.log.Entries(f.ctx, 590) {
		require.NoError(t, err)
		require.Equal(t, uint64(590), e.Seq)
		break
	}
	for e, err := range f.log.Stream(f.ctx, "b", 150) {
		require.NoError(t, err)
		require.Equal(t, uint64(151), e.Version)
		break
	}
	require.Empty(t, Collect(t, f.log.Entries(f.ctx, f.size())))
	require.Empty(t, Collect(t, f.log.Entries(f.ctx, f.size()+7)))
	require.Empty(t, Collect(t, f.log.Stream(f.ctx, "b", 1<<40)))
	// A consumer that appends, and one that stops, leave nothing locked.
	for range f.log.Streams(f.ctx, "") {
		f.must(Of(To("new", 0, "1")))
		break
	}
}

func streamsByPrefix(t *testing.T, f *Fixture) {
	var want []ledger.StreamHead
	for i := range 700 {
		f.must(Of(To(name("batch/", i), 0, "1"), To(name("shipment/", i), 0, "1")))
		want = append(want, ledger.StreamHead{Stream: name("batch/", i), Version: 1})
	}
	for i := 0; i < 700; i += 7 {
		f.must(Of(To(name("batch/", i), 1, "2", "3")))
		want[i].Version = 3
	}
	f.must(Of(To("batch", 0, "1"), To("batch0", 0, "1")))
	require.Equal(t, want, Collect(t, f.log.Streams(f.ctx, "batch/")))
	require.Len(t, Collect(t, f.log.Streams(f.ctx, "")), 1402)
	require.Len(t, Collect(t, f.log.Streams(f.ctx, "batch")), 702)
	require.Empty(t, Collect(t, f.log.Streams(f.ctx, "zzz")))
	f.reopen()
	require.Equal(t, want, Collect(t, f.log.Streams(f.ctx, "batch/")))
	require.Len(t, f.stream("batch"), 1)
}

func notFound(t *testing.T, f *Fixture) {
	f.must(Of(To("a", 0, "1")))
	_, err := f.log.Entry(f.ctx, 1)
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = f.log.Claim(f.ctx, "none")
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = f.log.Inclusion(f.ctx, 1, 1)
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = f.log.Inclusion(f.ctx, 0, 2)
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = f.log.Consistency(f.ctx, 1, 2)
	require.ErrorIs(t, err, ledger.ErrNotFound)
	f.nothingKept()
	require.Empty(t, f.stream("none"))
	require.Empty(t, f.stream(""))
	for _, odd := range []string{"", strings.Repeat("x", 40000), "a\x00b"} {
		_, err = f.log.View(f.ctx, odd)
		require.ErrorIs(t, err, ledger.ErrNotFound)
		require.Empty(t, f.stream(odd))
	}
}

// proofs compares with tlog, at sizes around the edges of tiles.
func proofs(t *testing.T, f *Fixture) {
	empty, err := f.log.Head(f.ctx)
	require.NoError(t, err)
	require.Equal(t, ledger.DigestOf(nil), empty.Root)

	var leaves []ledger.Digest
	roots := map[uint64]ledger.Digest{}
	grow := func(n int) {
		for len(leaves) < n {
			step := min(n-len(leaves), 400)
			r := f.must(Of(To("s", uint64(len(leaves)), make([]string, step)...)))
			for _, e := range r.Entries {
				leaves = append(leaves, e.Leaf)
			}
		}
		head, err := f.log.Head(f.ctx)
		require.NoError(t, err)
		require.Equal(t, uint64(n), head.Size)
		roots[head.Size] = head.Root
	}
	sizes := []int{1, 2, 3, 255, 256, 257, 511, 512, 700, 1023, 1024, 1025}
	for _, n := range sizes {
		grow(n)
	}
	f.reopen()
	for _, n := range sizes {
		for _, seq := range []int{0, n / 3, n - 1} {
			proof, err := f.log.Inclusion(f.ctx, uint64(seq), uint64(n))
			require.NoError(t, err)
			require.NoError(t, tlog.CheckRecord(hashes(proof), int64(n), tlog.Hash(roots[uint64(n)]), int64(seq), tlog.Hash(leaves[seq])))
		}
		for _, old := range sizes {
			if old > n {
				break
			}
			proof, err := f.log.Consistency(f.ctx, uint64(old), uint64(n))
			require.NoError(t, err)
			require.NoError(t, tlog.CheckTree(hashes(proof), int64(n), tlog.Hash(roots[uint64(n)]), int64(old), tlog.Hash(roots[uint64(old)])))
		}
	}
	none, err := f.log.Consistency(f.ctx, 0, 5)
	require.NoError(t, err)
	require.Empty(t, none)
}

func hashes(proof []ledger.Digest) []tlog.Hash {
	out := make([]tlog.Hash, len(proof))
	for i, d := range proof {
		out[i] = tlog.Hash(d)
	}
	return out
}

func checkpoint(t *testing.T, f *Fixture) {
	verifier, err := note.NewVerifier(f.log.Key())
	require.NoError(t, err)
	require.Equal(t, f.log.Origin(), verifier.Name())
	check := func() {
		signed, err := f.log.Checkpoint(f.ctx)
		require.NoError(t, err)
		n, err := note.Open(signed, note.VerifierList(verifier))
		require.NoError(t, err)
		head, err := f.log.Head(f.ctx)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%s\n%d\n%s\n", f.log.Origin(), head.Size, tlog.Hash(head.Root)), n.Text)
		again, err := f.log.Checkpoint(f.ctx)
		require.NoError(t, err)
		require.Equal(t, signed, again)
	}
	check()
	f.must(Of(To("a", 0, "1", "2", "3")))
	check()
	f.reopen()
	check()
}

func fidelity(t *testing.T, f *Fixture) {
	author := ledger.Author{Account: `o"brien\`, Role: "Sachkundige Person ÄÖÜ", Terminal: "T ☃"}
	type value struct {
		Value string `json:"value"`
		Raw   json.RawMessage
	}
	r, err := f.log.Append(f.ctx, ledger.Append{Author: author, Streams: []ledger.StreamAppend{{Stream: `s/"\ü`, Drafts: []ledger.Draft{
		{Type: "qc.result", Data: value{"<5.00 EU/mL & \u2028 €", json.RawMessage(`{"b": 1.20,"a":[ ]}`)}, Takes: []string{`k"\`, "k2"}},
		{Type: "nil", Data: nil},
	}}}})
	require.NoError(t, err)
	e := r.Entries[0]
	require.Equal(t, author, e.Author)
	require.Equal(t, time.UTC, e.Time.Location())
	require.Zero(t, e.Time.Nanosecond()%1000)
	require.JSONEq(t, `{"value":"<5.00 EU/mL & \u2028 €","Raw":{"b":1.20,"a":[]}}`, string(e.Data))
	require.Contains(t, string(e.Data), "<5.00 EU/mL &")
	require.Contains(t, string(e.Data), "1.20")
	require.Equal(t, "null", string(r.Entries[1].Data))
	f.reopen()
	require.Equal(t, r.Entries, f.entries())
	one, err := f.log.Entry(f.ctx, 0)
	require.NoError(t, err)
	require.Equal(t, e, one)
}

func clockJumps(t *testing.T, f *Fixture) {
	var last time.Time
	for i, jump := range []time.Duration{0, -time.Hour, time.Minute, -24 * time.Hour, 48 * time.Hour, -time.Microsecond} {
		f.clock.Jump(jump)
		if i == 4 {
			f.reopen()
		}
		r := f.must(Of(To("a", uint64(2*i), "1", "2")))
		require.False(t, r.Time.Before(last))
		last = r.Time
	}
	last = time.Time{}
	for _, e := range f.entries() {
		require.False(t, e.Time.Before(last))
		last = e.Time
	}
	// The bytes were restamped too: a decoded entry is the one in the receipt.
	require.Len(t, f.stream("a"), 12)
}

func bounds(t *testing.T, f *Fixture) {
	long := strings.Repeat("x", ledger.MaxName+1)
	keys := make([]string, ledger.MaxList+1)
	for i := range keys {
		keys[i] = name("k", i)
	}
	draft := func(change func(*ledger.Draft)) ledger.Append {
		a := Of(To("s", 0, "1"))
		change(&a.Streams[0].Drafts[0])
		return a
	}
	big := make([]byte, ledger.MaxBlob+1)
	for what, a := range map[string]ledger.Append{
		"empty stream":       Of(To("", 0, "1")),
		"long stream":        Of(To(long, 0, "1")),
		"control character":  Of(To("a\nb", 0, "1")),
		"C1 control":         Of(To("a\u0085b", 0, "1")),
		"zero byte":          Of(To("a\x00b", 0, "1")),
		"bad UTF-8":          Of(To("a\xffb", 0, "1")),
		"stream twice":       Of(To("s", 0, "1"), To("s", 1, "2")),
		"too many entries":   Of(To("s", 0, make([]string, ledger.MaxEntries+1)...)),
		"empty type":         draft(func(d *ledger.Draft) { d.Type = "" }),
		"too many claims":    draft(func(d *ledger.Draft) { d.Takes = keys }),
		"claim twice":        draft(func(d *ledger.Draft) { d.Takes = []string{"k", "k"} }),
		"empty claim":        draft(func(d *ledger.Draft) { d.Frees = []string{""} }),
		"too many blobs":     draft(func(d *ledger.Draft) { d.Blobs = make([]ledger.Digest, ledger.MaxList+1) }),
		"big entry":          draft(func(d *ledger.Draft) { d.Data = string(big[:ledger.MaxEntry]) }),
		"not JSON":           draft(func(d *ledger.Draft) { d.Data = json.RawMessage("{") }),
		"cannot marshal":     draft(func(d *ledger.Draft) { d.Data = func() {} }),
		"big blob":           {Blobs: [][]byte{big}},
		"big view":           {Views: map[string][]byte{"v": big}},
		"empty view key":     {Views: map[string][]byte{"": {}}},
		"control secret key": {Secrets: map[string][]byte{"\t": {}}},
	} {
		_, err := f.log.Append(f.ctx, a)
		require.ErrorIs(t, err, ledger.ErrInvalid, what)
	}
	require.Zero(t, f.size())
	r := f.must(draft(func(d *ledger.Draft) { d.Data = strings.Repeat("y", ledger.MaxEntry-300) }))
	require.Equal(t, r.Entries, f.entries())
	f.must(ledger.Append{Blobs: [][]byte{big[1:]}})
	got, err := f.log.Blob(f.ctx, ledger.DigestOf(big[1:]))
	require.NoError(t, err)
	require.Equal(t, len(big)-1, len(got))
}

func authors(t *testing.T, f *Fixture) {
	for _, author := range []ledger.Author{{}, {Account: "a", Role: "r"}, {Role: "r", Terminal: "t"}, {Account: "a", Terminal: "t"}, {Account: "a\n", Role: "r", Terminal: "t"}} {
		a := Of(To("s", 0, "1"))
		a.Author = author
		_, err := f.log.Append(f.ctx, a)
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}
	require.Zero(t, f.size())
}
