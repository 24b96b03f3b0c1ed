package formula

import (
	"github.com/cockroachdb/apd/v3"

	"rexbatch/internal/quantity"
)

type decimal = *apd.Decimal

// precise is the context of all formulas: 34 digits, and the rest of decimal128.
var precise = apd.Context{
	Precision: quantity.Digits, MaxExponent: 6144, MinExponent: -6143, Traps: apd.DefaultTraps, Rounding: apd.RoundHalfEven,
}

// numbers are the checked inputs of one computation, and the arithmetic on them. The first error stays; what follows it
// works with zeros and is thrown away.
type numbers struct {
	of     Definition
	values map[string]decimal
	units  map[string]quantity.Unit
	err    error
}

// get is an input; zero for an optional one that was not given.
func (n *numbers) get(name string) decimal {
	d, ok := n.values[name]
	if !ok {
		return new(apd.Decimal)
	}
	return d
}

func (n *numbers) has(name string) bool { _, ok := n.values[name]; return ok }

func (n *numbers) refuse(code, what, next string, args ...string) decimal {
	if n.err == nil {
		n.err = n.of.fail(code, what, next, args...)
	}
	return new(apd.Decimal)
}

type binary func(d, x, y *apd.Decimal) (apd.Condition, error)

func (n *numbers) two(op binary, x, y decimal) decimal {
	if n.err != nil {
		return new(apd.Decimal)
	}
	d := new(apd.Decimal)
	_, err := op(d, x, y)
	if err != nil {
		return n.refuse(quantity.CodeOutOfRange, "the computation fails: {why}", "check the inputs", "why", err.Error())
	}
	return d
}

func (n *numbers) add(x, y decimal) decimal { return n.two(precise.Add, x, y) }
func (n *numbers) sub(x, y decimal) decimal { return n.two(precise.Sub, x, y) }
func (n *numbers) mul(x, y decimal) decimal { return n.two(precise.Mul, x, y) }

// div divides; what says what the divisor is, for the message when it is zero.
func (n *numbers) div(x, y decimal, what string) decimal {
	if y.IsZero() {
		return n.refuse(quantity.CodeDivisionByZero, "{what} is zero", "check the inputs", "what", what)
	}
	return n.two(precise.Quo, x, y)
}

// times10 moves the decimal mark.
func times10(x decimal, power int32) decimal {
	d := new(apd.Decimal).Set(x)
	d.Exponent += power
	return d
}

// number is a constant of a formula.
func number(text string) decimal {
	d, _, err := apd.NewFromString(text)
	if err != nil {
		panic(err) // a constant of this package
	}
	return d
}

// tidy takes the zeros away that an exact division fills 34 digits with (5.2500… is 5.25), and writes a result below a
// million without an exponent (9e1 is 90).
func tidy(x decimal) decimal {
	d := new(apd.Decimal).Set(x)
	if x.NumDigits() >= quantity.Digits {
		d.Reduce(x)
	}
	if d.Exponent > 0 && int64(d.Exponent)+d.NumDigits() <= 6 {
		_, _ = precise.Quantize(d, d, 0) // cannot fail: six digits
	}
	return d
}
