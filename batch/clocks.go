package batch

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/batch/clock"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// Timer is a clock of the recipe as it reads for this batch.
type Timer struct {
	Of mbr.Clock
	clock.Reading
}

// Timers are the clocks of the batch as they read now, those of the plant's variant in order of the recipe. They follow
// from the entries, so a corrected time sets them right (process 2.4).
func (b *Batch) Timers(now time.Time) []Timer {
	var out []Timer
	for _, c := range b.Recipe.Clocks {
		if !c.Applies(b.Site) {
			continue
		}
		limit, err := b.Recipe.Over(c)
		if err != nil {
			continue // such a version is not approved
		}
		ended, _ := b.event(c.To)
		limit = b.extended(c.ID, limit, ended)
		r := clock.Read(clock.Clock{
			ID: c.ID, From: c.From, To: c.To, Limit: limit, WarnAt: limit * time.Duration(c.Warn) / 100, Owner: string(c.Owner), Late: clock.Exception,
		}, b.event, now)
		if r.State.Runs() && b.unreachable(c.To) {
			r.State, r.Ended = clock.Stopped, b.Ending.At
		}
		out = append(out, Timer{Of: c, Reading: r})
	}
	return out
}

// event is when something of the record happened: a time that was captured, or the start or end of a step.
func (b *Batch) event(ref string) (time.Time, bool) {
	id, what, isStep := strings.Cut(ref, "@")
	if !isStep {
		c, ok := b.Value(ref)
		if !ok || c.Value.Sealed != "" {
			return time.Time{}, false
		}
		t, err := c.Value.Time()
		return t, err == nil
	}
	st, ok := b.steps[id]
	if !ok {
		return time.Time{}, false
	}
	switch {
	case what == "started" && !st.StartedAt.IsZero():
		return st.StartedAt, true
	case what == "completed" && !st.CompletedAt.IsZero() && st.Status != Open:
		return st.CompletedAt, true
	}
	return time.Time{}, false
}

// unreachable tells whether an event will not happen any more, because its step is not done.
func (b *Batch) unreachable(ref string) bool {
	st, ok := b.steps[stepOf(ref)]
	return ok && b.Over() && (st.Status == Cancelled || st.Status == NotApplicable)
}

// overdue holds that a step is not begun after the time that the recipe gives for it, where that bars it.
func (b *Batch) overdue(st *StepState, now time.Time) error {
	for _, t := range b.Timers(now) {
		if t.Of.Late == mbr.LateBlock && stepOf(t.Of.To) == st.Step.ID && t.State == clock.Late {
			return ledger.Refuse(ledger.Unmet, "AT-59", "clock-over", "{clock} ran out at {due}: step {step} cannot be begun any more", "tell the production lead: QA decides what becomes of the batch", "clock", t.Of.ID, "due", t.Due.Format(time.RFC3339), "step", st.Step.ID)
		}
	}
	return nil
}

// asDecided is the time for which entries of one append are what was decided, when they were decided at a time: a clock
// that they end or start is late, or in time, and the product has expired or not. The ledger gives them its own time,
// which may be milliseconds later; on the other side of a limit they would have to be decided again.
func (b *Batch) asDecided(at time.Time) ledger.Window {
	at = at.UTC().Truncate(time.Microsecond)
	var w ledger.Window
	for _, t := range b.Timers(at) {
		end, ended := b.event(t.Of.To)
		begun, starts := b.event(t.Of.From)
		starts = starts && begun.Equal(at)
		switch {
		case ended && end.Equal(at) && !starts:
			w = w.Narrow(ledger.UpTo(t.Due, at))
		case ended && starts && !end.Equal(at):
			w = w.Narrow(ledger.UpTo(end, at)).Narrow(ledger.UpTo(end.Add(-t.Clock.Limit-time.Nanosecond), at))
		}
	}
	for _, a := range b.Allowances {
		if a.Kind != AllowTime || !a.ApprovedAt.Equal(at) {
			continue
		}
		for _, t := range b.Timers(at) {
			if t.Of.ID == a.Target && !t.Ended.IsZero() {
				w = w.Narrow(ledger.UpTo(t.Ended, at))
			}
		}
	}
	if expiry, ok := b.Expiry(); ok {
		w = w.Narrow(ledger.UpTo(expiry.Add(-time.Nanosecond), at))
	}
	return w
}

// overruns are the exceptions of clocks that ended late (scenario 27). A clock that still runs late is shown on the
// pages, and becomes an exception with the entry that ends it.
func (b *Batch) overruns() []Exception {
	var out []Exception
	for _, t := range b.Timers(b.last) {
		if t.State != clock.StoppedLate {
			continue
		}
		step := stepOf(t.Of.To)
		class := TimeLimit
		if t.Of.Late == mbr.LateException {
			class = LateClock
		}
		out = append(out, Exception{
			ID: fmt.Sprintf("%s:%s:%d:%d", class, t.Of.ID, b.attempt(step), b.newest([]string{t.Of.From, t.Of.To})), Class: class, Step: step,
			What:  fmt.Sprintf("%s took %s, the limit is %s", t.Of.Name.In("en"), t.Elapsed.Round(time.Minute), t.Clock.Limit),
			Value: span(t.Elapsed), Limit: span(t.Clock.Limit), At: t.Ended,
		})
	}
	return out
}

// attempt is how often a step was begun again.
func (b *Batch) attempt(step string) int {
	if st, ok := b.steps[step]; ok {
		return st.Attempt
	}
	return 0
}

// span writes a duration as hours and minutes, such as "1:02 h".
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	return fmt.Sprintf("%d:%02d h", minutes/60, minutes%60)
}
