package expression_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

// FuzzCompileEval: any text gives an expression or faults inside of the text; any expression gives a value of its type or an
// error of ours, the same each time. Nothing panics and nothing runs on.
func FuzzCompileEval(f *testing.F) {
	for _, source := range []string{
		`S29.viability >= q("70 %") && S31.branch in ["full", "low_dose"]`,
		`S29.clear ? S27.volume + S27.bag : -abs(S27.volume * q("2") / q("3"))`,
		`F02(S29.conc, S27.volume, param.undiluted)`, `F19(S40.cd34, S40.beads, null, S40.bead_conc, S40.bead_volume, S40.sample, q("1 x"))`,
		`F11(S10.t0, q("48 h"), S10.arrived, param.limit)`, `minutes(S10.arrived - S10.t0)`, `S10.t0 + d("9999999 d")`,
		`max(S10.t0, S10.arrived)`, `round(this, 30)`, `q("1e30 cells") * q("1e30")`, `has(S31.other) || S31.other != "yes"`,
		`duration("-2540400h10m10.000000000s")`, `"clots" in S12.findings`, "S29 . clear // comment\n", `((((1))))`, `S29.clear ? 1.5 : [{}]`, `ß == "é"`,
		`!!!!S29.clear`, `--S27.volume`, `a.b.c{d: e}`, "`S29`.clear", `S29.?clear`, `.S29.clear`, `has(.S29.clear)`, `S29.clear[?0]`, `r"\" == ''`, `'''x''' == S12.lot`,
	} {
		f.Add(source, uint8(0))
	}
	wants := []expression.Type{
		kind(expression.Bool), number("mL"), number("cells"), kind(expression.Text), choice("yes", "no"), kind(expression.Time), kind(expression.Duration), kind(expression.Texts), {},
	}
	f.Fuzz(func(t *testing.T, source string, pick uint8) {
		want := wants[int(pick)%len(wants)]
		e, err := expression.Compile(source, scope, want)
		if err != nil {
			faults(t, source, err)
			return
		}
		got, err := e.Eval(values)
		again, err2 := e.Eval(values)
		require.Equal(t, got, again)
		require.Equal(t, err == nil, err2 == nil)
		var missing *expression.MissingError
		var undecidable *expression.UndecidableError
		var impossible *quantity.Error
		if err != nil {
			known := errors.As(err, &missing) || errors.As(err, &undecidable) || errors.As(err, &impossible)
			require.True(t, known || overflow(err), "%s: %v", source, err)
			require.Equal(t, expression.Value{}, got)
			return
		}
		require.Equal(t, want.Kind, got.Kind, source)
		require.Equal(t, want.Unit, got.Number.Unit(), source)
	})
}

// overflow is what CEL itself refuses: a point or a span of time beyond what it can hold.
func overflow(err error) bool {
	return strings.Contains(err.Error(), "overflow") && !strings.Contains(err.Error(), "internal error")
}
