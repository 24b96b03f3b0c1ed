package pages

import (
	"net/http"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// around is what stands around the step of a batch. An open page replaces it by itself when the batch has grown, and while
// time passes; nobody types in it.
type around struct {
	Batch      string
	Stands     uint64 // version of the batch
	Strip      strip
	Groups     []group
	Timers     []timerView
	Exceptions []exceptionView // for those who read records
}

// around is what stands around a step.
func (v *visit) around(b *batch.Batch, st *batch.StepState) around {
	found, _ := b.Exceptions()
	out := around{
		Batch: b.Number, Stands: b.Version, Strip: v.strip(b, v.acting(st)), Groups: v.timeline(b, st.Step.ID, found), Timers: v.timers(b),
	}
	if v.reads() {
		out.Exceptions = v.exceptions(b, found)
		v.blindfold(b, found, out.Exceptions)
	}
	return out
}

// blindfold takes the values of a step that waits for its second person out of what stands beside it: that person enters
// them at this terminal without having seen them (screens, rule 14).
func (v *visit) blindfold(b *batch.Batch, found []batch.Exception, shown []exceptionView) {
	for _, e := range found {
		st, ok := b.Step(e.Step)
		if !ok || !st.RetypesBlind() || st.Status != batch.ToVerify || !desk.Retyped(b, st)[e.Field] {
			continue
		}
		for i := range shown {
			if shown[i].ID == e.ID {
				shown[i].Text, shown[i].Remark = v.T("exception.unseen"), ""
			}
		}
	}
}

// timelinePart is the answer to an open page.
type timelinePart struct {
	frame
	around
}

// timelineShow is GET /batches/:batch/timeline: what stands around a step, as parts of a page.
func (v *visit) timelineShow() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	id := v.QueryParam("step")
	st, ok := b.Step(id)
	if !ok {
		return ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", id)
	}
	return v.renderPart(http.StatusOK, "batch", "live", timelinePart{frame: v.frame("batch", b.Number), around: v.around(b, st)})
}
