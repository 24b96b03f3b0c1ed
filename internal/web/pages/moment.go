package pages

import (
	"fmt"
	"strings"
	"time"
)

// moment is a point in time on the plant's clock: 22 NOV 2026 14:05 CET. Months are letters, so that no reader
// takes the day for the month (screens, rule 21).
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return strings.ToUpper(t.In(zone).Format("02 Jan 2006 15:04 MST"))
}

// momentUTC is the same with seconds on the clock of the record.
func momentUTC(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strings.ToUpper(t.UTC().Format("02 Jan 2006 15:04:05")) + " UTC"
}

func day(t time.Time) string { return strings.ToUpper(t.Format("02 Jan 2006")) }

// span is a length of time in two units at most: "31 h 12 min", "9 min".
func (w words) span(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	minutes := int(d / time.Minute)
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d\u00a0min", minutes)
	case minutes < 72*60:
		return fmt.Sprintf("%d\u00a0h %02d\u00a0min", minutes/60, minutes%60)
	default:
		return w.T("span.days", "n", fmt.Sprint(minutes/60/24))
	}
}

// clock is a running time that a person has to keep in mind.
type clock struct {
	Name   string
	At     string
	Left   string
	Tone   string // "", "att" or "stop"
	Source string // how the time came about

	time time.Time
}

// deadline is a clock that runs out at t.
func (w words) deadline(name string, t, now time.Time, zone *time.Location, soon time.Duration) clock {
	c := clock{Name: name, At: moment(t, zone), time: t}
	left := t.Sub(now)
	switch {
	case left <= 0:
		c.Left, c.Tone = w.T("clock.over", "span", w.span(left)), "stop"
	case left < soon:
		c.Left, c.Tone = w.T("clock.left", "span", w.span(left)), "att"
	default:
		c.Left = w.T("clock.left", "span", w.span(left))
	}
	return c
}
