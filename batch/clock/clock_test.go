package clock_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/clock"
)

var transport = clock.Clock{
	ID: "transport", From: "S05.last_pull_at", To: "S08.received_at", Limit: 24 * time.Hour, WarnAt: 18 * time.Hour,
	Owner: "courier", Late: clock.Exception,
}

// events are the times of a record.
func events(at map[string]time.Time) func(string) (time.Time, bool) {
	return func(ref string) (time.Time, bool) {
		t, ok := at[ref]
		return t, ok
	}
}

func TestStates_F11(t *testing.T) {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		ended time.Duration // after the start; 0 for running
		now   time.Duration
		want  clock.State
		left  time.Duration
	}{
		{"just started", 0, 0, clock.Running, 24 * time.Hour},
		{"before the warning", 0, 18*time.Hour - 1, clock.Running, 6*time.Hour + 1},
		{"at the warning", 0, 18 * time.Hour, clock.Warning, 6 * time.Hour},
		{"exactly at the limit", 0, 24 * time.Hour, clock.Warning, 0},
		{"one nanosecond late", 0, 24*time.Hour + 1, clock.Late, -1},
		{"ended in time", 23 * time.Hour, 90 * time.Hour, clock.Stopped, time.Hour},
		{"ended at the limit", 24 * time.Hour, 90 * time.Hour, clock.Stopped, 0},
		{"ended late", 25 * time.Hour, 90 * time.Hour, clock.StoppedLate, -time.Hour},
		{"starts in an hour, by a mistyped time", 0, -time.Hour, clock.Running, 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := map[string]time.Time{transport.From: start}
			if c.ended > 0 {
				at[transport.To] = start.Add(c.ended)
			}
			r := clock.Read(transport, events(at), start.Add(c.now))
			require.Equal(t, c.want, r.State)
			require.Equal(t, c.left, r.Remaining)
			require.Equal(t, start, r.Started)
			require.Equal(t, start.Add(24*time.Hour), r.Due)
			require.Equal(t, c.ended > 0, !r.Ended.IsZero())
		})
	}
}

func TestNothingStartsWithoutItsEvent_F11(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	r := clock.Read(transport, events(map[string]time.Time{transport.To: now}), now)
	require.Equal(t, clock.Reading{Clock: transport, State: clock.NotStarted, Remaining: transport.Limit}, r)
}

func TestEndBeforeStartEndsNothing(t *testing.T) {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	at := map[string]time.Time{transport.From: start, transport.To: start.Add(-time.Minute)}
	r := clock.Read(transport, events(at), start.Add(25*time.Hour))
	require.Equal(t, clock.Late, r.State)
	require.True(t, r.Ended.IsZero())
}

// Corrected events are read as they now stand (CS-11).
func TestCorrectedEventIsReadAnew_F11(t *testing.T) {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	at := map[string]time.Time{transport.From: start, transport.To: start.Add(25 * time.Hour)}
	require.Equal(t, clock.StoppedLate, clock.Read(transport, events(at), start).State)
	at[transport.To] = start.Add(23 * time.Hour)
	require.Equal(t, clock.Stopped, clock.Read(transport, events(at), start).State)
	at[transport.From] = start.Add(-2 * time.Hour)
	require.Equal(t, clock.StoppedLate, clock.Read(transport, events(at), start).State)
	delete(at, transport.To)
	require.Equal(t, clock.Warning, clock.Read(transport, events(at), start.Add(20*time.Hour)).State)
}

// In the night of 25 October 2026 the clocks of both plants show 02:30 twice; a clock counts both hours, and names
// the moments in UTC (scenario 54).
func TestClockChangeNights(t *testing.T) {
	for _, zone := range []string{"Europe/Madrid", "Europe/Berlin"} {
		at, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, c := range []struct {
			name       string
			start, end time.Time
			hours      time.Duration
		}{
			{"back in October", time.Date(2026, 10, 24, 23, 0, 0, 0, at), time.Date(2026, 10, 25, 5, 0, 0, 0, at), 7},
			{"on in March", time.Date(2027, 3, 27, 23, 0, 0, 0, at), time.Date(2027, 3, 28, 5, 0, 0, 0, at), 5},
			{"a usual midnight", time.Date(2026, 11, 22, 23, 0, 0, 0, at), time.Date(2026, 11, 23, 5, 0, 0, 0, at), 6},
		} {
			t.Run(zone+" "+c.name, func(t *testing.T) {
				r := clock.Read(transport, events(map[string]time.Time{transport.From: c.start}), c.end)
				require.Equal(t, c.hours*time.Hour, r.Elapsed)
				require.Equal(t, time.UTC, r.Started.Location())
				require.Equal(t, time.UTC, r.Due.Location())
				require.Equal(t, 24*time.Hour, r.Due.Sub(r.Started))
			})
		}
	}
}

func TestMostUrgentComesFirst(t *testing.T) {
	read := func(id string, state clock.State, left time.Duration) clock.Reading {
		return clock.Reading{Clock: clock.Clock{ID: id}, State: state, Remaining: left}
	}
	_, ok := clock.Next([]clock.Reading{read("a", clock.Stopped, 0), read("b", clock.NotStarted, 0), read("c", clock.StoppedLate, -1)})
	require.False(t, ok)
	next, ok := clock.Next([]clock.Reading{
		read("done", clock.StoppedLate, -time.Hour), read("long", clock.Running, time.Hour), read("over", clock.Late, -time.Minute),
		read("most", clock.Late, -2*time.Minute), read("soon", clock.Warning, time.Minute),
	})
	require.True(t, ok)
	require.Equal(t, "most", next.Clock.ID)
	next, _ = clock.Next([]clock.Reading{read("b", clock.Running, 1), read("a", clock.Warning, 1)})
	require.Equal(t, "a", next.Clock.ID, "the same order on every screen")
}

func TestUnusableClocksAreNamed(t *testing.T) {
	require.NoError(t, transport.Check())
	for want, change := range map[string]func(*clock.Clock){
		"no id":      func(c *clock.Clock) { c.ID = "" },
		"two":        func(c *clock.Clock) { c.To = c.From },
		"longer":     func(c *clock.Clock) { c.Limit = 0 },
		"not within": func(c *clock.Clock) { c.WarnAt = c.Limit + 1 },
		"no owner":   func(c *clock.Clock) { c.Owner = "" },
		"being late": func(c *clock.Clock) { c.Late = "shrug" },
	} {
		c := transport
		change(&c)
		require.ErrorContains(t, c.Check(), want)
	}
	c := transport
	c.WarnAt = -1
	require.Error(t, c.Check())
	c = transport
	c.From = ""
	require.Error(t, c.Check())
}
