package batch

import (
	"slices"
	"strings"

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

// NeedsGround tells whether a field of a step gave a result that is out of specification: it is not replaced without one.
func (b *Batch) NeedsGround(f *mbr.Field) bool {
	for _, r := range b.Results() {
		if r.Evaluation != qc.Fail {
			continue
		}
		if r.Attribute.Field == f.Ref() {
			return true
		}
		of, ok := b.fieldOf(r.Attribute.Field)
		if ok && of.Step == f.Step && of.Type == mbr.TypeComputed && dependsOn(of, map[string]Captured{f.Ref(): {}}) {
			return true
		}
	}
	return false
}

// uncontrolled tells whether a value came from a device whose control then failed, and was not taken again since: it is not
// usable (process scenario 33). A computed value is as good as what it is computed from in its step.
func (b *Batch) uncontrolled(ref string) bool {
	step, _, _ := strings.Cut(ref, ".")
	st, ok := b.steps[step]
	if !ok || st.uncontrolled == 0 {
		return false
	}
	f, ok := b.fieldOf(ref)
	if !ok {
		return false
	}
	old := func(f *mbr.Field) bool {
		c, has := st.Fields[f.ID].Current()
		return has && c.Version < st.uncontrolled
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
	current, captured := f.Current()
	if !captured || !b.NeedsGround(f.Field) {
		return "", nil
	}
	if !slices.Contains(Grounds(), g) {
		return "", ledger.Refuse(ledger.Unmet, "AT-33", "result-ground", "{field} is out of specification: a failed result is not simply replaced", "say whether it was mistyped, or why the test itself was invalid", "field", f.Field.Ref())
	}
	if g == TestInvalid && current.Ground == TestInvalid {
		return "", ledger.Refuse(ledger.Unmet, "AT-33", "retested-already", "{field} was tested again already, and failed again", "the result stands: QA follows it as out of specification", "field", f.Field.Ref())
	}
	return g, nil
}
