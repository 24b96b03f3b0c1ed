package batch

import (
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
)

// Ground is why a result that is out of specification is replaced (AT-33, process scenario 35). A failed result is never tested
// into compliance: it is replaced when something else was typed than the test gave, or once, when the test itself was
// invalid. Each replaced result stays in the record; nothing is averaged.
type Ground string

// The grounds.
const (
	Mistyped    Ground = "mistyped"
	TestInvalid Ground = "test-invalid"
)

// Grounds are all grounds.
func Grounds() []Ground { return []Ground{Mistyped, TestInvalid} }

// NeedsGround tells whether a field of a step gave, in this attempt, a result that is or once was out of specification, or
// decides whether the test of one was valid: it is not replaced without one. A result stays failed for this when it was
// replaced since, or when its test counts as invalid for now.
func (b *Batch) NeedsGround(f *mbr.Field) bool {
	for _, a := range b.Spec.Attributes {
		rests := b.restsOn(a.Field, f) || slices.ContainsFunc(a.ValidIf, func(c qc.Condition) bool { return b.restsOn(c.Field, f) })
		if rests && b.everFailed(a) {
			return true
		}
	}
	return false
}

// restsOn tells whether a value is that of a field, or is computed from it in the field's step.
func (b *Batch) restsOn(ref string, f *mbr.Field) bool {
	if ref == f.Ref() {
		return true
	}
	of, ok := b.fieldOf(ref)
	return ok && of.Step == f.Step && of.Type == mbr.TypeComputed && slices.ContainsFunc(of.ComputedFrom(), func(in string) bool { return b.restsOn(in, f) })
}

// everFailed tells whether any value of an attribute in this attempt was out of specification.
func (b *Batch) everFailed(a qc.Attribute) bool {
	f, ok := b.fieldOf(a.Field)
	if !ok {
		return false
	}
	state := b.steps[f.Step].Fields[f.ID]
	return slices.ContainsFunc(state.attempt(), func(c Captured) bool {
		return !c.Value.IsZero() && a.Fails(qc.Observation{Number: c.Value.Number, Text: c.Value.Text})
	})
}

// failedControl is that a device of a step failed its control: what it gave between the last good one and now is not usable.
type failedControl struct {
	device  string
	version uint64    // of the batch, when that became known
	since   time.Time // the last good control; zero for never
	field   string    // of which alone it was said; empty for all of the step
}

// covers tells whether a value was given between the two controls.
func (x failedControl) covers(field string, c Captured) bool {
	return c.Version < x.version && !c.At.Before(x.since) && (x.field == "" || x.field == field)
}

// doubted are the devices whose control failed after they may have given a value.
func (st *StepState) doubted(field string, c Captured) []string {
	var out []string
	for _, x := range st.uncontrolled {
		if x.covers(field, c) && !slices.Contains(out, x.device) {
			out = append(out, x.device)
		}
	}
	return out
}

// restingOn are the fields of results that are not usable because the control of a device failed.
func (b *Batch) restingOn(device string) []string {
	var out []string
	for _, a := range b.Spec.Attributes {
		step, _, _ := strings.Cut(a.Field, ".")
		st, ok := b.steps[step]
		if !ok || !slices.ContainsFunc(st.uncontrolled, func(x failedControl) bool { return x.device == device }) {
			continue
		}
		if _, given := b.Value(a.Field); given && b.uncontrolled(a.Field) && !slices.Contains(out, a.Field) {
			out = append(out, a.Field)
		}
	}
	return out
}

// remeasured tells whether what replaces a value was measured again, not typed again: a value that is not usable, or of a test
// that was invalid. A device was used for it.
func (b *Batch) remeasured(f *mbr.Field, g Ground) bool {
	return !fromFloor(f) && (g == TestInvalid && b.NeedsGround(f) || b.uncontrolled(f.Ref()))
}

// uncontrolled tells whether a value came from a device whose control then failed, and was not taken again since: it is not
// usable (process scenario 33). A computed value is as good as what it is computed from in its step.
func (b *Batch) uncontrolled(ref string) bool {
	step, _, _ := strings.Cut(ref, ".")
	st, ok := b.steps[step]
	if !ok || len(st.uncontrolled) == 0 {
		return false
	}
	f, ok := b.fieldOf(ref)
	if !ok {
		return false
	}
	old := func(f *mbr.Field) bool {
		c, has := st.Fields[f.ID].Current()
		return has && len(st.doubted(f.ID, c)) > 0
	}
	if f.Type != mbr.TypeComputed {
		return old(f)
	}
	measured := false
	for _, in := range st.Step.FieldsAt(b.Site) {
		if in.Type == mbr.TypeComputed || !dependsOn(f, map[string]Captured{in.Ref(): {}}) {
			continue
		}
		measured = true
		if old(in) {
			return true
		}
	}
	return !measured && old(f)
}

func (b *Batch) fieldOf(ref string) (*mbr.Field, bool) {
	for _, s := range b.order {
		for _, f := range s.FieldsAt(b.Site) {
			if f.Ref() == ref {
				return f, true
			}
		}
	}
	return nil, false
}

// ground holds a correction against the results that it replaces, and is what is recorded of it: nothing where no result failed.
func (b *Batch) ground(f *FieldState, g Ground) (Ground, error) {
	_, captured := f.Current()
	if !captured || !b.NeedsGround(f.Field) {
		return "", nil
	}
	if !slices.Contains(Grounds(), g) {
		return "", ledger.Refuse(ledger.Unmet, "AT-33", "result-ground", "{field} gave a result out of specification, or decides whether one is valid: it is not simply replaced", "say whether it was mistyped, or why the test itself was invalid", "field", f.Field.Ref())
	}
	if g == TestInvalid && slices.ContainsFunc(f.attempt(), func(c Captured) bool { return c.Ground == TestInvalid }) {
		return "", ledger.Refuse(ledger.Unmet, "AT-33", "retested-already", "{field} was tested again already", "the result stands: QA follows it as out of specification", "field", f.Field.Ref())
	}
	return g, nil
}
