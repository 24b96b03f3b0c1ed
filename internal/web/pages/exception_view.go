package pages

import (
	"strconv"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// exceptionView is something that a reviewer must see.
type exceptionView struct {
	ID, Class, Step, Text string
	Entry                 uint64 // that it was found in; zero where it follows from several
	By, At                string
	Tone, Icon            string
	Open                  bool
	Assessed              *assessmentView
	Assess                bool // this person may assess it now
	Link                  string
	Remark                string // what the person said who went on with the value
	Reason                string // of a correction, a late entry, or of who took the step over
	Deviation             string // under which it is investigated
	DeviationLink         string
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
		ID: e.ID, Entry: e.Seq, Class: v.word("class", string(e.Class)), Step: n.step(e.Step), Text: v.exceptionText(b, e), Tone: tone(e), Icon: "triangle",
		By: v.full(e.By), At: moment(e.At, v.zone()), Open: e.Open(), Link: "/batches/" + b.Number + "?step=" + e.Step,
	}
	if out.Tone == "stop" {
		out.Icon = "octagon"
	}
	if e.Step == "" {
		out.Step, out.Link = v.T("exception.whole"), "/batches/"+b.Number+"/course"
	}
	if !v.desk.Hides(b, e.Step, e.Field) {
		out.Remark, out.Reason = b.RemarkOf(e), v.reasonOf(b, e)
	}
	if e.Deviation != nil {
		out.Deviation, out.DeviationLink = e.Deviation.Number, "/batches/"+b.Number+"/deviations/"+e.Deviation.Number
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

// reasonOf is why a value was corrected or entered late, or why another person went on with a step.
func (v *visit) reasonOf(b *batch.Batch, e batch.Exception) string {
	st, ok := b.Step(e.Step)
	if !ok {
		return ""
	}
	for _, o := range st.TakenOver {
		if e.Class == batch.TakenOver && o.Seq == e.Seq {
			return o.Reason
		}
	}
	for _, i := range st.Interruptions {
		if e.Class == batch.BrokenOff && i.Seq == e.Seq {
			return i.Reason
		}
	}
	if state := st.Fields[e.Field]; state != nil && (e.Class == batch.Corrected || e.Class == batch.Retested || e.Class == batch.Late) {
		for _, c := range state.Values {
			if c.Seq == e.Seq {
				return c.Reason
			}
		}
	}
	return ""
}

// exceptionText says in the person's language what the rule found.
func (v *visit) exceptionText(b *batch.Batch, e batch.Exception) string {
	n := namer{visit: v, batch: b}
	f := n.fieldOf(e.Field, e.Step)
	if v.desk.Hides(b, e.Step, e.Field) {
		return v.T("exception.unseen")
	}
	var value, limit string
	switch e.Class {
	case batch.TimeLimit, batch.LateClock:
		return v.T("exception."+string(e.Class), "clock", v.clockName(b, e.ID), "value", e.Value, "limit", e.Limit)
	case batch.BrokenOff:
		return v.T("exception."+string(e.Class), "cause", e.Value, "decision", v.word("resumption", orOpen(e.Limit)))
	case batch.Differing:
		return v.T("exception."+string(e.Class), "fields", n.fields(e.Value, e.Step))
	case batch.Decision:
		return v.T("exception."+string(e.Class), "decision", v.optionName(f, e.Value))
	case batch.PlantChanged:
		if t := b.TakenOn; t != nil && e.Since() {
			return v.T("exception.plant-changed.since", "site", t.From, "batch", t.Batch)
		} else if t != nil {
			return v.T("exception."+string(e.Class), "site", t.From, "batch", t.Batch, "n", strconv.Itoa(t.Found), "open", strconv.Itoa(t.Unclear))
		}
		return e.What
	case batch.OnHold:
		return v.onHold(b, e)
	case batch.DeviceOut:
		return v.T("exception."+string(e.Class), "device", e.Value)
	case batch.Environment:
		text := v.T("exception."+string(e.Class), "area", e.Value)
		if len(e.Steps) > 0 {
			text += " " + v.T("exception.environment.steps", "steps", strings.Join(e.Steps, ", "))
		}
		if len(e.Containers) > 0 {
			text += " " + v.T("exception.environment.containers", "containers", n.printedAll(strings.Join(e.Containers, ", ")))
		}
		return text
	case batch.AtBedside:
		var what []string
		for code := range strings.SplitSeq(e.Value, ",") {
			what = append(what, v.word("bedside", code))
		}
		if e.Limit != "" {
			what = append(what, n.fields(e.Limit, e.Step))
		}
		return v.T("exception.bedside", "what", strings.Join(what, "; "))
	case batch.Implausible:
		return v.implausible(b, f, e)
	case batch.Allowed:
		return v.allowanceText(b, e)
	case batch.Identity:
		return v.T("exception.identity", "got", n.code(e.Value), "want", n.code(e.Limit))
	case batch.BegunAtRisk:
		return v.T("exception.at-risk", "value", e.Value, "limit", e.Limit)
	case batch.Unscanned:
		return v.T("exception.unscanned", "value", e.Value)
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
	case batch.Corrected, batch.Retested:
		value, limit = v.correction(b, f, e)
	default:
		value, limit = v.beyond(b, f, e)
	}
	if f == nil {
		return e.What
	}
	return v.T("exception."+string(e.Class), "field", f.Label.In(v.lang), "value", value, "limit", limit)
}

// implausible names the checks that a value does not meet.
func (v *visit) implausible(b *batch.Batch, f *mbr.Field, e batch.Exception) string {
	if f == nil {
		return e.What
	}
	c, ok := b.Value(f.Ref())
	if !ok {
		return e.What
	}
	var faults []string
	for _, text := range b.Faults(f, c.Value) {
		if text.In("en") == e.Limit {
			faults = append(faults, text.In(v.lang))
		}
	}
	return v.T("exception."+string(e.Class), "field", f.Label.In(v.lang), "value", v.shown(f, c.Value), "checks", strings.Join(faults, "; "))
}

// onHold says why a batch is held, or which of its lots was blocked when it could not be held any more.
func (v *visit) onHold(b *batch.Batch, e batch.Exception) string {
	for _, h := range b.Holds {
		if h.Seq == e.Seq {
			return v.T("exception.on-hold", "cause", v.word("hold", string(h.Cause)), "what", strings.TrimSuffix(v.holdText(b, h), "."))
		}
	}
	_, why, _ := strings.Cut(e.What, " was blocked: ")
	return v.T("exception.on-hold", "cause", v.word("hold", string(batch.HoldLot)), "what", v.T("hold.text.lot", "lot", e.Value, "why", why))
}

// clockName is what the recipe calls the clock of an exception: "time-limit:transport:0:31".
func (v *visit) clockName(b *batch.Batch, id string) string {
	part, _, _ := strings.Cut(idPart(id), ":")
	for _, c := range b.Recipe.Clocks {
		if c.ID == part {
			return c.Name.In(v.lang)
		}
	}
	return part
}

// idPart is the middle of an exception's id.
func idPart(id string) string {
	_, rest, _ := strings.Cut(id, ":")
	if i := strings.LastIndex(rest, ":"); i >= 0 {
		return rest[:i]
	}
	return rest
}

func orOpen(text string) string {
	if text == "" {
		return "open"
	}
	return text
}

func (v *visit) optionName(f *mbr.Field, code string) string {
	if f == nil {
		return code
	}
	return f.OptionName(code, v.lang)
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
	f = b.Judging(f)
	return v.shown(f, c.Value), v.limitText(f)
}
