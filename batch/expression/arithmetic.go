package expression

import (
	"fmt"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"rexbatch/internal/quantity"
)

// sum is + and -. Points and spans of time are added as one would by hand; numbers are converted into the unit of the first.
func (c *checker) sum(e ast.Expr, name string, args []ast.Expr) Type {
	a, b := c.operands(args)
	plus := name == operators.Add
	switch {
	case a.Kind == 0 || b.Kind == 0:
		return unknown
	case a.Kind == Number && b.Kind == Number:
		if !converts(b.Unit, a.Unit) {
			return c.fault(e, CodeUnits, sameUnit(a.Unit), "%s and %s are not the same thing", a, b)
		}
		return a
	case a.Kind == Duration && b.Kind == Duration, a.Kind == Time && b.Kind == Duration:
		return a
	case a.Kind == Duration && b.Kind == Time && plus:
		return b
	case a.Kind == Time && b.Kind == Time && !plus:
		return Type{Kind: Duration}
	}
	return c.fault(e, CodeKinds, bridge(a, b), "%s and %s cannot be added or subtracted", a, b)
}

// product is * and /. The unit of the result goes into the program as a third operand.
func (c *checker) product(e ast.Expr, name string, args []ast.Expr) Type {
	a, b := c.operands(args)
	if a.Kind == 0 || b.Kind == 0 {
		return unknown
	}
	if a.Kind != Number || b.Kind != Number {
		return c.fault(e, CodeKinds, "turn a span of time into a number with minutes(…)", "%s and %s cannot be multiplied or divided", a, b)
	}
	unit, ok := productUnit(a.Unit, b.Unit)
	function, sign := functionMultiply, "×"
	if name == operators.Divide {
		unit, ok = quotientUnit(a.Unit, b.Unit)
		function, sign = functionDivide, "÷"
	}
	if !ok {
		return c.fault(e, CodeUnits, "compute in another order, or use a formula such as F10", "%q %s %q has no unit in the unit table", a.Unit, sign, b.Unit)
	}
	result := c.factory.NewLiteral(c.newID(), types.String(unit))
	e.SetKindCase(c.factory.NewCall(e.ID(), function, args[0], args[1], result))
	return Type{Kind: Number, Unit: unit}
}

func sameUnit(u quantity.Unit) string {
	if u == "" {
		return "use two numbers of one unit"
	}
	return "use a number in " + string(u) + " or in a unit that converts into it"
}

func convertTo(from, to quantity.Unit) string {
	if converts(from, to) {
		return fmt.Sprintf("convert it with to(…, %q)", string(to))
	}
	return sameUnit(to)
}

// bridge is how two kinds of value come together.
func bridge(a, b Type) string {
	if a.Kind == Duration {
		a, b = b, a
	}
	switch {
	case a.Kind == Number && b.Kind == Duration, a.Kind == Number && b.Kind == Time:
		return `make a span of time of the number with d(…), or a number of the span with minutes(…)`
	case a.Kind == Number && b.Kind == Text, a.Kind == Text && b.Kind == Number:
		return `write a number as q("70 %")`
	case a.Kind == Texts || b.Kind == Texts:
		return `ask as in "clots" in S12.findings`
	}
	return "use two values of the same kind"
}
