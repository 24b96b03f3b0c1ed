package pages

import (
	"time"

	timing "rexbatch/batch/clock"
)

// timerView is a clock of a batch as people read it: what is left in words, a shape with a word, and a bar. The part
// "timers" lists them.
type timerView struct {
	Name    string
	State   state
	Left    string // "3 h 12 min left", "late by 4 min"
	Percent int    // of the limit that has gone; 100 when it is over
	Due     string // the last moment in time, on the plant's clock; empty before it starts
	Owner   string // the role that has to act, in words
}

// timerIcons give each state a shape of its own.
var timerIcons = map[timing.State]state{
	timing.NotStarted:  {Icon: "ring"},
	timing.Running:     {Icon: "clock"},
	timing.Warning:     {Icon: "triangle", Tone: "att"},
	timing.Late:        {Icon: "octagon", Tone: "stop"},
	timing.Stopped:     {Icon: "tick"},
	timing.StoppedLate: {Icon: "triangle", Tone: "att"},
}

// timer is a reading in the person's language. name is what the recipe calls the clock.
func (w words) timer(name string, r timing.Reading, zone *time.Location) timerView {
	out := timerView{Name: name, State: timerIcons[r.State], Left: w.left(r), Percent: spent(r), Due: moment(r.Due, zone)}
	out.State.Word = w.word("timer-state", string(r.State))
	if r.Clock.Owner != "" {
		out.Owner = w.word("role", r.Clock.Owner)
	}
	return out
}

// left says how much time is left, or by how much it was missed. Minutes are cut, never rounded up: nobody is promised
// a minute that is not there.
func (w words) left(r timing.Reading) string {
	switch r.State {
	case timing.NotStarted:
		return w.T("timer.limit", "span", w.span(r.Clock.Limit))
	case timing.Late:
		return w.T("timer.late", "span", w.atLeast(-r.Remaining))
	case timing.Stopped:
		return w.T("timer.took", "span", w.span(r.Elapsed))
	case timing.StoppedLate:
		return w.T("timer.took-late", "span", w.atLeast(-r.Remaining))
	}
	return w.T("timer.left", "span", w.atLeast(r.Remaining))
}

// atLeast is a span that is not nothing, even when it has no whole minute.
func (w words) atLeast(d time.Duration) string {
	if d < time.Minute {
		return w.T("timer.moment")
	}
	return w.span(d)
}

// spent is the part of the limit that has gone, in per cent.
func spent(r timing.Reading) int {
	if r.Elapsed >= r.Clock.Limit {
		return 100
	}
	return int(100 * r.Elapsed.Seconds() / r.Clock.Limit.Seconds())
}
