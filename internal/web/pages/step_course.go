package pages

import (
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// beyondView is a value beyond what the recipe expects: it asks for a comment, or bars the step.
type beyondView struct {
	Label, Value, Limit string
	Choice              bool
	Verdict             string
	Faults              []string
	Barred              bool // the step cannot be completed with it
	Mendable            bool // it can be corrected here; a computed one follows from others
	Field, Text         string
}

// gateView is what somebody has to know before they decide at a gate.
type gateView struct {
	Found   []exceptionView // exceptions that nobody has assessed
	Harvest []trait         // of the gate that decides on the harvest
}

// brokenView is an interrupted step.
type brokenView struct {
	Cause, By, At, Ago string
	Decides            bool     // this person says how it goes on
	Who                string   // who says so, for the others
	Repeat             []string // the steps that are done again
	Left, Times        int
	Reason             string // typed before a refusal
	Decision           string
}

// riskView is that a step was begun before others were done.
type riskView struct{ Before, Reason, By, At string }

// stepChoice is another step that can be done now.
type stepChoice struct {
	ID, Name, Role, Link string
	State                state
}

// beside are the other steps that can be done now, where there is more than one (CS-65).
func (v *visit) beside(b *batch.Batch, st *batch.StepState) []stepChoice {
	now := b.Now()
	if len(now) < 2 || !slices.Contains(now, st) {
		return nil
	}
	var out []stepChoice
	for _, other := range now {
		if other != st {
			out = append(out, v.stepChoice(b, other))
		}
	}
	return out
}

func (v *visit) stepChoice(b *batch.Batch, st *batch.StepState) stepChoice {
	role := st.Step.Performer
	if st.Status == batch.ToVerify {
		role = st.Step.Second.Role
	}
	out := stepChoice{
		ID: st.Step.ID, Name: st.Step.Name.In(v.lang), Role: v.word("role", string(role)), Link: "/batches/" + b.Number + "?step=" + st.Step.ID,
		State: v.state(st.Status, v.mayAct(st)),
	}
	if len(b.AtRisk(st)) > 0 {
		out.State = state{Word: v.T("risk.state"), Icon: "triangle", Tone: "att"}
	}
	return out
}

// offerRisk fills what a step would be begun without, and what it was begun without.
func (v *visit) offerRisk(b *batch.Batch, st *batch.StepState, out *stepView, n todo) {
	if n.do == doRisk {
		for _, id := range b.AtRisk(st) {
			if missing, ok := b.Step(id); ok {
				out.Risk = append(out.Risk, v.stepChoice(b, missing))
			}
		}
	}
	for _, r := range st.Risks {
		out.Risked = append(out.Risked, riskView{Before: strings.Join(r.Before, ", "), Reason: r.Reason, By: v.full(r.By), At: moment(r.At, v.zone())})
	}
}

// offerCourse fills what stands beside the straight way of a step: a value beyond its limit, the gate, an interruption.
func (v *visit) offerCourse(b *batch.Batch, st *batch.StepState, out *stepView, n todo) {
	out.MayBreak = st.Status == batch.Open && v.desk.Session.May(people.ExecuteStep) && !out.Correcting
	performer := ledger.Author{Account: v.desk.Session.Account, Role: string(st.Step.Performer)}
	out.MayUnscan = out.Current && !out.Correcting && v.has(st.Step.Performer) && b.MayDeclareUnscanned(performer, st.Step.ID) == nil
	if out.MayUnscan {
		out.UnscanAt = v.momentPickers("done")
	}
	if st.Unscanned != nil {
		out.Unscanned = st.Unscanned.Reason
	}
	if !out.Correcting && (n.do == doComment || n.do == doMend) && out.Field != nil {
		out.Remarked = v.beyondView(st, n, out.Field)
	}
	if st.Step.Gate != nil && out.Current && !st.Finished() {
		out.Gate = v.gateView(b, out.Fields)
	}
	if g := st.Step.Gate; g != nil && out.Field != nil && out.Field.ID == g.Field && out.Remarked == nil {
		out.Deciding = true
		for i, o := range out.Field.Options {
			then, _ := g.Then(o.Code)
			out.Field.Options[i].Note = v.word("then", string(then))
		}
	}
	if st.Status == batch.Interrupted {
		out.Broken = v.brokenView(b, st, n)
	}
	out.Prints = v.prints(b, st)
	v.offerRisk(b, st, out, n)
}

func (v *visit) beyondView(st *batch.StepState, n todo, f *fieldView) *beyondView {
	return &beyondView{
		Label: f.Label, Value: f.Value, Limit: f.Limit, Choice: f.Choice, Verdict: f.Verdict, Faults: f.Faults, Barred: n.do == doMend,
		Mendable: f.Correct, Field: n.field, Text: v.FormValue("text"),
	}
}

// gateView lists the open exceptions that the person may read, and what is computed in the step itself and beyond its
// limit: that becomes one when the step is completed.
func (v *visit) gateView(b *batch.Batch, fields []fieldView) *gateView {
	out := &gateView{}
	for _, f := range fields {
		if f.Preview && f.Verdict != "" {
			text := f.Label + ": " + f.Value + ". " + v.T("field.limit") + " " + f.Limit + "."
			one := exceptionView{Class: v.word("class", f.Verdict), Text: text, Tone: "att", Icon: "triangle"}
			if f.Remark != nil {
				one.Remark = f.Remark.Text
			}
			out.Found = append(out.Found, one)
		}
	}
	found, _ := b.Exceptions()
	for _, e := range found {
		at, ok := b.Step(e.Step)
		if !e.Open() || ok && !v.desk.Sees(at.Step) || !ok && !v.reads() {
			continue
		}
		out.Found = append(out.Found, v.exceptionView(b, e))
	}
	return out
}

func (v *visit) brokenView(b *batch.Batch, st *batch.StepState, n todo) *brokenView {
	last := st.Interruptions[len(st.Interruptions)-1]
	out := &brokenView{
		Cause: last.Cause, By: v.full(last.By), At: moment(last.At, v.zone()), Ago: v.T("clock.ago", "span", v.span(v.now().Sub(last.At))),
		Decides: n.do == doResume && n.why == nil, Who: v.word("role", string(people.ProductionLead)),
		Reason: v.FormValue("reason"), Decision: v.FormValue("decision"),
	}
	r := st.Step.Repeat
	if r == nil {
		return out
	}
	times := b.Repeats(st)
	out.Times, out.Left = times, max(0, times-st.Attempt)
	again := false
	for _, other := range b.Steps() {
		again = again || other.Step.ID == r.From
		if again && !other.Absent() {
			out.Repeat = append(out.Repeat, other.Step.ID)
		}
		if other == st {
			break
		}
	}
	return out
}

// unlike is a name that says more than the label beside which it stands; empty where it does not.
func unlike(name, label string) string {
	if name == label {
		return ""
	}
	return name
}

// need is what a lot or device field asks for, and how much of it.
func (v *visit) need(b *batch.Batch, st *batch.StepState, f *mbr.Field) string {
	if !onFloor(f) {
		return ""
	}
	if f.Type == mbr.TypeDevice {
		return unlike(b.Recipe.Equipment[f.Device].Name.In(v.lang), f.Label.In(v.lang))
	}
	name := b.Recipe.Materials[f.Material].Name.In(v.lang)
	i := slices.IndexFunc(st.Step.Materials, func(u mbr.MaterialUse) bool { return u.Field == f.ID })
	if i < 0 || st.Step.Materials[i].Quantity == "" {
		return unlike(name, f.Label.In(v.lang))
	}
	much := st.Step.Materials[i].Quantity
	of, isField := st.Fields[much]
	if !isField {
		q, err := mbr.ParseAmount(much)
		if err != nil {
			return name
		}
		return name + " · " + v.quantity(q)
	}
	c, ok := of.Current()
	if q, isNumber := c.Value.Quantity(); ok && isNumber && !v.desk.Hides(b, st.Step.ID, much) {
		return name + " · " + v.quantity(q)
	}
	return name + " · " + v.T("field.asmuch", "field", of.Field.Label.In(v.lang))
}
