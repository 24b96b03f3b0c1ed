package release_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// interrupted is a printer beside which the program ends: before it has sent its first label, or when that is on paper.
type interrupted struct {
	end   func()
	sent  bool
	fault error
	times map[string]int
}

func (p *interrupted) Print(ctx context.Context, job batch.PrintJob) error {
	if p.end != nil {
		p.end()
		p.end = nil
		if !p.sent {
			return errors.Join(errors.New("paper-out"), ctx.Err())
		}
	}
	p.times[job.Container]++
	return p.fault
}

// A label that may be on paper when the program ends does not come out again under its serial at the next start; those of which
// nothing was sent stay in the queue (LB-1).
func TestNoLabelComesOutTwiceWhenTheProgramEnds_LB1(t *testing.T) {
	for name, c := range map[string]struct {
		sent           bool
		fault          error
		queued, failed int // of four, when the program has ended
		again          int // that the next start prints
	}{
		"it is on paper":         {sent: true, queued: 3, again: 3},
		"it may be on paper":     {sent: true, fault: errors.New("stalled (the label may be on paper)"), queued: 3, failed: 1, again: 3},
		"nothing of it was sent": {queued: 4, again: 4},
	} {
		t.Run(name, func(t *testing.T) {
			s := before(t, "S03")
			require.NoError(t, s.enter("S03", "tube_labels", "3"))
			by := s.As(s.step("S03").Step.Performer, false)
			require.NoError(t, s.Batches.Labels(bg, by, s.number, 0, "S03"))
			ctx, end := context.WithCancel(bg)
			paper := &interrupted{end: end, sent: c.sent, fault: c.fault, times: map[string]int{}}
			s.Batches.Printer = paper
			require.ErrorIs(t, s.Batches.Print(ctx, by, s.number, "S03"), context.Canceled)
			states := map[batch.LabelState]int{}
			for _, l := range s.step("S03").Prints {
				states[l.State]++
			}
			require.Equal(t, c.queued, states[batch.Queued], states)
			require.Equal(t, c.failed, states[batch.Failed], states)
			before := len(paper.times)
			paper.fault = nil
			require.NoError(t, s.Batches.PrintQueued(bg, people.System("printer"), s.number, "S03"))
			require.Len(t, paper.times, before+c.again)
			for container, n := range paper.times {
				require.Equal(t, 1, n, container)
			}
		})
	}
}
