package pages

import (
	"cmp"
	"slices"

	"rexbatch/batch"
)

// timers are the clocks of the recipe that run now for a batch, those that run out first in front.
func (v *visit) timers(b *batch.Batch) []timerView {
	running := slices.DeleteFunc(b.Timers(v.now()), func(t batch.Timer) bool { return !t.State.Runs() })
	slices.SortStableFunc(running, func(a, b batch.Timer) int { return cmp.Compare(a.Remaining, b.Remaining) })
	var out []timerView
	for _, t := range running {
		out = append(out, v.timer(t.Of.Name.In(v.lang), t.Reading, v.zone()))
	}
	return out
}
