package pages

import (
	"strings"

	"rexbatch/internal/people"
)

// orderOpen is POST /orders: a new therapy event and its batch, from the subject number.
func (v *visit) orderOpen() error {
	author, err := v.desk.Acting(v.FormValue("role"), func(r people.Role) bool { return r.May(people.OpenOrder) })
	if err != nil {
		return v.worklistPage(status(err), v.problems(err, nil)...)
	}
	number, _, err := v.plant().Batches.Open(v.ctx(), author, strings.TrimSpace(v.FormValue("subject")))
	if err != nil {
		return v.worklistPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/batches/" + number + "?done=order")
}
