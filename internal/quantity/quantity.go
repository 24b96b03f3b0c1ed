package quantity

import (
	"fmt"

	"github.com/cockroachdb/apd/v3"
)

// Qualifier says that the true value is not the number but on one side of it. It is data, not text (F22).
type Qualifier string

// The qualifiers, in the form in which they are stored.
const (
	Exactly Qualifier = ""
	Less    Qualifier = "<"
	AtMost  Qualifier = "<="
	AtLeast Qualifier = ">="
	Greater Qualifier = ">"
)

// Symbol is the qualifier as printed: "≤" for "<=".
func (q Qualifier) Symbol() string {
	switch q {
	case AtMost:
		return "≤"
	case AtLeast:
		return "≥"
	}
	return string(q)
}

// Range of magnitudes: what lies outside is no value of this process but a slip, and would make texts of any length.
const (
	maxMagnitude = 30
	maxDecimals  = 34
)

// Quantity is a decimal number with its unit and qualifier (I13). It is an immutable value; the zero Quantity means
// "no value", which is not the number 0. Compare with Cmp (as numbers) or Equal (as records).
type Quantity struct {
	known     bool
	qualifier Qualifier
	number    apd.Decimal // finite; never negative zero; never written to after construction
	unit      Unit
}

// New gives coefficient × 10^exponent of a unit: New(120, -2, "mL") is 1.20 mL. It is for constants and counts and
// panics on a unit outside of the table or a magnitude outside of 1e±30, which are mistakes of the programmer.
func New(coefficient int64, exponent int32, unit Unit) Quantity {
	q, err := FromDecimal(apd.New(coefficient, exponent), unit)
	if err != nil {
		panic(fmt.Sprintf("quantity.New(%d, %d, %q): %v", coefficient, exponent, string(unit), err))
	}
	return q
}

// FromDecimal gives an unqualified quantity from a decimal, with the decimals that it has. Errors: unknown-unit,
// not-a-number (infinite or NaN), out-of-range. The decimal is copied.
func FromDecimal(d *apd.Decimal, unit Unit) (Quantity, error) {
	_, err := ParseUnit(string(unit))
	if err != nil {
		return Quantity{}, err
	}
	if d.Form != apd.Finite {
		return Quantity{}, fail(CodeNotANumber, "the result is not a finite number", "check the inputs of the computation")
	}
	if magnitude := int64(d.Exponent) + d.NumDigits() - 1; magnitude > maxMagnitude || magnitude < -maxMagnitude-maxDecimals ||
		(magnitude < -maxMagnitude && !d.IsZero()) {
		return Quantity{}, fail(CodeOutOfRange, "the number is outside of 1e-30 to 1e30", "check the number and its exponent")
	}
	q := Quantity{known: true, unit: unit}
	q.number.Set(d)
	if q.number.IsZero() {
		q.number.Negative = false
	}
	return q, nil
}

// IsZero reports that there is no value. The number 0 is a value.
func (q Quantity) IsZero() bool { return !q.known }

// Unit is the unit of the value.
func (q Quantity) Unit() Unit { return q.unit }

// Qualifier says on which side of the number the true value lies; Exactly for a plain number.
func (q Quantity) Qualifier() Qualifier { return q.qualifier }

// Decimal is a copy of the number without qualifier and unit, for formulas that need more than the four operations.
func (q Quantity) Decimal() *apd.Decimal { return new(apd.Decimal).Set(&q.number) }

// Decimals is how many digits stand after the decimal mark: 2 for 1.20, 0 for 120 and for 4e8.
func (q Quantity) Decimals() int { return max(0, -int(q.number.Exponent)) }

// Sign is -1, 0 or 1 as the number is below, at or above zero; the qualifier is not looked at.
func (q Quantity) Sign() int { return q.number.Sign() }

// Equal reports that both are the same record: same number written with the same decimals, same unit, same qualifier.
// 1.20 mL and 1.2 mL are not Equal, although Cmp gives 0.
func (q Quantity) Equal(o Quantity) bool {
	return q.known == o.known && q.unit == o.unit && q.qualifier == o.qualifier && q.Number() == o.Number()
}

// qualified returns q with a qualifier; only parsers use it.
func (q Quantity) qualified(by Qualifier) Quantity {
	q.qualifier = by
	return q
}

// plain refuses operands that are no plain number: no value, or a qualified one.
func plain(operands ...Quantity) error {
	for _, q := range operands {
		if q.IsZero() {
			return fail(CodeNoValue, "a value is missing", "enter the value first")
		}
		if q.qualifier != Exactly {
			return fail(CodeQualified, "{value} is a bound and not a number, so nothing can be computed from it",
				"enter a measured number, or judge the value against a limit as it is", "value", q.String())
		}
	}
	return nil
}
