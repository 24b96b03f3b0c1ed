package batch

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rexbatch/batch/expression"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// branch brings the steps that have a condition in line with the record: one whose condition does not hold is not
// needed, and is needed again when a correction makes it hold.
func (b *Batch) branch() error {
	for _, s := range b.order {
		if s.When == nil || !s.Applies(b.Site) {
			continue
		}
		st := b.steps[s.ID]
		if st.Status != Waiting && st.Status != NotApplicable {
			continue
		}
		holds, err := b.holds(s.When, nil, Value{})
		if err != nil {
			return fmt.Errorf("condition of %s: %w", s.ID, err)
		}
		st.Status = NotApplicable
		if holds {
			st.Status = Waiting
		}
	}
	return nil
}

// holds evaluates a condition over the record. One that speaks of a value which nobody has captured yet holds: the
// step or field is asked for until the record says otherwise.
func (b *Batch) holds(c *mbr.Condition, of *mbr.Field, this Value) (bool, error) {
	v, err := c.Eval(b.operand(of, this))
	var missing *expression.MissingError
	if errors.As(err, &missing) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return v.Bool, nil
}

// Asked tells whether a field is asked for now.
func (b *Batch) Asked(f *mbr.Field) bool {
	if f.When == nil {
		return true
	}
	holds, err := b.holds(f.When, nil, Value{})
	return err != nil || holds
}

// Due are the fields of finished steps that are asked for as the record stands now, and empty: a correction made their
// condition hold after the step was done.
func (b *Batch) Due() []string {
	var out []string
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Status != Done || s.Blind || !b.beforeCertification(s.ID) {
			continue
		}
		for _, f := range s.FieldsAt(b.Site) {
			_, filled := st.Fields[f.ID].Current()
			if f.When != nil && !f.Optional && !filled && f.Type != mbr.TypeComputed && b.Asked(f) {
				out = append(out, f.Ref())
			}
		}
	}
	return out
}

// ready holds that steps run in order, and those of one parallel group in any order (CS-65).
func (b *Batch) ready(st *StepState) error {
	now := b.Now()
	if slices.Contains(now, st) {
		return nil
	}
	var current *StepState
	if len(now) > 0 {
		current = now[0]
	}
	if current == nil {
		return ledger.Refuse(ledger.Unmet, "CS-65", "all-done", "there is nothing left to do in batch {batch}", "look at its record", "batch", b.Number)
	}
	return ledger.Refuse(ledger.Unmet, "CS-65", "out-of-order", "step {step} cannot be done before {current} ({status})", "finish {current} first", "step", st.Step.ID, "current", current.Step.ID, "status", string(current.Status))
}

// finished is what follows when a step is done, second person included: a gate decides, and a stop that was asked for
// takes effect where nothing is left half way.
func (b *Batch) finished(e ledger.Entry, st *StepState) {
	g := st.Step.Gate
	if g != nil {
		b.decided(e, st, g)
	}
	if b.Ending != nil && !b.Ending.Effective && st.Step.Safe {
		b.end()
	}
}

// decided takes the decision at a gate into effect.
func (b *Batch) decided(e ledger.Entry, st *StepState, g *mbr.Gate) {
	c, ok := st.Fields[g.Field].Current()
	if !ok {
		return
	}
	then, _ := g.Then(c.Value.Text)
	switch then {
	case mbr.Hold:
		b.Holds = append(b.Holds, Hold{ID: fmt.Sprintf("gate:%s:%d", st.Step.ID, e.Version), Cause: HoldGate, Step: st.Step.ID, What: c.Value.Text, By: c.By, At: e.Time, Seq: e.Seq})
	case mbr.Reject:
		b.Ending = &Ending{Cause: EndRejected, Step: st.Step.ID, Reason: c.Value.Text, By: c.By, At: e.Time, Seq: e.Seq}
		b.end()
	case mbr.WithDeviation:
		b.found = append(b.found, Exception{
			ID: fmt.Sprintf("%s:%s:%d", Decision, st.Step.ID, e.Version), Class: Decision, Step: st.Step.ID, Field: g.Field,
			What: fmt.Sprintf("%s was decided", c.Value.Text), Value: c.Value.Text, At: e.Time, By: c.By, Seq: e.Seq,
		})
	}
}

// reviewGates sends the decisions that were made after a corrected step back to their second person: what they were
// made on has changed (process scenario 31).
func (b *Batch) reviewGates(corrected *StepState) {
	after := false
	for _, s := range b.order {
		if after && s.Gate != nil {
			b.steps[s.ID].unverify()
		}
		after = after || s == corrected.Step
	}
}

// Faults say which checks of the recipe a value of a field does not meet, whether it is captured already or only typed.
func (b *Batch) Faults(f *mbr.Field, v Value) []mbr.Text {
	var out []mbr.Text
	for _, c := range f.Checks {
		if !b.meets(f, c, v) {
			out = append(out, c.Else)
		}
	}
	return out
}

// meets tells whether a value of a field is as a check of the recipe wants it.
func (b *Batch) meets(f *mbr.Field, c mbr.Check, v Value) bool {
	holds, err := b.holds(&c.That, f, v)
	return err == nil && holds
}

// operand gives expressions the values of the record; "this" is the value of the field that is judged, of which is nil
// where none is.
func (b *Batch) operand(of *mbr.Field, this Value) func(ref string) (expression.Value, bool) {
	return func(ref string) (expression.Value, bool) {
		if ref == expression.This {
			return asOperand(of.Type, this)
		}
		if id, ok := strings.CutPrefix(ref, mbr.ParamPrefix); ok {
			p, known := b.Recipe.Parameters[id]
			return expression.Value{Kind: expression.Number, Number: p.Value}, known
		}
		f, ok := b.Recipe.FieldAt(ref, b.Site)
		if !ok {
			return expression.Value{}, false
		}
		c, ok := b.Value(ref)
		if !ok || c.Value.Sealed != "" {
			return expression.Value{}, false
		}
		return asOperand(f.Type, c.Value)
	}
}
