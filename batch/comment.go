package batch

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// Remark is what a person said about a value that is beyond its limit, when they went on with it (AT-59).
type Remark struct {
	Text string
	By   string
	At   time.Time
	Seq  uint64
}

type commented struct {
	Step  string `json:"step"`
	Field string `json:"field"`
	Value string `json:"of"` // that it speaks of: a computed one can be commented before it is recorded
	Text  string `json:"text"`
}

// Beyond tells whether the current value of a field is beyond its limit, not the expected one, or against a check of
// the recipe. Released attributes are judged by the specification, not here.
func (b *Batch) Beyond(f *mbr.Field) bool {
	st, ok := b.steps[f.Step]
	if !ok {
		return false
	}
	c, ok := b.shown(st.Fields[f.ID])
	return ok && !b.specified(f) && b.fault(f, c) != ""
}

// Remark is what was said about the value that a field shows now; false when nothing was.
func (b *Batch) Remark(f *mbr.Field) (Remark, bool) {
	st, ok := b.steps[f.Step]
	if !ok || st.Fields[f.ID] == nil {
		return Remark{}, false
	}
	c, _ := b.shown(st.Fields[f.ID])
	r, ok := st.Fields[f.ID].Comments[c.Value.String()]
	return r, ok
}

// RemarkOf is what was said about the value that an exception speaks of; empty when nothing was.
func (b *Batch) RemarkOf(e Exception) string {
	st, ok := b.steps[e.Step]
	if !ok || st.Fields[e.Field] == nil {
		return ""
	}
	return st.Fields[e.Field].Comments[e.Value].Text
}

// specified tells whether the specification judges a field: then it is not judged here.
func (b *Batch) specified(f *mbr.Field) bool { return b.Spec.Fields()[f.Ref()] }

// shown is what a field shows now: its value, or what would be computed for it if the step were completed.
func (b *Batch) shown(f *FieldState) (Captured, bool) {
	c, ok := f.Current()
	if !ok && f.Field.Type == mbr.TypeComputed {
		v, err := b.Preview(f.Field)
		c, ok = Captured{Value: v, Origin: Computed}, err == nil
	}
	return c, ok && c.Value.Sealed == ""
}

// fault is the class of exception that a field's value is; empty when it is none.
func (b *Batch) fault(f *mbr.Field, c Captured) Class {
	class := b.beyond(f, c)
	if class == "" && len(b.Faults(f, c.Value)) > 0 {
		class = Implausible
	}
	return class
}

// beyond judges a value by the limit and the expectation of its field.
func (b *Batch) beyond(f *mbr.Field, c Captured) Class {
	if f.Expect != "" && f.Type != mbr.TypeScan && f.Type != mbr.TypeComputed && c.Value.Text != f.Expect {
		return Unexpected
	}
	limit := b.limitOf(f, c)
	if limit.IsZero() {
		return ""
	}
	return judge(limit, c.Value)
}

// Comment decides that a person says why the value of a field is as it is, and goes on with it.
func (b *Batch) Comment(by ledger.Author, now time.Time, step, field, text string) ([]ledger.Draft, error) {
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	if string(st.Step.Performer) != by.Role {
		return nil, notPerformer(st, by)
	}
	f, err := b.field(st, field)
	if err != nil {
		return nil, err
	}
	c, ok := b.shown(f)
	if !ok || b.specified(f.Field) || b.fault(f.Field, c) == "" {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "nothing-to-comment", "{field} holds nothing that needs a comment", "go on with the step", "field", f.Field.Ref())
	}
	drafts, err := b.prefilled(by, now, st, field)
	if err != nil {
		return nil, err
	}
	return append(drafts, ledger.Draft{Type: typeCommented, Data: commented{Step: step, Field: field, Value: c.Value.String(), Text: text}}), nil
}

// Bars tells whether the recipe does not let a step go on with a value of the field beyond its limit. What has begun at the bed
// cannot be put right any more: there it asks for a comment, as elsewhere, and the exception stays (I14).
func (b *Batch) Bars(f *mbr.Field) bool { return f.Beyond == mbr.Block && !b.begun(b.steps[f.Step]) }

// uncommented holds that a step does not close silently over a value beyond its limit: where the recipe lets the work
// go on it asks for a comment, and where it does not the value has to be put right (AT-59).
func (b *Batch) uncommented(st *StepState) error {
	var silent, barred []string
	for _, f := range st.Step.FieldsAt(b.Site) {
		if !b.Asked(f) || !b.Beyond(f) {
			continue
		}
		state := st.Fields[f.ID]
		c, _ := state.Current()
		_, said := state.Comments[c.Value.String()]
		switch {
		case b.Bars(f):
			barred = append(barred, f.ID)
		case !said:
			silent = append(silent, f.ID)
		}
	}
	if len(barred) > 0 {
		return ledger.Refuse(ledger.Unmet, "AT-59", "beyond-block", "step {step} cannot be completed with {fields} as it is", "put it right, or tell the production lead", "step", st.Step.ID, "fields", strings.Join(barred, ", "))
	}
	if len(silent) > 0 {
		return ledger.Refuse(ledger.Unmet, "AT-59", "comment-open", "step {step} has {n} values beyond their limits without a comment: {fields}", "say why they are so, then complete the step", "step", st.Step.ID, "n", fmt.Sprint(len(silent)), "fields", strings.Join(silent, ", "))
	}
	return nil
}

func (b *Batch) applyCommented(e ledger.Entry, d commented) error {
	_, f, err := b.capture(e, d.Step, d.Field)
	if err != nil {
		return err
	}
	if f.Comments == nil {
		f.Comments = map[string]Remark{}
	}
	f.Comments[d.Value] = Remark{Text: d.Text, By: e.Author.Account, At: e.Time, Seq: e.Seq}
	return nil
}
