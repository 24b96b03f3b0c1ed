package pages

import (
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
)

// duty is one thing that waits for this person beside the steps of a batch: what, about what, by when.
type duty struct {
	What, Who, Text, Link string
	Due                   string
	Class                 string
	State                 state
	Overdue               bool
}

// mostDuties bounds what a line of the worklist lists; the rest stands on the page of the batch.
const mostDuties = 4

// duties are the deviations and exceptions of a batch with which this person has to do something (AT-59).
func (v *visit) duties(b *batch.Batch) ([]duty, error) {
	var out []duty
	qa, inquires := v.has(people.QA), v.desk.Session.May(people.InvestigateDeviation)
	for _, d := range b.Deviations {
		if b.Closed(d) {
			continue
		}
		line := v.deviationLine(b, d)
		what, who := "", v.word("role", string(people.QA))
		switch {
		case d.Classification == "" && qa:
			what = "classify"
		case d.Classification == batch.Minor && qa:
			what = "assess"
		case d.Classification == "" || d.Classification == batch.Minor:
			continue
		case d.Investigation == nil && inquires:
			what, who = "investigate", v.roles(v.inquirers())
		case d.Investigation != nil && qa && d.Investigation.By != v.desk.Session.Account:
			what = "approve"
		default:
			continue
		}
		out = append(out, duty{
			What: v.T("duty."+what, "deviation", d.Number), Who: who, Text: shortened(line.Text), Link: line.Link, Class: line.Classification, State: line.State,
			Due: v.dueOf(d, line), Overdue: line.Overdue,
		})
	}
	told, err := v.incidentWaits(b)
	if err != nil {
		return nil, err
	}
	if h, untold := b.Untold(); untold && told {
		out = append(out, duty{
			What: v.T("duty.read"), Who: v.word("party", string(chainofcustody.Hospital)), Text: shortened(v.holdText(b, h)), Link: "/batches/" + b.Number + "/course",
			State: state{Icon: "triangle", Tone: "att", Word: v.T("hold.untold")}, Due: v.T("duty.since", "at", moment(h.At, v.zone())),
		})
	}
	if n := len(v.loose(b)); qa && n > 0 {
		out = append(out, duty{
			What: v.T("duty.exceptions", "n", itoa(n)), Who: v.word("role", string(people.QA)), Link: "/batches/" + b.Number + "/release",
			State: state{Icon: "triangle", Tone: "att", Word: v.T("duty.open")}, Due: v.T("duty.before-review"),
		})
	}
	return out, nil
}

// incidentWaits tells whether an incident waits for this person to have read it.
func (v *visit) incidentWaits(b *batch.Batch) (bool, error) {
	h, untold := b.Untold()
	if !untold {
		return false, nil
	}
	return v.mayReadHold(b, h.ID)
}

// inquirers are the roles of this person that investigate.
func (v *visit) inquirers() []people.Role {
	return slices.DeleteFunc(slices.Clone(v.desk.Session.Roles), func(r people.Role) bool { return !r.May(people.InvestigateDeviation) })
}

// dueOf is until when a deviation has to be closed; before it is classified, since when it waits for that.
func (v *visit) dueOf(d *batch.Deviation, line deviationLine) string {
	if line.Due == "" {
		return v.T("duty.since", "at", moment(d.OpenedAt, v.zone()))
	}
	return v.T("duty.due", "day", line.Due)
}

// shortened keeps what a deviation is about to two lines of a list.
func shortened(text string) string {
	const most = 140
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most]) + " …"
}

// until is the clock of a batch that runs out first, as "by 14:05 (transport)"; empty where none runs.
func (v *visit) until(b *batch.Batch) string {
	var name string
	var due time.Time
	for _, t := range b.Timers(v.now()) {
		if t.State.Runs() && (due.IsZero() || t.Due.Before(due)) {
			name, due = t.Of.Name.In(v.lang), t.Due
		}
	}
	if due.IsZero() {
		return ""
	}
	return v.T("duty.by", "at", moment(due, v.zone()), "clock", name)
}
