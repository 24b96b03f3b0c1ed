package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/ledger"
)

// labelsScan is POST /batches/:batch/steps/:step/labels/scan: an applied label is scanned back (LB-3).
func (v *visit) labelsScan() error {
	return v.onLabels("scanned-back", func(by ledger.Author) error {
		// A label that comes out of the printer meanwhile changes nothing about the one that was applied.
		return v.plant().Batches.ScanBack(v.ctx(), by, v.Param("batch"), 0, v.Param("step"), v.raw())
	})
}

// labelsPrint is POST /batches/:batch/steps/:step/labels/print: what is not on paper is printed again.
func (v *visit) labelsPrint() error {
	return v.onLabels("printed", func(by ledger.Author) error {
		return v.printLabels(by)
	})
}

// onLabels does a command on the labels of a step and goes back to the page from which it came: the step's, or that of
// its labels while one of them waits.
func (v *visit) onLabels(done string, do func(ledger.Author) error) error {
	author, err := v.performer(v.Param("step"))
	if err == nil {
		err = do(author)
	}
	if isMismatch(err) {
		return v.mismatched(err)
	}
	if err != nil {
		return v.labelsAgain(err)
	}
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	st, ok := b.Step(v.Param("step"))
	if !ok || v.FormValue("from") == "" || len(unapplied(st)) == 0 && done == "scanned-back" {
		return v.done(done)
	}
	return v.to(v.labelsPath() + "?done=" + done)
}

func (v *visit) labelsPath() string {
	return "/batches/" + v.Param("batch") + "/steps/" + v.Param("step") + "/labels"
}

// mismatched shows that a label of another identity was scanned.
func (v *visit) mismatched(err error) error {
	b, st, loadErr := v.stepOf()
	if loadErr != nil {
		return loadErr
	}
	return v.stopped(b, st, err)
}

// stepOf is the batch and the step of the request.
func (v *visit) stepOf() (*batch.Batch, *batch.StepState, error) {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return nil, nil, err
	}
	st, ok := b.Step(v.Param("step"))
	if !ok {
		return nil, nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", v.Param("step"))
	}
	return b, st, nil
}
