package pages

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
	err = v.plant().Batches.Print(v.ctx(), author, v.Param("batch"), v.Param("step"))
	if err != nil {
		return v.labelsAgain(err)
	}
	return v.to(v.labelsPath())
}
