package pages

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// worklistPage is the batches of the plant, those that wait for this person first.
type worklistPage struct {
	frame
	Mine, Others []worklistLine
	Ships        []shipmentLine // that wait for this person
	Lots         []lotLine      // that an alarm pointed out
	MayOrder     bool
	Reads        bool
	Finds        bool // may look a patient up by the hospital number
	Subject      string
}

// worklistLine is one batch.
type worklistLine struct {
	Number, Subject  string
	Mark             Mark
	Step, Name, Role string
	State            state
	Done, Steps      int
	Notes            []state // what else has to be known: held, exceptions, deviations
	Expiry           *clock
	More             []string // other steps that can be done now
	By               string   // until when: the clock of the batch that runs out first
	Duties           []duty   // what waits for this person beside the steps
	MoreDuties       int      // that are not listed here
	Link             string
	mine             bool
	expiry           time.Time
}

// worklistShow is GET /worklist.
func (v *visit) worklistShow() error { return v.worklistPage(http.StatusOK) }

func (v *visit) worklistPage(code int, problems ...Problem) error {
	p := worklistPage{
		frame: v.frame("worklist", v.T("worklist.title"), problems...), Reads: v.reads(),
		MayOrder: v.desk.Session.May(people.OpenOrder), Finds: v.knows(), Subject: v.FormValue("subject"),
	}
	var lines []worklistLine
	if p.Person.Knows {
		var err error
		lines, err = v.worklist()
		if err != nil {
			return err
		}
	}
	slices.SortFunc(lines, func(a, b worklistLine) int {
		return cmp.Or(a.expiry.Compare(b.expiry), cmp.Compare(a.Number, b.Number))
	})
	for _, l := range lines {
		if l.mine {
			p.Mine = append(p.Mine, l)
		} else {
			p.Others = append(p.Others, l)
		}
	}
	var err error
	p.Ships, err = v.waitingShipments()
	if err != nil {
		return err
	}
	p.Lots, err = v.suspectedLots()
	if err != nil {
		return err
	}
	return v.render(code, "worklist", p)
}

func (v *visit) worklist() ([]worklistLine, error) {
	var lines []worklistLine
	looked := 0
	final, err := v.finallyCertified()
	if err != nil {
		return nil, err
	}
	for item, err := range v.plant().Batches.Worklists(v.ctx()) {
		if err != nil {
			return nil, err
		}
		coi, err := isbt128.ParseCoI(item.CoI)
		if err != nil {
			return nil, err
		}
		line := v.worklistLine(item, coi)
		if final != nil && item.Certified && item.Step == "" && item.Ended == "" && !final[item.Number] {
			line.calls(item, v.T("worklist.final"))
			line.Link = "/batches/" + item.Number + "/release"
		}
		if (line.Step != "" || item.Deviations > 0 || item.Open > 0) && looked < lookInto {
			looked++
			err = v.latest(&line)
			if err != nil {
				return nil, err
			}
		}
		if line.Step != "" && !line.mine && looked < lookInto {
			looked++
			offered, err := v.offered(coi)
			if err != nil {
				return nil, err
			}
			if offered {
				line.mine, line.Name = true, v.T("handoff.title")
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// finallyCertified are the batches whose final certification is signed, for a Qualified Person, for whom all others wait as
// soon as everything else is done (AT-32); nil for everybody else.
func (v *visit) finallyCertified() (map[string]bool, error) {
	if !v.has(people.QP) {
		return nil, nil
	}
	out := map[string]bool{}
	for ref, err := range v.plant().Release.Certificates(v.ctx()) {
		if err != nil {
			return nil, err
		}
		if ref.Decision == release.FinalCertification {
			out[ref.Batch] = true
		}
	}
	return out, nil
}

// offered tells whether a container of the therapy event waits for this person's side to take it over (I6).
func (v *visit) offered(coi isbt128.CoI) (bool, error) {
	t, err := v.plant().Custody.Load(v.ctx(), coi)
	if err != nil {
		return false, err
	}
	for _, o := range t.Offers {
		if !o.AcceptedAt.IsZero() || o.Withdrawn != "" {
			continue
		}
		for _, role := range v.desk.Session.Roles {
			party, ok := chainofcustody.PartyOf(role)
			if ok && party == o.To.Party {
				return true, nil
			}
		}
	}
	return false, nil
}

// farAway sorts batches without an expiry behind those that run out.
var farAway = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// soon is when a clock asks for attention.
const soon = 6 * time.Hour

func (v *visit) worklistLine(item batch.WorklistItem, coi isbt128.CoI) worklistLine {
	l := worklistLine{
		Number: item.Number, Subject: item.Subject, Mark: MarkOf(coi), Done: item.Done, Steps: item.Steps, Link: "/batches/" + item.Number, expiry: farAway,
		Notes: v.notes(item),
	}
	v.tasks(&l, item)
	ended := item.Ended != "" && item.Ended != string(batch.EndSplit) && !item.Closed
	switch {
	case ended && (v.desk.Session.May(people.ExecuteStep) && v.reads() || v.has(people.QA)):
		l.calls(item, v.T("worklist.dispose"))
	case v.has(people.QA) && item.Held != "":
		l.calls(item, v.T("worklist.held"))
	case v.has(people.QA) && item.Deviations > 0 && !l.mine:
		l.calls(item, v.T("worklist.deviating"))
	}
	t, err := time.Parse(time.RFC3339, item.Expiry)
	if err == nil {
		c := v.deadline(v.T("clock.expiry"), t, v.now(), v.zone(), soon)
		l.Expiry, l.expiry = &c, t
	}
	return l
}

// calls makes a line one that waits for the person beside the steps of the batch: what is to be done stands on its course.
func (l *worklistLine) calls(item batch.WorklistItem, what string) {
	at := strings.TrimSpace(l.Step + " " + l.Name)
	l.mine, l.Link, l.Step, l.Name, l.Role = true, "/batches/"+item.Number+"/course", "", what, at
}

// tasks puts the step that waits for this person on a line; where none does, the first of those that can be done.
func (v *visit) tasks(l *worklistLine, item batch.WorklistItem) {
	var chosen *batch.Task
	for i, t := range item.Waiting {
		if chosen == nil && v.waitsFor(t) && item.Held == "" {
			chosen, l.mine = &item.Waiting[i], true
		}
	}
	if chosen == nil && len(item.Waiting) > 0 {
		chosen = &item.Waiting[0]
	}
	if chosen == nil {
		return
	}
	l.Step, l.Role, l.State = chosen.Step, v.word("role", chosen.Role), v.state(chosen.Status, l.mine)
	if chosen.Status == batch.Interrupted {
		l.Role = v.word("role", string(people.ProductionLead))
	}
	for _, t := range item.Waiting {
		if t.Step != chosen.Step {
			l.More = append(l.More, t.Step)
		}
	}
	if len(item.Waiting) > 1 {
		l.Link += "?step=" + chosen.Step
	}
	if st, ok := v.plant().Batches.Recipe.Step(chosen.Step); ok {
		l.Name = st.Name.In(v.lang)
		if st.Act != "" {
			l.Link = "/batches/" + item.Number + "/release"
		}
	}
}

// waitsFor tells whether a step waits for a role of this person.
func (v *visit) waitsFor(t batch.Task) bool {
	if t.Status == batch.Interrupted {
		return v.leads() != ""
	}
	return v.has(people.Role(t.Role))
}

// notes are what else is known of a batch, each as a shape and a word.
func (v *visit) notes(item batch.WorklistItem) []state {
	var out []state
	if item.Held != "" {
		out = append(out, state{Icon: "pause", Tone: "att", Word: v.T("halt.held") + ": " + v.word("hold", item.Held)})
	}
	if item.Ended == string(batch.EndSplit) {
		out = append(out, state{Icon: "dash", Word: v.T("halt.split")})
	} else if item.Ended != "" {
		out = append(out, state{Icon: "octagon", Tone: "stop", Word: v.T("halt.stopped") + ": " + v.word("ending", item.Ended)})
	}
	if item.Deviations > 0 {
		out = append(out, state{Icon: "triangle", Tone: "att", Word: v.T("worklist.deviations", "n", itoa(item.Deviations))})
	}
	if item.Unmet > 0 {
		out = append(out, state{Icon: "octagon", Tone: "stop", Word: v.T("worklist.unmet", "n", itoa(item.Unmet))})
	}
	switch {
	case item.Open > 0:
		out = append(out, state{Icon: "triangle", Tone: "att", Word: v.T("worklist.open", "n", itoa(item.Open))})
	case item.Exceptions > item.Unmet:
		out = append(out, state{Icon: "tick", Word: v.T("worklist.assessed", "n", itoa(item.Exceptions-item.Unmet))})
	}
	if item.Certified {
		out = append(out, state{Icon: "seal", Word: v.T("worklist.certified")})
	}
	return out
}

// lookInto bounds how many batches in work are opened for their clocks and deviations.
const lookInto = 24

// latest gives a line what the view does not know: the latest expiry that a batch in work can have, the clock that runs
// out first, and what waits for this person beside the steps.
func (v *visit) latest(l *worklistLine) error {
	b, err := v.plant().Batches.Load(v.ctx(), l.Number)
	if err != nil {
		return err
	}
	if l.Expiry == nil {
		l.Expiry = v.expiry(b)
	}
	if l.Expiry != nil {
		l.expiry = l.Expiry.time
	}
	l.By = v.until(b)
	if _, untold := b.Untold(); !v.reads() && !untold {
		return nil
	}
	l.Duties, err = v.duties(b)
	if err != nil {
		return err
	}
	if len(l.Duties) > 0 {
		l.mine = true
	}
	if n := len(l.Duties) - mostDuties; n > 0 {
		l.Duties, l.MoreDuties = l.Duties[:mostDuties], n
	}
	return nil
}
