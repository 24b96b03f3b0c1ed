package mbr

import (
	"maps"
	"slices"
)

// ComputedFrom are the references from which a computed field is computed, parameters among them; none of other fields.
func (f *Field) ComputedFrom() []string {
	out := slices.Sorted(maps.Values(f.Inputs))
	if f.Expr != nil {
		out = append(out, f.Expr.References()...)
	}
	return out
}

// Reads are all references on which a field rests: from which it is computed, by which it is checked, and that decide
// whether it is asked for.
func (f *Field) Reads() []string {
	out := f.ComputedFrom()
	if f.When != nil {
		out = append(out, f.When.References()...)
	}
	for _, c := range f.Checks {
		out = append(out, c.That.References()...)
	}
	return out
}
