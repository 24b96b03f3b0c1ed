package mbr

import (
	"fmt"
	"slices"
	"strings"
)

// ParamPrefix marks a reference to a parameter of the recipe.
const ParamPrefix = "param."

// The events of a step, as clocks name them: "S21@started".
const (
	Started   = "started"
	Completed = "completed"
)

// from is the part of the recipe that refers to something: what it may refer to was captured before.
type from struct {
	step  *Step
	field int // of the step; -1 for what is decided before the step begins, the number of fields for what is decided after all
}

// before tells whether a field is captured before the part is reached.
func (c *compiler) before(f *Field, by from) bool {
	step, ok := c.recipe.steps[f.Step]
	if !ok || by.step == nil {
		return ok
	}
	if step != by.step {
		return c.position[step] < c.position[by.step]
	}
	for i, other := range step.Fields {
		if other == f {
			return i < by.field
		}
	}
	return false
}

// use is a reference that was found, to be held against each plant.
type use struct {
	of     *Field
	by     from
	at     place
	needed bool // without a value nothing can be computed or decided
	asked  bool // has(…) asks for it, so that it may be missing
}

// refers looks a reference up, "S11.net_volume" or "param.density". The field is nil for a parameter; not ok when the
// reference is a fault.
func (c *compiler) refers(ref string, by from, at place) (f *Field, ok bool) {
	if id, isParam := strings.CutPrefix(ref, ParamPrefix); isParam {
		_, known := c.recipe.Parameters[id]
		if !known {
			c.fault("MBR106", at, fmt.Sprintf("there is no parameter %q", id), meant(id, keys(c.recipe.Parameters)))
		}
		c.used[ref] = true
		return nil, known
	}
	f, known := c.fields[ref]
	if !known {
		c.unknownField(ref, at)
		return nil, false
	}
	step := c.recipe.steps[f.Step]
	switch {
	case by.step == nil || step == nil:
	case step != by.step && step.Parallel != "" && step.Parallel == by.step.Parallel:
		c.fault("MBR105", at, fmt.Sprintf("%s refers to %s, which is done in any order beside it", c.by(by), ref), "take one of the steps out of the group "+step.Parallel)
		return f, false
	case step != by.step && slices.Contains(by.step.AtRisk, f.Step):
		c.fault("MBR617", at, fmt.Sprintf("%s refers to %s, which may be missing: %s can begin at risk before %s is done", c.by(by), ref, by.step.ID, f.Step), "let the step wait for it, or refer to something else")
		return f, false
	case !c.before(f, by):
		c.later(f, by, at)
		return f, false
	}
	return f, true
}

func (c *compiler) later(f *Field, by from, at place) {
	if by.field >= 0 && by.field < len(by.step.Fields) && by.step.Fields[by.field].Type == TypeComputed {
		if way := c.circle(by.step.Fields[by.field], f); way != nil {
			c.fault("MBR311", at, c.by(by)+" is computed from itself: "+strings.Join(way, " ← "), "compute one of them from what was measured")
			return
		}
	}
	what := fmt.Sprintf("%s refers to %s, which is defined later", c.by(by), f.Ref())
	fix := fmt.Sprintf("refer to something that is captured before %s, or move the step", by.step.ID)
	if f.Step == by.step.ID {
		what = fmt.Sprintf("%s refers to %s, which is not captured yet at that point", c.by(by), f.Ref())
		fix = "refer to an earlier step, or move the field up"
	}
	c.fault("MBR104", at, what, fix)
}

// by names the part that refers to something.
func (c *compiler) by(b from) string {
	if b.field >= 0 && b.field < len(b.step.Fields) {
		return b.step.Fields[b.field].Ref()
	}
	return b.step.ID
}

func (c *compiler) unknownField(ref string, at place) {
	step, id, dotted := strings.Cut(ref, ".")
	s, known := c.recipe.steps[step]
	switch {
	case !dotted:
		c.fault("MBR103", at, fmt.Sprintf("%q names no field", ref), `write step and field, such as "S11.net_volume", or "param.name"`)
	case !known:
		c.fault("MBR103", at, fmt.Sprintf("there is no step %q", step), meant(step, keys(c.recipe.steps)))
	default:
		var ids []string
		for _, f := range s.Fields {
			ids = append(ids, f.ID)
		}
		c.fault("MBR103", at, fmt.Sprintf("step %s has no field %q", step, id), meant(id, ids))
	}
}

// checkUses holds that what a part refers to is recorded wherever the part is done, and has a value there.
func (c *compiler) checkUses() {
	for _, u := range c.uses {
		for _, site := range keys(c.recipe.Variants) {
			if !u.by.at(site) || u.asked {
				continue
			}
			if _, there := c.recipe.FieldAt(u.of.Ref(), site); !there {
				c.faultAt(site, "MBR114", u.at, fmt.Sprintf("%s is not part of the recipe {at}, where %s needs it", u.of.Ref(), c.by(u.by)), "record it there as well, or limit this to the plants that do")
			}
		}
		c.checkPresence(u)
	}
}

// at tells whether the part is done at a plant.
func (b from) at(site string) bool {
	if b.step == nil || !b.step.Applies(site) {
		return false
	}
	return b.field < 0 || b.field >= len(b.step.Fields) || b.step.Fields[b.field].Applies(site)
}

// checkPresence warns of a value that may be missing where it is used: left empty, or not asked for.
func (c *compiler) checkPresence(u use) {
	if u.asked {
		return
	}
	step := c.recipe.steps[u.of.Step]
	switch {
	case u.of.Optional && u.needed:
		c.fault("MBR216", u.at, fmt.Sprintf("%s may stay empty, and %s needs it", u.of.Ref(), c.by(u.by)), "make the field required, or ask with has(…)")
	case u.of.When != nil && !sameCondition(u.of.When, u.by.condition()):
		c.fault("MBR324", u.at, fmt.Sprintf("%s is asked for only when %s", u.of.Ref(), u.of.When.Source), "ask with has(…), or make this depend on the same condition")
	case step != u.by.step && step.When != nil && !sameCondition(step.When, u.by.step.When):
		c.fault("MBR324", u.at, fmt.Sprintf("%s is done only when %s, so that %s may have no value", step.ID, step.When.Source, u.of.Ref()), "ask with has(…), or make this depend on the same condition")
	}
}

func (b from) condition() *Condition {
	if b.field >= 0 && b.field < len(b.step.Fields) {
		return b.step.Fields[b.field].When
	}
	return nil
}

func sameCondition(a, b *Condition) bool {
	return a != nil && b != nil && strings.Join(strings.Fields(a.Source), "") == strings.Join(strings.Fields(b.Source), "")
}
