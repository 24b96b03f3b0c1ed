package pages

import (
	"net/http"
	"net/url"
	"slices"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
)

// batchPage is one step of one batch, with its surroundings.
type batchPage struct {
	frame
	around
	Step stepView
	Open int // exceptions that wait for QA
	Next string
}

// batchShow is GET /batches/:batch.
func (v *visit) batchShow() error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	return v.batchPage(http.StatusOK, b, t, v.QueryParam("step"))
}

// batchPage shows a step of a batch; the current one when no other is asked for.
func (v *visit) batchPage(code int, b *batch.Batch, t *chainofcustody.TherapyEvent, id string, problems ...Problem) error {
	st := v.shownStep(b, id)
	wanted := v.Param("field")
	if wanted == "" {
		wanted = v.QueryParam("field")
	}
	step, err := v.step(b, t, st, wanted, v.QueryParam("correct"))
	if err != nil {
		return err
	}
	p := batchPage{frame: v.frame("batch", b.Number+" · "+step.Name, problems...), around: v.around(b, st, v.acting(st)), Step: step}
	p.Strip.Around = "/batches/" + b.Number + "/timeline?step=" + st.Step.ID
	now := b.Now()
	if len(now) > 0 && !slices.Contains(now, st) {
		p.Next = v.inHand(now).Step.ID
	}
	for _, e := range p.Exceptions {
		if e.Open {
			p.Open++
		}
	}
	return v.render(code, "batch", p)
}

// shownStep is the step that a page shows: the one asked for, or what can be done now; the last one when all is done.
func (v *visit) shownStep(b *batch.Batch, id string) *batch.StepState {
	st, ok := b.Step(id)
	if ok {
		return st
	}
	now := b.Now()
	if len(now) > 0 {
		return v.inHand(now)
	}
	steps := b.Steps()
	return steps[len(steps)-1]
}

// inHand chooses among the steps that can be done now: one that this person has begun, one that waits for a role of
// theirs, or the first.
func (v *visit) inHand(now []*batch.StepState) *batch.StepState {
	for _, st := range now {
		if st.Performer == v.desk.Session.Account && st.Status == batch.Open {
			return st
		}
	}
	for _, st := range now {
		if v.mayAct(st) {
			return st
		}
	}
	return now[0]
}

// again shows the batch with what stood against a command; what was typed stays in its form.
func (v *visit) again(err error) error {
	b, t, loadErr := v.load()
	if loadErr != nil {
		return loadErr
	}
	return v.batchPage(status(err), b, t, v.Param("step"), v.problems(err, b)...)
}

// done goes back to the batch, where the next thing to do stands: in the step of the request while it is not finished.
func (v *visit) done(what string) error {
	path, query := "/batches/"+v.Param("batch"), url.Values{}
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	now := b.Now()
	st, ok := b.Step(v.Param("step"))
	if ok && len(now) > 1 && slices.Contains(now, st) {
		query.Set("step", st.Step.ID)
	}
	if what != "" {
		query.Set("done", what)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return v.to(path)
}
