package expression

import (
	"slices"

	"rexbatch/internal/quantity"
)

// converts tells whether a number can be had in another unit.
func converts(from, to quantity.Unit) bool {
	if !from.Known() || !to.Known() {
		return false
	}
	_, err := one(from).In(to)
	return err == nil
}

func one(u quantity.Unit) quantity.Quantity { return quantity.New(1, 0, u) }

// natural are the units in which a product or a quotient is given where several have its dimension.
var natural = []quantity.Unit{"cells", "mL", "g", "min", "10^6/mL", "/10^6"}

// factors are pure numbers that leave the unit of the other operand as it is; counts do so as divisors.
var (
	factors = []quantity.Unit{"", "x", "ratio"}
	counts  = []quantity.Unit{"", "x", "ratio", "n", "pcs"}
)

// productUnit is the unit of a × b: that of the operand which is no mere factor (5 mL × 2, 1e9 cells × 40 %), or the natural one
// (10^6/mL × mL is cells). False where the unit table has none. The table itself is asked, so that what compiles is
// what quantity computes.
func productUnit(a, b quantity.Unit) (quantity.Unit, bool) {
	first, second := a, b
	if slices.Contains(factors, a) {
		first, second = b, a
	}
	return fitting(a, b, quantity.Quantity.Mul, first, second)
}

// quotientUnit is the unit of a ÷ b: two of one dimension are a ratio, but n ÷ 2 stays n.
func quotientUnit(a, b quantity.Unit) (quantity.Unit, bool) {
	if slices.Contains(counts, b) && (a != b || a == "") {
		return fitting(a, b, quantity.Quantity.Div, a, "ratio")
	}
	return fitting(a, b, quantity.Quantity.Div, "ratio", a)
}

type operation func(a, b quantity.Quantity, result quantity.Unit) (quantity.Quantity, error)

// fitting is the first unit in which the result can be: of the candidates, the natural ones, and then the whole table.
func fitting(a, b quantity.Unit, op operation, candidates ...quantity.Unit) (quantity.Unit, bool) {
	for _, u := range slices.Concat(candidates, natural, quantity.Units()) {
		_, err := op(one(a), one(b), u)
		if err == nil {
			return u, true
		}
	}
	return "", false
}
