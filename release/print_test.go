package release_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// stalled is the fault of a printer that took a label and says nothing of it.
type stalled struct{}

func (stalled) Error() string      { return "stalled" }
func (stalled) MayBeOnPaper() bool { return true }

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
		unknown        int
		again          int // that the next start prints
	}{
		"it is on paper":         {sent: true, queued: 3, again: 3},
		"it is not on paper":     {sent: true, fault: errors.New("paper-out"), queued: 3, failed: 1, again: 3},
		"it may be on paper":     {sent: true, fault: stalled{}, queued: 3, unknown: 1, again: 3},
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
			require.Equal(t, c.unknown, states[batch.Unknown], states)
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

// killed is a printer beside which the power goes: nothing that comes after is recorded, whatever is on paper.
type killed struct {
	log  *severed
	sent []string
}

func (p *killed) Print(_ context.Context, job batch.PrintJob) error {
	p.sent = append(p.sent, job.Container)
	p.log.cut = true
	return nil
}

// severed is a log that takes nothing any more once it is cut.
type severed struct {
	ledger.Log
	cut bool
}

func (s *severed) Append(ctx context.Context, a ledger.Append) (ledger.Receipt, error) {
	if s.cut {
		return ledger.Receipt{}, errors.New("the program is no more")
	}
	return s.Log.Append(ctx, a)
}

// crashed is a plant whose power went while the first label of S03 was on its way, at its next start.
func crashed(t *testing.T) (s *shift, by ledger.Author, paper *interrupted, label *batch.Label) {
	t.Helper()
	s = before(t, "S03")
	require.NoError(t, s.enter("S03", "tube_labels", "3"))
	by = s.As(s.step("S03").Step.Performer, false)
	require.NoError(t, s.Batches.Labels(bg, by, s.number, 0, "S03"))
	whole := s.Batches.Log
	dying := &severed{Log: whole}
	crash := &killed{log: dying}
	s.Batches.Log, s.Batches.Printer = dying, crash
	require.Error(t, s.Batches.Print(bg, by, s.number, "S03"))
	require.Len(t, crash.sent, 1)
	require.Equal(t, batch.Sending, s.step("S03").Prints[0].State)

	paper = &interrupted{times: map[string]int{}}
	s.Batches.Log, s.Batches.Printer = whole, paper
	require.NoError(t, s.Batches.Print(bg, by, s.number, "S03"))
	require.Equal(t, batch.Sending, s.step("S03").Prints[0].State, "nobody asks for it again while it may be on its way")
	require.NoError(t, s.Batches.PrintQueued(bg, people.System("printer"), s.number, "S03"))
	require.NoError(t, s.Batches.Print(bg, by, s.number, "S03"), "also when a person asks")
	require.Len(t, paper.times, 3)
	require.NotContains(t, paper.times, crash.sent[0])
	label = s.step("S03").Prints[0]
	require.Equal(t, []any{batch.Unknown, 1}, []any{label.State, label.Serial})
	require.Equal(t, 4, s.batch().LabelBalance().Printed, "it may be on paper, so it is accounted for")
	return s, by, paper, label
}

// scanned is what a scanner reads of a label.
func (s *shift) scanned(l *batch.Label) string {
	b, event := s.State(s.number)
	c, ok := event.Container(l.Container)
	require.True(s.t, ok)
	return s.Batches.CodeOf(b, c, l)
}

// The power goes while a label is on its way: after the next start it is unknown, and is not printed again as though nothing had
// been. Whoever finds it good scans it (LB-1, LB-3).
func TestLabelOnItsWayAtACrashIsUnknownAndScannedWhenItCameOut_LB1(t *testing.T) {
	s, by, _, label := crashed(t)
	require.NoError(t, s.Batches.ScanBack(bg, by, s.number, 0, "S03", s.scanned(label)))
	require.Equal(t, batch.ScannedBack, s.step("S03").Prints[0].State)
}

// Where it did not come out, or is spoilt, a new one is printed with a reason, a second person and a new serial; the old one is refused.
func TestLabelOnItsWayAtACrashIsPrintedAnewByTwo_LB1(t *testing.T) {
	s, by, paper, label := crashed(t)
	step := s.step("S03").Step
	old := s.scanned(label)
	second := step.Performer
	if step.Second != nil {
		second = step.Second.Role
	}
	other := s.Sign(s.As(second, true).Account, second)
	require.Equal(t, []string{"LB-1"}, rules(s.Batches.Scrap(bg, by, s.number, 0, "S03", label.Container, "", other)), "with a reason")
	require.Equal(t, []string{"LB-1"}, rules(s.Batches.Scrap(bg, by, s.number, 0, "S03", label.Container, "nothing lies at the printer", s.Sign(by.Account, step.Performer))), "and not by one person alone")
	require.NoError(t, s.Batches.Scrap(bg, by, s.number, 0, "S03", label.Container, "nothing lies at the printer", other))
	require.NoError(t, s.Batches.Print(bg, by, s.number, "S03"))
	require.Len(t, paper.times, 4)
	now := s.step("S03").Prints[len(s.step("S03").Prints)-1]
	require.Equal(t, []any{label.Container, 2, batch.Printed}, []any{now.Container, now.Serial, now.State})
	require.Equal(t, []string{"LB-1"}, rules(s.Batches.ScanBack(bg, by, s.number, 0, "S03", old)), "the old serial does not count any more")
	require.NoError(t, s.Batches.ScanBack(bg, by, s.number, 0, "S03", s.scanned(now)))
}

// What a living copy of the program says of a label that it sends counts, also when another copy has started meanwhile.
func TestOutcomeOfALivingCopyCounts_LB1(t *testing.T) {
	s := before(t, "S03")
	require.NoError(t, s.enter("S03", "tube_labels", "3"))
	by := s.As(s.step("S03").Step.Performer, false)
	require.NoError(t, s.Batches.Labels(bg, by, s.number, 0, "S03"))
	k := s.Batches
	other := &batch.Book{Log: k.Log, Custody: k.Custody, Library: k.Library, Clock: k.Clock, Layouts: k.Layouts, LabelPlant: k.LabelPlant, Language: k.Language, Site: k.Site}
	started := 0
	s.Batches.Printer = beside(func() {
		if started++; started == 1 {
			require.NoError(t, other.PrintQueued(bg, people.System("printer"), s.number, "S03")) // it has no printer: it settles nothing
			require.Equal(t, batch.Sending, s.step("S03").Prints[0].State)
			other.Printer = beside(func() {})
			require.NoError(t, other.PrintQueued(bg, people.System("printer"), s.number, "S03"))
			require.Equal(t, batch.Unknown, s.step("S03").Prints[0].State)
		}
	})
	require.NoError(t, s.Batches.Print(bg, by, s.number, "S03"))
	for _, l := range s.step("S03").Prints {
		require.Equal(t, batch.Printed, l.State)
	}
	require.Equal(t, 1, started, "the other copy printed the others: none comes out twice")
}

// beside is a printer that is good, and at which something happens.
type beside func()

func (b beside) Print(context.Context, batch.PrintJob) error { b(); return nil }
