package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Unfinished is the outcome of a story that broke off where nobody expected it.
const Unfinished Outcome = "unfinished"

// Result is what came of a scenario.
type Result struct {
	Scenario   string
	Batch      string
	Steps      int // that were played
	Outcome    Outcome
	Step       string   // at which it was stopped
	Act        string   // that was certified or refused
	Rules      []string // that stood against it
	OOS        int
	Exceptions int
	Classes    []string // of the exceptions, in order of the alphabet
	Deviations int
	Summary    string
	Files      []string
	Took       time.Duration
	Faults     []string // what is not as expected; empty when all came true
}

func (r *Result) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// judge compares what came with what was expected.
func (r *Result) judge(want Expectation) {
	if r.Outcome != want.Outcome {
		r.fault("expected %s, came %s: %s", want.Outcome, r.Outcome, r.Summary)
		return
	}
	if want.Step != "" && r.Step != want.Step {
		r.fault("expected it at %s, came at %s", want.Step, r.Step)
	}
	if want.Act != "" && r.Act != want.Act {
		r.fault("expected at %s, came at %s", want.Act, r.Act)
	}
	if want.Rule != "" && !slices.Contains(r.Rules, want.Rule) {
		r.fault("expected rule %s, came %v", want.Rule, r.Rules)
	}
	if want.OOS != nil && r.OOS != *want.OOS {
		r.fault("expected %d results out of specification, came %d", *want.OOS, r.OOS)
	}
	if want.Exceptions != nil && r.Exceptions != *want.Exceptions {
		r.fault("expected %d exceptions, came %d", *want.Exceptions, r.Exceptions)
	}
	if want.Deviations != nil && r.Deviations != *want.Deviations {
		r.fault("expected %d deviations, came %d", *want.Deviations, r.Deviations)
	}
	if classes := slices.Sorted(slices.Values(want.Classes)); want.Classes != nil && !slices.Equal(classes, r.Classes) {
		r.fault("expected exceptions of the classes %v, came %v", classes, r.Classes)
	}
}

// ended takes the refusal that ends a story for its outcome: the batch is held, or is not made any further.
func (p *play) ended(ctx context.Context, step string, err error) error {
	refused := problemOf(err)
	if refused == nil {
		return err
	}
	switch refused.Code {
	case "batch-held":
		p.result.Outcome = Held
	case "batch-ended":
		p.result.Outcome = Stopped
		var b batchAnswer
		qa, err := p.as(ctx, "qa", true)
		if err == nil {
			err = qa.get(ctx, at("batches", p.batch), &b)
		}
		if err != nil {
			return err
		}
		if b.Course.Ending != nil && b.Course.Ending.Cause == "rejected" {
			p.result.Outcome = Rejected
		}
	default:
		return err
	}
	p.result.Step, p.result.Rules = step, refused.Rules()
	p.result.Summary = fmt.Sprintf("%s at %s: %s", p.result.Outcome, step, refused.Detail)
	p.say(p.result.Summary)
	return errEnd
}

// count reads the review list, as a reviewer does.
func (p *play) count(ctx context.Context) error {
	qa, err := p.as(ctx, signatory[actReview], true)
	if err != nil {
		return err
	}
	var r review
	err = qa.get(ctx, at("batches", p.batch, "review"), &r)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	p.result.counts(r)
	return nil
}

func (r *Result) counts(list review) {
	r.Exceptions, r.OOS, r.Deviations, r.Classes = len(list.Exceptions), 0, len(list.Deviations), []string{}
	for _, e := range list.Exceptions {
		if e.Class == classOOS {
			r.OOS++
		}
		r.Classes = append(r.Classes, e.Class)
	}
	slices.Sort(r.Classes)
	r.Classes = slices.Compact(r.Classes)
}

// progress is how far the step in hand is.
func (d *doing) progress(finished bool, took time.Duration) StepProgress {
	left := 0
	for _, f := range d.step.Fields {
		if d.wanted(f) {
			left++
		}
	}
	return StepProgress{
		Batch: d.batch, ID: d.step.ID, Name: d.step.Name["en"], Done: len(d.captured), Of: len(d.captured) + left,
		Position: d.position + 1, Steps: len(d.steps), Finished: finished, Took: took,
	}
}
