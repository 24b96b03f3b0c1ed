package pages

import (
	"net/http"
	"slices"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// areaPage is one work area: its state, what happened in it, its environment, and what this person may do.
type areaPage struct {
	frame
	Area     areaLine
	Kind     string
	ValidFor string
	Days     int // of history and readings that are shown
	History  []areaEvent
	Limits   []areaLimit
	Readings []areaReading
	Plates   []areaPlate // without a result

	Clear   *clearForm
	Free    bool
	Monitor *monitorForms
	Posted  string // the form that was refused; it is open, and holds what was typed
	Typed   map[string]string
}

// shownDays is how far back a page shows what happened; the API gives everything.
const shownDays = 30

// areaShow is GET /areas/:area.
func (v *visit) areaShow() error { return v.areaPage(http.StatusOK) }

func (v *visit) areaPage(code int, problems ...Problem) error {
	a, err := v.plant().Batches.Areas().Load(v.ctx(), v.Param("area"))
	if err != nil {
		return err
	}
	since := v.now().AddDate(0, 0, -shownDays)
	p := areaPage{
		frame: v.frame("area", a.ID+" · "+a.Name, problems...), Area: v.areaLine(a.Item()), Kind: a.Kind, ValidFor: v.span(a.ValidFor),
		Days: shownDays, History: v.areaHistory(a, since), Limits: v.areaLimits(a), Typed: map[string]string{},
	}
	for _, r := range a.Overlay(since, v.now()) {
		p.Readings = append(p.Readings, v.areaReading(a, r))
	}
	slices.Reverse(p.Readings) // the newest stands first
	for _, w := range a.Waiting() {
		p.Plates = append(p.Plates, v.areaPlate(w))
	}
	if v.Request().Method == http.MethodPost {
		err = v.keepTyped(&p)
		if err != nil {
			return err
		}
	}
	if v.desk.Session.May(people.ExecuteStep) && a.Batch == "" {
		p.Clear = v.clearForm()
	}
	p.Free = v.has(people.QA) && a.Batch != ""
	if v.monitors() {
		p.Monitor = v.monitorForms(p.Posted)
	}
	return v.render(code, "area", p)
}

// keepTyped keeps what was typed into the form that was refused, but for the password.
func (v *visit) keepTyped(p *areaPage) error {
	form, err := v.FormParams()
	if err != nil {
		return err
	}
	p.Posted = form.Get("form")
	for name := range form {
		if name != "password" {
			p.Typed[name] = form.Get(name)
		}
	}
	return nil
}

// monitors tells whether the person records the environment.
func (v *visit) monitors() bool {
	return v.desk.Session.May(people.ExecuteStep) || v.desk.Session.May(people.RecordResult)
}

// forArea is the person in the first of their roles that may do what the route does: which of several makes no difference
// to a work area.
func (v *visit) forArea() (author ledger.Author, err error) {
	for _, r := range v.desk.Session.Roles {
		author, err = v.desk.Acting(string(r), anyRole)
		if err == nil {
			return author, nil
		}
	}
	return author, err
}

// areaLimit is a limit of the area's environment.
type areaLimit struct{ Kind, Alert, Action string }

func (v *visit) areaLimits(a *area.Area) []areaLimit {
	var out []areaLimit
	for _, l := range a.Limits {
		line := areaLimit{Kind: v.word("kind", string(l.Kind)), Action: v.limit(l.Action)}
		if !l.Alert.IsZero() {
			line.Alert = v.limit(l.Alert)
		}
		out = append(out, line)
	}
	return out
}
