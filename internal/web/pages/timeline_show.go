package pages

import (
	"net/http"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
)

// around is what stands around the step of a batch. An open page replaces it by itself when the batch has grown, and while
// time passes; nobody types in it.
type around struct {
	Batch      string
	Stands     uint64 // version of the batch
	Strip      strip
	Groups     []group
	Clocks     []clock
	Exceptions []exceptionView // for those who read records
}

// around is what stands around a step.
func (v *visit) around(b *batch.Batch, st *batch.StepState) around {
	found, _ := b.Exceptions()
	out := around{
		Batch: b.Number, Stands: b.Version, Strip: v.strip(b, v.acting(st)), Groups: v.timeline(b, st.Step.ID, found), Clocks: v.clocks(b),
	}
	if v.reads() {
		out.Exceptions = v.exceptions(b, found)
	}
	return out
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
