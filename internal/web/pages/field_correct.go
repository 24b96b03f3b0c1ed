package pages

// fieldCorrect is POST /batches/:batch/steps/:step/fields/:field/correct.
func (v *visit) fieldCorrect() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.correctAgain(err)
	}
	f, err := v.recipeField()
	if err != nil {
		return err
	}
	err = v.plant().Batches.Correct(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.Param("field"), v.input(f), v.FormValue("reason"))
	if err != nil {
		return v.correctAgain(err)
	}
	v.desk.Confirmed(v.ctx(), v.Param("batch"), v.Param("step"), v.Param("field"))
	return v.to("/batches/" + v.Param("batch") + "?step=" + v.Param("step") + "&done=corrected")
}

// correctAgain shows the correction's form again with what was typed.
func (v *visit) correctAgain(err error) error {
	v.QueryParams().Set("correct", v.Param("field"))
	return v.again(err)
}
