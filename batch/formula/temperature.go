package formula

import (
	"github.com/cockroachdb/apd/v3"

	"rexbatch/internal/quantity"
)

var (
	zeroCelsius = number("273.15")
	// gasConstant is R in kJ/(mol K), the CODATA value on which USP builds "ΔH/R = 10 000 K" for 83.14472 kJ/mol.
	gasConstant = number("0.008314472")
)

// MeanKineticTemperature is F13: the one temperature (°C) that would age the material as much as the readings did. The readings
// are in °C, at equal intervals; activation is ΔH in kJ/mol (83.144; the Q-tag loggers use 83.0). Not rounded; devices
// often truncate, so compare with theirs accordingly.
func MeanKineticTemperature(temps []quantity.Quantity, activation quantity.Quantity) (quantity.Quantity, error) {
	d, _ := Lookup("F13")
	n := &numbers{of: d}
	if len(temps) == 0 {
		return quantity.Quantity{}, d.fail(CodeMissingInput, "there are no readings", "import the file of the logger")
	}
	if activation.Unit() != "kJ/mol" || activation.Qualifier() != quantity.Exactly || activation.Sign() <= 0 {
		return quantity.Quantity{}, d.fail(quantity.CodeUnitMismatch, "the activation energy is not a number of kJ/mol above zero", "correct the recipe")
	}
	slope := n.div(activation.Decimal(), gasConstant, "R") // ΔH/R in K
	sum := new(apd.Decimal)
	seen := map[string]decimal{} // loggers report tenths of a degree: few different readings, and exp is slow
	for _, t := range temps {
		err := d.checkReading(t)
		if err != nil {
			return quantity.Quantity{}, err
		}
		rate, ok := seen[t.Number()]
		if !ok {
			rate = n.rate(slope, t.Decimal())
			seen[t.Number()] = rate
		}
		sum = n.add(sum, rate)
	}
	mean := n.div(sum, apd.New(int64(len(temps)), 0), "the number of readings")
	logarithm := new(apd.Decimal)
	if n.err == nil {
		_, err := precise.Ln(logarithm, mean)
		if err != nil {
			n.refuse(quantity.CodeOutOfRange, "the computation fails: {why}", "check the readings", "why", err.Error())
		}
	}
	logarithm.Neg(logarithm)
	kelvin := n.div(slope, logarithm, "the logarithm")
	celsius := n.sub(kelvin, zeroCelsius)
	if n.err != nil {
		return quantity.Quantity{}, n.err
	}
	return quantity.FromDecimal(tidy(celsius), "degC")
}

// MeanTemperature is the plain mean of readings in °C, shown beside F13. Not rounded.
func MeanTemperature(temps []quantity.Quantity) (quantity.Quantity, error) {
	d, _ := Lookup("F13")
	n := &numbers{of: d}
	sum := new(apd.Decimal)
	for _, t := range temps {
		err := d.checkReading(t)
		if err != nil {
			return quantity.Quantity{}, err
		}
		sum = n.add(sum, t.Decimal())
	}
	mean := n.div(sum, apd.New(int64(len(temps)), 0), "the number of readings")
	if n.err != nil {
		return quantity.Quantity{}, n.err
	}
	return quantity.FromDecimal(tidy(mean), "degC")
}

func (d Definition) checkReading(t quantity.Quantity) error {
	if t.IsZero() || t.Unit() != "degC" || t.Qualifier() != quantity.Exactly {
		return d.fail(quantity.CodeUnitMismatch, "the reading {value} is not a number of °C", "check the file of the logger", "value", t.String())
	}
	kelvin := new(apd.Decimal)
	_, err := precise.Add(kelvin, t.Decimal(), zeroCelsius)
	if err != nil || kelvin.Sign() <= 0 {
		return d.fail(CodeImpossible, "the reading {value} is below absolute zero", "check the file of the logger", "value", t.String())
	}
	return nil
}

// rate is exp(-ΔH/(R T)).
func (n *numbers) rate(slope, celsius decimal) decimal {
	exponent := n.div(slope, n.add(celsius, zeroCelsius), "the temperature")
	if n.err != nil {
		return new(apd.Decimal)
	}
	exponent.Neg(exponent)
	result := new(apd.Decimal)
	_, err := precise.Exp(result, exponent)
	if err != nil {
		return n.refuse(quantity.CodeOutOfRange, "the computation fails: {why}", "check the readings", "why", err.Error())
	}
	return result
}
