package batch

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/expression"
	"rexbatch/batch/formula"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// compute decides the computed values of a step that is being completed. Each stores its inputs (value, unit,
// entry) and the formula version (AT-55). What cannot be computed stays without a value, and is an exception: a true
// observation such as "<5" is not refused away because a ratio does not follow from it.
func (b *Batch) compute(st *StepState) []ledger.Draft {
	fresh := map[string]Captured{}
	var drafts []ledger.Draft
	for _, f := range st.Step.FieldsAt(b.Site) {
		if f.Type == mbr.TypeComputed {
			drafts = append(drafts, b.draftComputed(st, f, fresh)...)
		}
	}
	return drafts
}

// recompute decides what follows for computed values from a corrected one, step by step down the record.
func (b *Batch) recompute(ref string, v Value) []ledger.Draft {
	fresh := map[string]Captured{ref: {Value: v}}
	var drafts []ledger.Draft
	for _, s := range b.order {
		st := b.steps[s.ID]
		for _, f := range s.FieldsAt(b.Site) {
			if f.Type == mbr.TypeComputed && !b.isShare(f) && dependsOn(f, fresh) && !st.CompletedAt.IsZero() { // otherwise it is computed later, with the new value
				drafts = append(drafts, b.draftComputed(st, f, fresh)...)
			}
		}
	}
	return drafts
}

// draftComputed evaluates a field and drafts what changed: its value, or that it has none. fresh takes the result, for
// fields that depend on it.
func (b *Batch) draftComputed(st *StepState, f *mbr.Field, fresh map[string]Captured) []ledger.Draft {
	old, had := st.Fields[f.ID].Current()
	c, err := b.evaluate(f, fresh)
	if err != nil {
		fresh[f.Ref()] = Captured{}
		var missing *missingInput
		if !had && (errors.As(err, &missing) && f.Optional || len(st.Fields[f.ID].Values) > 0) {
			return nil // it never had a value, or is known to have none
		}
		return []ledger.Draft{{Type: typeInvalid, Data: notComputable{Step: f.Step, Field: f.ID, Why: err.Error()}}}
	}
	fresh[f.Ref()] = Captured{Value: c.Value, Origin: Computed}
	if had && old.Value.String() == c.Value.String() && sameInputs(old.Inputs, c.Inputs) {
		return nil
	}
	return []ledger.Draft{{Type: typeComputed, Data: c}}
}

// sameInputs tells whether a value was computed from the same values, in whichever entries they stand. One that comes out
// the same from others is recorded again: the record says what it was computed from (AT-55).
func sameInputs(a, b []ComputedInput) bool {
	return slices.EqualFunc(a, b, func(a, b ComputedInput) bool {
		return a.Name == b.Name && a.Ref == b.Ref && a.Value.String() == b.Value.String()
	})
}

// isShare tells whether a field holds the batch's share of a split: it was measured then, and is computed from nothing.
func (b *Batch) isShare(f *mbr.Field) bool {
	return b.Parent != "" && b.Recipe.Split != nil && f.Ref() == b.Recipe.Split.Volume
}

func dependsOn(f *mbr.Field, changed map[string]Captured) bool {
	return slices.ContainsFunc(f.ComputedFrom(), func(ref string) bool {
		_, ok := changed[ref]
		return ok
	})
}

// express evaluates a field that the recipe computes by an expression. Its inputs are kept as those of a formula are.
func (b *Batch) express(f *mbr.Field, fresh map[string]Captured) (computed, error) {
	c := computed{Step: f.Step, Field: f.ID, Expression: f.Expr.Source, Version: b.Recipe.Version}
	for _, ref := range f.Expr.References() {
		input, err := b.input(ref, ref, fresh)
		var missing *missingInput
		if errors.As(err, &missing) {
			continue // the expression may ask whether it is there
		}
		if err != nil {
			return c, err
		}
		c.Inputs = append(c.Inputs, input)
	}
	values := b.operand(nil, Value{})
	v, err := f.Expr.Eval(func(ref string) (expression.Value, bool) {
		in, ok := b.Recipe.FieldAt(ref, b.Site)
		changed, isFresh := fresh[ref]
		if ok && isFresh {
			return asOperand(in.Type, changed.Value)
		}
		return values(ref)
	})
	var missing *expression.MissingError
	if errors.As(err, &missing) {
		return c, &missingInput{ref: missing.Ref}
	}
	if err != nil {
		return c, err
	}
	switch v.Kind {
	case expression.Time:
		c.Value = Value{Text: v.Time.UTC().Format(time.RFC3339)}
	case expression.Number:
		c.Value = Value{Number: &v.Number}
	default:
		return c, fmt.Errorf("%s gives %s, which is no value of a computed field", f.Ref(), v.Kind)
	}
	return c, nil
}

type missingInput struct{ ref string }

func (m *missingInput) Error() string { return m.ref + " has no value" }

// Preview is what a computed field would hold now; an error says why it cannot be computed yet.
func (b *Batch) Preview(f *mbr.Field) (Value, error) {
	fresh := map[string]Captured{}
	if st, ok := b.steps[f.Step]; ok {
		if c, has := st.Fields[f.ID].Current(); has && b.isShare(f) {
			return c.Value, nil
		}
		for _, before := range st.Step.FieldsAt(b.Site) { // of the same step, which have no value before it is completed
			if before == f {
				break
			}
			if before.Type == mbr.TypeComputed {
				b.draftComputed(st, before, fresh)
			}
		}
	}
	c, err := b.evaluate(f, fresh)
	return c.Value, err
}

func (b *Batch) evaluate(f *mbr.Field, fresh map[string]Captured) (computed, error) {
	if f.Expr != nil {
		return b.express(f, fresh)
	}
	def, ok := formula.Lookup(f.Formula)
	if !ok {
		return computed{}, fmt.Errorf("unknown formula %s", f.Formula)
	}
	c := computed{Step: f.Step, Field: f.ID, Formula: f.Formula, Version: def.Version}
	numbers := map[string]quantity.Quantity{}
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		input, err := b.input(name, f.Inputs[name], fresh)
		if err != nil {
			return c, err
		}
		c.Inputs = append(c.Inputs, input)
		if q, ok := input.Value.Quantity(); ok {
			numbers[name] = q
		}
	}
	if f.Result == mbr.ResultTime {
		t, err := expiry(c.Inputs)
		c.Value = Value{Text: t.UTC().Format(time.RFC3339)}
		return c, err
	}
	q, err := formula.Compute(f.Formula, numbers)
	if err != nil {
		return c, err
	}
	if f.Unit != q.Unit() {
		q, err = q.In(f.Unit)
		if err != nil {
			return c, err
		}
	}
	c.Value = Value{Number: &q}
	return c, nil
}

func (b *Batch) input(name, ref string, fresh map[string]Captured) (ComputedInput, error) {
	if id, ok := strings.CutPrefix(ref, mbr.ParamPrefix); ok {
		q := b.Recipe.Parameters[id].Value
		return ComputedInput{Name: name, Ref: ref, Value: Value{Number: &q}}, nil
	}
	captured, ok := fresh[ref]
	if !ok {
		captured, _ = b.Value(ref)
	}
	if captured.Value.IsZero() {
		return ComputedInput{}, &missingInput{ref: ref}
	}
	return ComputedInput{Name: name, Ref: ref, Value: captured.Value, Entry: captured.Seq}, nil
}

// expiry is F11 over the inputs t0, limit, formulated and shelf_life.
func expiry(inputs []ComputedInput) (time.Time, error) {
	times, spans := map[string]time.Time{}, map[string]time.Duration{}
	for _, in := range inputs {
		q, isNumber := in.Value.Quantity()
		if !isNumber {
			t, err := in.Value.Time()
			if err != nil {
				return time.Time{}, fmt.Errorf("%s: %w", in.Ref, err)
			}
			times[in.Name] = t
			continue
		}
		d, err := q.Duration()
		if err != nil {
			return time.Time{}, fmt.Errorf("%s: %w", in.Ref, err)
		}
		spans[in.Name] = d
	}
	return formula.Expiry(times["t0"], spans["limit"], times["formulated"], spans["shelf_life"], nil)
}
