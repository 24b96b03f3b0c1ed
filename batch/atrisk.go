package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// Steps run in order. Where the recipe says so, a step need not wait for the result of an earlier one: its performer begins
// it at risk, with the reason. That is an exception for QA, and stands in the certificate (scenario 26).

// Risk is that a step was begun before earlier ones were done.
type Risk struct {
	Before []string  `json:"before"` // the steps that were not done, in order of the recipe
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Seq    uint64    `json:"entry"`

	Version uint64 `json:"version"` // of the entry in the stream of its batch: known before it is appended
}

// passes tells whether a step can be worked on while the ones before it are not done: those of its own parallel group, and
// those without whose end the recipe lets it begin. It gives the latter.
func passes(s *mbr.Step, before []*mbr.Step) (risked []string, ok bool) {
	for _, other := range before {
		switch {
		case s.Parallel != "" && s.Parallel == other.Parallel:
		case slices.Contains(s.AtRisk, other.ID):
			risked = append(risked, other.ID)
		default:
			return nil, false
		}
	}
	return risked, true
}

// AtRisk are the steps without whose end a waiting step would be begun; none when it can begin in order, or cannot begin.
func (b *Batch) AtRisk(st *StepState) []string {
	if st.Status != Waiting || len(st.Step.AtRisk) == 0 {
		return nil
	}
	var before []*mbr.Step
	for _, s := range b.order {
		if s == st.Step {
			break
		}
		if !b.steps[s.ID].Finished() {
			before = append(before, s)
		}
	}
	risked, _ := passes(st.Step, before)
	return risked
}

// BeginAtRisk decides that a person begins a step before earlier ones are done, which the recipe lets them.
func (b *Batch) BeginAtRisk(by ledger.Author, now time.Time, step, reason string) ([]ledger.Draft, error) {
	st, waits, err := b.mayStart(by, now, step)
	if err != nil {
		return nil, err
	}
	before := b.AtRisk(st)
	if !waits || len(before) == 0 {
		return nil, ledger.Refuse(ledger.Unmet, "CS-65", "no-risk", "nothing is at risk in step {step}: all that it waits for is done, or it has begun", "go on with the step", "step", step)
	}
	return []ledger.Draft{{Type: typeStarted, Data: started{Step: step, Before: before, Reason: reason}}}, nil
}

// risk is the refusal of a step that would begin at risk without anybody having said so; nil for one that begins in order.
func (b *Batch) risk(st *StepState) error {
	before := b.AtRisk(st)
	if len(before) == 0 {
		return nil
	}
	return ledger.Refuse(ledger.Unmet, "CS-65", "at-risk", "step {step} comes after {before}, not done yet; the recipe lets it begin at risk", "wait for {before}; or say why it cannot wait, and begin it at risk",
		"step", st.Step.ID, "before", strings.Join(before, ", "))
}

// begunAtRisk keeps that a step began at risk, also when it is begun again later.
func (st *StepState) begunAtRisk(e ledger.Entry, d started) {
	if len(d.Before) > 0 {
		st.Risks = append(st.Risks, Risk{Before: d.Before, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq, Version: e.Version})
	}
}

// risked are the exceptions of a step that was begun at risk: whoever certifies knows what was not known then.
func (st *StepState) risked() []Exception {
	var out []Exception
	for _, r := range st.Risks {
		before := strings.Join(r.Before, ", ")
		out = append(out, Exception{
			ID: fmt.Sprintf("%s:%s:%d", BegunAtRisk, st.Step.ID, r.Version), Class: BegunAtRisk, Step: st.Step.ID,
			What: fmt.Sprintf("begun at risk before %s was done: %s", before, r.Reason), Value: before, Limit: r.Reason, At: r.At, By: r.By, Seq: r.Seq,
		})
	}
	return out
}

// BeginAtRisk begins a step before earlier ones are done, where the recipe lets it (scenario 26).
func (k *Book) BeginAtRisk(ctx context.Context, by ledger.Author, number string, seen Seen, step, reason string) error {
	return k.command(ctx, by, number, seen, "CS-65", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		err := k.enter(ctx, by, b, step)
		if err != nil {
			return nil, err
		}
		return b.BeginAtRisk(by, k.Clock(), step, reason)
	})
}
