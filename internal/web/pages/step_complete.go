package pages

// stepComplete is POST /batches/:batch/steps/:step/complete.
func (v *visit) stepComplete() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Complete(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	return v.done("completed")
}
