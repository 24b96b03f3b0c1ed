package expression_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

// numbers are references a, b and c in units of choice.
func numbers(units ...quantity.Unit) expression.Scope {
	s := expression.Scope{}
	for i, u := range units {
		s["S1."+string(rune('a'+i))] = number(u)
	}
	return s
}

func of(values map[string]quantity.Quantity) func(string) (expression.Value, bool) {
	return func(ref string) (expression.Value, bool) {
		v, ok := values[ref]
		return expression.Value{Kind: expression.Number, Number: v}, ok
	}
}

func compile(t require.TestingT, source string, s expression.Scope, want expression.Type) *expression.Expression {
	e, err := expression.Compile(source, s, want)
	require.NoError(t, err, source)
	return e
}

func drawNumber(t *rapid.T, name string, unit quantity.Unit) quantity.Quantity {
	return quantity.New(rapid.Int64Range(-1e9, 1e9).Draw(t, name), rapid.Int32Range(-6, 3).Draw(t, name+" exponent"), unit)
}

// TestArithmeticKeepsTheLaws_I13: what a binary fraction breaks holds in decimals, digit for digit.
func TestArithmeticKeepsTheLaws_I13(t *testing.T) {
	s := numbers("mL", "mL", "mL")
	var laws []*expression.Expression
	for _, law := range []string{
		`S1.a + S1.b == S1.b + S1.a`,
		`(S1.a + S1.b) + S1.c == S1.a + (S1.b + S1.c)`,
		`(S1.a + S1.b) - S1.b == S1.a`,
		`S1.a - S1.b == -(S1.b - S1.a)`,
		`(S1.a + S1.b) * q("3") == S1.a * q("3") + q("3") * S1.b`,
		`S1.a * q("7") / q("7") == S1.a`,
		`to(S1.a, "L") == S1.a && to(to(S1.a, "uL"), "mL") == S1.a`,
		`(S1.a < S1.b) == (S1.b > S1.a) && (S1.a <= S1.b) == !(S1.b < S1.a) && (S1.a == S1.b) != (S1.a != S1.b)`,
		`min(S1.a, S1.b, S1.c) <= max(S1.c, S1.b, S1.a)`,
		`min(S1.a, S1.b) + max(S1.a, S1.b) == sum(S1.a, S1.b)`,
		`abs(S1.a) == max(S1.a, -S1.a)`,
		`abs(round(S1.a, 2) - S1.a) <= q("0.005 mL")`,
		`round(round(S1.a, 1), 1) == round(S1.a, 1)`,
	} {
		laws = append(laws, compile(t, law, s, kind(expression.Bool)))
	}
	total := compile(t, `S1.a + S1.b - S1.c`, s, number("mL"))
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawNumber(t, "a", "mL"), drawNumber(t, "b", "mL"), drawNumber(t, "c", "mL")
		given := of(map[string]quantity.Quantity{"S1.a": a, "S1.b": b, "S1.c": c})
		for _, law := range laws {
			got, err := law.Eval(given)
			require.NoError(t, err, law.Source())
			require.True(t, got.Bool, "%s with %s, %s, %s", law.Source(), a, b, c)
		}
		got, err := total.Eval(given)
		require.NoError(t, err)
		want := new(big.Rat).Sub(new(big.Rat).Add(rational(a), rational(b)), rational(c))
		require.Zero(t, want.Cmp(rational(got.Number)))
	})
}

func rational(q quantity.Quantity) *big.Rat {
	r, ok := new(big.Rat).SetString(q.Number())
	if !ok {
		panic(q.Number())
	}
	return r
}

// TestUnitMismatchIsFoundAtCompile_I13: for any two units, an expression compiles where the unit table can compute it, and only there.
func TestUnitMismatchIsFoundAtCompile_I13(t *testing.T) {
	units := quantity.Units()
	rapid.Check(t, func(t *rapid.T) {
		u, v := rapid.SampledFrom(units).Draw(t, "u"), rapid.SampledFrom(units).Draw(t, "v")
		one, two := quantity.New(1, 0, u), quantity.New(1, 0, v)
		_, noConversion := two.In(u)
		s := numbers(u, v)
		for _, source := range []string{
			`S1.a + S1.b == S1.a`, `S1.a - S1.b == S1.a`, `S1.a < S1.b`, `S1.a >= S1.b`, `S1.a == S1.b`, `S1.a != S1.b`,
			`min(S1.a, S1.b) == S1.a`, `sum(S1.a, S1.b) == S1.a`,
		} {
			_, err := expression.Compile(source, s, kind(expression.Bool))
			require.Equal(t, noConversion == nil, err == nil, "%s with %q and %q: %v", source, u, v, err)
			if err != nil {
				require.Equal(t, expression.CodeUnits, faults(t, source, err)[0].Code)
			}
		}
		for sign, op := range map[string]func(quantity.Quantity, quantity.Quantity, quantity.Unit) (quantity.Quantity, error){
			"*": quantity.Quantity.Mul, "/": quantity.Quantity.Div,
		} {
			possible := false
			for _, r := range units {
				_, err := op(one, two, r)
				possible = possible || err == nil
			}
			source := fmt.Sprintf(`S1.a %s S1.b == S1.a %s S1.b`, sign, sign)
			_, err := expression.Compile(source, s, kind(expression.Bool))
			require.Equal(t, possible, err == nil, "%s with %q and %q: %v", source, u, v, err)
		}
	})
}

// TestWhatCompilesHasNoUnitErrors_I13: an expression of any shape either has faults, or computes without ever meeting units that
// do not fit.
func TestWhatCompilesHasNoUnitErrors_I13(t *testing.T) {
	compiled := 0
	rapid.Check(t, func(t *rapid.T) {
		some := []quantity.Unit{"mL", "L", "10^6/mL", "10^9/L", "cells", "%", "% of WBC", "", "x", "n", "g", "g/mL", "h", "min", "degC"}
		var units []quantity.Unit
		given := map[string]quantity.Quantity{}
		for i := range 5 {
			u := rapid.SampledFrom(some).Draw(t, "unit")
			units = append(units, u)
			given["S1."+string(rune('a'+i))] = quantity.New(rapid.Int64Range(1, 1000).Draw(t, "value"), -1, u)
		}
		part := tree(t, 3)
		source := part + " >= " + part
		e, err := expression.Compile(source, numbers(units...), kind(expression.Bool))
		if err != nil {
			faults(t, source, err)
			return
		}
		compiled++
		_, err = e.Eval(of(given))
		if err != nil {
			var impossible *quantity.Error
			require.ErrorAs(t, err, &impossible, source)
			require.NotContains(t, []string{quantity.CodeUnitMismatch, quantity.CodeNoConversion, quantity.CodeUnknownUnit}, impossible.Code, source)
		}
	})
	require.NotZero(t, compiled)
}

// tree draws the text of a number.
func tree(t *rapid.T, depth int) string {
	leaves := []string{"S1.a", "S1.b", "S1.c", "S1.d", "S1.e", `q("2")`, `q("5 mL")`, `q("50 %")`}
	if depth == 0 {
		return rapid.SampledFrom(leaves).Draw(t, "leaf")
	}
	a, b := tree(t, depth-1), tree(t, rapid.IntRange(0, depth-1).Draw(t, "depth"))
	form := rapid.SampledFrom([]string{
		"A", "(A * B)", "(A / B)", "(A * B)", "(A + A)", "(A + B)", "(A - B)", "min(A, B)", "sum(A, A)", "abs(-A)", "round(A, 2)", "(A < A ? A : A)",
		`F02(A, B, q("1 x"))`, "M01(A, A)", "P01(A, B)", `to(A, "mL")`, "(A < B ? A : B)",
	}).Draw(t, "form")
	return strings.NewReplacer("A", a, "B", b).Replace(form)
}

// TestBoundsAgreeWithEveryValueTheyAllow_F22 tries the values on both sides: an answer holds for all of them, and where they differ there
// is none.
func TestBoundsAgreeWithEveryValueTheyAllow_F22(t *testing.T) {
	s := numbers("EU/mL", "EU/mL")
	relations := map[string]func(c int) bool{
		"<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 }, ">": func(c int) bool { return c > 0 },
		">=": func(c int) bool { return c >= 0 }, "==": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c != 0 },
	}
	draw := func(t *rapid.T, name string) (q quantity.Quantity, allowed []int) {
		n := rapid.IntRange(-3, 3).Draw(t, name)
		qualifier := rapid.SampledFrom([]string{"", "<", "<=", ">", ">="}).Draw(t, name+" qualifier")
		for x := -100; x <= 100; x++ { // in tenths, far beyond the numbers drawn
			if c := x - 10*n; qualifier == "" && c == 0 || qualifier != "" && relations[qualifier](c) {
				allowed = append(allowed, x)
			}
		}
		return quantity.MustParse(fmt.Sprintf("%s%d", qualifier, n), "EU/mL"), allowed
	}
	for sign, holds := range relations {
		e := compile(t, "S1.a "+sign+" S1.b", s, kind(expression.Bool))
		rapid.Check(t, func(t *rapid.T) {
			a, allowedA := draw(t, "a")
			b, allowedB := draw(t, "b")
			seen := map[bool]bool{}
			for _, x := range allowedA {
				for _, y := range allowedB {
					seen[holds(x-y)] = true
				}
			}
			got, err := e.Eval(of(map[string]quantity.Quantity{"S1.a": a, "S1.b": b}))
			if len(seen) == 2 {
				require.ErrorAs(t, err, new(*expression.UndecidableError), "%s %s %s", a, sign, b)
				return
			}
			require.NoError(t, err, "%s %s %s", a, sign, b)
			require.True(t, seen[got.Bool], "%s %s %s", a, sign, b)
		})
	}
}
