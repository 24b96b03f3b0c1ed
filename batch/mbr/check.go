package mbr

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rexbatch/batch/qc"
	"rexbatch/internal/quantity"
)

// check holds the recipe that was read against every rule: each part for itself, then as each plant executes it.
func (c *compiler) check() {
	scope := c.scope()
	for _, s := range c.order {
		for i, f := range s.Fields {
			c.checkValues(f)
			c.checkFormula(f, from{s, i})
		}
		c.checkExpressions(s, scope)
		c.checkPeople(s)
		c.checkFloor(s)
		c.checkGate(s)
		c.checkRepeat(s)
		c.checkAtRisk(s)
		c.checkFields(s)
		c.checkStepWords(s)
	}
	for i, k := range c.recipe.Clocks {
		c.checkClock(i, k)
	}
	c.checkSplit()
	c.checkUses()
	c.checkPlants()
	c.checkEnd()
	c.checkBudget()
	c.checkWords()
	c.checkMarks()
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
		f, ok := r.FieldAt(ref, site)
		switch {
		case !ok:
			fault("there is no field %q", ref)
		case f.Type != TypeDecimal && f.Type != TypeInt && (f.Type != TypeComputed || f.Result == ResultTime):
			fault("%s is not a number", ref)
		case f.Unit != unit:
			fault("%s is in %q, the limit is in %q", ref, f.Unit, unit)
		}
	}
	f, ok := r.FieldAt(a.Field, site)
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
	if from, ok := r.FieldAt(a.DueFrom, site); a.DueFrom != "" && (!ok || from.Type != TypeDateTime) {
		fault("%q, from which the result is due, is no point in time of the record", a.DueFrom)
	}
	return out
}

// FieldAt finds a field of a plant's variant by reference, e.g. "S37.mnc".
func (r *Recipe) FieldAt(ref, site string) (*Field, bool) {
	step, id, _ := strings.Cut(ref, ".")
	s, ok := r.Step(step)
	if !ok || !s.Applies(site) {
		return nil, false
	}
	return s.Field(id, site)
}
