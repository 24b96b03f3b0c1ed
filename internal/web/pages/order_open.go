package pages

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
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
	number, err := v.placed(author, o, whole)
	if err != nil {
		return again(status(err), v.problems(err, nil)...)
	}
	return v.to("/batches/" + number + "?done=order")
}

// placed orders, and enrols the patient whom a whole form names.
func (v *visit) placed(by ledger.Author, o batch.Order, whole bool) (number string, err error) {
	typed := v.typedPatient()
	if !whole || !typed.given() {
		number, _, err = v.plant().Batches.Place(v.ctx(), by, o)
		return number, err
	}
	known, err := v.plant().Vault()
	if err != nil {
		return "", err
	}
	err = known.EnrolWith(v.ctx(), by, o.Subject, typed.identity(), func(with ledger.Append) error {
		number, _, err = v.plant().Batches.PlaceWith(v.ctx(), by, o, with)
		return err
	})
	return number, err
}
