package pages

import "rexbatch/batch"

// stepInterrupt is POST /batches/:batch/steps/:step/interrupt: whoever stands there says that the step was broken off.
func (v *visit) stepInterrupt() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Interrupt(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.FormValue("cause"))
	if err != nil {
		return v.again(err)
	}
	return v.done("interrupted")
}

// stepResume is POST /batches/:batch/steps/:step/resume: how an interrupted step goes on.
func (v *visit) stepResume() error {
	author, err := v.as(isLead)
	if err != nil {
		return v.again(err)
	}
	decision := batch.Resumption(v.FormValue("decision"))
	err = v.plant().Batches.Resume(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), decision, v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("resumed")
}
