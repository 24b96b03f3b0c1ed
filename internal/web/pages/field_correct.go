package pages

import (
	"time"

	"rexbatch/batch"
)

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
	input := v.input(f)
	input.Ground = batch.Ground(v.FormValue("ground"))
	input.Performed, err = v.performed()
	if err != nil {
		return v.correctAgain(err)
	}
	err = v.plant().Batches.Correct(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.Param("field"), input, v.FormValue("reason"))
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

// performed is when a late entry was done, as the person says in the plant's own time; zero when they do not say. A time that
// was left half picked is refused.
func (v *visit) performed() (time.Time, error) {
	if v.pickedLocal("performed") == "" {
		return time.Time{}, nil
	}
	return v.pickedTime("performed")
}
