package pages

import (
	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/quantity"
	"strings"
)

// fieldView is one value to capture, or captured.
type fieldView struct {
	ID, Label  string
	Type       string
	Unit       string
	Limit      string // what is expected, in words
	Expect     string // scan: which label, in words
	Optional   bool
	Demo       bool
	Has        bool
	Value      string
	Raw        string // as a form takes it
	Origin     string // "typed", "scanned", "computed", "order"
	OriginIcon string
	Formula    string
	By, At     string
	Verdict    string // "", "out-of-limit", "unexpected", "undecidable": beyond what is expected
	Former     []formerView
	Targets    []targetView // scan of every container
	Preview    bool         // Value is what would be computed now
	Active     bool
	Correct    bool   // this person may correct it
	Choose     bool   // this person may go on with it
	Text       bool   // the value is text and may wrap
	Words      bool   // the value is of words, no identifier
	Choice     bool   // what is expected is a choice, not a limit
	Page       string // of its step
	Options    []choice
	Drafts     []string // who typed something here and has not confirmed it (DI-19)
	ByItself   bool     // computed, or counted by the system: nobody enters it
	Floor      bool     // a lot or a device of the plant
	Need       string   // of a lot or device: what is needed, and how much
	Faults     []string // checks that the value does not meet
	Remark     *remarkView
	Asked      bool // false for a value that is not asked for any more
	Blind      bool // the second person enters it again: no value is shown
}

// remarkView is what a person said about a value beyond its limit.
type remarkView struct{ Text, By, At string }

// formerView is a value that was corrected; it stays readable.
type formerView struct{ Value, By, At, Reason string }

// targetView is one of several containers that are scanned.
type targetView struct {
	ID   string
	Done bool
	At   string
}

var originIcons = map[batch.Origin]string{batch.Typed: "typed", batch.Scanned: "scanned", batch.Keyed: "typed", batch.Computed: "computed", batch.Ordered: "order", batch.Shipped: "order", batch.AtTheBed: "order", batch.Counted: "counted"}

// fields are the fields of a step as the person sees them, in order.
func (v *visit) fields(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState) []fieldView {
	var out []fieldView
	blind := v.desk.Blind(b, st)
	for _, f := range st.Step.FieldsAt(b.Site) {
		_, holds := st.Fields[f.ID].Current()
		asked := b.Asked(f) && !st.Absent()
		if !asked && !holds {
			continue
		}
		one := v.field(b, t, st, f)
		one.Asked = asked
		if blind[f.ID] {
			one = one.unseen()
		}
		out = append(out, one)
	}
	return out
}

// unseen is the field without what was entered.
func (f fieldView) unseen() fieldView {
	return fieldView{
		ID: f.ID, Label: f.Label, Type: f.Type, Unit: f.Unit, Limit: f.Limit, Choice: f.Choice, Page: f.Page, Has: f.Has, ByItself: f.ByItself,
		Asked: f.Asked, Need: f.Need, Blind: true,
	}
}

func (v *visit) field(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, f *mbr.Field) fieldView {
	judged := b.Judging(f)
	out := fieldView{
		ID: f.ID, Label: f.Label.In(v.lang), Type: string(f.Type), Unit: v.unit(f.Unit), Limit: v.limitText(judged), Optional: f.Optional, Demo: f.Demo,
		Page: "/batches/" + b.Number + "?step=" + st.Step.ID, Choice: f.Limit.IsZero(), ByItself: f.Type == mbr.TypeComputed || f.Captured == mbr.FromLedger, Floor: onFloor(f), Need: v.need(b, st, f),
	}
	if f.Type == mbr.TypeScan {
		out.Expect = v.word("kind", f.Expect)
	}
	for _, o := range f.Options {
		out.Options = append(out.Options, choice{Code: o.Code, Name: o.Name.In(v.lang)})
	}
	if f.Type == mbr.TypeBool {
		out.Options = []choice{{Code: "true", Name: v.T("bool.true")}, {Code: "false", Name: v.T("bool.false")}}
	}
	if f.Each {
		out.Targets = v.targets(b, t, st, f)
	}
	state := st.Fields[f.ID]
	c, ok := state.Current()
	if !ok {
		v.preview(b, st, judged, &out)
		finished := st.Status == batch.Done || st.Status == batch.ToVerify
		out.Correct = finished && v.has(st.Step.Performer) && f.Type != mbr.TypeScan && !out.ByItself && b.Asked(f)
		v.judged(b, f, &out)
		return out
	}
	v.captured(&out, judged, c)
	v.judged(b, f, &out)
	for i, old := range state.Values[:len(state.Values)-1] {
		next := state.Values[i+1]
		if next.Origin == batch.Typed && next.Attempt == old.Attempt && old.Value.Sealed == "" {
			out.Former = append(out.Former, formerView{Value: v.shown(f, old.Value), By: v.full(next.By), At: moment(next.At, v.zone()), Reason: next.Reason})
		}
	}
	out.Correct = v.has(st.Step.Performer) && c.Origin != batch.Ordered && f.Type != mbr.TypeScan && !out.ByItself && st.Status != batch.Interrupted
	return out
}

// judged says what is wrong with a value beside its limit, and what was said about it.
func (v *visit) judged(b *batch.Batch, f *mbr.Field, out *fieldView) {
	if !b.Beyond(f) {
		return
	}
	c, ok := b.Value(f.Ref())
	if !ok {
		c.Value, _ = b.Preview(f)
	}
	for _, text := range b.Faults(f, c.Value) {
		out.Faults = append(out.Faults, text.In(v.lang))
	}
	if out.Verdict == "" && len(out.Faults) > 0 {
		out.Verdict = string(batch.Implausible)
	}
	if r, said := b.Remark(f); said {
		out.Remark = &remarkView{Text: r.Text, By: v.full(r.By), At: moment(r.At, v.zone())}
	}
}

func (v *visit) captured(out *fieldView, f *mbr.Field, c batch.Captured) {
	out.Has, out.Value, out.Raw = true, v.shown(f, c.Value), c.Value.Text
	if q, ok := c.Value.Quantity(); ok {
		out.Raw = q.FormatNumber(v.lang)
	}
	out.Origin, out.OriginIcon, out.Formula = v.word("origin", string(c.Origin)), originIcons[c.Origin], c.Formula
	if c.Ref != "" {
		id, _, _ := strings.Cut(c.Ref, " ")
		out.Origin += " " + id
	}
	out.By, out.At = v.full(c.By), moment(c.At, v.zone())
	out.Verdict = verdict(f, c.Value)
	out.Text, out.Words = c.Value.Number == nil, ofWords(f)
	for i, o := range out.Options {
		out.Options[i].Chosen = o.Code == c.Value.Text
	}
}

// ofWords tells values that are read from those that are compared character by character.
func ofWords(f *mbr.Field) bool {
	switch f.Type {
	case mbr.TypeText, mbr.TypeBool, mbr.TypeEnum, mbr.TypeMulti:
		return true
	}
	return false
}

// preview shows what a computed field would hold with what is entered so far.
func (v *visit) preview(b *batch.Batch, st *batch.StepState, f *mbr.Field, out *fieldView) {
	if f.Captured == mbr.FromLedger {
		out.OriginIcon, out.Origin = "counted", v.T("origin.counted")
	}
	if f.Type != mbr.TypeComputed || st.Absent() {
		return
	}
	out.OriginIcon, out.Origin, out.Formula = "computed", v.T("origin.computed"), string(f.Formula)
	value, err := b.Preview(f)
	if err != nil || value.IsZero() {
		return // what it is computed from is not there yet
	}
	out.Preview, out.Value, out.Verdict = true, v.shown(f, value), verdict(f, value)
}

// verdict tells whether a value is beyond what the recipe expects, as the exception will.
func verdict(f *mbr.Field, value batch.Value) string {
	if value.Sealed != "" {
		return ""
	}
	if q, ok := value.Quantity(); ok && !f.Limit.IsZero() {
		return beyond(f.Limit, q)
	}
	if f.Expect != "" && (f.Type == mbr.TypeBool || f.Type == mbr.TypeEnum) && value.Text != f.Expect {
		return string(batch.Unexpected)
	}
	return ""
}

func beyond(limit quantity.Limit, q quantity.Quantity) string {
	judged, err := limit.Judge(q)
	switch {
	case err != nil || judged.Undecided:
		return string(batch.Undecidable)
	case !judged.Pass:
		return string(batch.OutOfLimit)
	}
	return ""
}

func (v *visit) targets(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, f *mbr.Field) []targetView {
	var out []targetView
	for _, c := range b.Containers(t, f.Expect) {
		scan, ok := st.Scans[f.ID][c.ID.String()]
		out = append(out, targetView{ID: c.ID.Print(), Done: ok, At: moment(scan.At, v.zone())})
	}
	return out
}
