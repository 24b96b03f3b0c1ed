package pages

import (
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// deviationLine is a deviation in a list.
type deviationLine struct {
	Number, Link   string
	Text           string
	State          state
	Classification string
	Due            string
	Overdue        bool
	Open           bool
}

// deviationPage is one deviation: what it is about, its weight, what was found out, QA's approval.
type deviationPage struct {
	frame
	Strip          strip
	Batch, Number  string
	Path           string
	Seen           uint64
	Line           deviationLine
	Exceptions     []exceptionView
	ByRule         bool
	OpenedBy, At   string
	What           string
	Investigation  *investigationView
	Approved       *assessmentView
	MayClassify    bool
	MayInvestigate bool
	Approve        *approveView
	Due            []picker
	Classes        []choice
	Kept           investigationView
	Allowances     []allowanceView
	Propose        *allowanceForm
}

type investigationView struct{ Cause, Risk, CAPA, By, At string }

// approveView is what QA signs, or what stands against it.
type approveView struct {
	Digest string
	Why    *Problem
}

// deviations are those of a batch, open ones first.
func (v *visit) deviations(b *batch.Batch) []deviationLine {
	var out []deviationLine
	for _, d := range b.Deviations {
		out = append(out, v.deviationLine(b, d))
	}
	slices.SortStableFunc(out, func(a, b deviationLine) int {
		switch {
		case a.Open == b.Open:
			return 0
		case a.Open:
			return -1
		}
		return 1
	})
	return out
}

func (v *visit) deviationLine(b *batch.Batch, d *batch.Deviation) deviationLine {
	out := deviationLine{Number: d.Number, Link: "/batches/" + b.Number + "/deviations/" + d.Number, Text: v.deviationText(b, d), Due: dayOf(d.Due), Open: !b.Closed(d)}
	if d.Classification != "" {
		out.Classification = v.word("classification", string(d.Classification))
	}
	key := "closed"
	out.State = state{Icon: "tick"}
	if out.Open {
		out.Overdue = d.Due != "" && d.Due < v.now().In(v.zone()).Format("2006-01-02")
		out.State = state{Icon: "triangle", Tone: "att"}
		switch {
		case d.Classification == "":
			key = "new"
		case d.Investigation == nil && d.Classification != batch.Minor:
			key = "classified"
		case d.Investigation == nil:
			key = "minor"
		default:
			key = "investigated"
		}
	}
	out.State.Word = v.T("deviation-state." + key)
	return out
}

// deviationText says what a deviation is about: its exceptions in the person's language, or what somebody wrote.
func (v *visit) deviationText(b *batch.Batch, d *batch.Deviation) string {
	if !d.ByRule {
		return d.What
	}
	n := namer{visit: v, batch: b}
	found, _ := b.Exceptions()
	var parts []string
	for _, e := range found {
		if slices.Contains(d.Exceptions, e.ID) {
			parts = append(parts, strings.TrimSpace(strings.TrimPrefix(n.step(e.Step)+" · ", " · ")+v.word("class", string(e.Class))+": "+v.exceptionText(b, e)))
		}
	}
	if len(parts) == 0 {
		return v.T("deviation.removed") // what it was about was corrected since
	}
	return strings.Join(parts, " ")
}

// loose are the exceptions that belong to no deviation and that nobody has assessed.
func (v *visit) loose(b *batch.Batch) []exceptionView {
	found, _ := b.Exceptions()
	return v.exceptions(b, slices.DeleteFunc(found, func(e batch.Exception) bool { return e.Deviation != nil || e.Assessment != nil }))
}

// deviationShow is GET /batches/:batch/deviations/:deviation.
func (v *visit) deviationShow() error { return v.deviationPage(http.StatusOK) }

func (v *visit) deviationPage(code int, problems ...Problem) error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	d, ok := b.Deviation(v.Param("deviation"))
	if !ok {
		return ledger.Refuse(ledger.Missing, "AT-59", "no-deviation", "batch {batch} has no deviation {deviation}", "look at its deviations again", "batch", b.Number, "deviation", v.Param("deviation"))
	}
	p := deviationPage{
		frame: v.frame("deviation", d.Number, problems...), Strip: v.strip(b, v.qaRole()), Batch: b.Number, Number: d.Number,
		Path: "/batches/" + b.Number + "/deviations/" + d.Number, Seen: b.Version, Line: v.deviationLine(b, d), ByRule: d.ByRule, What: d.What,
		OpenedBy: v.full(d.OpenedBy), At: moment(d.OpenedAt, v.zone()),
		Kept: investigationView{Cause: v.FormValue("cause"), Risk: v.FormValue("risk"), CAPA: v.FormValue("capa")},
	}
	found, _ := b.Exceptions()
	p.Exceptions = v.exceptions(b, slices.DeleteFunc(found, func(e batch.Exception) bool { return !slices.Contains(d.Exceptions, e.ID) }))
	v.allowances(b, d, &p)
	v.deviationWork(b, d, &p)
	return v.render(code, "deviation", p)
}

// deviationWork fills what was done about a deviation, and what this person can do now.
func (v *visit) deviationWork(b *batch.Batch, d *batch.Deviation, p *deviationPage) {
	if i := d.Investigation; i != nil {
		p.Investigation = &investigationView{Cause: i.Cause, Risk: i.Risk, CAPA: i.CAPA, By: v.full(i.By), At: moment(i.At, v.zone())}
		if p.Kept.Cause == "" {
			p.Kept = *p.Investigation
		}
	}
	if a := d.Approved; a != nil {
		p.Approved = &assessmentView{Text: v.word("meaning", slug(a.Meaning)), By: a.Name, At: moment(a.At, v.zone())}
	}
	if b.Closed(d) {
		return
	}
	p.MayClassify, p.MayInvestigate = v.has(people.QA), v.desk.Session.May(people.InvestigateDeviation) && d.Classification != ""
	for _, c := range []batch.Classification{batch.Minor, batch.Major, batch.Critical} {
		chosen := v.FormValue("classification") == string(c) || v.FormValue("classification") == "" && d.Classification == c
		p.Classes = append(p.Classes, choice{Code: string(c), Name: v.word("classification", string(c)), Chosen: chosen})
	}
	e := entryForm{}
	v.dateForm(&e)
	p.Due = e.Date
	if v.Request().Method == http.MethodGet {
		prefill(p.Due, d.Due)
	}
	if v.has(people.QA) && d.Investigation != nil {
		p.Approve = v.approveView(b, d)
	}
}

// prefill chooses a day that stands already, "2026-12-22".
func prefill(pickers []picker, day string) {
	for i, part := range strings.Split(day, "-") {
		if i >= len(pickers) {
			return
		}
		options := pickers[len(pickers)-1-i].Options // day, month, year
		for j := range options {
			options[j].Chosen = options[j].Code == part
		}
	}
}

func (v *visit) approveView(b *batch.Batch, d *batch.Deviation) *approveView {
	out := &approveView{}
	err := b.MayApprove(v.desk.Session.Account, people.QA, d.Number)
	if err != nil {
		out.Why = &v.problems(err, b)[0]
		return out
	}
	digest, err := b.DeviationDigest(d.Number)
	if err != nil {
		out.Why = &v.problems(err, b)[0]
		return out
	}
	out.Digest = digest.String()[:digestLetters]
	return out
}
