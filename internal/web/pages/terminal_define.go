package pages

import (
	"strconv"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// settings are what the form sets. A density that is no number is none that a screen has.
func (v *visit) settings() people.Settings {
	s := people.Settings{Name: v.FormValue("name"), Area: v.FormValue("area"), Lang: v.FormValue("lang"), Theme: v.FormValue("theme")}
	if typed := v.FormValue("density"); typed != "" {
		n, err := strconv.Atoi(typed)
		s.Density = n
		if err != nil {
			s.Density = -1
		}
	}
	return s
}

// why is the reason that the form gives.
func (v *visit) why() people.Why {
	return people.Why{Reason: v.FormValue("reason"), Approver: v.FormValue("approver")}
}

// terminalDefine is POST /terminals.
func (v *visit) terminalDefine() error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	t, err := v.plant().People.DefineTerminal(v.ctx(), by, v.FormValue("id"), v.settings(), people.Why{})
	if err != nil {
		return v.terminalsPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/terminals/" + t.ID + "?done=terminal")
}
