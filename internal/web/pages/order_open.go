package pages

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
)

// orderOpen is POST /orders: a new therapy event and its batch, from the subject number alone or from the whole form. The
// patient is enrolled with the order or not at all, so that nobody is left behind by an order that is refused.
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
	}
	var who *vault.Identity
	if typed := v.typedPatient(); whole && typed.given() {
		id := typed.identity()
		who = &id
	}
	number, _, err := v.plant().Order(v.ctx(), author, o, who)
	if err != nil {
		return again(status(err), v.problems(err, nil)...)
	}
	return v.to("/batches/" + number + "?done=order")
}
