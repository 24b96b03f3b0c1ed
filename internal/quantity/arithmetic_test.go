package quantity_test

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/quantity"
)

var must = quantity.MustParse

func TestMulDiv(t *testing.T) { // F02, F05, F07, F10
	for _, c := range []struct {
		a, unitA, op, b, unitB string
		result                 quantity.Unit
		want                   string
	}{
		{"25.4", "10^6/mL", "*", "98.0", "mL", "cells", "2.48920e9"},
		{"25.4", "10^9/L", "*", "98.0", "mL", "cells", "2.48920e9"},
		{"1.20", "10^12/L", "*", "1", "L", "cells", "1.20e12"},
		{"2489200000", "cells", "/", "98.0", "mL", "10^6/mL", "25.4"},
		{"2489200000", "cells", "*", "42", "% of WBC", "cells", "1045464000.00"},
		{"187", "n", "/", "200", "n", "%", "93.5"},
		{"6.30", "10^6/mL", "/", "1.20", "10^6/mL", "ratio", "5.25"},
		{"0.16", "10^9/mL", "/", "40", "10^6/mL", "ratio", "4"},
		{"5", "EU/kg/h", "*", "70", "kg", "", ""},
		{"112.4", "g", "/", "1.06", "g/mL", "mL", "106.0377358490566037735849056603774"},
		{"7.2e6", "cells/kg", "*", "35.0", "kg", "cells", "2.5200e8"},
		{"207.6", "/uL", "*", "20", "mL", "cells", "4152000"},
		{"1010", "beads/uL", "*", "100", "uL", "beads", "101000"},
		{"12", "/10^5", "*", "1e5", "cells", "n", "12"},
		{"60", "min", "*", "1", "1/min", "", "60"},
		{"1.5", "h", "*", "2", "1/min", "", "180"},
		{"1", "EU/kg", "/", "1", "h", "EU/kg/h", "1"},
		{"1", "EU/kg", "/", "30", "min", "EU/kg/h", "2"},
		{"0", "cells", "/", "7", "mL", "10^6/mL", "0"},
	} {
		a, b := must(c.a, quantity.Unit(c.unitA)), must(c.b, quantity.Unit(c.unitB))
		var got quantity.Quantity
		var err error
		if c.op == "*" {
			got, err = a.Mul(b, c.result)
		} else {
			got, err = a.Div(b, c.result)
		}
		if c.want == "" {
			require.Equal(t, quantity.CodeUnitMismatch, code(t, err), "%v", c)
			continue
		}
		require.NoError(t, err, "%v", c)
		require.Equal(t, c.result, got.Unit())
		require.Zero(t, got.Decimal().Cmp(must(c.want, c.result).Decimal()), "%v: %s", c, got)
		require.LessOrEqual(t, len(got.Number()), len(c.want)+8, "%v: %s", c, got)
	}
}

func TestDimensionsAreChecked(t *testing.T) { // I13
	ml, cells, beads, celsius := must("2", "mL"), must("2", "cells"), must("2", "beads"), must("20", "degC")
	for _, f := range []func() (quantity.Quantity, error){
		func() (quantity.Quantity, error) { return ml.Mul(ml, "mL") },
		func() (quantity.Quantity, error) { return ml.Mul(ml, "cells") },
		func() (quantity.Quantity, error) { return beads.Div(ml, "10^6/mL") },
		func() (quantity.Quantity, error) { return cells.Div(beads, "ratio") },
		func() (quantity.Quantity, error) { return celsius.Mul(must("2", ""), "degC") },
		func() (quantity.Quantity, error) { return cells.Add(ml) },
		func() (quantity.Quantity, error) { return must("1", "L").Sub(ml) },
		func() (quantity.Quantity, error) { return must("5", "% of WBC").Add(must("5", "% of CD34")) },
	} {
		_, err := f()
		require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	}
	_, err := ml.Mul(ml, "acre")
	require.Equal(t, quantity.CodeUnknownUnit, code(t, err))
	_, err = must("5", "% of WBC").Cmp(must("5", "%"))
	require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
}

func TestOperandsThatAreNoNumbers(t *testing.T) { // F22: a bound is not a number
	ml := must("2", "mL")
	for want, q := range map[string]quantity.Quantity{quantity.CodeNoValue: {}, quantity.CodeQualified: must("<2", "mL")} {
		for _, f := range []func(a, b quantity.Quantity) error{
			func(a, b quantity.Quantity) error { _, err := a.Add(b); return err },
			func(a, b quantity.Quantity) error { _, err := a.Sub(b); return err },
			func(a, b quantity.Quantity) error { _, err := a.Mul(b, ""); return err },
			func(a, b quantity.Quantity) error { _, err := a.Div(b, "ratio"); return err },
			func(a, b quantity.Quantity) error { _, err := a.Cmp(b); return err },
		} {
			require.Equal(t, want, code(t, f(ml, q)))
			require.Equal(t, want, code(t, f(q, ml)))
		}
		_, err := q.Int()
		require.Equal(t, want, code(t, err))
		_, err = q.Duration()
		require.Equal(t, want, code(t, err))
	}
	_, err := quantity.Quantity{}.In("mL")
	require.Equal(t, quantity.CodeNoValue, code(t, err))
	_, err = ml.Div(must("0.00", "mL"), "ratio")
	require.Equal(t, quantity.CodeDivisionByZero, code(t, err))
	_, err = must("1e30", "mL").Div(must("1e-10", ""), "mL")
	require.Equal(t, quantity.CodeOutOfRange, code(t, err))
	_, err = quantity.FromDecimal(&apd.Decimal{Form: apd.Infinite}, "mL")
	require.Equal(t, quantity.CodeNotANumber, code(t, err))
	zero := quantity.Quantity{}
	require.Empty(t, zero.String()+zero.Number()+zero.Format("de")+zero.FormatNumber("de"))
	require.True(t, zero.Round(2).IsZero())
	require.False(t, must("0", "").IsZero(), "0 is a value")
	require.False(t, zero.Equal(must("0", "")))
}

func TestIn(t *testing.T) {
	for _, c := range []struct{ value, from, to, want string }{
		{"40", "10^9/L", "10^6/mL", "40"}, {"4.5", "10^12/L", "10^9/mL", "4.5"}, {"4.5", "10^12/L", "10^6/mL", "4.5e3"},
		{"7.40", "10^6/mL", "/uL", "7.40e3"}, {"7400", "/uL", "10^6/mL", "7.400"}, {"250", "mL", "L", "0.250"}, {"100", "uL", "mL", "0.100"},
		{"0.25", "L", "mL", "2.5e2"}, {"1.5", "kg", "g", "1.5e3"}, {"500", "mg", "g", "0.500"}, {"1.5", "h", "min", "90.0"},
		{"90", "min", "h", "1.5"}, {"2", "d", "h", "48"}, {"36", "h", "d", "1.5"}, {"<5", "h", "min", "<300"}, {"3", "mL", "mL", "3"},
	} {
		got, err := must(c.value, quantity.Unit(c.from)).In(quantity.Unit(c.to))
		require.NoError(t, err, "%v", c)
		require.Equal(t, strings.TrimSpace(c.want+" "+c.to), got.String(), "%v", c)
	}
	for _, c := range [][2]string{{"%", "ratio"}, {"cells", "beads"}, {"degC", "Pa"}, {"% of WBC", "%"}, {"n", "pcs"}, {"g", "mL"}, {"EU/kg", "EU/kg/h"}, {"/10^5", "/10^6"}, {"mL", "litre"}} {
		_, err := must("5", quantity.Unit(c[0])).In(quantity.Unit(c[1]))
		require.Equal(t, quantity.CodeNoConversion, code(t, err), "%v", c)
	}
}

func TestRound(t *testing.T) { // F22
	for _, c := range []struct {
		value    string
		decimals int
		want     string
	}{
		{"69.6", 0, "70"}, {"69.4", 0, "69"}, {"6.75", 1, "6.8"}, {"6.74", 1, "6.7"}, {"83.35", 1, "83.4"}, {"2.5", 0, "3"}, {"0.5", 0, "1"},
		{"-0.4", 0, "0"}, {"-2.5", 0, "-3"}, {"7", 2, "7.00"}, {"4e8", 0, "400000000"}, {"9.995", 2, "10.00"}, {"<4.996", 2, "<5.00"},
		{"0.004", 2, "0.00"}, {"1e-30", 1, "0.0"},
	} {
		require.Equal(t, c.want, must(c.value, "%").Round(c.decimals).Number(), c.value)
	}
	require.NotPanics(t, func() { must("1e30", "").Round(1000); must("1e30", "").Round(-1000) })
}

// TestRoundAgainstRationals compares with exact fractions: the result is the nearest, and of two nearest the one away from zero.
func TestRoundAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quantity.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "c"), rapid.Int32Range(-9, 3).Draw(t, "e"), "%")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		rounded := q.Round(decimals)
		require.Equal(t, decimals, rounded.Decimals())
		error2 := new(big.Rat).Sub(rat(rounded), rat(q))
		half := new(big.Rat).Quo(big.NewRat(1, 2), rat(quantity.New(1, int32(decimals), "")))
		c := new(big.Rat).Abs(error2).Cmp(half)
		require.LessOrEqual(t, c, 0)
		if c == 0 {
			require.Equal(t, q.Sign(), error2.Sign(), "a half goes away from zero")
		}
		require.True(t, rounded.Equal(rounded.Round(decimals)))
	})
}

func rat(q quantity.Quantity) *big.Rat {
	r, ok := new(big.Rat).SetString(q.Number())
	if !ok {
		panic(q.Number())
	}
	return r
}

func TestArithmeticIsExact(t *testing.T) { // I13
	rapid.Check(t, func(t *rapid.T) {
		a := quantity.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "a"), rapid.Int32Range(-6, 3).Draw(t, "ea"), "mL")
		b := quantity.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "b"), rapid.Int32Range(-6, 3).Draw(t, "eb"), "mL")
		sum, err := a.Add(b)
		require.NoError(t, err)
		require.Zero(t, rat(sum).Cmp(new(big.Rat).Add(rat(a), rat(b))))
		back, err := sum.Sub(b)
		require.NoError(t, err)
		c, err := back.Cmp(a)
		require.NoError(t, err)
		require.Zero(t, c)
		require.Equal(t, max(a.Decimals(), b.Decimals()), sum.Decimals(), "trailing zeros stay")
		litres, err := a.In("L")
		require.NoError(t, err)
		again, err := litres.In("mL")
		require.NoError(t, err)
		require.True(t, a.Equal(again))
		density := quantity.New(rapid.Int64Range(1, 1e9).Draw(t, "d"), -3, "10^6/mL")
		cells, err := a.Mul(density, "cells")
		require.NoError(t, err)
		require.Zero(t, rat(cells).Cmp(new(big.Rat).Mul(rat(a), new(big.Rat).Mul(rat(density), big.NewRat(1e6, 1)))))
		volume, err := cells.Div(density, "mL")
		require.NoError(t, err)
		require.Zero(t, rat(volume).Cmp(rat(a)))
	})
}

func TestOperandsStayAsTheyAre(t *testing.T) {
	a, b := must("999999999999999999999999999999.9999", "mL"), must("0.1", "mL")
	before := a
	_, err := a.Add(b)
	require.NoError(t, err)
	a.Decimal().SetInt64(5)
	_ = a.Round(3)
	require.Equal(t, before, a)
	require.Equal(t, "0.1 mL", b.String())
}

func TestIntAndDuration(t *testing.T) {
	for text, want := range map[string]int{"4": 4, "4.0": 4, "4e2": 400, "-3": -3} {
		n, err := must(text, "n").Int()
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for _, text := range []string{"4.5", "3000000000", "1e30"} {
		_, err := must(text, "n").Int()
		require.Equal(t, quantity.CodeNotWhole, code(t, err), text)
	}
	for _, c := range []struct {
		value, unit string
		want        time.Duration
	}{{"48", "h", 48 * time.Hour}, {"1.5", "h", 90 * time.Minute}, {"2", "d", 48 * time.Hour}, {"0.1", "min", 6 * time.Second}, {"0", "h", 0}} {
		d, err := must(c.value, quantity.Unit(c.unit)).Duration()
		require.NoError(t, err)
		require.Equal(t, c.want, d)
	}
	for _, q := range []quantity.Quantity{must("4", "mL"), must("-1", "h"), must("1e12", "d")} {
		_, err := q.Duration()
		require.Equal(t, quantity.CodeNotSpan, code(t, err), q.String())
	}
}
