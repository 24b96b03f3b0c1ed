package pages

import (
	"strings"

	"rexbatch/batch"
)

// stepVerify is POST /batches/:batch/steps/:step/verify: the second person signs at this terminal, the performer
// stays signed in underneath (I7; screens, rule 15).
func (v *visit) stepVerify() error {
	number, step := v.Param("batch"), v.Param("step")
	role, err := v.desk.SecondRole(v.ctx(), number, step)
	if err != nil {
		return v.again(err)
	}
	shown, err := v.wasShown()
	if err != nil {
		return v.again(err)
	}
	author, sign, err := v.desk.SecondPerson(v.ctx(), v.FormValue("username"), v.FormValue("password"), role, shown)
	if err != nil {
		return v.again(err)
	}
	check := batch.Check{Step: step, Shown: shown, Raw: v.raw(), Values: v.enteredAgain()}
	err = v.plant().Batches.Verify(v.ctx(), author, number, v.seen(), check, sign)
	if isMismatch(err) {
		return v.to("/batches/" + number + "/steps/" + step + "/stop")
	}
	if err != nil {
		return v.again(err)
	}
	return v.done("verified")
}

// enteredAgain is what the second person entered without seeing the first values, by field.
func (v *visit) enteredAgain() map[string]batch.Input {
	out := map[string]batch.Input{}
	form, err := v.FormParams()
	if err != nil {
		return out
	}
	for name := range form {
		field, again := strings.CutPrefix(name, "again.")
		text := form.Get(name)
		if i := strings.LastIndexByte(field, '_'); i > 0 && form.Has("again."+field[:i]+"_day") { // a part of a moment
			field = field[:i]
			text = v.pickedLocal("again." + field)
		}
		if again && text != "" {
			out[field] = batch.Input{Text: text}
		}
	}
	return out
}
