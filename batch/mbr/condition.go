package mbr

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rexbatch/batch/expression"
	"rexbatch/batch/formula"
)

// Eval computes the expression from the values of the record; false from values means that there is none yet. What a field
// gives, and what the result is, says Field.Kind: a number is in the unit of its field. Errors are those of
// expression.Expression.Eval: a *expression.MissingError names the value that is needed first.
func (c *Condition) Eval(values func(ref string) (expression.Value, bool)) (expression.Value, error) {
	if c.compiled == nil {
		return expression.Value{}, fmt.Errorf("expression %q was not compiled", c.Source)
	}
	return c.compiled.Eval(values)
}

// Holds is Eval of a condition that is true or false: Step.When, Field.When, Check.That.
func (c *Condition) Holds(values func(ref string) (expression.Value, bool)) (bool, error) {
	v, err := c.Eval(values)
	return v.Bool, err
}

// References are what the expression names, such as "S29.viability", "param.dose_target" and "this", in order.
func (c *Condition) References() []string {
	if c.compiled == nil {
		return nil
	}
	return c.compiled.References()
}

// Formulas are the formulas that the expression calls; the record keeps their versions (AT-55).
func (c *Condition) Formulas() []formula.ID {
	if c.compiled == nil {
		return nil
	}
	return c.compiled.Formulas()
}

var mention = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*\.[A-Za-z][A-Za-z0-9_]*\b`)

// mentions are the fields that the source names, compiled or not.
func (c *Condition) mentions() []string { return mention.FindAllString(c.Source, -1) }

// Kind is what a field gives an expression, and what its own expression has to give; not ok for a file, which is evidence and
// not a value. A date is its first moment in UTC, a scan or a lot its text.
func (f *Field) Kind() (t expression.Type, ok bool) {
	switch f.Type {
	case TypeBool:
		return expression.Type{Kind: expression.Bool}, true
	case TypeEnum:
		return expression.Type{Kind: expression.Text, Codes: f.Codes()}, true
	case TypeMulti:
		return expression.Type{Kind: expression.Texts, Codes: f.Codes()}, true
	case TypeList:
		return expression.Type{Kind: expression.Texts}, true
	case TypeText, TypeID, TypeScan, TypeLot, TypeDevice:
		return expression.Type{Kind: expression.Text}, true
	case TypeDateTime, TypeDate:
		return expression.Type{Kind: expression.Time}, true
	case TypeDecimal, TypeInt:
		return expression.Type{Kind: expression.Number, Unit: f.Unit}, true
	case TypeComputed:
		if f.Result == ResultTime {
			return expression.Type{Kind: expression.Time}, true
		}
		return expression.Type{Kind: expression.Number, Unit: f.Unit}, true
	default:
		return expression.Type{}, false
	}
}

// Kind is what a parameter gives an expression.
func (p Parameter) Kind() expression.Type {
	return expression.Type{Kind: expression.Number, Unit: p.Value.Unit()}
}

// condition reads an expression; nil when there is none.
func (o *object) condition(key string) *Condition {
	source := o.text(key)
	if source == "" {
		return nil
	}
	return &Condition{Source: source}
}

// scope is everything that an expression may name. The order of steps is held apart, so that the fault says so.
func (c *compiler) scope() expression.Scope {
	scope := expression.Scope{}
	for id, p := range c.recipe.Parameters {
		scope[ParamPrefix+id] = p.Kind()
	}
	for ref, f := range c.fields {
		t, ok := f.Kind()
		if ok && !c.broken[f] {
			scope[ref] = t
		}
	}
	return scope
}

// codes is the code of the language for each of the faults of an expression; MBR320 for the others.
var codes = map[string]string{
	expression.CodeUnknownReference: "MBR103", expression.CodeUnits: "MBR322", expression.CodeResult: "MBR323", expression.CodeNotAnOption: "MBR321",
}

// compile compiles an expression, and holds that what it names was captured before it is asked.
func (c *compiler) compile(cond *Condition, o *object, key string, scope expression.Scope, want expression.Type, by from) {
	compiled, err := expression.Compile(cond.Source, scope, want)
	var faults expression.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			c.expressionFault(f, cond, o, key, by)
		}
		return
	}
	if err != nil {
		c.fault("MBR320", o.spot(key), err.Error(), "write it in a simpler way")
		return
	}
	cond.compiled = compiled
	for _, ref := range compiled.References() {
		if ref == expression.This {
			continue
		}
		for _, at := range occurrences(cond.Source, ref) {
			place := o.part(key, cond.Source, at, at+len(ref))
			f, ok := c.refers(ref, by, place)
			if f == nil || !ok {
				continue
			}
			c.uses = append(c.uses, use{of: f, by: by, at: place, asked: asksFor(cond.Source, ref)})
			c.tells(f, by, place)
		}
	}
}

func (c *compiler) expressionFault(f *expression.Fault, cond *Condition, o *object, key string, by from) {
	at := o.part(key, cond.Source, f.From, f.To)
	code, known := codes[f.Code]
	if !known {
		code = "MBR320"
	}
	ref := cond.Source[f.From:f.To]
	field, isField := c.fields[ref]
	switch {
	case code == "MBR103" && isField && c.broken[field]:
		return // its own fault says why
	case code == "MBR103" && isField:
		c.fault("MBR320", at, fmt.Sprintf("%s is %s and has no value to compare", ref, field.Type), "name another field")
	case code == "MBR103":
		c.refers(ref, by, at)
	default:
		c.fault(code, at, f.What, f.Fix)
	}
}

// tells holds that what is blind is decided on only where it is blind as well: else the way of the batch tells the arm (I11).
func (c *compiler) tells(f *Field, by from, at place) {
	if c.recipe.steps[f.Step].Blind && !by.step.Blind {
		c.fault("MBR325", at, fmt.Sprintf("%s is blind, and %s is seen by everybody: it would tell the arm (I11)", f.Ref(), c.by(by)), "decide on it in a blind step only")
	}
}

// occurrences are the places of a reference in a source, by their bytes.
func occurrences(source, ref string) []int {
	var at []int
	for from := 0; ; {
		i := strings.Index(source[from:], ref)
		if i < 0 {
			return at
		}
		i += from
		from = i + len(ref)
		whole := (i == 0 || !isWord(source[i-1])) && (from == len(source) || !isWord(source[from]))
		if whole {
			at = append(at, i)
		}
	}
}

func isWord(b byte) bool {
	return b == '_' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// asksFor tells whether the source asks with has(…) for a reference.
func asksFor(source, ref string) bool {
	return strings.Contains(strings.Join(strings.Fields(source), ""), "has("+ref+")")
}

// checkExpressions compiles every expression of a step.
func (c *compiler) checkExpressions(s *Step, scope expression.Scope) {
	truth := expression.Type{Kind: expression.Bool}
	o := c.of(s)
	if s.When != nil {
		c.compile(s.When, o, "when", scope, truth, from{s, -1})
		c.checkCanHold(s.When, o, from{s, -1})
	}
	for i, f := range s.Fields {
		at := c.of(f)
		if f.When != nil {
			c.compile(f.When, at, "when", scope, truth, from{s, i})
			c.checkCanHold(f.When, at, from{s, i})
		}
		kind, valued := f.Kind()
		if f.Expr != nil && f.Type == TypeComputed && !c.broken[f] {
			c.compile(f.Expr, at, "expr", scope, kind, from{s, i})
		}
		if len(f.Checks) > 0 && valued && !c.broken[f] {
			c.checkChecks(f, scope, kind, from{s, i})
		}
	}
}

func (c *compiler) checkChecks(f *Field, scope expression.Scope, kind expression.Type, by from) {
	scope[expression.This] = kind
	defer delete(scope, expression.This)
	for i := range f.Checks {
		that := &f.Checks[i].That
		if that.Source == "" {
			continue
		}
		o := c.of(f).item("checks", i)
		c.compile(that, o, "that", scope, expression.Type{Kind: expression.Bool}, by)
		if that.compiled != nil && !slices.Contains(that.References(), expression.This) {
			c.fault("MBR326", o.spot("that"), fmt.Sprintf("the check of %s does not speak of its value", f.Ref()), "name it as this")
		}
	}
}
