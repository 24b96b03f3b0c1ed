package mbr

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rexbatch/batch/formula"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody"
	"rexbatch/internal/quantity"
)

func (b *masterBuilder) checkField(where string, f *Field) {
	switch f.Type {
	case TypeEnum, TypeMulti:
		if len(f.Options) == 0 {
			b.fault("%s: no options", where)
		}
		if f.Expect != "" && !hasOption(f, f.Expect) {
			b.fault("%s: expects %q, which is not an option", where, f.Expect)
		}
	case TypeScan:
		if f.Expect == "" {
			b.fault("%s: a scan must say what it expects", where)
		}
	case TypeComputed:
		if f.Expr == nil {
			b.checkFormula(where, f)
		}
	}
}

func hasOption(f *Field, code string) bool { return slices.Contains(f.Codes(), code) }

// checkFormula holds that a computed field can be computed: every input that its formula asks for is given, in a unit
// that the formula takes, and the result is in a unit that the field shows (AT-55, I13).
func (b *masterBuilder) checkFormula(where string, f *Field) {
	def, ok := formula.Lookup(f.Formula)
	if !ok {
		b.fault("%s: unknown formula %q", where, f.Formula)
		return
	}
	if def.Function != "" && def.ID != expiryFormula || (f.Result == ResultTime) != (def.ID == expiryFormula) {
		b.fault("%s: formula %s does not give a value of this field", where, f.Formula)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		if !def.HasInput(name) {
			b.fault("%s: formula %s has no input %q", where, f.Formula, name)
		}
	}
	units := map[string]quantity.Unit{} // in which the formula reads each input
	for _, p := range def.Inputs {
		ref, given := f.Inputs[p.Name]
		if !given && !p.Optional {
			b.fault("%s: formula %s needs the input %q", where, f.Formula, p.Name)
		}
		if given && b.checkReference(where, ref) {
			b.checkInput(where, def, p, ref, units)
		}
	}
	result := def.Result
	if def.Like != "" {
		result = units[def.Like]
	}
	if _, known := units[def.Like]; f.Result != ResultTime && (known || def.Like == "") && !converts(result, f.Unit) {
		b.fault("%s: formula %s gives %q, which is not shown in %q", where, f.Formula, result, f.Unit)
	}
}

// expiryFormula is the one formula that gives a point in time.
const expiryFormula formula.ID = "F11"

// ResultTime marks a computed field that holds a point in time.
const ResultTime = "datetime"

func (b *masterBuilder) checkInput(where string, def formula.Definition, p formula.Param, ref string, units map[string]quantity.Unit) {
	unit, isTime, ok := b.holds(ref)
	switch {
	case !ok:
		b.fault("%s: the input %q of formula %s is %s, which is neither a number nor a point in time", where, p.Name, def.ID, ref)
		return
	case p.Series:
		b.fault("%s: the input %q of formula %s takes many values, %s is one", where, p.Name, def.ID, ref)
		return
	case p.Time != isTime:
		b.fault("%s: the input %q of formula %s is %s: a point in time and a number are not the same", where, p.Name, def.ID, ref)
		return
	case isTime:
		return
	}
	accepted := append([]quantity.Unit{p.Unit}, p.Also...)
	if p.Like != "" {
		like, known := units[p.Like]
		if !known {
			return // that other input has its own fault
		}
		accepted = []quantity.Unit{like}
	}
	if slices.Contains(accepted, unit) {
		units[p.Name] = unit
		return
	}
	for _, to := range accepted {
		if converts(unit, to) {
			units[p.Name] = to
			return
		}
	}
	b.fault("%s: the input %q of formula %s is %s in %q and has to be in %q", where, p.Name, def.ID, ref, unit, accepted[0])
}

// holds is what a reference gives a formula: a number with its unit, or a point in time; not ok for anything else.
func (b *masterBuilder) holds(ref string) (unit quantity.Unit, isTime, ok bool) {
	if id, isParam := strings.CutPrefix(ref, ParamPrefix); isParam {
		return b.recipe.Parameters[id].Value.Unit(), false, true
	}
	f := b.known[ref]
	switch f.Type {
	case TypeDecimal, TypeInt:
		return f.Unit, false, true
	case TypeComputed:
		return f.Unit, f.Result == ResultTime, true
	default:
		return "", true, f.Type == TypeDateTime
	}
}

// converts tells whether a value can be had in another unit.
func converts(from, to quantity.Unit) bool {
	if !from.Known() || !to.Known() {
		return false
	}
	_, err := quantity.New(1, 0, from).In(to)
	return err == nil
}

// ParamPrefix marks a reference to a parameter of the recipe.
const ParamPrefix = "param."

func (b *masterBuilder) checkReference(where, ref string) bool {
	if id, isParam := strings.CutPrefix(ref, ParamPrefix); isParam {
		_, known := b.recipe.Parameters[id]
		if !known {
			b.fault("%s: unknown parameter %q", where, id)
		}
		return known
	}
	_, known := b.known[ref]
	if !known {
		b.fault("%s: %q is not defined before it", where, ref)
	}
	return known
}

// checkPlants walks the recipe as each plant executes it: what a step needs has to be there at that plant.
func (b *masterBuilder) checkPlants() {
	if len(b.recipe.Variants) == 0 {
		b.fault("a recipe needs the variant of at least one plant")
	}
	for _, site := range slices.Sorted(maps.Keys(b.recipe.Variants)) {
		made := map[string]bool{}
		for _, s := range b.recipe.Steps() {
			if s.Applies(site) {
				b.checkStepAt(site, s, made)
			}
		}
	}
}

// checkStepAt takes the kinds of container that earlier steps of the plant made, and adds those of this one.
func (b *masterBuilder) checkStepAt(site string, s *Step, made map[string]bool) {
	for _, c := range s.Creates {
		if !applies(c.Only, site) {
			continue
		}
		if c.From != "" && !made[c.From] {
			b.fault("%s at %s: makes %s from %q, a container that no earlier step makes", s.ID, site, c.Kind, c.From)
		}
		if f, ok := s.Field(c.Count, site); c.Count != "" && (!ok || f.Type != TypeInt) {
			b.fault("%s at %s: the number of %s comes from %q, which is not an int field of the step", s.ID, site, c.Kind, c.Count)
		}
		made[c.Kind] = true
	}
	fields := s.FieldsAt(site)
	if s.Material && (len(fields) == 0 || fields[0].Type != TypeScan) {
		b.fault("%s at %s: handles the patient's material, so its first field must be a scan (I4)", s.ID, site)
	}
	for _, f := range fields {
		if f.Type == TypeScan && !made[f.Expect] && f.Expect != string(chainofcustody.AnyLabel) && f.Expect != string(chainofcustody.Wristband) {
			b.fault("%s at %s: expects %q, a container that no step up to here makes", f.Ref(), site, f.Expect)
		}
		for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
			ref := f.Inputs[name]
			if _, there := b.recipe.fieldAt(ref, site); !there && !strings.HasPrefix(ref, ParamPrefix) {
				b.fault("%s at %s: the input %q is %s, which is not part of the recipe there", f.Ref(), site, name, ref)
			}
		}
	}
	b.checkSecondAt(site, s)
	if s.Custody == nil {
		return
	}
	if !made[s.Custody.Container] {
		b.fault("%s at %s: custody of %q, a container that no step up to here makes", s.ID, site, s.Custody.Container)
	}
	switch chainofcustody.Party(s.Custody.Holder) {
	case chainofcustody.Hospital, chainofcustody.Courier, chainofcustody.Plant:
	default:
		b.fault("%s: custody of %q, who is neither hospital, courier nor plant (I6)", s.ID, s.Custody.Holder)
	}
}

func (b *masterBuilder) checkSecondAt(site string, s *Step) {
	if s.Second == nil {
		return
	}
	switch s.Second.Mode {
	case Confirms:
	case Retypes:
		for _, id := range s.Second.Fields {
			if _, ok := s.Field(id, site); !ok {
				b.fault("%s at %s: the second person enters %q, which is not a field of the step", s.ID, site, id)
			}
		}
	case ScansAgain:
		if f, ok := s.Field(s.Second.Field, site); !ok || f.Type != TypeScan {
			b.fault("%s at %s: the second person scans %q, which is not a scan field of the step", s.ID, site, s.Second.Field)
		}
	default:
		b.fault("%s: the second person's mode is confirm, scan or retype, not %q (I7)", s.ID, s.Second.Mode)
	}
}

// CheckSpecification holds that a specification speaks of what the recipe records: every field that it judges, or that
// decides whether a test is valid or when it is due, is recorded at every plant, in the unit of the limit, with the
// accepted choices among its options (AT-33). A limit on nothing would leave its test pending for ever.
func CheckSpecification(recipe *Recipe, spec *qc.Specification) error {
	var faults []error
	for _, site := range slices.Sorted(maps.Keys(recipe.Variants)) {
		for _, a := range spec.Attributes {
			for _, why := range recipe.misses(a, site) {
				faults = append(faults, fmt.Errorf("attribute %s at %s: %s", a.ID, site, why))
			}
		}
	}
	err := errors.Join(faults...)
	if err != nil {
		return fmt.Errorf("specification %s version %d for %s version %d: %w", spec.ID, spec.Version, recipe.ID, recipe.Version, err)
	}
	return nil
}

// misses says what an attribute asks for that the recipe does not record at a plant.
func (r *Recipe) misses(a qc.Attribute, site string) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	number := func(ref string, unit quantity.Unit) {
		f, ok := r.fieldAt(ref, site)
		switch {
		case !ok:
			fault("there is no field %q", ref)
		case f.Type != TypeDecimal && f.Type != TypeInt && (f.Type != TypeComputed || f.Result == ResultTime):
			fault("%s is not a number", ref)
		case f.Unit != unit:
			fault("%s is in %q, the limit is in %q", ref, f.Unit, unit)
		}
	}
	f, ok := r.fieldAt(a.Field, site)
	switch {
	case len(a.Accept) > 0 && ok && f.Type != TypeEnum:
		fault("%s is not a choice", a.Field)
	case len(a.Accept) > 0 && ok:
		for _, code := range a.Accept {
			if !hasOption(f, code) {
				fault("%s has no option %q", a.Field, code)
			}
		}
	case !ok:
		fault("there is no field %q", a.Field)
	case !a.Information || a.Unit != "":
		number(a.Field, a.Unit)
	}
	for _, c := range a.ValidIf {
		number(c.Field, c.Limit.Unit())
	}
	if from, ok := r.fieldAt(a.DueFrom, site); a.DueFrom != "" && (!ok || from.Type != TypeDateTime) {
		fault("%q, from which the result is due, is no point in time of the record", a.DueFrom)
	}
	return out
}

// fieldAt finds a field of a plant's variant by reference, e.g. "S37.mnc".
func (r *Recipe) fieldAt(ref, site string) (*Field, bool) {
	step, id, _ := strings.Cut(ref, ".")
	s, ok := r.Step(step)
	if !ok || !s.Applies(site) {
		return nil, false
	}
	return s.Field(id, site)
}
