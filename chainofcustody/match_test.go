package chainofcustody_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// A match serves the person who scanned, the treatment, the purpose and half a minute, and nothing else. I4
func TestMatchIsBound_I4(t *testing.T) {
	e, other := newEvent(t, 1), newEvent(t, 2)
	bag := e.OfKind("harvest-bag")[0]
	_, m, refusal := e.Scan(author, scannedAt, "B/S19/bag_scan", "harvest-bag", bag.Label)
	require.Nil(t, refusal)
	require.Nil(t, m.For(e.CoI, "B/S19/bag_scan", "lucia", scannedAt))
	require.Nil(t, m.For(e.CoI, "B/S19/bag_scan", "lucia", scannedAt.Add(chainofcustody.MatchLife)))
	for name, r := range map[string]*ledger.Refusal{
		"another treatment": m.For(other.CoI, "B/S19/bag_scan", "lucia", scannedAt),
		"another step":      m.For(e.CoI, "B/S20/bag_scan", "lucia", scannedAt),
		"another person":    m.For(e.CoI, "B/S19/bag_scan", "ana", scannedAt),
		"too late":          m.For(e.CoI, "B/S19/bag_scan", "lucia", scannedAt.Add(chainofcustody.MatchLife+time.Second)),
		"before it":         m.For(e.CoI, "B/S19/bag_scan", "lucia", scannedAt.Add(-time.Second)),
		"no match":          chainofcustody.Match{}.For(e.CoI, "", "", scannedAt),
	} {
		require.NotNil(t, r, name)
		require.Equal(t, "I4", r.Rule, name)
	}
}

// Only what was typed counts, in a row, for one purpose and since the step went on. ID-12
func TestFailedEntriesAreCounted_ID12(t *testing.T) {
	e := newEvent(t, 1)
	bag := e.OfKind("harvest-bag")[0]
	scan := func(purpose, raw string) {
		draft, _, _ := e.Scan(author, scannedAt, purpose, "harvest-bag", raw)
		e.add(author, draft)
	}
	scan("p", "A999926000001B0000Z")
	scan("p", bag.Label[:20]) // a scanner's, cut off
	scan("q", "A999926000001B0000Z")
	require.Equal(t, 1, e.Failed("p", time.Time{}))
	scan("p", "A9999 26 000001 B00001 !")
	scan("p", "nonsense")
	require.Equal(t, 2, e.Failed("p", time.Time{}))
	require.Zero(t, e.Failed("p", scannedAt), "before the step went on")
	scan("p", bag.Label)
	require.Zero(t, e.Failed("p", time.Time{}), "a match begins the count anew")
	for raw, want := range map[string]bool{"": false, " ": false, "]d1A": false, "=+04": false, "&/CH": false, "RB:CH": false, "CH A9999 26 000123 *": true, "a999926000001/b00001": true, "\x00": false} {
		require.Equal(t, want, chainofcustody.LooksTyped(raw), "%q", raw)
	}
}
