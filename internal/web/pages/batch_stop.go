package pages

import (
	"errors"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// batchStop is POST /batches/:batch/stop: the batch is not made any further, from where nothing is left half way.
func (v *visit) batchStop() error {
	return v.onCourse("stopped", having(people.StopBatch), func(by ledger.Author) error {
		return v.plant().Batches.AskToStop(v.ctx(), by, v.Param("batch"), v.seen(), batch.EndCause(v.FormValue("cause")), v.FormValue("reason"))
	})
}

// batchDispose is POST /batches/:batch/disposal: a container of the ended batch is scanned, and what is done with it said.
func (v *visit) batchDispose() error {
	by, err := v.as(disposes)
	if err == nil {
		err = v.plant().Batches.Dispose(v.ctx(), by, v.Param("batch"), v.seen(), "", v.raw(), batch.Disposition(v.FormValue("how")), v.FormValue("reason"))
	}
	var stop *ledger.Refusal
	if errors.As(err, &stop) && stop.Kind == ledger.Stop {
		b, _, err := v.load()
		if err != nil {
			return err
		}
		return v.stoppedHere(b, stop)
	}
	if err != nil {
		return v.courseAgain(err)
	}
	return v.to("/batches/" + v.Param("batch") + "/course?done=disposed")
}

func disposes(r people.Role) bool { return r.May(people.ExecuteStep) || r == people.QA }

// stoppedHere shows that the label of another patient was scanned, at the step where the batch stands.
func (v *visit) stoppedHere(b *batch.Batch, refusal *ledger.Refusal) error {
	_, st, err := v.handoffStep()
	if err != nil {
		return err
	}
	return v.stopped(b, st, refusal)
}
