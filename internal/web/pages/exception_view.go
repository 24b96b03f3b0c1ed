package pages

import (
	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// exceptionView is something that a reviewer must see.
type exceptionView struct {
	ID, Class, Step, Text string
	By, At                string
	Tone, Icon            string
	Open                  bool
	Assessed              *assessmentView
	Assess                bool // this person may assess it now
	Link                  string
}

// assessmentView is QA's judgement.
type assessmentView struct{ Classification, Text, By, At string }

func tone(e batch.Exception) string {
	if e.Class == batch.Identity || e.Class == batch.OOS {
		return "stop"
	}
	return "att"
}

// exceptions are what the rules found, those that wait for QA first.
func (v *visit) exceptions(b *batch.Batch, found []batch.Exception) []exceptionView {
	var open, done []exceptionView
	for _, e := range found {
		view := v.exceptionView(b, e)
		if view.Open {
			open = append(open, view)
		} else {
			done = append(done, view)
		}
	}
	return append(open, done...)
}

func (v *visit) exceptionView(b *batch.Batch, e batch.Exception) exceptionView {
	n := namer{visit: v, batch: b}
	out := exceptionView{
		ID: e.ID, Class: v.word("class", string(e.Class)), Step: n.step(e.Step), Text: v.exceptionText(b, e), Tone: tone(e), Icon: "triangle",
		By: v.full(e.By), At: moment(e.At, v.zone()), Open: e.Open(), Link: "/batches/" + b.Number + "?step=" + e.Step,
	}
	if out.Tone == "stop" {
		out.Icon = "octagon"
	}
	if a := e.Assessment; a != nil {
		out.Assessed = &assessmentView{
			Classification: v.word("classification", string(a.Classification)), Text: a.Text, By: a.Signature.Name, At: moment(a.Signature.At, v.zone()),
		}
	}
	_, err := b.MayAssess(v.qaRole(), e.ID, batch.Minor, "0123456789")
	out.Assess = out.Open && err == nil
	return out
}

// exceptionText says in the person's language what the rule found.
func (v *visit) exceptionText(b *batch.Batch, e batch.Exception) string {
	n := namer{visit: v, batch: b}
	f := n.fieldOf(e.Field, e.Step)
	var value, limit string
	switch e.Class {
	case batch.Identity:
		return v.T("exception.identity", "got", n.code(e.Value), "want", n.code(e.Limit))
	case batch.TakenOver:
		return v.T("exception.taken-over", "value", v.full(e.Value), "limit", v.full(e.Limit))
	case batch.Unreleased:
		return v.T("exception.unreleased")
	case batch.KeyedIdentity:
		if f != nil {
			return v.T("exception.keyed-identity", "field", f.Label.In(v.lang), "value", e.Value)
		}
	case batch.CustodyDiffers:
		return v.T("exception.custody-differs", "value", e.Value, "limit", e.Limit)
	case batch.OOS, batch.InvalidTest:
		return v.T("exception."+string(e.Class), "tests", n.tests(e.What))
	case batch.Corrected:
		value, limit = v.correction(b, f, e)
	default:
		value, limit = v.beyond(b, f, e)
	}
	if f == nil {
		return e.What
	}
	return v.T("exception."+string(e.Class), "field", f.Label.In(v.lang), "value", value, "limit", limit)
}

// correction is the value now and the one before it.
func (v *visit) correction(b *batch.Batch, f *mbr.Field, e batch.Exception) (now, before string) {
	if f == nil {
		return e.Value, e.Limit
	}
	st, _ := b.Step(e.Step)
	values := st.Fields[f.ID].Values
	for i := 1; i < len(values); i++ {
		if values[i].Seq == e.Seq {
			return v.shown(f, values[i].Value), v.shown(f, values[i-1].Value)
		}
	}
	return e.Value, e.Limit
}

func (v *visit) beyond(b *batch.Batch, f *mbr.Field, e batch.Exception) (value, limit string) {
	if f == nil {
		return e.Value, e.Limit
	}
	c, ok := b.Value(f.Ref())
	if !ok {
		return e.Value, v.limitText(f)
	}
	return v.shown(f, c.Value), v.limitText(f)
}
