package quantity

import "github.com/cockroachdb/apd/v3"

// Digits is the precision of all arithmetic: that of decimal128. It is far beyond any instrument, so that the only
// rounding which matters is the one against the limit (F22).
const Digits = 34

// arithmetic works with Digits digits. Traps turn division by zero and overflow into errors.
var arithmetic = apd.Context{
	Precision: Digits, MaxExponent: 6144, MinExponent: -6143, Traps: apd.DefaultTraps, Rounding: apd.RoundHalfEven,
}

// rescaling only moves the decimal mark, over the whole range of magnitudes. apd's half up rounds the magnitude:
// 0.5 becomes 1 and -0.5 becomes -1, as spreadsheets and pocket calculators do.
var rescaling = apd.Context{
	Precision: 200, MaxExponent: 6144, MinExponent: -6143, Traps: apd.DefaultTraps, Rounding: apd.RoundHalfUp,
}

// Add gives the sum. Both must have the same unit and no qualifier. Errors: unit-mismatch, qualified-operand, no-value.
func (q Quantity) Add(o Quantity) (Quantity, error) { return q.sum(o, arithmetic.Add) }

// Sub gives the difference, under the same conditions as Add.
func (q Quantity) Sub(o Quantity) (Quantity, error) { return q.sum(o, arithmetic.Sub) }

func (q Quantity) sum(o Quantity, op operation) (Quantity, error) {
	err := sameUnit(q, o)
	if err != nil {
		return Quantity{}, err
	}
	return compute(op, &q.number, &o.number, q.unit)
}

// Mul gives the product in the unit result: 25.4 10^6/mL times 98.0 mL in cells is 2.4892e9. The unit must be one
// that the dimensions of the unit table allow, its factor is applied exactly. Errors: unit-mismatch,
// qualified-operand, no-value, out-of-range.
func (q Quantity) Mul(o Quantity, result Unit) (Quantity, error) {
	err := combinable(q, o, result, "×", dimension.add)
	if err != nil {
		return Quantity{}, err
	}
	product, err := compute(arithmetic.Mul, &q.number, &o.number, result)
	if err != nil {
		return Quantity{}, err
	}
	a, b, r := table[q.unit], table[o.unit], table[result]
	return product.scaled(a.power+b.power-r.power, a.num()*b.num()*r.den(), a.den()*b.den()*r.num())
}

// Div gives the quotient in the unit result; see Mul. Division by zero is an error (division-by-zero), never an infinite value.
func (q Quantity) Div(o Quantity, result Unit) (Quantity, error) {
	err := combinable(q, o, result, "÷", dimension.sub)
	if err != nil {
		return Quantity{}, err
	}
	if o.number.IsZero() {
		return Quantity{}, fail(CodeDivisionByZero, "{value} would be divided by zero", "check the divisor", "value", q.String())
	}
	a, b, r := table[q.unit], table[o.unit], table[result]
	// The factor goes in before the division, so that a quotient which is exact stays exact.
	dividend, err := q.scaled(a.power-b.power-r.power, a.num()*b.den()*r.den(), a.den()*b.num()*r.num())
	if err != nil {
		return Quantity{}, err
	}
	return compute(arithmetic.Quo, &dividend.number, &o.number, result)
}

// In converts into another unit of the same group: 10^9/L to 10^6/mL, L to mL, kg to g, h to min. Significant digits
// stay: 1.20 L is 1.20e3 mL. Only pairs that the unit table lists are converted; the rest is no-conversion, also
// where the dimensions would fit. The qualifier stays.
func (q Quantity) In(u Unit) (Quantity, error) {
	if q.IsZero() {
		return Quantity{}, plain(q)
	}
	from, to := table[q.unit], table[u]
	if q.unit == u {
		return q, nil
	}
	if from.group == "" || from.group != to.group {
		return Quantity{}, fail(CodeNoConversion, "there is no listed conversion from {from} to {to}",
			"enter the value in {to}", "from", quote(string(q.unit)), "to", quote(string(u)))
	}
	converted, err := FromDecimal(&q.number, u)
	if err != nil {
		return Quantity{}, err
	}
	converted, err = converted.scaled(from.power-to.power, from.num()*to.den(), from.den()*to.num())
	if err != nil {
		return Quantity{}, err
	}
	return converted.qualified(q.qualifier), nil
}

// Round gives the number with exactly that many decimals, half away from zero (F22 "half up": 6.75 becomes 6.8). Missing
// decimals are filled with zeros. A qualified value keeps its qualifier. Round before reporting only, never between
// computations (I13); Limit.Judge does it by itself.
func (q Quantity) Round(decimals int) Quantity {
	if q.IsZero() {
		return q
	}
	decimals = min(max(decimals, -maxMagnitude), maxDecimals)
	var d apd.Decimal
	// Cannot fail: magnitude and decimals are bounded so that the result has fewer digits than the context.
	_, _ = rescaling.Quantize(&d, &q.number, -int32(decimals))
	if d.IsZero() {
		d.Negative = false
	}
	q.number = d
	return q
}

// Cmp is -1, 0 or 1 as q is below, equal to or above o, as numbers: 1.20 and 1.2 are equal. Both must have the same
// unit and no qualifier. Errors: unit-mismatch, qualified-operand, no-value.
func (q Quantity) Cmp(o Quantity) (int, error) {
	err := sameUnit(q, o)
	if err != nil {
		return 0, err
	}
	return q.number.Cmp(&o.number), nil
}

type operation func(d, x, y *apd.Decimal) (apd.Condition, error)

func compute(op operation, x, y *apd.Decimal, unit Unit) (Quantity, error) {
	var d apd.Decimal
	conditions, err := op(&d, x, y)
	if err != nil {
		return Quantity{}, fail(CodeOutOfRange, "the result cannot be computed: {why}", "check the inputs of the computation",
			"why", err.Error())
	}
	if !conditions.Inexact() {
		trim(&d, min(x.Exponent-y.Exponent, 0))
	}
	return FromDecimal(&d, unit)
}

// trim takes away the zeros that an exact division leaves behind the last decimal (5.2500… to 5.25), down to the
// exponent keep. Results of other operations have none.
func trim(d *apd.Decimal, keep int32) {
	if d.NumDigits() < Digits {
		return
	}
	var reduced apd.Decimal
	reduced.Reduce(d)
	if reduced.Exponent > keep {
		_, _ = rescaling.Quantize(&reduced, &reduced, keep)
	}
	d.Set(&reduced)
}

// scaled multiplies by times/over × 10^power. A power of ten moves the decimal mark and keeps the significant digits.
func (q Quantity) scaled(power int32, times, over int64) (Quantity, error) {
	d := q.Decimal()
	d.Exponent += power
	if times != over {
		var err error
		_, err = arithmetic.Mul(d, d, apd.New(times, 0))
		if err == nil && over != 1 {
			var exact apd.Condition
			exact, err = arithmetic.Quo(d, d, apd.New(over, 0))
			if !exact.Inexact() {
				trim(d, min(q.number.Exponent+power, 0))
			}
		}
		if err != nil {
			return Quantity{}, fail(CodeOutOfRange, "the result cannot be computed: {why}", "check the inputs", "why", err.Error())
		}
	}
	return FromDecimal(d, q.unit)
}

func (d definition) num() int64 { return max(d.times, 1) }
func (d definition) den() int64 { return max(d.over, 1) }

func sameUnit(q, o Quantity) error {
	err := plain(q, o)
	if err != nil {
		return err
	}
	if q.unit != o.unit {
		return fail(CodeUnitMismatch, "{a} and {b} have different units", "convert one of them first",
			"a", q.String(), "b", o.String())
	}
	return nil
}

func combinable(q, o Quantity, result Unit, sign string, op func(dimension, dimension) dimension) error {
	err := plain(q, o)
	if err != nil {
		return err
	}
	r, ok := table[result]
	if !ok {
		_, err = ParseUnit(string(result))
		return err
	}
	a, b := table[q.unit], table[o.unit]
	if a.affine || b.affine || r.affine || op(a.dim, b.dim) != r.dim {
		return fail(CodeUnitMismatch, "{a} {sign} {b} cannot be {result}", "check the units of the formula",
			"a", quote(string(q.unit)), "b", quote(string(o.unit)), "sign", sign, "result", quote(string(result)))
	}
	return nil
}
