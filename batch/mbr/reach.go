package mbr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rexbatch/batch/expression"
)

// The bounds of what is tried to find out whether a condition can hold.
const (
	maxChoices = 4096
	maxMulti   = 6 // options of a field of which several can be chosen
)

// choice is a reference with every value that it can have there; the zero Value stands for none.
type choice struct {
	ref    string
	values []expression.Value
}

// checkCanHold tries a condition with every choice that people can make before it: what never holds is never done, what
// always holds is no condition. Numbers and times can be anything.
func (c *compiler) checkCanHold(cond *Condition, o *object, by from) {
	if cond.compiled == nil {
		return
	}
	outer := []*Condition{}
	if by.field >= 0 && by.step.When != nil && by.step.When.compiled != nil {
		outer = append(outer, by.step.When)
	}
	refs := cond.References()
	for _, w := range outer {
		refs = append(refs, w.References()...)
	}
	slices.Sort(refs)
	choices, ok := c.choices(slices.Compact(refs), by)
	if !ok {
		return
	}
	can, must := false, true
	each(choices, map[string]expression.Value{}, func(record map[string]expression.Value) {
		for _, w := range outer {
			if tried(w, record, choices) == no {
				return
			}
		}
		switch tried(cond, record, choices) {
		case yes:
			can = true
		case no:
			must = false
		case perhaps:
			can, must = true, false
		}
	})
	what := c.by(by)
	switch {
	case !can:
		c.fault("MBR609", o.spot("when"), fmt.Sprintf("%s is never done: no choice that can be made makes %q true", what, cond.Source), "mend the condition, or leave the part out")
	case must:
		c.fault("MBR610", o.spot("when"), fmt.Sprintf("%q always holds", cond.Source), "leave when out")
	}
}

// choices are the values of each reference that has few of them; not ok when there are too many to try.
func (c *compiler) choices(refs []string, by from) ([]choice, bool) {
	var out []choice
	number := 1
	for _, ref := range refs {
		values := c.valuesOf(ref, by)
		if len(values) == 0 {
			continue
		}
		out = append(out, choice{ref, values})
		number *= len(values)
		if number > maxChoices {
			return nil, false
		}
	}
	return out, true
}

// valuesOf are the values that a reference can have when it is asked for; nil when they are not few.
func (c *compiler) valuesOf(ref string, by from) []expression.Value {
	if id, isParam := strings.CutPrefix(ref, ParamPrefix); isParam {
		return []expression.Value{{Kind: expression.Number, Number: c.recipe.Parameters[id].Value}}
	}
	f, ok := c.fields[ref]
	if !ok {
		return nil
	}
	var values []expression.Value
	step := c.recipe.steps[f.Step]
	switch f.Type {
	case TypeBool:
		values = []expression.Value{{Kind: expression.Bool}, {Kind: expression.Bool, Bool: true}}
	case TypeEnum:
		for _, code := range f.Codes() {
			if step.Gate != nil && step != by.step && !by.step.Closing && step.Gate.Field == f.ID {
				if then, known := step.Gate.Then(code); known && then == Reject {
					continue // the batch ends there
				}
			}
			values = append(values, expression.Value{Kind: expression.Text, Text: code})
		}
	case TypeMulti:
		if len(f.Options) > maxMulti {
			return nil
		}
		for set := range 1 << len(f.Options) {
			v := expression.Value{Kind: expression.Texts, Texts: []string{}}
			for i, code := range f.Codes() {
				if set>>i&1 == 1 {
					v.Texts = append(v.Texts, code)
				}
			}
			values = append(values, v)
		}
	default:
		return nil
	}
	if f.Optional || f.When != nil || step.When != nil || !c.everywhere(f, by) {
		values = append(values, expression.Value{})
	}
	return values
}

// everywhere tells whether a field is recorded at each plant where the part is done.
func (c *compiler) everywhere(f *Field, by from) bool {
	for site := range c.recipe.Variants {
		if _, there := c.recipe.FieldAt(f.Ref(), site); by.at(site) && !there {
			return false
		}
	}
	return true
}

func each(choices []choice, record map[string]expression.Value, do func(map[string]expression.Value)) {
	if len(choices) == 0 {
		do(record)
		return
	}
	for _, v := range choices[0].values {
		record[choices[0].ref] = v
		each(choices[1:], record, do)
	}
}

type answer int

const (
	no answer = iota
	perhaps
	yes
)

// tried is what a condition says of a record in which only the choices are known. What depends on a choice that was not made
// does not hold; what depends on a number may.
func tried(cond *Condition, record map[string]expression.Value, choices []choice) answer {
	v, err := cond.compiled.Eval(func(ref string) (expression.Value, bool) {
		v, ok := record[ref]
		return v, ok && v.Kind != 0
	})
	var missing *expression.MissingError
	switch {
	case err == nil && v.Bool:
		return yes
	case err == nil:
		return no
	case errors.As(err, &missing) && slices.ContainsFunc(choices, func(ch choice) bool { return ch.ref == missing.Ref }):
		return no
	default:
		return perhaps
	}
}
