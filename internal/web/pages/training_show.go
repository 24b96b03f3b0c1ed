package pages

import (
	"cmp"
	"net/http"
	"slices"
	"time"

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

func proceduresOf(all []people.Person) []string {
	var out []string
	for _, p := range all {
		for _, t := range p.Trainings {
			out = append(out, t.Procedure)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// trainingCell shows the record that ends last.
func (v *visit) trainingCell(p people.Person, procedure string) trainingCell {
	var own []people.Training
	for _, t := range p.Trainings {
		if t.Procedure == procedure {
			own = append(own, t)
		}
	}
	if len(own) == 0 {
		return trainingCell{}
	}
	latest := slices.MaxFunc(own, func(a, b people.Training) int { return cmp.Compare(a.Until, b.Until) })
	return trainingCell{Has: true, Until: dayOf(latest.Until), State: v.trainingState(latest)}
}

// trainingState tells by shape and word whether a training is valid, due within thirty days, or over.
func (v *visit) trainingState(t people.Training) state {
	today := v.now().In(v.zone())
	switch {
	case t.Until < today.Format(time.DateOnly):
		return state{Icon: "triangle", Tone: "att", Word: v.T("training.expired")}
	case t.From > today.Format(time.DateOnly):
		return state{Icon: "ring", Word: v.T("training.later", "day", dayOf(t.From))}
	case t.Until <= today.AddDate(0, 0, dueSoon).Format(time.DateOnly):
		return state{Icon: "clock", Tone: "att", Word: v.T("training.due")}
	}
	return state{Icon: "tick", Word: v.T("training.valid")}
}

func (v *visit) trainingLines(p people.Person) []trainingLine {
	var out []trainingLine
	for i, t := range p.Trainings {
		out = append(out, trainingLine{
			Procedure: t.Procedure, Version: t.Version, From: dayOf(t.From), Until: dayOf(t.Until), Trainer: t.Trainer, Evidence: t.Evidence,
			State: v.trainingState(t), Last: i+1 == len(p.Trainings) || p.Trainings[i+1].Procedure != t.Procedure,
		})
	}
	return out
}

// dayOf writes a day with its month in letters (screens, rule 21).
func dayOf(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day(t)
}
