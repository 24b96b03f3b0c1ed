package pages

import (
	"rexbatch/batch"
	"rexbatch/chainofcustody"
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
	b, t, err := v.load()
	if err != nil {
		return err
	}
	_, match, refusal := t.Scan("disposal", chainofcustody.AnyLabel, v.raw())
	if refusal != nil && refusal.Kind == ledger.Stop {
		return v.stoppedHere(b, refusal)
	}
	return v.onCourse("disposed", disposes, func(by ledger.Author) error {
		if refusal != nil {
			return refusal
		}
		return v.plant().Batches.Dispose(v.ctx(), by, b.Number, v.seen(), match.Container().String(), batch.Disposition(v.FormValue("how")), v.FormValue("reason"))
	})
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
