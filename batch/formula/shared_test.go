package formula_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/formula"
	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

// sharedFolder finds the reference data beside the module: a folder "shared" next to the module's root.
func sharedFolder(t *testing.T) string {
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		_, err = os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			break
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no go.mod above the test")
		dir = parent
	}
	shared := filepath.Join(dir, "..", "shared")
	_, err = os.Stat(filepath.Join(shared, "domain", "formula_vectors.json"))
	if err != nil {
		t.Skip("the reference vectors (shared/domain/formula_vectors.json beside the module) are not here: only our own vectors were tested")
	}
	return shared
}

type vector struct {
	Formula  formula.ID
	Inputs   map[string]any
	Expected map[string]any
	Note     string
}

func (v vector) text(name string) string {
	s, _ := v.Inputs[name].(string)
	return s
}

// units are those of the inputs in the vector file, which names them in the keys or not at all.
var units = map[formula.ID]map[string]quantity.Unit{
	"F01": {"gross_g": "g", "tare_g": "g", "density_g_per_ml": "g/mL"},
	"F02": {"conc_e6_per_ml": "10^6/mL", "volume_ml": "mL", "dilution": "x"},
	"F03": {"live": "n", "dead": "n"},
	"F04": {"tnc": "cells", "lymph_pct": "%", "mono_pct": "%"},
	"F05": {"mnc_conc_in": "10^6/mL", "vol_received": "mL", "vol_sampled": "mL", "mnc_out_total": "cells"},
	"F06": {"rbc_in": "cells", "rbc_out": "cells"},
	"F07": {"rbc_per_ml_e9": "10^9/mL", "wbc_per_ml_e6": "10^6/mL"},
	"F08": {"plt_per_ml_e6": "10^6/mL", "wbc_per_ml_e6": "10^6/mL"},
	"F09": {"target_total": "cells", "viable_conc_e6_per_ml": "10^6/mL"},
	"F10": {"K": "EU/kg/h", "weight_kg": "kg", "volume_ml": "mL"},
	"F12": {"rpm": "1/min", "radius_cm": "cm"},
	"F14": {"events": "n"},
	"F16": {"lymph": "%", "mono": "%", "gran": "%", "other": "%"},
	"F18": {"tnc": "10^6/mL", "nrbc_per_100wbc": "per 100 WBC"},
	"F19": {"cd34_events": "n", "bead_events": "n", "beads_per_tube": "beads", "bead_conc_per_ul": "beads/uL", "bead_ul": "uL", "sample_ul": "uL", "dilution": "x"},
	"F20": {"cd34_per_ul": "/uL", "volume_ml": "mL", "weight_kg": "kg"},
}

// TestSharedVectors runs every vector of the domain description.
func TestSharedVectors(t *testing.T) {
	shared := sharedFolder(t)
	data, err := os.ReadFile(filepath.Join(shared, "domain", "formula_vectors.json"))
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.Len(t, vectors, 31)
	r := run{shared: shared, printed: map[string]quantity.Quantity{}}
	for i, v := range vectors {
		for name := range v.Expected {
			require.True(t, r.check(t, v, name), "vector %d, %s: nothing checks %q", i, v.Formula, name)
		}
	}
}

// run is one pass over the file. A later vector may take the printed, cut result of an earlier one as its input; its own
// expected value was computed from the uncut one.
type run struct {
	shared  string
	printed map[string]quantity.Quantity
}

// check computes the expected value of that name; false when it does not know it, so that no vector passes unseen.
func (r run) check(t *testing.T, v vector, name string) bool {
	inputs := values{}
	for input, unit := range units[v.Formula] {
		text := v.text(input)
		if text == "" {
			continue
		}
		inputs[input] = quantity.MustParse(text, unit)
		if uncut, ok := r.printed[text]; ok && uncut.Unit() == unit && v.Formula == "F20" {
			inputs[input] = uncut
		}
	}
	shared := r.shared
	got, err := quantity.Quantity{}, error(nil)
	switch string(v.Formula) + " " + name {
	case "F01 volume_ml", "F02 total", "F03 viability_pct", "F04 mnc", "F05 recovery_pct", "F06 depletion_pct", "F07 ratio", "F08 ratio", "F09 volume_ml",
		"F10 limit_eu_per_ml", "F12 rcf_g", "F14 cv_pct", "F16 sum", "F18 wbc", "F19 cd34_per_ul", "F20 total":
		got, err = formula.Compute(v.Formula, inputs)
	case "F03 error":
		_, err = formula.Compute(v.Formula, inputs)
		require.ErrorContains(t, err, v.Expected[name].(string))
		return true
	case "F05 mnc_in":
		left, e := inputs["vol_received"].Sub(inputs["vol_sampled"])
		require.NoError(t, e)
		got, err = inputs["mnc_conc_in"].Mul(left, "cells")
	case "F10 mvd":
		limit, e := formula.Compute("F10", inputs)
		require.NoError(t, e)
		got, err = formula.Compute("F10M", values{"limit_eu_per_ml": limit, "lambda_eu_per_ml": quantity.MustParse(v.text("lambda_"), "EU/mL")})
	case "F13 mkt_C", "F13 mean", "F13 device_mkt", "F13 device_mean":
		// The device truncates, so its value is the beginning of ours, as with all the others.
		mkt, mean := temperatures(t, shared, v)
		got = mkt
		if strings.HasSuffix(name, "mean") {
			got = mean
		}
	case "F16 ok":
		_, within, e := formula.DifferentialSum(inputs["lymph"], inputs["mono"], inputs["gran"], inputs["other"])
		require.NoError(t, e)
		require.Equal(t, v.Expected[name], within)
		return true
	case "F20 per_kg":
		got, err = formula.Compute("F20K", inputs)
	case "F20 total_x1e6":
		got, err = childrenTotal(t, shared, v)
	case "F22 reported", "F22 verdict":
		checkVerdict(t, v)
		return true
	default:
		return false
	}
	require.NoError(t, err)
	requireLeading(t, v.Expected[name].(string), got)
	r.printed[v.Expected[name].(string)] = got
	return true
}

// requireLeading compares the digits given: they are cut off, or rounded where the file says so (the mean kinetic temperature).
func requireLeading(t *testing.T, want string, got quantity.Quantity) {
	t.Helper()
	expected := quantity.MustParse(want, got.Unit())
	digits := got.Round(30).Decimal().Text('f')
	if whole, decimals, found := strings.Cut(digits, "."); found {
		digits = whole + "." + decimals[:expected.Decimals()]
	}
	cut := quantity.MustParse(strings.TrimSuffix(digits, "."), got.Unit())
	if c, err := cut.Cmp(expected); err == nil && c == 0 {
		return
	}
	require.Equal(t, expected.Number(), got.Round(expected.Decimals()).Number())
}

func temperatures(t *testing.T, shared string, v vector) (mkt, mean quantity.Quantity) {
	var temps []quantity.Quantity
	if list, ok := v.Inputs["temps"].([]any); ok {
		for _, n := range list {
			text, err := json.Marshal(n)
			require.NoError(t, err)
			temps = append(temps, quantity.MustParse(string(text), "degC"))
		}
	} else {
		temps = loggerReadings(t, filepath.Join(shared, "data", v.text("file")))
	}
	text, err := json.Marshal(v.Inputs["dH_kJ"])
	require.NoError(t, err)
	mkt, err = temperature.MeanKinetic(temps, quantity.MustParse(string(text), "kJ/mol"))
	require.NoError(t, err)
	mean, err = temperature.Mean(temps)
	require.NoError(t, err)
	return mkt, mean
}

// loggerReadings are the readings of a Q-tag text file.
func loggerReadings(t *testing.T, path string) []quantity.Quantity {
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	log, err := temperature.Read(file)
	require.NoError(t, err)
	var temps []quantity.Quantity
	for _, r := range log.Readings {
		temps = append(temps, r.Value)
	}
	require.Len(t, temps, 124, "one reading every ten minutes from 04:49 to 01:19")
	return temps
}

func childrenTotal(t *testing.T, shared string, v vector) (quantity.Quantity, error) {
	f, err := os.Open(filepath.Join(shared, "data", v.text("file")))
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	row := rows[int(v.Inputs["row"].(float64))]
	column := func(name string) string {
		for i, head := range rows[0] {
			if head == name {
				return row[i]
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	perKg := quantity.MustParse(column("CD34_x1e6_per_kg")+"e6", "cells/kg")
	total, err := perKg.Mul(quantity.MustParse(column("recipient_body_mass"), "kg"), "cells")
	if err != nil {
		return quantity.Quantity{}, err
	}
	return total.Div(quantity.MustParse("1e6", ""), "cells")
}

// checkVerdict is F22; the file writes ranges with a dash.
func checkVerdict(t *testing.T, v vector) {
	limit, err := quantity.ParseLimit(strings.Replace(v.text("limit"), "-", "..", 1), "%")
	require.NoError(t, err)
	decimals, rounds := limit.Decimals()
	require.True(t, rounds)
	require.Equal(t, v.Inputs["limit_decimals"], float64(decimals))
	verdict, err := limit.Judge(quantity.MustParse(v.text("value"), "%"))
	require.NoError(t, err)
	require.Equal(t, v.Expected["reported"], verdict.Reported.Number())
	require.Equal(t, v.Expected["verdict"] == "pass", verdict.Pass)
	require.False(t, verdict.Undecided)
}
