package pages

import (
	"context"

	"rexbatch/internal/ledger"
)

// labelsIssue is POST /batches/:batch/steps/:step/labels: the labels are issued, and printed where the plant has a printer.
func (v *visit) labelsIssue() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Labels(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.printLabels(author)
	if err != nil {
		return v.labelsAgain(err)
	}
	return v.to(v.labelsPath())
}

// printLabels prints what is not on paper of a step's labels. The page of the labels shows what becomes of each; a printer
// that is off keeps nobody from it.
func (v *visit) printLabels(by ledger.Author) error {
	plant, number, step := v.plant(), v.Param("batch"), v.Param("step")
	return plant.Spool.Do(v.ctx(), plant.LabelsKey(number, step), func(ctx context.Context) error {
		return plant.Batches.Print(ctx, by, number, step)
	})
}
