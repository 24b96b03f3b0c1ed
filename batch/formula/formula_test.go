package formula_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

type values map[string]quantity.Quantity

// in reads "25.4 10^6/mL" for each input.
func in(t require.TestingT, texts map[string]string) values {
	inputs := values{}
	for name, text := range texts {
		inputs[name] = q(t, text)
	}
	return inputs
}

func q(t require.TestingT, text string) quantity.Quantity {
	number, unit := text, ""
	for i := range len(text) {
		if text[i] == ' ' {
			number, unit = text[:i], text[i+1:]
			break
		}
	}
	value, err := quantity.ParseCanonical(number, quantity.Unit(unit))
	require.NoError(t, err, text)
	return value
}

func code(t require.TestingT, err error) string {
	var e *quantity.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Next)
	require.NotRegexp(t, `\{[a-z]+\}`, e.What+e.Next)
	return e.Code
}

// vectors are our own, made up and computed by hand, so that the formulas are tested wherever the code is.
var vectors = []struct {
	id   formula.ID
	in   map[string]string
	want string // the value and unit; or the code of an error
}{
	{"F01", map[string]string{"gross_g": "150.0 g", "tare_g": "44.0 g", "density_g_per_ml": "1.06 g/mL"}, "100 mL"},
	{"F01", map[string]string{"gross_g": "0.150 kg", "tare_g": "44.0 g", "density_g_per_ml": "1.06 g/mL"}, "100 mL"},
	{"F01", map[string]string{"gross_g": "44.0 g", "tare_g": "44.0 g", "density_g_per_ml": "1.06 g/mL"}, formula.CodeImpossible},
	{"F01", map[string]string{"gross_g": "50 g", "tare_g": "44.0 g", "density_g_per_ml": "0 g/mL"}, quantity.CodeDivisionByZero},
	{"F02", map[string]string{"conc_e6_per_ml": "12.5 10^6/mL", "volume_ml": "80 mL", "dilution": "1 x"}, "1000000000 cells"},
	{"F02", map[string]string{"conc_e6_per_ml": "0.625 10^9/L", "volume_ml": "0.080 L", "dilution": "20 x"}, "1000000000 cells"},
	{"F02", map[string]string{"conc_e6_per_ml": "3.1 10^9/mL", "volume_ml": "10 mL", "dilution": "1 x"}, "31000000000 cells"},
	{"F02", map[string]string{"conc_e6_per_ml": "12.5 10^6/mL", "volume_ml": "80 mL"}, formula.CodeMissingInput},
	{"F02", map[string]string{"conc_e6_per_ml": "12.5 10^6/mL", "volume_ml": "80 mL", "dilution": "0.05 x"}, formula.CodeImpossible},
	{"F02", map[string]string{"conc_e6_per_ml": "12.5 cells", "volume_ml": "80 mL", "dilution": "1 x"}, quantity.CodeUnitMismatch},
	{"F02", map[string]string{"conc_e6_per_ml": "<0.5 10^6/mL", "volume_ml": "80 mL", "dilution": "1 x"}, quantity.CodeQualified},
	{"F02", map[string]string{"conc_e6_per_ml": "-1 10^6/mL", "volume_ml": "80 mL", "dilution": "1 x"}, formula.CodeNegativeInput},
	{"F02", map[string]string{"conc": "1 10^6/mL", "volume_ml": "80 mL", "dilution": "1 x"}, formula.CodeUnknownInput},
	{"F03", map[string]string{"live": "90 n", "dead": "10 n"}, "90 %"},
	{"F03", map[string]string{"live": "0 n", "dead": "7 n"}, "0 %"},
	{"F03", map[string]string{"live": "0 n", "dead": "0 n"}, formula.CodeNoCells},
	{"F04", map[string]string{"tnc": "1e9 cells", "lymph_pct": "30 %", "mono_pct": "10 %"}, "400000000 cells"},
	{"F04", map[string]string{"tnc": "1e9 cells", "lymph_pct": "30 % of WBC", "mono_pct": "10 % of WBC"}, "400000000 cells"},
	{"F04", map[string]string{"tnc": "1e9 cells", "lymph_pct": "60 %", "mono_pct": "50 %"}, formula.CodeImpossible},
	{"F04", map[string]string{"tnc": "1e9 cells", "lymph_pct": "30 % of CD34", "mono_pct": "10 %"}, quantity.CodeUnitMismatch},
	{"F05", map[string]string{"mnc_conc_in": "10 10^6/mL", "vol_received": "84 mL", "vol_sampled": "4 mL", "mnc_out_total": "6e8 cells"}, "75 %"},
	{"F05", map[string]string{"mnc_conc_in": "10 10^6/mL", "vol_received": "84 mL", "vol_sampled": "4 mL", "mnc_out_total": "1e9 cells"}, "125 %"},
	{"F05", map[string]string{"mnc_conc_in": "10 10^6/mL", "vol_received": "4 mL", "vol_sampled": "4 mL", "mnc_out_total": "6e8 cells"}, formula.CodeImpossible},
	{"F05", map[string]string{"mnc_conc_in": "0 10^6/mL", "vol_received": "84 mL", "vol_sampled": "4 mL", "mnc_out_total": "6e8 cells"}, quantity.CodeDivisionByZero},
	{"F06", map[string]string{"rbc_in": "4e11 cells", "rbc_out": "8e9 cells"}, "98 %"},
	{"F06", map[string]string{"rbc_in": "4e11 cells", "rbc_out": "5e11 cells"}, "-25 %"},
	{"F06", map[string]string{"rbc_in": "0 cells", "rbc_out": "8e9 cells"}, quantity.CodeDivisionByZero},
	{"F07", map[string]string{"rbc_per_ml_e9": "0.25 10^9/mL", "wbc_per_ml_e6": "50 10^6/mL"}, "5 ratio"},
	{"F07", map[string]string{"rbc_per_ml_e9": "250 10^6/mL", "wbc_per_ml_e6": "50 10^9/L"}, "5 ratio"},
	{"F07", map[string]string{"rbc_per_ml_e9": "0.25 10^12/L", "wbc_per_ml_e6": "50000 /uL"}, "5 ratio"},
	{"F07", map[string]string{"rbc_per_ml_e9": "0.25 10^9/mL", "wbc_per_ml_e6": "0 10^6/mL"}, quantity.CodeDivisionByZero},
	{"F07", map[string]string{"rbc_per_ml_e9": "0.25", "wbc_per_ml_e6": "50"}, quantity.CodeUnitMismatch},
	{"F08", map[string]string{"plt_per_ml_e6": "300 10^6/mL", "wbc_per_ml_e6": "40 10^6/mL"}, "7.5 ratio"},
	{"F09", map[string]string{"target_total": "5e8 cells", "viable_conc_e6_per_ml": "40 10^6/mL"}, "12.5 mL"},
	{"F09", map[string]string{"target_total": "5e8 cells", "viable_conc_e6_per_ml": "0.0 10^6/mL"}, quantity.CodeDivisionByZero},
	{"F10", map[string]string{"K": "5 EU/kg/h", "weight_kg": "80 kg", "volume_ml": "20 mL"}, "20 EU/mL"},
	{"F10M", map[string]string{"limit_eu_per_ml": "20 EU/mL", "lambda_eu_per_ml": "0.05 EU/mL"}, "400 x"},
	{"F12", map[string]string{"rpm": "2000 1/min", "radius_cm": "10 cm"}, "447.2 xg"},
	{"F14", map[string]string{"events": "400 n"}, "5 %"},
	{"F14", map[string]string{"events": "0 n"}, formula.CodeNoCells},
	{"F16", map[string]string{"lymph": "30.5 %", "mono": "9.5 %", "gran": "59 %", "other": "1 %"}, "100 %"},
	{"F16", map[string]string{"lymph": "30.5 % of WBC", "mono": "9.5 % of WBC", "gran": "59 % of WBC"}, "99 %"},
	{"F16", map[string]string{"lymph": "30.5 % of WBC", "mono": "9.5 %", "gran": "59 % of WBC"}, quantity.CodeUnitMismatch},
	{"F17", map[string]string{"total": "1e9 cells", "volume_ml": "110 mL", "anticoagulant_ml": "10 mL"}, "10 10^6/mL"},
	{"F17", map[string]string{"total": "1e9 cells", "volume_ml": "10 mL", "anticoagulant_ml": "10 mL"}, formula.CodeImpossible},
	{"F18", map[string]string{"tnc": "30 10^6/mL", "nrbc_per_100wbc": "50 per 100 WBC"}, "20 10^6/mL"},
	{"F18", map[string]string{"tnc": "30 10^6/mL", "nrbc_per_100wbc": "0 per 100 WBC"}, "30 10^6/mL"},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10000 n", "beads_per_tube": "50000 beads", "sample_ul": "100 uL", "dilution": "2 x"}, "50 /uL"},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10000 n", "bead_conc_per_ul": "1000 beads/uL", "bead_ul": "50 uL", "sample_ul": "0.1 mL", "dilution": "2 x"}, "50 /uL"},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "0 n", "beads_per_tube": "50000 beads", "sample_ul": "100 uL", "dilution": "2 x"}, quantity.CodeDivisionByZero},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10 n", "sample_ul": "100 uL", "dilution": "2 x"}, formula.CodeMissingInput},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10 n", "bead_ul": "100 uL", "beads_per_tube": "50000 beads", "sample_ul": "100 uL", "dilution": "2 x"}, formula.CodeMissingInput},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10 n", "bead_ul": "100 uL", "bead_conc_per_ul": "1 beads/uL", "beads_per_tube": "50000 beads", "sample_ul": "100 uL", "dilution": "2 x"}, formula.CodeMissingInput},
	{"F19", map[string]string{"cd34_events": "500 n", "bead_events": "10 n", "beads_per_tube": "50000 n", "sample_ul": "100 uL", "dilution": "2 x"}, quantity.CodeUnitMismatch},
	{"F20", map[string]string{"cd34_per_ul": "400 /uL", "volume_ml": "20 mL"}, "8000000 cells"},
	{"F20", map[string]string{"cd34_per_ul": "400 /uL", "volume_ml": "20 mL", "weight_kg": "80 kg"}, "8000000 cells"},
	{"F20K", map[string]string{"cd34_per_ul": "400 /uL", "volume_ml": "20 mL", "weight_kg": "80 kg"}, "100000 cells/kg"},
	{"F20K", map[string]string{"cd34_per_ul": "400 /uL", "volume_ml": "20 mL"}, formula.CodeMissingInput},
	{"C01", map[string]string{"total": "1e9 cells", "volume_ml": "80 mL"}, "12.5 10^6/mL"},
	{"M01", map[string]string{"a": "10.1 10^6/mL", "b": "10.2 10^6/mL"}, "10.15 10^6/mL"},
	{"M01", map[string]string{"a": "10.1 10^6/mL", "b": "10.2 /uL"}, "5.0551 10^6/mL"},
	{"M02", map[string]string{"a": "9 10^6/mL", "b": "11 10^6/mL"}, "20 %"},
	{"M02", map[string]string{"a": "11 10^6/mL", "b": "9 10^6/mL"}, "20 %"},
	{"M02", map[string]string{"a": "0 10^6/mL", "b": "0 10^6/mL"}, quantity.CodeDivisionByZero},
	{"P01", map[string]string{"total": "2e9 cells", "percent": "40 % of WBC"}, "800000000 cells"},
	{"P01", map[string]string{"total": "20 10^6/mL", "percent": "90 %"}, "18 10^6/mL"},
	{"P01", map[string]string{"total": "20 10^6/mL", "percent": "100.1 %"}, formula.CodeImpossible},
	{"V01", map[string]string{"received": "100.0 mL", "taken_1": "1.0 mL", "taken_2": "2 mL", "taken_3": "500 uL"}, "96.5 mL"},
	{"V01", map[string]string{"received": "10 mL", "taken_1": "12 mL"}, "-2 mL"},
	{"V01", map[string]string{"received": "6 pcs", "taken_1": "5 pcs", "taken_2": "1 pcs", "taken_3": "0 pcs"}, "0 pcs"},
	{"V01", map[string]string{"received": "6 pcs", "taken_1": "5 mL"}, quantity.CodeUnitMismatch},
	{"V02", map[string]string{"taken_1": "1.0 mL", "taken_2": "2 mL", "taken_4": "0.5 mL"}, "3.5 mL"},
	{"F18C", map[string]string{"mean_per_square": "62.5 n", "dilution": "20 x"}, "12.5 10^6/mL"},
	{"F18C", map[string]string{"mean_per_square": "62.5 n", "dilution": "0.5 x"}, formula.CodeImpossible},
	{"F21", map[string]string{"thawed": "4e6 cells", "frozen": "5e6 cells"}, "0.8 ratio"},
	{"F21", map[string]string{"thawed": "4e6 cells", "frozen": "0 cells"}, quantity.CodeDivisionByZero},
	{"F21", map[string]string{"thawed": "4e6 cells", "frozen": "5 10^6/mL"}, quantity.CodeUnitMismatch},
	{"F23", map[string]string{"printed": "12 pcs", "applied": "7 pcs", "samples": "2 pcs", "in_record": "1 pcs", "destroyed": "2 pcs"}, "0 pcs"},
	{"F23", map[string]string{"printed": "12 pcs", "applied": "7 pcs", "samples": "2 pcs", "in_record": "1 pcs", "destroyed": "1 pcs"}, "1 pcs"},
	{"F23", map[string]string{"printed": "12 n", "applied": "7 n", "samples": "4 n", "in_record": "1 n", "destroyed": "2 n"}, "-2 n"},
	{"F23", map[string]string{"printed": "12 pcs", "applied": "7 pcs", "samples": "2 pcs", "in_record": "1 pcs"}, formula.CodeMissingInput},
	{"F23", map[string]string{"printed": "12 pcs", "applied": "7 n", "samples": "2 pcs", "in_record": "1 pcs", "destroyed": "2 pcs"}, quantity.CodeUnitMismatch},
	{"F11", nil, formula.CodeNotOneNumber},
	{"F15", nil, formula.CodeNotOneNumber},
	{"F13", nil, formula.CodeNotOneNumber},
	{"F22", nil, formula.CodeNotOneNumber},
	{"F99", nil, formula.CodeUnknownFormula},
}

func TestOwnVectors(t *testing.T) {
	for _, v := range vectors {
		got, err := formula.Compute(v.id, in(t, v.in))
		if err != nil {
			require.Equal(t, v.want, code(t, err), "%v: %v", v, err)
			continue
		}
		want := q(t, v.want)
		c, err := got.Cmp(want)
		require.NoError(t, err, "%v: %s", v, got)
		require.Zero(t, c, "%v: %s", v, got)
	}
}

func TestDefinitions(t *testing.T) {
	all := formula.All()
	seen := map[formula.ID]bool{}
	for i, d := range all {
		require.False(t, seen[d.ID])
		seen[d.ID] = true
		require.True(t, i == 0 || all[i-1].ID < d.ID)
		require.Positive(t, d.Version)
		require.NotEmpty(t, d.Title)
		require.NotEmpty(t, d.Expression)
		require.NotEmpty(t, d.Source)
		require.NotEmpty(t, d.Inputs)
		require.True(t, d.Result.Known())
		require.True(t, d.Like == "" || d.HasInput(d.Like))
		names := map[string]bool{}
		for _, p := range d.Inputs {
			require.False(t, names[p.Name], "%s %s", d.ID, p.Name)
			require.True(t, p.Unit.Known())
			require.True(t, p.Like == "" || names[p.Like], "the input that gives the unit comes before: %s %s", d.ID, p.Name)
			names[p.Name] = true
			for _, u := range p.Also {
				require.True(t, u.Known())
			}
		}
		require.False(t, d.HasInput("no such input"))
	}
	for _, id := range []formula.ID{"F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20", "F21", "F22", "F23"} {
		require.True(t, seen[id], id)
	}
}

func TestEvaluateKeepsItsInputs(t *testing.T) { // AT-55
	inputs := []formula.Input{{Name: "live", Value: q(t, "90 n"), Ref: "S29.live_cells", Entry: 4711}, {Name: "dead", Value: q(t, "10 n"), Ref: "S29.dead_cells", Entry: 4712}}
	r, err := formula.Evaluate("F03", inputs)
	require.NoError(t, err)
	require.Equal(t, formula.ID("F03"), r.ID)
	require.Equal(t, 1, r.Version)
	require.Equal(t, "90 %", r.Value.String())
	require.Equal(t, inputs, r.Inputs)
	inputs[0].Name = "changed"
	require.Equal(t, "live", r.Inputs[0].Name)
	_, err = formula.Evaluate("F03", []formula.Input{{Name: "live", Value: q(t, "1 n")}, {Name: "live", Value: q(t, "2 n")}})
	require.Equal(t, formula.CodeUnknownInput, code(t, err))
	_, err = formula.Evaluate("F03", nil)
	require.Equal(t, formula.CodeMissingInput, code(t, err))
}

func TestDoseVolume(t *testing.T) { // F09, domain description, scenario 15
	d, err := formula.DoseVolume(q(t, "5e8 cells"), q(t, "40 10^6/mL"), q(t, "0.020 L"))
	require.NoError(t, err)
	require.Equal(t, []string{"12.5 mL", "12.5 mL"}, []string{d.Needed.String(), d.Use.String()})
	requireSame(t, "7.5 mL", d.Surplus)
	require.False(t, d.Short)
	d, err = formula.DoseVolume(q(t, "5e8 cells"), q(t, "40 10^6/mL"), q(t, "12.5 mL"))
	require.NoError(t, err)
	require.False(t, d.Short, "exactly enough is enough")
	require.Zero(t, d.Surplus.Sign())
	d, err = formula.DoseVolume(q(t, "5e8 cells"), q(t, "40 10^6/mL"), q(t, "0.0124 L"))
	require.NoError(t, err)
	require.True(t, d.Short)
	requireSame(t, "12.4 mL", d.Use)
	require.Equal(t, "0 mL", d.Surplus.String())
	_, err = formula.DoseVolume(q(t, "5e8 cells"), q(t, "0 10^6/mL"), q(t, "20 mL"))
	require.Equal(t, quantity.CodeDivisionByZero, code(t, err))
	_, err = formula.DoseVolume(q(t, "5e8 cells"), q(t, "40 10^6/mL"), q(t, "20 g"))
	require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
}

func requireSame(t *testing.T, want string, got quantity.Quantity) {
	t.Helper()
	c, err := got.Cmp(q(t, want))
	require.NoError(t, err)
	require.Zero(t, c, "%s, want %s", got, want)
}

func TestDifferentialSum(t *testing.T) { // F16
	for other, within := range map[string]bool{"1 %": true, "0 %": true, "2 %": true, "2.1 %": false} {
		_, ok, err := formula.DifferentialSum(q(t, "30 %"), q(t, "10 %"), q(t, "59 %"), q(t, other))
		require.NoError(t, err)
		require.Equal(t, within, ok, other)
	}
	sum, ok, err := formula.DifferentialSum(q(t, "30 %"), q(t, "10 %"), q(t, "58.9 %"), quantity.Quantity{})
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, "98.9 %", sum.String())
	_, _, err = formula.DifferentialSum(q(t, "30 %"), q(t, "10 %"), quantity.Quantity{}, quantity.Quantity{})
	require.Equal(t, formula.CodeMissingInput, code(t, err))
}

func TestExpiry(t *testing.T) { // F11
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	t0 := time.Date(2026, 10, 24, 12, 0, 0, 0, madrid) // the clock goes back in the night
	formulated := t0.Add(10 * time.Hour)
	material := t0.Add(30 * time.Hour)
	for _, c := range []struct {
		collection, shelf time.Duration
		materials         []time.Time
		want              time.Time
	}{
		{48 * time.Hour, 36 * time.Hour, nil, t0.Add(46 * time.Hour)},
		{24 * time.Hour, 36 * time.Hour, nil, t0.Add(24 * time.Hour)},
		{48 * time.Hour, 36 * time.Hour, []time.Time{t0.Add(100 * time.Hour), material}, material},
	} {
		got, err := formula.Expiry(t0, c.collection, formulated, c.shelf, c.materials)
		require.NoError(t, err)
		require.True(t, c.want.Equal(got))
		require.Equal(t, time.UTC, got.Location())
	}
	got, err := formula.Expiry(t0, 24*time.Hour, formulated, 36*time.Hour, nil)
	require.NoError(t, err)
	require.Equal(t, "2026-10-25 11:00 CET", got.In(madrid).Format("2006-01-02 15:04 MST"), "24 hours, not the same time of the next day")
	for _, f := range []func() (time.Time, error){
		func() (time.Time, error) { return formula.Expiry(time.Time{}, time.Hour, formulated, time.Hour, nil) },
		func() (time.Time, error) { return formula.Expiry(t0, time.Hour, time.Time{}, time.Hour, nil) },
		func() (time.Time, error) { return formula.Expiry(formulated, time.Hour, t0, time.Hour, nil) },
		func() (time.Time, error) { return formula.Expiry(t0, 0, formulated, time.Hour, nil) },
		func() (time.Time, error) { return formula.Expiry(t0, time.Hour, formulated, -time.Hour, nil) },
		func() (time.Time, error) {
			return formula.Expiry(t0, time.Hour, formulated, time.Hour, []time.Time{{}})
		},
	} {
		got, err := f()
		require.NotEmpty(t, code(t, err))
		require.True(t, got.IsZero())
	}
}

// TestComputeNeverPanics: any formula with any units and numbers gives a number or an error of ours.
func TestComputeNeverPanics(t *testing.T) {
	all, units := formula.All(), quantity.Units()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(all).Draw(t, "formula")
		inputs := values{}
		for _, p := range d.Inputs {
			unit := rapid.SampledFrom([]quantity.Unit{p.Unit, p.Unit, p.Unit, rapid.SampledFrom(units).Draw(t, "unit")}).Draw(t, "which")
			if rapid.IntRange(0, 9).Draw(t, "given") > 0 {
				inputs[p.Name] = quantity.New(rapid.Int64Range(0, 1e9).Draw(t, "c"), rapid.Int32Range(-20, 20).Draw(t, "e"), unit)
			}
		}
		got, err := formula.Compute(d.ID, inputs)
		if err != nil {
			require.NotEmpty(t, code(t, err))
			require.True(t, got.IsZero())
			return
		}
		require.True(t, got.Unit().Known())
		back, err := quantity.ParseCanonical(got.Number(), got.Unit())
		require.NoError(t, err)
		require.True(t, got.Equal(back))
	})
}
