package temperature

import (
	"github.com/cockroachdb/apd/v3"

	"rexbatch/internal/quantity"
)

// USP is the activation energy that USP <1079.2> puts into F13, kJ/mol.
var USP = quantity.MustParse("83.144", "kJ/mol")

// precise is the context of the computations: 34 digits, and the rest of decimal128.
var precise = apd.Context{
	Precision: quantity.Digits, MaxExponent: 6144, MinExponent: -6143, Traps: apd.DefaultTraps, Rounding: apd.RoundHalfEven,
}

var (
	zeroCelsius = constant("273.15")
	// gasConstant is R in kJ/(mol K), the CODATA value on which USP builds "ΔH/R = 10 000 K" for 83.14472 kJ/mol.
	gasConstant = constant("0.008314472")
)

func constant(text string) *apd.Decimal {
	d, _, err := apd.NewFromString(text)
	if err != nil {
		panic(err) // a constant of this package
	}
	return d
}

// MeanKinetic is F13: the one temperature (°C) that would age the material as much as the readings did. The readings are in
// °C, at equal intervals; activation is ΔH in kJ/mol (USP 83.144; the Q-tag loggers use 83.0). Not rounded; devices often
// truncate, so compare with theirs accordingly. For living cells it never excuses a peak (TR-9).
func MeanKinetic(temps []quantity.Quantity, activation quantity.Quantity) (quantity.Quantity, error) {
	if len(temps) == 0 {
		return quantity.Quantity{}, kinetic(CodeMissingInput, "there are no readings", "import the file of the logger")
	}
	if activation.Unit() != "kJ/mol" || activation.Qualifier() != quantity.Exactly || activation.Sign() <= 0 {
		return quantity.Quantity{}, kinetic(quantity.CodeUnitMismatch, "the activation energy is not a number of kJ/mol above zero", "correct the recipe")
	}
	steps := sequence{}
	slope := steps.two(precise.Quo, activation.Decimal(), gasConstant) // ΔH/R in K
	sum := new(apd.Decimal)
	seen := map[string]*apd.Decimal{} // loggers report tenths of a degree: few different readings, and exp is slow
	for _, t := range temps {
		err := checkReading("F13", t)
		if err != nil {
			return quantity.Quantity{}, err
		}
		key := t.Number()
		rate, ok := seen[key]
		if !ok { // exp(-ΔH/(R T))
			exponent := steps.two(precise.Quo, slope, steps.two(precise.Add, t.Decimal(), zeroCelsius))
			rate = steps.one(precise.Exp, exponent.Neg(exponent))
			seen[key] = rate
		}
		sum = steps.two(precise.Add, sum, rate)
	}
	mean := steps.two(precise.Quo, sum, apd.New(int64(len(temps)), 0))
	logarithm := steps.one(precise.Ln, mean)
	kelvin := steps.two(precise.Quo, slope, logarithm.Neg(logarithm))
	return steps.celsius(steps.two(precise.Sub, kelvin, zeroCelsius))
}

// Mean is the plain mean of readings in °C, shown beside F13. Not rounded.
func Mean(temps []quantity.Quantity) (quantity.Quantity, error) {
	if len(temps) == 0 {
		return quantity.Quantity{}, kinetic(CodeMissingInput, "there are no readings", "import the file of the logger")
	}
	steps := sequence{}
	sum := new(apd.Decimal)
	for _, t := range temps {
		err := checkReading("F13", t)
		if err != nil {
			return quantity.Quantity{}, err
		}
		sum = steps.two(precise.Add, sum, t.Decimal())
	}
	return steps.celsius(steps.two(precise.Quo, sum, apd.New(int64(len(temps)), 0)))
}

// checkReading refuses what is no temperature of this world.
func checkReading(rule string, t quantity.Quantity) error {
	if t.IsZero() || t.Unit() != Unit || t.Qualifier() != quantity.Exactly {
		return quantity.NewError(rule, quantity.CodeUnitMismatch, "the reading {value} is not a number of °C", "check the file of the logger", "value", t.String())
	}
	kelvin := new(apd.Decimal)
	_, err := precise.Add(kelvin, t.Decimal(), zeroCelsius)
	if err != nil || kelvin.Sign() <= 0 {
		return quantity.NewError(rule, CodeImpossible, "the reading {value} is below absolute zero", "check the file of the logger", "value", t.String())
	}
	return nil
}

// sequence is a chain of computations. The first error stays; what follows it works with zeros and is thrown away.
type sequence struct{ err error }

func (s *sequence) two(op func(d, x, y *apd.Decimal) (apd.Condition, error), x, y *apd.Decimal) *apd.Decimal {
	return s.one(func(d, x *apd.Decimal) (apd.Condition, error) { return op(d, x, y) }, x)
}

func (s *sequence) one(op func(d, x *apd.Decimal) (apd.Condition, error), x *apd.Decimal) *apd.Decimal {
	d := new(apd.Decimal)
	if s.err != nil {
		return d
	}
	_, err := op(d, x)
	if err != nil {
		s.err = kinetic(quantity.CodeOutOfRange, "the computation fails: {why}", "check the readings", "why", err.Error())
		return new(apd.Decimal)
	}
	return d
}

func (s *sequence) celsius(d *apd.Decimal) (quantity.Quantity, error) {
	if s.err != nil {
		return quantity.Quantity{}, s.err
	}
	if d.NumDigits() >= quantity.Digits { // the zeros that an exact division fills 34 digits with
		d.Reduce(d)
	}
	if d.Exponent > 0 {
		_, _ = precise.Quantize(d, d, 0) // cannot fail: three digits
	}
	return quantity.FromDecimal(d, Unit)
}
