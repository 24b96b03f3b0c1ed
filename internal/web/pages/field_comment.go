package pages

// fieldComment is POST /batches/:batch/steps/:step/fields/:field/comment: why a value beyond its limit is as it is (AT-59).
func (v *visit) fieldComment() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Comment(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.Param("field"), v.FormValue("text"))
	if err != nil {
		return v.again(err)
	}
	return v.done("commented")
}
