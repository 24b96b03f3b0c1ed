package pages

// stepTakeover is POST /batches/:batch/steps/:step/takeover: another person goes on with an open step.
func (v *visit) stepTakeover() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.TakeOver(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("takenover")
}
