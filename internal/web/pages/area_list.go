package pages

import (
	"net/http"
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/people"
)

// areasPage is the work areas of the plant: who is in which, and which is clear for how long.
type areasPage struct {
	frame
	Lines    []areaLine
	Register *areaForm // for those who may
}

// areaLine is one work area.
type areaLine struct {
	ID, Name, Grade string
	State           state
	Link            string
	Batch           string
	Mark            *Mark
	Until           *clock // how long a clearance still stands
	Waiting         int    // plates without a result
}

// areaForm is what is asked about a new work area, with what was typed before a refusal.
type areaForm struct {
	ID, Kind, Name, Minutes string
	Grades                  picker
	Open                    bool
}

// areaIcons give each status a shape of its own.
var areaIcons = map[area.Status]state{
	area.Uncleared: {Icon: "ring"},
	area.Cleared:   {Icon: "tick"},
	area.Expired:   {Icon: "clock", Tone: "att"},
	area.Occupied:  {Icon: "lock"},
}

// clearanceSoon is when a clearance asks for attention: a batch has to begin.
const clearanceSoon = 30 * time.Minute

// areaList is GET /areas.
func (v *visit) areaList() error { return v.areasPage(http.StatusOK) }

func (v *visit) areasPage(code int, problems ...Problem) error {
	p := areasPage{frame: v.frame("areas", v.T("areas.title"), problems...)}
	for i, err := range v.plant().Batches.Areas().Items(v.ctx()) {
		if err != nil {
			return err
		}
		p.Lines = append(p.Lines, v.areaLine(i))
	}
	if v.desk.Session.May(people.ManageAreas) {
		p.Register = v.areaForm()
	}
	return v.render(code, "areas", p)
}

func (v *visit) areaLine(i area.Item) areaLine {
	l := areaLine{
		ID: i.ID, Name: i.Name, Grade: v.word("grade", string(i.Grade)), State: v.areaState(i.Status(v.now())), Link: "/areas/" + i.ID,
		Batch: i.Batch, Waiting: i.Waiting,
	}
	if i.Batch != "" {
		mark := MarkOf(i.CoI)
		l.Mark = &mark
		return l
	}
	if !i.Until.IsZero() {
		c := v.deadline(v.T("area.clear-until"), i.Until, v.now(), v.zone(), clearanceSoon)
		l.Until = &c
	}
	return l
}

// areaState is the status of a work area in the person's language.
func (v *visit) areaState(s area.Status) state {
	out := areaIcons[s]
	out.Word = v.word("area-status", string(s))
	return out
}

func (v *visit) areaForm() *areaForm {
	f := &areaForm{
		ID: v.FormValue("id"), Kind: v.FormValue("kind"), Name: v.FormValue("name"), Minutes: v.FormValue("minutes"), Open: v.Request().Method == http.MethodPost,
		Grades: picker{Name: "grade", Label: v.T("area.grade")},
	}
	for _, g := range area.Grades() {
		f.Grades.add(v, string(g), v.word("grade", string(g)))
	}
	return f
}
