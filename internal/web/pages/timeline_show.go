package pages

import (
	"net/http"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// around is what stands around the step of a batch. An open page replaces it by itself when the batch has grown, and while
// time passes; nobody types in it.
type around struct {
	Batch      string
	Strip      strip
	Groups     []group
	Exceptions []exceptionView // for those who read records
}

// around is what stands around a step.
func (v *visit) around(b *batch.Batch, st *batch.StepState, acting people.Role) around {
	found, _ := b.Exceptions()
	out := around{
		Batch: b.Number, Strip: v.strip(b, acting), Groups: v.timeline(b, st.Step.ID, found),
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

// timelineShow is GET /batches/:batch/timeline: what stands around a step, as parts of a page. Pages of a batch that show
// no step ask for what is in hand, and say in which role their person acts.
func (v *visit) timelineShow() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	id := v.QueryParam("step")
	st, ok := b.Step(id)
	if id == "" {
		st, ok = v.shownStep(b, id), true
	}
	if !ok {
		return ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", id)
	}
	acting := people.Role(v.QueryParam("as"))
	if id != "" {
		acting = v.acting(st)
	}
	return v.renderPart(http.StatusOK, "batch", "live", timelinePart{frame: v.frame("batch", b.Number), around: v.around(b, st, acting)})
}
