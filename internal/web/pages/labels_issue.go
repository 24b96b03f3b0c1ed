package pages

// labelsIssue is POST /batches/:batch/steps/:step/labels.
func (v *visit) labelsIssue() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Labels(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	return v.to("/batches/" + v.Param("batch") + "/steps/" + v.Param("step") + "/labels")
}
