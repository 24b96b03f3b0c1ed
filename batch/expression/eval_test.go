package expression_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

func q(text string) expression.Value {
	digits, unit, _ := strings.Cut(text, " ")
	return expression.Value{Kind: expression.Number, Number: quantity.MustParse(digits, quantity.Unit(unit))}
}

func at(hour int) expression.Value {
	return expression.Value{Kind: expression.Time, Time: time.Date(2026, 11, 22, hour, 0, 0, 0, time.UTC)}
}

func text(s string) expression.Value { return expression.Value{Kind: expression.Text, Text: s} }

func truth(b bool) expression.Value { return expression.Value{Kind: expression.Bool, Bool: b} }

func span(d time.Duration) expression.Value {
	return expression.Value{Kind: expression.Duration, Duration: d}
}

// record is what was captured in the small recipe; S31.other and S29.lymph have no value yet.
var record = map[string]expression.Value{
	"this":                  q("<5.00 EU/mL"),
	"S10.t0":                at(8),
	"S10.arrived":           at(13),
	"S12.lot":               text("L-4711"),
	"S12.findings":          {Kind: expression.Texts, Texts: []string{"clots", "leak"}},
	"S24.run_time":          q("90 min"),
	"S24.mass":              q("106.0 g"),
	"S27.volume":            q("98.0 mL"),
	"S27.bag":               q("0.0020 L"),
	"S29.conc":              q("25.4 10^6/mL"),
	"S29.analyser":          q("25.6 10^9/L"),
	"S29.viability":         q("69.95 %"),
	"S29.tubes":             q("4 n"),
	"S29.clear":             truth(true),
	"S31.branch":            text("full"),
	"S40.cd34":              q("412 n"),
	"S40.beads":             q("10250 n"),
	"S40.bead_conc":         q("1010 beads/uL"),
	"S40.bead_volume":       q("100 uL"),
	"S40.sample":            q("100 uL"),
	"param.dose_target":     q("5e8 cells"),
	"param.undiluted":       q("1 x"),
	"param.limit":           q("6 h"),
	"param.temperature_max": q("8.0 degC"),
}

func values(ref string) (expression.Value, bool) {
	v, ok := record[ref]
	return v, ok
}

func TestEval(t *testing.T) {
	number := func(unit quantity.Unit) expression.Type { return expression.Type{Kind: expression.Number, Unit: unit} }
	is, at0, long := kind(expression.Bool), kind(expression.Time), kind(expression.Duration)
	for _, c := range []struct {
		source string
		want   expression.Type
		gives  expression.Value
	}{
		{`S29.viability >= q("70 %")`, is, truth(false)}, // not rounded: a limit would be a quantity.Limit
		{`round(S29.viability, 0) >= q("70 %")`, is, truth(true)},
		{`round(S29.viability, 1)`, number("%"), q("70.0 %")},
		{`q("0.1 mL") + q("0.2 mL") == q("0.3 mL")`, is, truth(true)},
		{`q("1.20 mL") == q("1.2 mL") && q("1.20 mL") != q("1.21 mL")`, is, truth(true)},
		{`S27.volume + S27.bag`, number("mL"), q("100.0 mL")},
		{`S27.bag + S27.volume`, number("mL"), q("100.0 mL")},
		{`S27.volume - S27.bag == q("0.096 L")`, is, truth(true)},
		{`-S27.volume < q("0 mL") && abs(-S27.volume) == S27.volume && abs(S27.volume) == S27.volume`, is, truth(true)},
		{`S29.conc * S27.volume`, number("cells"), q("2.48920e9 cells")},
		{`S29.analyser * S27.volume`, number("cells"), q("2.50880e9 cells")},
		{`S29.conc * S27.volume / S27.volume`, number("10^6/mL"), q("25.4 10^6/mL")},
		{`S24.mass / q("1.06 g/mL")`, number("mL"), q("100 mL")},
		{`(S29.tubes + q("1 n")) / q("2")`, number("n"), q("2.5 n")},
		{`S29.tubes / q("16 n")`, number("ratio"), q("0.25 ratio")},
		{`min(S27.volume, S27.bag)`, number("mL"), q("2.0 mL")},
		{`max(S27.bag, S27.volume, q("3 mL"))`, number("L"), q("0.0980 L")},
		{`round(max(S27.bag, S27.volume), 2)`, number("L"), q("0.10 L")}, // in the unit of the first
		{`sum(S27.volume, S27.bag, q("5 mL"))`, number("mL"), q("105.0 mL")},
		{`sum(d("1 h"), d("90 min"), duration("-30m"))`, long, span(2 * time.Hour)},
		{`to(S27.volume, "L")`, number("mL"), q("98.0 mL")},
		{`S10.arrived - S10.t0`, long, span(5 * time.Hour)},
		{`S10.arrived - S10.t0 <= d(param.limit)`, is, truth(true)},
		{`minutes(S10.arrived - S10.t0)`, number("min"), q("300 min")},
		{`minutes(S10.arrived - S10.t0)`, number("h"), q("5 h")},
		{`minutes(duration("1s"))  * q("60")`, number("min"), q("0.99999999999999999999999999999999996 min")},
		{`S10.t0 + d("5 h") == S10.arrived && d("5 h") + S10.t0 == S10.arrived && S10.arrived - d("5 h") == S10.t0`, is, truth(true)},
		{`S10.t0 < S10.arrived && S10.t0 <= S10.t0 && S10.arrived > S10.t0 && S10.t0 >= S10.t0`, is, truth(true)},
		{`d("1 h") < d("2 h") && d("2 h") > d("1 h") && -d("1 h") < d("0 h") && abs(-d("1 h")) == d("1 h")`, is, truth(true)},
		{`max(S10.t0, S10.arrived)`, at0, at(13)},
		{`min(S10.t0, S10.arrived)`, at0, at(8)},
		{`d("1.5 h") + d(S24.run_time)`, long, span(3 * time.Hour)},
		{`S31.branch in ["full", "low_dose"] && !(S31.branch in ["stop"]) && S31.branch != "stop"`, is, truth(true)},
		{`"clots" in S12.findings && !("none" in S12.findings)`, is, truth(true)},
		{`S12.findings`, kind(expression.Texts), expression.Value{Kind: expression.Texts, Texts: []string{"clots", "leak"}}},
		{`S31.branch == "full" ? "yes" : "no"`, choice("yes", "no"), text("yes")},
		{`S29.clear ? S27.volume : to(S27.bag, "mL")`, number("mL"), q("98.0 mL")},
		{`has(S31.branch) && !has(S31.other) && has(this) && has(param.limit)`, is, truth(true)},
		{`has(S31.other) && S31.other == "yes"`, is, truth(false)},
		{`S31.other == "yes" || S29.clear`, is, truth(true)},
		{`S31.other == "yes" && !S29.clear`, is, truth(false)},
		{`F02(S29.conc, S27.volume, param.undiluted)`, number("cells"), q("2489200000 cells")},
		{`F02(S29.analyser, S27.bag, q("20 x"))`, number("cells"), q("1.024e9 cells")},
		{`F10M(q("20 EU/mL"), q("0.05 EU/mL"))`, number("x"), q("400 x")},
		{`F19(S40.cd34, S40.beads, null, S40.bead_conc, S40.bead_volume, S40.sample, q("1 x")) > q("40.5 /uL")`, is, truth(true)},
		{`F23(q("12 pcs"), q("7 pcs"), q("2 pcs"), q("1 pcs"), q("1 pcs"))`, number("pcs"), q("1 pcs")},
		{`F11(S10.t0, q("48 h"), S10.arrived, param.limit)`, at0, at(19)},
		{`F11(S10.t0, q("48 h"), S10.arrived, param.limit, S10.arrived + d("2 h"), S10.arrived + d("1 h"))`, at0, at(14)},
		{`this`, number("EU/mL"), q("<5.00 EU/mL")},
		{`round(this, 1)`, number("EU/mL"), q("<5.0 EU/mL")},
	} {
		e, err := expression.Compile(c.source, scope, c.want)
		require.NoError(t, err, c.source)
		got, err := e.Eval(values)
		if strings.Contains(c.source, `"1s"`) {
			got.Number, c.gives.Number = got.Number.Round(20), c.gives.Number.Round(20)
		}
		require.NoError(t, err, c.source)
		if c.gives.Kind == expression.Number {
			require.Zero(t, got.Number.Decimal().Cmp(c.gives.Number.Decimal()), "%s: %s", c.source, got.Number)
			require.Equal(t, c.gives.Number.Qualifier(), got.Number.Qualifier(), c.source)
			require.Equal(t, c.gives.Number.Unit(), got.Number.Unit(), c.source)
			continue
		}
		require.Equal(t, c.gives, got, c.source)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for source, ref := range map[string]string{
		`S31.other == "yes"`:                               "S31.other",
		`S31.other == "yes" && S29.clear`:                  "S31.other",
		`S29.lymph > q("1 % of WBC") ? true : false`:       "S29.lymph",
		`sum(S29.lymph, S29.lymph) > S29.lymph`:            "S29.lymph",
		`S29.lymph != S29.lymph`:                           "S29.lymph",
		`P01(param.dose_target, S29.lymph) > q("1 cells")`: "S29.lymph",
		`S31.other in ["yes"]`:                             "S31.other",
		`!(S31.other == "yes")`:                            "S31.other",
	} {
		e, err := expression.Compile(source, scope, kind(expression.Bool))
		require.NoError(t, err, source)
		_, err = e.Eval(values)
		require.Equal(t, &expression.MissingError{Ref: ref}, err, source)
		require.Equal(t, ref+" has no value", err.Error())
	}
}

// TestBoundsAreNotGuessed_F22: "<5.00" is compared where every value that it allows gives the same answer.
func TestBoundsAreNotGuessed_F22(t *testing.T) {
	const yes, no, open = "true", "false", "open"
	for source, want := range map[string]string{
		`this < q("5.00 EU/mL")`:                        yes,
		`this <= q("5.00 EU/mL")`:                       yes,
		`this < q("6 EU/mL")`:                           yes,
		`this < q("4 EU/mL")`:                           open,
		`this >= q("5 EU/mL")`:                          no,
		`this > q("5 EU/mL")`:                           no,
		`this > q("4 EU/mL")`:                           open,
		`this == q("5 EU/mL")`:                          no,
		`this != q("5 EU/mL")`:                          yes,
		`this == q("4 EU/mL")`:                          open,
		`this != q("4 EU/mL")`:                          open,
		`!(this != q("4 EU/mL"))`:                       open,
		`q("5 EU/mL") > this`:                           yes,
		`q("4 EU/mL") > this`:                           open,
		`this == this`:                                  open,
		`this < q("4 EU/mL") || S29.clear`:              yes,
		`this < q("4 EU/mL") && !S29.clear`:             no,
		`min(this, q("6 EU/mL")) < q("5 EU/mL")`:        yes,
		`min(this, q("4 EU/mL")) < q("5 EU/mL")`:        open,
		`max(q("6 EU/mL"), this) == q("6 EU/mL")`:       yes,
		`(this < q("4 EU/mL") ? S29.clear : S29.clear)`: open,
	} {
		e, err := expression.Compile(source, scope, kind(expression.Bool))
		require.NoError(t, err, source)
		got, err := e.Eval(values)
		if want == open {
			var undecidable *expression.UndecidableError
			require.ErrorAs(t, err, &undecidable, source)
			require.Contains(t, err.Error(), "<5.00 EU/mL")
			continue
		}
		require.NoError(t, err, source)
		require.Equal(t, want == yes, got.Bool, source)
	}
}

func TestWhatCannotBeComputed(t *testing.T) {
	for source, code := range map[string]string{
		`this + this < this`:                                     quantity.CodeQualified,
		`-this < this`:                                           quantity.CodeQualified,
		`abs(this) < this`:                                       quantity.CodeQualified,
		`this * q("2") < this`:                                   quantity.CodeQualified,
		`S27.volume / (S27.bag - S27.bag) > q("1")`:              "",
		`S27.volume / (S27.bag - S27.bag) > q("1 ratio")`:        quantity.CodeDivisionByZero,
		`q("1e30 cells") * q("1e30") > q("1 cells")`:             quantity.CodeOutOfRange,
		`F03(q("0 n"), q("0 n")) > q("1 %")`:                     "no-cells-counted",
		`d(S24.run_time - q("100 min")) > d("1 h")`:              quantity.CodeNotSpan,
		`F11(S10.arrived, q("1 h"), S10.t0, q("1 h")) > S10.t0`:  "impossible-input",
		`F11(S10.arrived, q("-1 h"), S10.t0, q("1 h")) > S10.t0`: quantity.CodeNotSpan,
	} {
		e, err := expression.Compile(source, scope, kind(expression.Bool))
		if code == "" {
			require.Equal(t, expression.CodeUnits, faults(t, source, err)[0].Code)
			continue
		}
		require.NoError(t, err, source)
		_, err = e.Eval(values)
		var impossible *quantity.Error
		require.ErrorAs(t, err, &impossible, source)
		require.Equal(t, code, impossible.Code, source)
	}
}

// TestValuesHaveTheTypeOfTheScope_I13: the static check is worth nothing if the record gives something else.
func TestValuesHaveTheTypeOfTheScope_I13(t *testing.T) {
	for source, wrong := range map[string]expression.Value{
		`S27.volume > q("1 mL")`: q("98 g"),
		`S27.volume < q("1 mL")`: q("98 L"),
		`S29.clear`:              text("true"),
		`S12.lot == "A"`:         q("5"),
		`S10.t0 == S10.t0`:       {Kind: expression.Time, Time: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		e, err := expression.Compile(source, scope, kind(expression.Bool))
		require.NoError(t, err, source)
		_, err = e.Eval(func(string) (expression.Value, bool) { return wrong, true })
		require.ErrorContains(t, err, source[:8])
		require.NotErrorAs(t, err, new(*expression.MissingError))
	}
	e, err := expression.Compile(`S27.volume > q("1 mL") && S29.clear`, scope, kind(expression.Bool))
	require.NoError(t, err)
	for _, none := range []expression.Value{{}, {Kind: expression.Number}} {
		_, err = e.Eval(func(string) (expression.Value, bool) { return none, true })
		require.Equal(t, &expression.MissingError{Ref: "S27.volume"}, err, "no value is not the number 0")
	}
}

// TestEvaluationIsBounded: neither the longest expression nor the largest value makes a step of the record wait.
func TestEvaluationIsBounded(t *testing.T) {
	long := `S29.conc * S27.volume * (` + strings.Repeat(`S29.tubes + `, 60) + `S29.tubes) > q("1 cells") && ` + strings.Repeat(`S31.branch in ["full", "stop"] && `, 25) + `S29.clear`
	e, err := expression.Compile(long, scope, kind(expression.Bool))
	require.NoError(t, err)
	got, err := e.Eval(values)
	require.NoError(t, err)
	require.True(t, got.Bool)
	e, err = expression.Compile(`"clots" in S12.findings`, scope, kind(expression.Bool))
	require.NoError(t, err)
	_, err = e.Eval(func(string) (expression.Value, bool) {
		return expression.Value{Kind: expression.Texts, Texts: make([]string, 100_000)}, true
	})
	require.ErrorContains(t, err, "cost limit")
}

func TestEvalFromManyGoroutines(t *testing.T) {
	e, err := expression.Compile(`F02(S29.conc, S27.volume, param.undiluted) / S27.volume * S27.bag`, scope, expression.Type{Kind: expression.Number, Unit: "cells"})
	require.NoError(t, err)
	var group sync.WaitGroup
	results := make([]string, 8)
	for i := range results {
		group.Go(func() {
			for range 50 {
				got, err := e.Eval(values)
				if err != nil {
					results[i] = err.Error()
					return
				}
				results[i] = got.Number.String()
			}
		})
	}
	group.Wait()
	for _, result := range results {
		require.Equal(t, "5.080e7 cells", result)
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		_, err := expression.Compile(`S29.viability >= q("70 %") && S31.branch in ["full", "low_dose"]`, scope, kind(expression.Bool))
		require.NoError(b, err)
	}
}

func BenchmarkEval(b *testing.B) {
	e, err := expression.Compile(`S29.viability >= q("70 %") || S31.branch in ["full", "low_dose"]`, scope, kind(expression.Bool))
	require.NoError(b, err)
	for b.Loop() {
		_, err := e.Eval(values)
		require.NoError(b, err)
	}
}
