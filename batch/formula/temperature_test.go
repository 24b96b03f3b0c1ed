package formula_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

func BenchmarkMeanKineticTemperature(b *testing.B) {
	temps := make([]quantity.Quantity, 1000)
	for i := range temps {
		temps[i] = quantity.New(int64(i%200), -1, "degC")
	}
	for b.Loop() {
		_, err := formula.MeanKineticTemperature(temps, quantity.MustParse("83.144", "kJ/mol"))
		require.NoError(b, err)
	}
}

func TestMeanKineticTemperature(t *testing.T) { // F13
	energy := q(t, "83.144 kJ/mol")
	same := []quantity.Quantity{q(t, "5.0 degC"), q(t, "5.0 degC"), q(t, "5.0 degC")}
	mkt, err := formula.MeanKineticTemperature(same, energy)
	require.NoError(t, err)
	require.Equal(t, "5.0000000000", mkt.Round(10).Number())
	for want, temps := range map[string][]quantity.Quantity{
		formula.CodeMissingInput: nil, quantity.CodeUnitMismatch: {q(t, "5 mL")}, formula.CodeImpossible: {q(t, "-273.15 degC")},
	} {
		_, err = formula.MeanKineticTemperature(temps, energy)
		require.Equal(t, want, code(t, err))
	}
	for _, temps := range [][]quantity.Quantity{{{}}, {q(t, "<5 degC")}} {
		_, err = formula.MeanTemperature(temps)
		require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	}
	_, err = formula.MeanTemperature(nil)
	require.Equal(t, quantity.CodeDivisionByZero, code(t, err))
	for _, bad := range []string{"83.144", "0 kJ/mol", "<83 kJ/mol"} {
		_, err = formula.MeanKineticTemperature(same, q(t, bad))
		require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	}
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfN(rapid.Int64Range(-1960, 600), 1, 5).Draw(t, "tenths")
		temps, lowest, highest := []quantity.Quantity{}, readings[0], readings[0]
		for _, r := range readings {
			temps = append(temps, quantity.New(r, -1, "degC"))
			lowest, highest = min(lowest, r), max(highest, r)
		}
		mkt, err := formula.MeanKineticTemperature(temps, energy)
		require.NoError(t, err)
		mean, err := formula.MeanTemperature(temps)
		require.NoError(t, err)
		// Warm readings weigh more, so the mean kinetic temperature lies between the plain mean and the highest reading.
		kinetic := mkt.Round(6)
		c, err := kinetic.Cmp(mean.Round(6))
		require.NoError(t, err)
		require.GreaterOrEqual(t, c, 0)
		c, err = kinetic.Cmp(quantity.New(highest, -1, "degC"))
		require.NoError(t, err)
		require.LessOrEqual(t, c, 0)
	})
}
