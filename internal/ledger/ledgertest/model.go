package ledgertest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/ledger"
)

// reference is the log as a few maps: what any engine must be equal to.
type reference struct {
	entries []ledger.Entry
	heads   map[string]uint64
	claims  map[string]uint64
	views   map[string][]byte
	secrets map[string][]byte
}

// apply returns nil and changes the reference, or returns a refused append's reason and changes nothing.
func (m *reference) apply(a ledger.Append) error {
	for _, s := range a.Streams {
		if m.heads[s.Stream] != s.Expected {
			return &ledger.ConflictError{Stream: s.Stream, Expected: s.Expected, Actual: m.heads[s.Stream]}
		}
	}
	claims := maps.Clone(m.claims)
	var added []ledger.Entry
	for _, s := range a.Streams {
		for i, d := range s.Drafts {
			seq := uint64(len(m.entries) + len(added))
			for _, key := range d.Frees {
				_, held := claims[key]
				if !held {
					return ledger.ErrInvalid
				}
				delete(claims, key)
			}
			for _, key := range d.Takes {
				holder, held := claims[key]
				if held {
					return &ledger.ClaimError{Key: key, Holder: holder}
				}
				claims[key] = seq
			}
			added = append(added, ledger.Entry{Seq: seq, Stream: s.Stream, Version: s.Expected + uint64(i) + 1,
				Author: a.Author, Type: d.Type, Takes: d.Takes, Frees: d.Frees})
		}
	}
	m.claims = claims
	m.entries = append(m.entries, added...)
	for _, e := range added {
		m.heads[e.Stream] = e.Version
	}
	set(m.views, a.Views)
	set(m.secrets, a.Secrets)
	return nil
}

func set(docs, changes map[string][]byte) {
	for key, doc := range changes {
		if doc == nil {
			delete(docs, key)
		} else {
			docs[key] = doc
		}
	}
}

// model appends at random, and compares the log with the reference as it goes.
func model(t *testing.T, f *Fixture) {
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		clock := NewClock()
		dir := fmt.Sprintf("%s/%d", f.dir, run)
		log := f.open(t, dir, clock.Now)
		defer func() { require.NoError(rt, log.Close()) }()
		m := &reference{heads: map[string]uint64{}, claims: map[string]uint64{}, views: map[string][]byte{}, secrets: map[string][]byte{}}
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				a := drawAppend(rt, m)
				want := m.apply(a)
				r, err := log.Append(t.Context(), a)
				if want == nil {
					require.NoError(rt, err)
					settle(rt, m, r)
					return
				}
				var conflict *ledger.ConflictError
				var taken *ledger.ClaimError
				switch {
				case errors.As(want, &conflict), errors.As(want, &taken):
					require.Equal(rt, want, err)
				default:
					require.ErrorIs(rt, err, want)
				}
			},
			"jump": func(rt *rapid.T) {
				clock.Jump(time.Duration(rapid.IntRange(-1000, 1000).Draw(rt, "seconds")) * time.Second)
			},
			"reopen": func(rt *rapid.T) {
				require.NoError(rt, log.Close())
				log = f.open(t, dir, clock.Now)
			},
			"": func(rt *rapid.T) { m.compare(rt, t, log) },
		})
	})
}

// settle takes over from the receipt what only the log can know, and checks the rest.
func settle(rt *rapid.T, m *reference, r ledger.Receipt) {
	tail := m.entries[len(m.entries)-len(r.Entries):]
	for i := range tail {
		tail[i].Time, tail[i].Leaf, tail[i].Data = r.Time, r.Entries[i].Leaf, r.Entries[i].Data
		require.Equal(rt, tail[i], r.Entries[i])
		if seq := tail[i].Seq; seq > 0 {
			require.False(rt, r.Time.Before(m.entries[seq-1].Time))
		}
	}
}

func drawAppend(rt *rapid.T, m *reference) ledger.Append {
	a := ledger.Append{Author: Anna, Views: drawDocuments(rt, "views"), Secrets: drawDocuments(rt, "secrets")}
	streams := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "a/b", "b", "c"}), 0, 3, rapid.ID).Draw(rt, "streams")
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"k1", "k2", "k3"}), 0, 2, rapid.ID)
	for _, stream := range streams {
		expected := m.heads[stream]
		if rapid.IntRange(0, 9).Draw(rt, "stale") == 0 {
			expected = uint64(rapid.IntRange(0, 5).Draw(rt, "expected"))
		}
		s := To(stream, expected, make([]string, rapid.IntRange(0, 3).Draw(rt, "drafts"))...)
		for i := range s.Drafts {
			s.Drafts[i].Takes = nilIfEmpty(keys.Draw(rt, "takes"))
			s.Drafts[i].Frees = nilIfEmpty(keys.Draw(rt, "frees"))
		}
		a.Streams = append(a.Streams, s)
	}
	return a
}

func nilIfEmpty(s []string) []string {
	if len(s) == 0 {
		return nil
	}
	return s
}

func drawDocuments(rt *rapid.T, label string) map[string][]byte {
	docs := map[string][]byte{}
	for _, key := range rapid.SliceOfN(rapid.SampledFrom([]string{"d", "d/1", "e"}), 0, 2).Draw(rt, label) {
		docs[key] = rapid.SampledFrom([][]byte{nil, {}, []byte("x"), []byte("y")}).Draw(rt, key)
	}
	return docs
}

func (m *reference) compare(rt *rapid.T, t *testing.T, log ledger.Log) {
	ctx := t.Context()
	require.Equal(rt, m.entries, Collect(rt, log.Entries(ctx, 0)))
	var heads []ledger.StreamHead
	for _, stream := range slices.Sorted(maps.Keys(m.heads)) {
		heads = append(heads, ledger.StreamHead{Stream: stream, Version: m.heads[stream]})
		var want []ledger.Entry
		for _, e := range m.entries {
			if e.Stream == stream {
				want = append(want, e)
			}
		}
		require.Equal(rt, want, Collect(rt, log.Stream(ctx, stream, 0)))
	}
	require.Equal(rt, heads, Collect(rt, log.Streams(ctx, "")))
	for _, key := range []string{"k1", "k2", "k3"} {
		holder, err := log.Claim(ctx, key)
		want, held := m.claims[key]
		require.Equal(rt, held, err == nil, "%s: %v", key, err)
		require.Equal(rt, want, holder)
	}
	require.Equal(rt, sorted(m.views, "d"), Collect(rt, log.Views(ctx, "d")))
	require.Equal(rt, sorted(m.secrets, ""), Collect(rt, log.Secrets(ctx, "")))
}

func sorted(docs map[string][]byte, prefix string) []ledger.Document {
	var out []ledger.Document
	for _, key := range slices.Sorted(maps.Keys(docs)) {
		if strings.HasPrefix(key, prefix) {
			out = append(out, ledger.Document{Key: key, Data: docs[key]})
		}
	}
	return out
}
