package pages

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
)

// worklistPage is the batches of the plant, those that wait for this person first.
type worklistPage struct {
	frame
	Mine, Others []worklistLine
	MayOrder     bool
	Reads        bool
	Subject      string
}

// worklistLine is one batch.
type worklistLine struct {
	Number, Subject  string
	Mark             Mark
	Step, Name, Role string
	State            state
	Done, Steps      int
	Exceptions, Open int
	Expiry           *clock
	Certified        bool
	Link             string
	mine             bool
	expiry           time.Time
}

// worklistShow is GET /worklist.
func (v *visit) worklistShow() error { return v.worklistPage(http.StatusOK) }

func (v *visit) worklistPage(code int, problems ...Problem) error {
	p := worklistPage{
		frame: v.frame("worklist", v.T("worklist.title"), problems...), Reads: v.reads(),
		MayOrder: v.desk.Session.May(people.OpenOrder), Subject: v.FormValue("subject"),
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
	return v.render(code, "worklist", p)
}

func (v *visit) worklist() ([]worklistLine, error) {
	var lines []worklistLine
	looked := 0
	for item, err := range v.plant().Batches.Worklists(v.ctx()) {
		if err != nil {
			return nil, err
		}
		coi, err := isbt128.ParseCoI(item.CoI)
		if err != nil {
			return nil, err
		}
		line := v.worklistLine(item, coi)
		if line.Expiry == nil && line.Step != "" && looked < lookInto {
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
		Number: item.Number, Subject: item.Subject, Mark: MarkOf(coi), Step: item.Step, Done: item.Done, Steps: item.Steps,
		Exceptions: item.Exceptions, Open: item.Open, Certified: item.Certified, Link: "/batches/" + item.Number, expiry: farAway,
	}
	if st, ok := v.plant().Batches.Recipe.Step(item.Step); ok {
		l.Name = st.Name.In(v.lang)
		if st.Act != "" {
			l.Link += "/release"
		}
	}
	l.mine = item.Role != "" && v.has(people.Role(item.Role))
	if item.Role != "" {
		l.Role = v.word("role", item.Role)
	}
	l.State = v.state(item.Status, l.mine)
	t, err := time.Parse(time.RFC3339, item.Expiry)
	if err == nil {
		c := v.deadline(v.T("clock.expiry"), t, v.now(), v.zone(), soon)
		l.Expiry, l.expiry = &c, t
	}
	return l
}

// lookInto bounds how many batches in work are opened for their clock.
const lookInto = 24

// latest gives a batch that is in work the latest expiry that it can have: the view knows only the final one.
func (v *visit) latest(l *worklistLine) error {
	b, err := v.plant().Batches.Load(v.ctx(), l.Number)
	if err != nil {
		return err
	}
	l.Expiry = v.expiry(b)
	if l.Expiry != nil {
		l.expiry = l.Expiry.time
	}
	return nil
}
