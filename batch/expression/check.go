package expression

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

// checker walks what CEL parsed, gives every part a type with its unit, and notes what does not fit. It lowers what CEL has no
// words for: a product carries the unit of its result into the program.
type checker struct {
	*text
	scope    Scope
	factory  ast.ExprFactory
	nextID   int64
	refs     []string
	formulas []formula.ID
	faults   Faults
}

// unknown is the type of a part that has its fault already: no second fault follows from it.
var unknown Type

func (c *checker) fault(e ast.Expr, code, fix, what string, args ...any) Type {
	from, to := c.span(e)
	c.faults = append(c.faults, &Fault{From: from, To: to, Code: code, What: fmt.Sprintf(what, args...), Fix: fix})
	return unknown
}

func (c *checker) check(e ast.Expr) Type {
	switch e.Kind() {
	case ast.LiteralKind:
		return c.literal(e, "")
	case ast.IdentKind:
		return c.ident(e)
	case ast.SelectKind:
		ref, ok := qualified(e)
		if !ok {
			return c.fault(e, CodeNotSupported, "name a field as in S29.viability", "this is not the name of a field")
		}
		return c.reference(e, ref)
	case ast.CallKind:
		return c.call(e)
	case ast.ListKind:
		return c.fault(e, CodeNotSupported, `write a list only behind in, as in S31.branch in ["full", "low_dose"]`, "a list cannot stand here")
	}
	return c.fault(e, CodeNotSupported, "write a condition or a formula over fields", "recipes have no maps and no objects")
}

// literal takes true, false and texts. unit is what the number stands beside, for the hint.
func (c *checker) literal(e ast.Expr, unit quantity.Unit) Type {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		return Type{Kind: Bool}
	case types.String:
		return Type{Kind: Text, Codes: []string{string(v)}}
	case types.Int, types.Uint, types.Double:
		from, to := c.span(e)
		number := c.source[from:to]
		fix := fmt.Sprintf("write q(%q)", strings.TrimSpace(number+" "+string(unit)))
		if unit == "" {
			fix += fmt.Sprintf(`, or with its unit as in q("%s mL")`, number)
		}
		return c.fault(e, CodeBareNumber, fix, "%s is not a decimal with a unit", number)
	case types.Null:
		return c.fault(e, CodeNotSupported, "ask with has(…) whether a field has a value", "null stands only for an input of a formula that is left out")
	}
	return c.fault(e, CodeNotSupported, `write a text as "…"`, "recipes have no bytes")
}

func (c *checker) ident(e ast.Expr) Type {
	name := e.AsIdent()
	ref, presence := strings.CutPrefix(name, presencePrefix)
	if !presence {
		return c.reference(e, name)
	}
	if c.reference(e, ref).Kind == 0 {
		return unknown
	}
	return Type{Kind: Bool}
}

func (c *checker) reference(e ast.Expr, ref string) Type {
	t, ok := c.scope[ref]
	if !ok {
		fix := "name a field of the recipe as in S29.viability, or a parameter as in param.dose_target"
		if near := nearest(ref, c.scope); near != "" {
			fix = "did you mean " + near + "?"
		}
		return c.fault(e, CodeUnknownReference, fix, "there is no %s here", ref)
	}
	if !slices.Contains(c.refs, ref) {
		c.refs = append(c.refs, ref)
	}
	return t
}

// qualified is the reference that a chain of names makes.
func qualified(e ast.Expr) (string, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent(), true
	case ast.SelectKind:
		left, ok := qualified(e.AsSelect().Operand())
		return left + "." + e.AsSelect().FieldName(), ok && !e.AsSelect().IsTestOnly()
	}
	return "", false
}

func (c *checker) call(e ast.Expr) Type {
	call := e.AsCall()
	args := call.Args()
	switch name := call.FunctionName(); name {
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot:
		for _, arg := range args {
			c.wants(arg, c.check(arg), Bool)
		}
		return Type{Kind: Bool}
	case operators.Conditional:
		return c.conditional(args)
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return c.comparison(e, name, args)
	case operators.In:
		return c.membership(args)
	case operators.Add, operators.Subtract:
		return c.sum(e, name, args)
	case operators.Multiply, operators.Divide:
		return c.product(e, name, args)
	case operators.Negate:
		t := c.operand(args[0], unknown)
		if t.Kind != 0 && t.Kind != Number && t.Kind != Duration {
			return c.fault(e, CodeKinds, "use - before a number or a span of time", "%s has no sign", t)
		}
		return t
	case operators.Modulo, operators.Index:
		return c.fault(e, CodeNotSupported, "use + - * / and the listed functions", "recipes have no %% and no […]")
	default:
		if call.IsMemberFunction() {
			return c.fault(e, CodeNotSupported, "write the function before its values, as in abs(S29.difference)", "a value has no functions: .%s(…)", name)
		}
		return c.function(e, name, args)
	}
}

// wants notes a fault unless the part is of that kind, or has a fault already.
func (c *checker) wants(e ast.Expr, t Type, kind Kind) bool {
	if t.Kind == kind {
		return true
	}
	if t.Kind != 0 {
		c.fault(e, CodeKinds, "write a part that is "+kind.String(), "this is %s and has to be %s", t, kind)
	}
	return false
}

// operand checks a part; a bare number gets the unit of the other side as a hint.
func (c *checker) operand(e ast.Expr, other Type) Type {
	if e.Kind() == ast.LiteralKind {
		return c.literal(e, other.Unit)
	}
	return c.check(e)
}

// operands checks two sides; the one that is a literal last.
func (c *checker) operands(args []ast.Expr) (a, b Type) {
	if args[0].Kind() == ast.LiteralKind {
		b = c.operand(args[1], unknown)
		return c.operand(args[0], b), b
	}
	a = c.operand(args[0], unknown)
	return a, c.operand(args[1], a)
}

func (c *checker) conditional(args []ast.Expr) Type {
	c.wants(args[0], c.check(args[0]), Bool)
	a, b := c.operands(args[1:])
	switch {
	case a.Kind == 0 || b.Kind == 0:
		return unknown
	case a.Kind != b.Kind:
		return c.fault(args[2], CodeKinds, "give both cases the same kind of value", "one case is %s, the other is %s", a, b)
	case a.Kind == Number && a.Unit != b.Unit:
		return c.fault(args[2], CodeUnits, convertTo(b.Unit, a.Unit), "one case is %s, the other is %s", a, b)
	}
	if a.Codes != nil && b.Codes != nil {
		a.Codes = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.Codes, b.Codes))))
	} else {
		a.Codes = nil
	}
	return a
}

// ordered are the kinds of value that are smaller or larger than another.
var ordered = []Kind{Number, Time, Duration}

func (c *checker) comparison(e ast.Expr, name string, args []ast.Expr) Type {
	a, b := c.operands(args)
	equality := name == operators.Equals || name == operators.NotEquals
	switch {
	case a.Kind == 0 || b.Kind == 0:
		return Type{Kind: Bool}
	case a.Kind != b.Kind:
		return c.fault(e, CodeKinds, bridge(a, b), "%s is compared with %s", a, b)
	case a.Kind == Texts:
		return c.fault(e, CodeKinds, `ask as in "clots" in S12.findings`, "a list is compared")
	case a.Kind == Number && !converts(b.Unit, a.Unit):
		return c.fault(e, CodeUnits, sameUnit(a.Unit), "%s is compared with %s", a, b)
	case !equality && !slices.Contains(ordered, a.Kind):
		return c.fault(e, CodeKinds, "use == or !=", "%s is neither smaller nor larger than another", a)
	}
	if a.Kind == Text && !c.share(e, args, a, b) {
		return unknown
	}
	if name == operators.NotEquals {
		// The program of CEL takes "not decided" for "not equal": a != b becomes !(a == b), which keeps the error.
		equal := c.factory.NewCall(c.newID(), operators.Equals, args...)
		e.SetKindCase(c.factory.NewCall(e.ID(), operators.LogicalNot, equal))
	}
	return Type{Kind: Bool}
}

// share tells whether two texts can be equal at all.
func (c *checker) share(e ast.Expr, args []ast.Expr, a, b Type) bool {
	if args[0].Kind() == ast.LiteralKind {
		args, a, b = []ast.Expr{args[1], args[0]}, b, a
	}
	if a.Codes == nil || b.Codes == nil || slices.ContainsFunc(b.Codes, func(code string) bool { return slices.Contains(a.Codes, code) }) {
		return true
	}
	if args[1].Kind() == ast.LiteralKind {
		c.notAnOption(args[1], b.Codes[0], a)
		return false
	}
	c.fault(e, CodeNotAnOption, "compare choices that share an option", "%s is compared with %s: they are never equal", a, b)
	return false
}

func (c *checker) notAnOption(e ast.Expr, code string, of Type) {
	fix := "write one of " + list(of.Codes)
	if near := nearest(code, toSet(of.Codes)); near != "" {
		fix = fmt.Sprintf("did you mean %q?", near)
	}
	c.fault(e, CodeNotAnOption, fix, "%q is not one of %s", code, list(of.Codes))
}

// membership is x in ["a", "b"], or "a" in a field with several options.
func (c *checker) membership(args []ast.Expr) Type {
	single := c.operand(args[0], unknown)
	isText := c.wants(args[0], single, Text)
	if args[1].Kind() != ast.ListKind {
		many := c.check(args[1])
		if c.wants(args[1], many, Texts) && isText {
			c.share(args[0], []ast.Expr{args[1], args[0]}, many, single)
		}
		return Type{Kind: Bool}
	}
	for _, element := range args[1].AsList().Elements() {
		t := c.operand(element, unknown)
		if c.wants(element, t, Text) && isText {
			c.share(element, []ast.Expr{args[0], element}, single, t)
		}
	}
	return Type{Kind: Bool}
}

func (c *checker) newID() int64 {
	c.nextID++
	return c.nextID
}
