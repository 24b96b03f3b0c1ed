package pages

import (
	"net/http"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// stopPage fills the screen when an identity does not match (I4; screens, rule 8).
type stopPage struct {
	frame
	Strip     strip
	Step      string
	Got, Want string
	GotMark   *Mark // where the label names a Chain of Identity
	WantMark  *Mark
	Why       string
	At, By    string
	Again     string // scan again
	Back      string
}

// stopShow is GET /batches/:batch/steps/:step/stop.
func (v *visit) stopShow() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	st, ok := b.Step(v.Param("step"))
	if !ok || len(st.Stops) == 0 || !v.desk.Sees(st.Step) {
		return v.done("")
	}
	last := st.Stops[len(st.Stops)-1]
	p := v.stopPage(b, st, last.Got, last.Want, last.Why)
	p.At, p.By = moment(last.At, v.zone()), v.full(last.By)
	return v.render(http.StatusOK, "stop", p)
}

func (v *visit) stopPage(b *batch.Batch, st *batch.StepState, got, want, why string) stopPage {
	n := namer{visit: v, batch: b}
	back := "/batches/" + b.Number
	return stopPage{
		frame: v.frame("stop", v.T("stop.title")), Strip: v.strip(b, v.acting(st)), Step: n.step(st.Step.ID),
		Got: n.code(got), Want: n.code(want), GotMark: markOf(got), WantMark: markOf(want), Why: sentence(v.word("why", slug(why))), Again: back + "?step=" + st.Step.ID, Back: back,
	}
}

// markOf is the mark of a printed Chain of Identity; nil where the text is none.
func markOf(text string) *Mark {
	coi, err := isbt128.ParseCoIKeyed(text)
	if err != nil {
		return nil
	}
	m := MarkOf(coi)
	return &m
}

// stopped shows a mismatch that does not stand in the batch's own record: at a handoff, or of a second person.
func (v *visit) stopped(b *batch.Batch, st *batch.StepState, err error) error {
	r := ledger.RefusalsOf(err)[0]
	p := v.stopPage(b, st, r.Args["got"], r.Args["want"], r.Args["why"])
	p.At, p.By = moment(v.now(), v.zone()), v.desk.Session.Name
	if v.stopBack != "" {
		p.Again, p.Back = v.stopBack, v.stopBack
	}
	return v.render(http.StatusConflict, "stop", p)
}
