package clock_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/clock"
)

// order is how far a clock that nobody stops has come.
var order = []clock.State{clock.NotStarted, clock.Running, clock.Warning, clock.Late}

func drawClock(t *rapid.T) clock.Clock {
	limit := rapid.Int64Range(1, int64(14*24*time.Hour)).Draw(t, "limit")
	return clock.Clock{
		ID: "c", From: "from", To: "to", Limit: time.Duration(limit), WarnAt: time.Duration(rapid.Int64Range(0, limit).Draw(t, "warn")),
		Owner: "operator", Late: clock.Block,
	}
}

// drawTime is a moment around both clock changes of 2026 and 2027, as a person in one of the plants would name it.
func drawTime(t *rapid.T, label string) time.Time {
	zone := rapid.SampledFrom([]string{"UTC", "Europe/Madrid", "Europe/Berlin", "America/New_York"}).Draw(t, label+" zone")
	at, err := time.LoadLocation(zone)
	require.NoError(t, err)
	around := rapid.SampledFrom([]int64{1792890000, 1806195600, 1795305600}).Draw(t, label+" night") // 25 OCT 2026, 28 MAR 2027, 22 NOV 2026
	return time.Unix(around+rapid.Int64Range(-200000, 200000).Draw(t, label), 0).In(at)
}

// As time goes on, a clock never gains time and never goes back in state; when it is stopped it says the same for ever.
func TestClocksGoForward_F11(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		at := map[string]time.Time{}
		if rapid.Bool().Draw(t, "started") {
			at["from"] = drawTime(t, "from")
		}
		now := drawTime(t, "now")
		later := now.Add(time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "passed")))
		first, second := clock.Read(c, events(at), now), clock.Read(c, events(at), later)
		require.GreaterOrEqual(t, first.Remaining, second.Remaining)
		require.LessOrEqual(t, slices.Index(order, first.State), slices.Index(order, second.State))
		if first.State == clock.NotStarted {
			return
		}
		at["to"] = at["from"].Add(time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "took")))
		stopped := clock.Read(c, events(at), now)
		require.False(t, stopped.State.Runs())
		require.Equal(t, stopped, clock.Read(c, events(at), later))
		require.Equal(t, at["to"].Sub(at["from"]) > c.Limit, stopped.State.Overrun())
	})
}

// A reading follows from the events and the present alone: another process, in another zone, reads the same.
func TestRestartReadsTheSame_F11(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from, now := drawClock(t), drawTime(t, "from"), drawTime(t, "now")
		at := map[string]time.Time{"from": from}
		if rapid.Bool().Draw(t, "ended") {
			at["to"] = drawTime(t, "to")
		}
		r := clock.Read(c, events(at), now)
		moved := map[string]time.Time{}
		for ref, t := range at {
			moved[ref] = t.UTC()
		}
		require.Equal(t, r, clock.Read(c, events(moved), now.UTC()))
		require.Equal(t, c.Limit, r.Elapsed+r.Remaining)
		require.GreaterOrEqual(t, r.Elapsed, time.Duration(0))
		require.Equal(t, r.Remaining < 0, r.State.Overrun())
		require.Equal(t, from.UTC(), r.Started)
		require.Equal(t, c.Limit, r.Due.Sub(r.Started))
	})
}

// The most urgent clock is in no order of the list, and none that runs has less time left.
func TestNextIsTheMostUrgent_F11(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []clock.Reading
		for i := range rapid.IntRange(0, 6).Draw(t, "clocks") {
			c := drawClock(t)
			c.ID = string(rune('a' + i))
			at := map[string]time.Time{"from": drawTime(t, "from")}
			if rapid.Bool().Draw(t, "ended") {
				at["to"] = at["from"].Add(time.Hour)
			}
			all = append(all, clock.Read(c, events(at), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)))
		}
		next, ok := clock.Next(all)
		require.Equal(t, slices.ContainsFunc(all, func(r clock.Reading) bool { return r.State.Runs() }), ok)
		for _, r := range all {
			require.True(t, !r.State.Runs() || next.Remaining <= r.Remaining)
		}
		slices.Reverse(all)
		again, _ := clock.Next(all)
		require.Equal(t, next, again)
	})
}
