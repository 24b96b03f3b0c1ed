package expression

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"rexbatch/internal/quantity"
)

// maxDecimals is how many decimals round keeps at most.
const maxDecimals = 30

// maxOperands is how many values min, max and sum take.
const maxOperands = 8

// function checks a call by name. The functions of the process (F02) are found behind those of the language.
func (c *checker) function(e ast.Expr, name string, args []ast.Expr) Type {
	switch name {
	case "q", "duration":
		return c.written(e, name, args)
	case "d":
		if len(args) == 1 && args[0].Kind() != ast.LiteralKind {
			return c.spanOf(args[0])
		}
		return c.written(e, name, args)
	case "abs":
		return c.absolute(e, args)
	case "min", "max", "sum":
		return c.several(e, name, args)
	case "round":
		return c.round(e, args)
	case "to":
		return c.to(e, args)
	case "minutes":
		if c.count(e, args, 1, "minutes(S35.at - S10.t0)") && c.wants(args[0], c.check(args[0]), Duration) {
			return Type{Kind: Number, Unit: "min"}
		}
		return unknown
	}
	d, ok := callable[name]
	if ok {
		return c.formula(e, d, args)
	}
	fix := "use q, d, duration, has, abs, min, max, sum, round, to, minutes, or a formula such as F02"
	if near := nearest(name, callable); near != "" {
		fix = "did you mean " + near + "?"
	}
	if name == presence {
		fix = "write has(S31.branch)"
	}
	return c.fault(e, CodeUnknownFunction, fix, "there is no function %s", name)
}

func (c *checker) count(e ast.Expr, args []ast.Expr, n int, example string) bool {
	if len(args) != n {
		c.fault(e, CodeArguments, "write it as in "+example, "it takes %d values, not %d", n, len(args))
	}
	return len(args) == n
}

// written are literals: what stands between the quotation marks is read now, so that it cannot fail later.
func (c *checker) written(e ast.Expr, name string, args []ast.Expr) Type {
	example := map[string]string{"q": `q("70 %")`, "d": `d("4 h")`, "duration": `duration("4h30m")`}[name]
	if !c.count(e, args, 1, example) {
		return unknown
	}
	content, isText := types.String(""), false
	if args[0].Kind() == ast.LiteralKind {
		content, isText = args[0].AsLiteral().(types.String)
	}
	if !isText {
		return c.fault(args[0], CodeBadLiteral, "write it as in "+example, "%s takes a text in quotation marks", name)
	}
	var err error
	var number quantity.Quantity
	switch name {
	case "q":
		number, err = readNumber(string(content))
	case "d":
		_, err = readSpan(string(content))
	default:
		_, err = readDuration(string(content))
	}
	if err != nil {
		return c.fault(args[0], CodeBadLiteral, "write it as in "+example, "%s", reason(err))
	}
	if name == "q" {
		return Type{Kind: Number, Unit: number.Unit()}
	}
	return Type{Kind: Duration}
}

// readNumber reads "70 %": a number, one space, a code of the unit table.
func readNumber(content string) (quantity.Quantity, error) {
	digits, unit, _ := strings.Cut(content, " ")
	n, err := quantity.ParseCanonical(digits, quantity.Unit(unit))
	if err == nil && n.Qualifier() != quantity.Exactly {
		return quantity.Quantity{}, fmt.Errorf("%q is a bound and not a number", content)
	}
	return n, err
}

// readSpan reads "4 h" in min, h or d.
func readSpan(content string) (time.Duration, error) {
	n, err := readNumber(content)
	if err != nil {
		return 0, err
	}
	return n.Duration()
}

// readDuration reads "4h30m". A fraction of an hour would go through binary floating point.
func readDuration(content string) (time.Duration, error) {
	if strings.Contains(content, ".") {
		return 0, fmt.Errorf(`write the fraction of an hour as d("1.5 h")`)
	}
	span, err := time.ParseDuration(content)
	if err != nil || len(content) > 20 {
		return 0, fmt.Errorf("%.20q is not a span of time", content)
	}
	return span, nil
}

// spanOf is d(S24.run_time): a number of minutes, hours or days as a span of time.
func (c *checker) spanOf(arg ast.Expr) Type {
	t := c.check(arg)
	if !c.wants(arg, t, Number) {
		return unknown
	}
	if !converts(t.Unit, "min") {
		return c.fault(arg, CodeUnits, "use a number in min, h or d", "%s is not a span of time", t)
	}
	return Type{Kind: Duration}
}

func (c *checker) absolute(e ast.Expr, args []ast.Expr) Type {
	if !c.count(e, args, 1, "abs(S29.count_1 - S29.count_2)") {
		return unknown
	}
	t := c.check(args[0])
	if t.Kind != 0 && t.Kind != Number && t.Kind != Duration {
		return c.fault(args[0], CodeKinds, "use a number or a span of time", "%s has no sign", t)
	}
	return t
}

// several is min, max and sum of values of one kind, numbers in the unit of the first.
func (c *checker) several(e ast.Expr, name string, args []ast.Expr) Type {
	if len(args) < 2 || len(args) > maxOperands {
		return c.fault(e, CodeArguments, "write it as in "+name+"(S29.count_1, S29.count_2)", "it takes 2 to %d values, not %d", maxOperands, len(args))
	}
	first := unknown
	good := true
	for _, arg := range args {
		t := c.operand(arg, first)
		switch {
		case t.Kind == 0:
			good = false
		case !slices.Contains(ordered, t.Kind) || name == "sum" && t.Kind == Time:
			good = false
			c.fault(arg, CodeKinds, "use numbers or spans of time", "there is no %s of %s", name, t)
		case first.Kind == 0:
			first = t
		case t.Kind != first.Kind:
			good = false
			c.fault(arg, CodeKinds, bridge(first, t), "this is %s, and the first is %s", t, first)
		case t.Kind == Number && !converts(t.Unit, first.Unit):
			good = false
			c.fault(arg, CodeUnits, sameUnit(first.Unit), "this is %s, and the first is %s", t, first)
		}
	}
	if !good {
		return unknown
	}
	return first
}

func (c *checker) round(e ast.Expr, args []ast.Expr) Type {
	if !c.count(e, args, 2, "round(S29.viability, 1)") {
		return unknown
	}
	t := c.check(args[0])
	isNumber := c.wants(args[0], t, Number)
	decimals, isInt := types.Int(0), false
	if args[1].Kind() == ast.LiteralKind {
		decimals, isInt = args[1].AsLiteral().(types.Int)
	}
	if !isInt || decimals < 0 || decimals > maxDecimals {
		return c.fault(args[1], CodeBadLiteral, "write it as in round(S29.viability, 1)", "how many decimals to keep is a whole number from 0 to %d", maxDecimals)
	}
	if !isNumber {
		return unknown
	}
	return t
}

// to converts into another unit of the same group: to(S27.volume, "L").
func (c *checker) to(e ast.Expr, args []ast.Expr) Type {
	if !c.count(e, args, 2, `to(S27.volume, "mL")`) {
		return unknown
	}
	t := c.check(args[0])
	isNumber := c.wants(args[0], t, Number)
	code, isText := types.String(""), false
	if args[1].Kind() == ast.LiteralKind {
		code, isText = args[1].AsLiteral().(types.String)
	}
	unit := quantity.Unit(code)
	switch {
	case !isText || !unit.Known():
		return c.fault(args[1], CodeBadLiteral, `write a unit of the unit table as in to(S27.volume, "mL")`, "this is not a unit")
	case !isNumber:
		return unknown
	case !converts(t.Unit, unit):
		return c.fault(e, CodeUnits, sameUnit(unit), "%s does not convert into %q", t, code)
	}
	return Type{Kind: Number, Unit: unit}
}

// reason is what is wrong, and the next step where the error knows one.
func reason(err error) string {
	if e, ok := err.(*quantity.Error); ok {
		return e.What
	}
	return err.Error()
}
