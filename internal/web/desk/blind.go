package desk

import (
	"slices"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// Blind are the fields of a step whose values this person must not see now: those that they may come to enter again as
// its second person, and what is computed from them (I7; screens, rule 14). Nil when there are none.
func (d *Desk) Blind(b *batch.Batch, st *batch.StepState) map[string]bool {
	if !st.RetypesBlind() || st.Finished() || d.Session.Account == st.Performer || !d.Session.Has(st.Step.Second.Role) {
		return nil
	}
	return Retyped(b, st)
}

// Hides tells whether this person must not see what a field of the batch holds now.
func (d *Desk) Hides(b *batch.Batch, step, field string) bool {
	st, ok := b.Step(step)
	return ok && d.Blind(b, st)[field]
}

// Retyped are the fields of a step that its second person enters again, and what is computed from them in the step.
func Retyped(b *batch.Batch, st *batch.StepState) map[string]bool {
	out := map[string]bool{}
	for _, id := range st.Step.Second.Fields {
		out[id] = true
	}
	for _, f := range st.Step.FieldsAt(b.Site) {
		tells := func(ref string) bool { return out[within(ref, st.Step)] }
		for _, ref := range f.Inputs {
			out[f.ID] = out[f.ID] || tells(ref)
		}
		if f.Expr != nil && slices.ContainsFunc(f.Expr.References(), tells) {
			out[f.ID] = true
		}
	}
	return out
}

// within is the field of a step that a reference names; empty when it names another step's.
func within(ref string, s *mbr.Step) string {
	head := s.ID + "."
	if len(ref) <= len(head) || ref[:len(head)] != head {
		return ""
	}
	return ref[len(head):]
}
