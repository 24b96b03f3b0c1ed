package oncall

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

// What was answered is not looked through again for what waits; it is still known of its shipment (scenario 16).
func TestAnsweredCallsWaitForNobody_16(t *testing.T) {
	now := time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC)
	by := ledger.Author{Account: "jorge", Role: "production-lead", Terminal: "T1"}
	d := &Duty{}
	add := func(draft ledger.Draft) {
		t.Helper()
		e, err := ledger.Provisional(draft, by, now, d.Version+1)
		require.NoError(t, err)
		d = d.clone()
		require.NoError(t, d.apply(e))
	}
	add(d.Raise(now, "SHP-waits", time.Hour))
	for range 5 {
		add(d.Raise(now, "SHP-old", time.Hour))
		draft, err := d.Take(by, now, "SHP-old")
		require.NoError(t, err)
		before := d
		add(draft)
		c, _ := before.About("SHP-old")
		require.True(t, c.Open(), "who holds the duty as it was sees it as it was")
	}
	require.Len(t, d.Calls, 1)
	c, ok := d.About("SHP-old")
	require.True(t, ok)
	require.Equal(t, 6, c.Number, "the newest")
	require.Equal(t, "jorge", c.Answer.By.Account)
	c, ok = d.About("SHP-waits")
	require.True(t, ok && c.Open())
	_, ok = d.About("SHP-none")
	require.False(t, ok)
	e, err := ledger.Provisional(ledger.Draft{Type: typeTaken, Data: taken{Call: 6}}, by, now, d.Version+1)
	require.NoError(t, err)
	require.Error(t, d.clone().apply(e), "taken already")
}
