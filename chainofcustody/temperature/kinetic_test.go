package temperature_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

func BenchmarkMeanKineticTemperature(b *testing.B) {
	temps := make([]quantity.Quantity, 1000)
	for i := range temps {
		temps[i] = quantity.New(int64(i%200), -1, "degC")
	}
	for b.Loop() {
		_, err := temperature.MeanKinetic(temps, quantity.MustParse("83.144", "kJ/mol"))
		require.NoError(b, err)
	}
}

func TestMeanKineticTemperature(t *testing.T) { // F13
	energy := quantity.MustParse("83.144", "kJ/mol")
	same := []quantity.Quantity{quantity.MustParse("5.0", "degC"), quantity.MustParse("5.0", "degC"), quantity.MustParse("5.0", "degC")}
	mkt, err := temperature.MeanKinetic(same, energy)
	require.NoError(t, err)
	require.Equal(t, "5.0000000000", mkt.Round(10).Number())
	for want, temps := range map[string][]quantity.Quantity{
		temperature.CodeMissingInput: nil, quantity.CodeUnitMismatch: {quantity.MustParse("5", "mL")}, temperature.CodeImpossible: {quantity.MustParse("-273.15", "degC")},
	} {
		_, err = temperature.MeanKinetic(temps, energy)
		require.Equal(t, want, code(t, err))
	}
	for _, temps := range [][]quantity.Quantity{{{}}, {quantity.MustParse("<5", "degC")}} {
		_, err = temperature.Mean(temps)
		require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	}
	_, err = temperature.Mean(nil)
	require.Equal(t, temperature.CodeMissingInput, code(t, err))
	for _, bad := range []quantity.Quantity{quantity.MustParse("83.144", ""), quantity.MustParse("0", "kJ/mol"), quantity.MustParse("<83", "kJ/mol")} {
		_, err = temperature.MeanKinetic(same, bad)
		require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	}
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfN(rapid.Int64Range(-1960, 600), 1, 5).Draw(t, "tenths")
		temps, lowest, highest := []quantity.Quantity{}, readings[0], readings[0]
		for _, r := range readings {
			temps = append(temps, quantity.New(r, -1, "degC"))
			lowest, highest = min(lowest, r), max(highest, r)
		}
		mkt, err := temperature.MeanKinetic(temps, energy)
		require.NoError(t, err)
		mean, err := temperature.Mean(temps)
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
