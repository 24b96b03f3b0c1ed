package pages

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// orderOpen is POST /orders: a new therapy event and its batch, from the subject number alone or from the whole form. The
// patient is enrolled first: the same again is fine, so nothing is lost when the order is refused.
func (v *visit) orderOpen() error {
	again := v.worklistPage
	whole := v.FormValue("form") == "whole"
	if whole {
		again = v.orderForm
	}
	author, err := v.desk.Acting(v.FormValue("role"), func(r people.Role) bool { return r.May(people.OpenOrder) })
	if err != nil {
		return again(status(err), v.problems(err, nil)...)
	}
	o := batch.Order{Subject: strings.TrimSpace(v.FormValue("subject"))}
	if whole {
		recipe, err := v.plant().Batches.Effective(v.ctx())
		if err != nil {
			return err
		}
		o.Backup, o.Slot, o.Values = v.FormValue("backup"), v.typedSlot(), v.typedValues(recipe)
		if typed := v.typedPatient(); typed.given() {
			err = v.enrol(author, o.Subject, typed)
			if err != nil {
				return again(status(err), v.problems(err, nil)...)
			}
		}
	}
	number, _, err := v.plant().Batches.Place(v.ctx(), author, o)
	if err != nil {
		return again(status(err), v.problems(err, nil)...)
	}
	return v.to("/batches/" + number + "?done=order")
}
