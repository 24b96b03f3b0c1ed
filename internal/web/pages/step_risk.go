package pages

// stepAtRisk is POST /batches/:batch/steps/:step/at-risk: the step is begun before what it comes after is done.
func (v *visit) stepAtRisk() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.BeginAtRisk(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("at-risk")
}
