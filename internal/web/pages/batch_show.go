package pages

import (
	"net/http"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
)

// batchPage is one step of one batch, with its surroundings.
type batchPage struct {
	frame
	around
	Step     stepView
	Open     int // exceptions that wait for QA
	Next     string
	NextName string
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
	current, running := b.Current()
	st, ok := b.Step(id)
	switch {
	case ok:
	case running:
		st = current
	default:
		steps := b.Steps()
		st = steps[len(steps)-1]
	}
	wanted := v.Param("field")
	if wanted == "" {
		wanted = v.QueryParam("field")
	}
	step, err := v.step(b, t, st, wanted, v.QueryParam("correct"))
	if err != nil {
		return err
	}
	p := batchPage{frame: v.frame("batch", b.Number+" · "+step.Name, problems...), around: v.around(b, st), Step: step}
	if running && current != st {
		p.Next, p.NextName = current.Step.ID, current.Step.Name.In(v.lang)
	}
	for _, e := range p.Exceptions {
		if e.Open {
			p.Open++
		}
	}
	return v.render(code, "batch", p)
}

// again shows the batch with what stood against a command; what was typed stays in its form.
func (v *visit) again(err error) error {
	b, t, loadErr := v.load()
	if loadErr != nil {
		return loadErr
	}
	return v.batchPage(status(err), b, t, v.Param("step"), v.problems(err, b)...)
}

// done goes back to the batch, where the next thing to do stands.
func (v *visit) done(what string) error {
	path := "/batches/" + v.Param("batch")
	if what != "" {
		path += "?done=" + what
	}
	return v.to(path)
}
