package formula_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

// TestResultUnitIsKnownBefore: what ResultUnit says of units is what Compute does with values.
func TestResultUnitIsKnownBefore(t *testing.T) { // I13
	all, known := formula.All(), quantity.Units()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(all).Draw(t, "formula")
		if d.Function != "" {
			return
		}
		inputs, units := values{}, map[string]quantity.Unit{}
		for _, p := range d.Inputs {
			unit := rapid.SampledFrom([]quantity.Unit{p.Unit, p.Unit, rapid.SampledFrom(known).Draw(t, "unit")}).Draw(t, "which")
			if !p.Optional || rapid.Bool().Draw(t, "given") {
				inputs[p.Name], units[p.Name] = quantity.New(rapid.Int64Range(1, 50).Draw(t, "c"), 0, unit), unit
			}
		}
		unit, err := d.ResultUnit(units)
		got, computed := formula.Compute(d.ID, inputs)
		if err != nil {
			require.Equal(t, code(t, err), code(t, computed))
			return
		}
		if computed != nil {
			require.NotEqual(t, quantity.CodeUnitMismatch, code(t, computed), "the units fit")
			return
		}
		require.Equal(t, unit, got.Unit())
	})
	_, err := all[0].ResultUnit(nil)
	require.Equal(t, formula.CodeMissingInput, code(t, err))
}
