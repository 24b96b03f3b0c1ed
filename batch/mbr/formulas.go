package mbr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

// expiryFormula is the one formula that gives a point in time.
const expiryFormula formula.ID = "F11"

// ResultTime marks a computed field that holds a point in time.
const ResultTime = "datetime"

// formulaOf reads how a field is computed.
func (c *compiler) formulaOf(o *object, f *Field) {
	f.Formula = formula.ID(o.text("formula"))
	in := o.child("inputs")
	if in == nil {
		return
	}
	f.Inputs = map[string]string{}
	for name := range in.entries {
		f.Inputs[name] = in.text(name)
		c.used[f.Inputs[name]] = true
	}
}

// checkFormula holds that a computed field can be computed: every input that its formula asks for is given, in a unit
// that the formula takes, and the result is in a unit that the field shows (AT-55, I13).
func (c *compiler) checkFormula(f *Field, by from) {
	o := c.of(f)
	if f.Type != TypeComputed {
		for _, key := range []string{"formula", "inputs", "expr", "result"} {
			if o.has(key) && o.get(key) != nil {
				c.fault("MBR310", o.spot(key), fmt.Sprintf("%s is %s and is not computed", f.Ref(), f.Type), "make it computed, or leave "+key+" out")
			}
		}
		return
	}
	switch {
	case f.Formula == "" && f.Expr == nil:
		c.fault("MBR308", o.at, fmt.Sprintf("%s is computed from nothing", f.Ref()), "write formula: and inputs:, or expr:")
		return
	case f.Formula != "" && f.Expr != nil:
		c.fault("MBR309", o.spot("expr"), fmt.Sprintf("%s has a formula and an expression: which one counts?", f.Ref()), "keep one of them")
		return
	case f.Formula == "":
		if len(f.Inputs) > 0 {
			c.fault("MBR310", o.spot("inputs"), fmt.Sprintf("%s has no formula: an expression names its own values", f.Ref()), "leave inputs out")
		}
		return
	}
	def, ok := formula.Lookup(f.Formula)
	if !ok {
		c.fault("MBR301", o.spot("formula"), fmt.Sprintf("there is no formula %q", f.Formula), meant(string(f.Formula), formulaIDs()))
		return
	}
	if def.Function != "" && def.ID != expiryFormula || (f.Result == ResultTime) != (def.ID == expiryFormula) {
		c.fault("MBR302", o.spot("formula"), fmt.Sprintf("formula %s does not give a value of %s", f.Formula, f.Ref()), "F11 gives a point in time (result: datetime); the others give a number")
		return
	}
	c.checkInputs(o, f, def, by)
}

func formulaIDs() []string {
	var ids []string
	for _, d := range formula.All() {
		ids = append(ids, string(d.ID))
	}
	return ids
}

func inputNames(def formula.Definition) []string {
	var names []string
	for _, p := range def.Inputs {
		names = append(names, p.Name)
	}
	return names
}

func (c *compiler) checkInputs(o *object, f *Field, def formula.Definition, by from) {
	in := o.child("inputs")
	if in == nil {
		in = &object{c: c, at: o.spot("formula")}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		if !def.HasInput(name) {
			c.fault("MBR303", in.entries[name].key, fmt.Sprintf("formula %s has no input %q", f.Formula, name), meant(name, inputNames(def)))
		}
	}
	units := map[string]quantity.Unit{} // in which the formula reads each input
	for _, p := range def.Inputs {
		ref, given := f.Inputs[p.Name]
		if !given {
			if !p.Optional {
				c.fault("MBR304", o.spot("inputs"), fmt.Sprintf("formula %s needs the input %q", f.Formula, p.Name), fmt.Sprintf("write %s: and the field or parameter that it is", p.Name))
			}
			continue
		}
		at := in.spot(p.Name)
		source, ok := c.refers(ref, by, at)
		if source != nil && ok {
			c.uses = append(c.uses, use{of: source, by: by, at: at, needed: !p.Optional})
		}
		if ok && (source == nil || !c.broken[source]) {
			c.checkInput(at, f, def, p, ref, source, units)
		}
	}
	result := def.Result
	if def.Like != "" {
		result = units[def.Like]
	}
	_, known := units[def.Like]
	if f.Result != ResultTime && (known || def.Like == "") && !c.broken[f] && !converts(result, f.Unit) {
		c.fault("MBR307", o.spot("unit"), fmt.Sprintf("formula %s gives %q, which is not shown in %q", f.Formula, result, f.Unit), fmt.Sprintf("write unit: %q", result))
	}
}

func (c *compiler) checkInput(at place, f *Field, def formula.Definition, p formula.Param, ref string, source *Field, units map[string]quantity.Unit) {
	unit, isTime, ok := c.holds(ref, source)
	what := fmt.Sprintf("the input %q of formula %s is %s", p.Name, def.ID, ref)
	switch {
	case !ok:
		c.fault("MBR305", at, what+", which is neither a number nor a point in time", "name a number or a point in time")
		return
	case p.Series:
		c.fault("MBR305", at, what+": it takes many values, and this is one", "leave it out")
		return
	case p.Time != isTime:
		c.fault("MBR305", at, what+": a point in time and a number are not the same", "name the other kind of value")
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
	for _, to := range accepted {
		if unit == to {
			units[p.Name] = to
			return
		}
	}
	for _, to := range accepted {
		if converts(unit, to) {
			units[p.Name] = to
			return
		}
	}
	c.fault("MBR306", at, fmt.Sprintf("%s in %q and has to be in %q", what, unit, accepted[0]), fmt.Sprintf("name a value in %q for %s", accepted[0], f.Ref()))
}

// holds is what a reference gives a formula: a number with its unit, or a point in time; not ok for anything else.
func (c *compiler) holds(ref string, f *Field) (unit quantity.Unit, isTime, ok bool) {
	if id, isParam := strings.CutPrefix(ref, ParamPrefix); isParam {
		return c.recipe.Parameters[id].Value.Unit(), false, true
	}
	return f.Unit, f.isTime(), f.isNumber() || f.isTime()
}

// converts tells whether a value can be had in another unit.
func converts(from, to quantity.Unit) bool {
	if !from.Known() || !to.Known() {
		return false
	}
	_, err := quantity.New(1, 0, from).In(to)
	return err == nil
}

// circle is the way by which a computed field is computed from itself, when it goes over another one; nil when there is none.
func (c *compiler) circle(start, over *Field) []string {
	seen := map[*Field]bool{}
	var walk func(f *Field) []string
	walk = func(f *Field) []string {
		if f == start {
			return []string{f.Ref()}
		}
		if seen[f] || f.Type != TypeComputed {
			return nil
		}
		seen[f] = true
		for _, ref := range computedFrom(f) {
			next, ok := c.fields[ref]
			if !ok {
				continue
			}
			if way := walk(next); way != nil {
				return append([]string{f.Ref()}, way...)
			}
		}
		return nil
	}
	way := walk(over)
	if way == nil {
		return nil
	}
	return append([]string{start.Ref()}, way...)
}

// computedFrom are the references from which a field is computed.
func computedFrom(f *Field) []string {
	refs := slices.Sorted(maps.Values(f.Inputs))
	if f.Expr != nil {
		refs = append(refs, f.Expr.mentions()...)
	}
	return refs
}
