package clock

import (
	"cmp"
	"slices"
	"time"
)

// State is where a clock stands.
type State string

// The states of a clock, in the order in which it goes through them.
const (
	NotStarted  State = "not-started"
	Running     State = "running"
	Warning     State = "warning"
	Late        State = "late"
	Stopped     State = "stopped"      // ended in time
	StoppedLate State = "stopped-late" // ended, but late
)

// Runs tells whether time still passes on the clock.
func (s State) Runs() bool { return s == Running || s == Warning || s == Late }

// Overrun tells whether the limit was passed, ended or not.
func (s State) Overrun() bool { return s == Late || s == StoppedLate }

// Reading is what a clock says at one moment. Elapsed and Remaining always add up to the limit.
type Reading struct {
	Clock     Clock
	State     State
	Started   time.Time // UTC; zero before it starts
	Ended     time.Time // UTC; zero while it runs
	Due       time.Time // UTC; the last moment in time; zero before it starts
	Elapsed   time.Duration
	Remaining time.Duration // negative when late
}

// Read reads the clock from the events of the record. event gives the time of an event; false while it has not
// happened. An end before the start ends nothing: the clock runs on and somebody will look. A start that lies
// ahead of now, as a mistyped time does, has not elapsed at all.
func Read(c Clock, event func(ref string) (time.Time, bool), now time.Time) Reading {
	r := Reading{Clock: c, State: NotStarted, Remaining: c.Limit}
	start, ok := event(c.From)
	if !ok {
		return r
	}
	r.Started = utc(start)
	r.Due = r.Started.Add(c.Limit)
	until := utc(now)
	end, ended := event(c.To)
	ended = ended && !end.Before(start)
	if ended {
		r.Ended = utc(end)
		until = r.Ended
	}
	r.Elapsed = max(0, until.Sub(r.Started))
	r.Remaining = c.Limit - r.Elapsed
	r.State = c.state(r.Elapsed, ended)
	return r
}

// utc is the same moment on the UTC line, without the reading of the machine's own monotonic clock: two processes
// must read the same.
func utc(t time.Time) time.Time { return t.Round(0).UTC() }

func (c Clock) state(elapsed time.Duration, ended bool) State {
	late := elapsed > c.Limit
	switch {
	case ended && late:
		return StoppedLate
	case ended:
		return Stopped
	case late:
		return Late
	case c.WarnAt > 0 && elapsed >= c.WarnAt:
		return Warning
	}
	return Running
}

// Next is the reading that needs somebody first: of the clocks that run, the one with the least time left, so what
// is late longest comes before all. Of two with the same time left, the one whose id comes first; false when none runs.
func Next(readings []Reading) (Reading, bool) {
	var running []Reading
	for _, r := range readings {
		if r.State.Runs() {
			running = append(running, r)
		}
	}
	if len(running) == 0 {
		return Reading{}, false
	}
	return slices.MinFunc(running, byUrgency), true
}

func byUrgency(a, b Reading) int {
	return cmp.Or(cmp.Compare(a.Remaining, b.Remaining), cmp.Compare(a.Clock.ID, b.Clock.ID))
}
