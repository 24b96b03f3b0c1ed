package pages

import (
	"net/http"
	"slices"

	"rexbatch/internal/people"
)

// trainingPage is who is trained in what: one row for each person, one column for each procedure.
type trainingPage struct {
	frame
	Procedures []string
	Rows       []trainingRow
	Expired    int
	Due        int
	Form       *trainingForm // for whoever records training
}

// trainingRow is one person.
type trainingRow struct {
	Account, Name, Roles string
	Cells                []trainingCell
	Open                 bool // the person's page is open to the reader
}

// trainingCell is one person's qualification for one procedure; empty where there is none.
type trainingCell struct {
	Has   bool
	Until string
	State state
}

// trainingLine is one record.
type trainingLine struct {
	Procedure, Version, From, Until, Trainer, Evidence string
	State                                              state
	Last                                               bool // of its procedure: the act to take it away stands here
}

// dueSoon is when a training has to be renewed.
const dueSoon = 30

// trainingShow is GET /training.
func (v *visit) trainingShow() error { return v.trainingPage(http.StatusOK) }

func (v *visit) trainingPage(code int, problems ...Problem) error {
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p people.Person) bool { return p.Disabled || p.Has(people.Admin) || p.Has(people.Inspector) })
	page := trainingPage{frame: v.frame("training", v.T("training.title"), problems...), Procedures: proceduresOf(all)}
	for _, p := range all {
		row := trainingRow{Account: p.Account, Name: p.Name, Roles: v.roles(p.Roles), Open: v.desk.Session.May(people.RecordTraining) || v.desk.Session.May(people.ReadAccounts)}
		for _, procedure := range page.Procedures {
			cell := v.trainingCell(p, procedure)
			switch cell.State.Icon {
			case "triangle":
				page.Expired++
			case "clock":
				page.Due++
			}
			row.Cells = append(row.Cells, cell)
		}
		page.Rows = append(page.Rows, row)
	}
	if v.desk.Session.May(people.RecordTraining) {
		form := v.trainingForm(all)
		page.Form = &form
	}
	return v.render(code, "training", page)
}
