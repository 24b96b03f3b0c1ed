package chainofcustody_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
)

var noon = time.Date(2026, 10, 25, 12, 0, 0, 0, time.UTC)

func TestClaimedTime_TR10(t *testing.T) {
	for name, c := range map[string]struct {
		claim     chainofcustody.ClaimedTime
		now       time.Duration
		received  time.Duration // after noon
		low, high time.Duration // after noon
		unknown   bool
		wrong     bool
	}{
		"right clock":                {claim: chainofcustody.ClaimedTime{Bound: time.Second}, received: time.Hour, low: -time.Second, high: time.Second},
		"ten minutes slow":           {claim: chainofcustody.ClaimedTime{Offset: 10 * time.Minute, Bound: time.Second}, now: 10 * time.Minute, received: time.Hour, low: 599 * time.Second, high: 601 * time.Second, wrong: true},
		"set in between":             {claim: chainofcustody.ClaimedTime{Bound: time.Second}, now: -2 * time.Hour, received: time.Hour, low: -2*time.Hour - time.Second, high: time.Second, wrong: true},
		"delivered within the bound": {claim: chainofcustody.ClaimedTime{Bound: time.Minute}, received: time.Second, low: -time.Minute, high: time.Second},
		"said to be to come":         {claim: chainofcustody.ClaimedTime{Offset: time.Hour, Bound: time.Second}, now: time.Hour, received: time.Minute, high: time.Minute, unknown: true, wrong: true},
		"a bound below nothing":      {claim: chainofcustody.ClaimedTime{Bound: -time.Hour}, received: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			c.claim.At = noon
			m := c.claim.Moment(c.now, noon.Add(c.received))
			require.Equal(t, !c.unknown, m.Certain())
			if !c.unknown {
				require.Equal(t, noon.Add(c.low), m.Earliest)
			}
			require.Equal(t, noon.Add(c.high), m.Latest)
			require.Equal(t, c.wrong, c.claim.WrongClock(c.now))
		})
	}
}

// Whatever the clocks of two phones do, an order that is claimed is true, as long as each phone's bound is.
func TestNoFalseOrder_TR10(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claimOf := func(name string) (time.Time, chainofcustody.Moment) {
			truth := noon.Add(time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, name)))
			offset := time.Duration(rapid.Int64Range(-int64(48*time.Hour), int64(48*time.Hour)).Draw(t, name+" offset"))
			bound := time.Duration(rapid.Int64Range(0, int64(10*time.Minute)).Draw(t, name+" bound"))
			wrong := time.Duration(rapid.Int64Range(-int64(bound), int64(bound)).Draw(t, name+" error"))
			later := time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, name+" delivered"))
			claim := chainofcustody.ClaimedTime{At: truth.Add(-offset), Offset: offset + wrong, Bound: bound}
			m := claim.Moment(offset, truth.Add(later))
			require.True(t, m.Earliest.IsZero() || !m.Earliest.After(truth), "%s begins after it happened", name)
			require.False(t, m.Latest.Before(truth), "%s ends before it happened", name)
			return truth, m
		}
		a, first := claimOf("a")
		b, second := claimOf("b")
		if first.Before(second) {
			require.True(t, a.Before(b))
		}
		require.False(t, first.Before(second) && second.Before(first))
	})
	require.False(t, chainofcustody.Moment{}.Before(chainofcustody.At(noon)), "what is not known has no order")
	require.False(t, chainofcustody.At(noon).Before(chainofcustody.Moment{}))
	require.Zero(t, chainofcustody.Moment{Latest: noon}.Width())
	require.Equal(t, time.Minute, chainofcustody.Moment{Earliest: noon, Latest: noon.Add(time.Minute)}.Width())
}
