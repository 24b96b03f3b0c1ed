package mbr

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/qc"
	"rexbatch/templates"
)

func recipeFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.MBR, "mbr/rex-001.yaml")
	require.NoError(t, err)
	return string(raw)
}

func TestRecipe_AT3_HasTheFortyEightStepsOfBothPlants(t *testing.T) {
	r, err := Load([]byte(recipeFile(t)))
	require.NoError(t, err)
	require.Len(t, r.Steps(), 48)
	seville, frankfurt := 0, 0
	for _, s := range r.Steps() {
		if s.Applies("ES-SVQ") {
			seville++
		}
		if s.Applies("DE-FRA") {
			frankfurt++
		}
	}
	require.Equal(t, 46, seville, "all but the Sepax steps S23, S24")
	require.Equal(t, 44, frankfurt, "all but the manual steps S19 to S22")
	for _, id := range []string{"S19", "S20", "S21", "S22"} {
		s, ok := r.Step(id)
		require.True(t, ok)
		require.False(t, s.Applies("DE-FRA"), id)
	}
}

func TestRecipe_I4_MaterialStepsBeginWithAScan(t *testing.T) {
	r, err := Load([]byte(recipeFile(t)))
	require.NoError(t, err)
	material := 0
	for _, s := range r.Steps() {
		if !s.Material {
			continue
		}
		material++
		for _, site := range []string{"ES-SVQ", "DE-FRA"} {
			if s.Applies(site) {
				require.Equal(t, TypeScan, s.FieldsAt(site)[0].Type, "%s at %s", s.ID, site)
			}
		}
	}
	require.Greater(t, material, 20)
}

func TestLoadRecipe_RefusesDefects(t *testing.T) {
	good := recipeFile(t)
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "recipe: REX-001", "recipe: REX-001\nrecepie: x", "recepie"},
		{"unknown unit", "unit: g/mL", "unit: g/ml", "g/ml"},
		{"unknown formula", "formula: F01", "formula: F99", "F99"},
		{"formula input that does not exist", "gross_g: S11.gross_mass", "gross: S11.gross_mass", "gross"},
		{"reference to something later", "S11.gross_mass", "S31.dose_volume", "not defined before"},
		{"unknown parameter", "param.bone_marrow_density", "param.density", "density"},
		{"step used twice", "id: S10\n", "id: S09\n", "used twice"},
		{"unknown role", "performer: coordinator", "performer: coordinador", "coordinador"},
		{"plant that is no variant", "only: [DE-FRA]", "only: [DE-BER]", "DE-BER"},
		{"unknown type", "type: datetime", "type: instant", "instant"},
		{"material step without a scan at one plant", "          - {id: separated_scan, type: scan,", "          - {id: separated_scan, type: text,", "S25 at DE-FRA: handles the patient's material"},
		{"second person's mode misspelt", "mode: scan, field: bag_scan}", "mode: scna, field: bag_scan}", `mode is confirm, scan or retype, not "scna"`},
		{"second person scans a field of another plant", "field: bag_scan_at_weld}", "field: bag_scan}", `S23 at DE-FRA: the second person scans "bag_scan"`},
		{"custody of no container", "custody: {container: final-container, holder: courier}", "custody: {container: final-contaner, holder: courier}", `S46 at DE-FRA: custody of "final-contaner"`},
		{"custody of nobody", "custody: {container: final-container, holder: courier}", "custody: {container: final-container, holder: courrier}", `S46: custody of "courrier"`},
		{"container made from nothing", "{kind: tube, from: harvest-bag,", "{kind: tube, from: harvest-bags,", `S20 at ES-SVQ: makes tube from "harvest-bags"`},
		{"container made from one of another plant", "from: separated, only: [DE-FRA]", "from: interphase, only: [DE-FRA]", `S27 at DE-FRA: makes work-bag from "interphase"`},
		{"scan of no container", "type: scan, expect: qc-sample", "type: scan, expect: qc-smaple", `S37.sample_scan at DE-FRA: expects "qc-smaple"`},
		{"scan of a container of another plant", "type: scan, expect: separated, source: K, only: [DE-FRA]", "type: scan, expect: interphase, source: K, only: [DE-FRA]", `S25.separated_scan at DE-FRA: expects "interphase"`},
		{"scan of a container that is made later", "type: scan, expect: harvest-bag", "type: scan, expect: tube", `S06.bag_label_scan at DE-FRA: expects "tube"`},
		{"count that is no number", "from: harvest-bag, count: tubes", "from: harvest-bag, count: bag_scan", `comes from "bag_scan"`},
		{"formula without an input", "tare_g: S11.tare_mass, ", "", `S11.net_volume: formula F01 needs the input "tare_g"`},
		{"formula with a count for a mass", "tare_g: S11.tare_mass", "tare_g: S05.pulls", `S05.pulls in "n" and has to be in "g"`},
		{"formula with a mass for a volume like the other", "taken_1: S12.sample_count_mL, taken_2: S12.sample_flow_mL", "taken_1: S12.sample_count_mL, taken_2: S11.gross_mass", `S11.gross_mass in "g" and has to be in "mL"`},
		{"formula with a text", "tare_g: S11.tare_mass", "tare_g: S11.bag_scan", "neither a number nor a point in time"},
		{"formula with a number for a point in time", "t0: S05.last_pull_at", "t0: S05.pulls", "a point in time and a number"},
		{"formula with a parameter in another unit", "density_g_per_ml: param.bone_marrow_density", "density_g_per_ml: param.shelf_life", `param.shelf_life in "h"`},
		{"formula whose result is not shown so", "{id: net_volume, type: computed, unit: mL", "{id: net_volume, type: computed, unit: g", `formula F01 gives "mL"`},
		{"formula that is not one number", "formula: F11, result: datetime", "formula: F13, result: datetime", "F13 does not give a value"},
		{"input that one plant does not record", "volume_ml: S27.volume_work", "volume_ml: S19.volume_in", "S30.tnc_out at DE-FRA: the input \"volume_ml\" is S19.volume_in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, good, c.old, "the defect must be seeded")
			_, err := Load([]byte(strings.Replace(good, c.old, c.new, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestCheckSpecification_AT33_JudgesWhatEveryPlantRecords(t *testing.T) {
	recipe, err := Load([]byte(recipeFile(t)))
	require.NoError(t, err)
	good := specFile(t)
	spec, err := qc.Load([]byte(good))
	require.NoError(t, err)
	require.NoError(t, CheckSpecification(recipe, spec))
	for _, c := range []struct{ name, old, new, want string }{
		{"field misspelt", "field: S48.sterility_final", "field: S48.sterillity", `sterility at DE-FRA: there is no field "S48.sterillity"`},
		{"field of one plant", "field: S37.hct, unit: \"%\"", "field: S22.tubes_missing, unit: \"n\"", `hct at DE-FRA: there is no field "S22.tubes_missing"`},
		{"unit of the limit", "limit: \"4e8..1.2e9\", unit: cells", "limit: \"4e8..1.2e9\", unit: cells/kg", `S37.wbc_total is in "cells", the limit is in "cells/kg"`},
		{"limit on a choice", "field: S39.endotoxin,", "field: S40.gram,", "S40.gram is not a number"},
		{"choice of a number", "field: S40.gram, accept", "field: S39.dilution, accept", "S39.dilution is not a choice"},
		{"accepted code that is no option", "accept: [no_organisms]", "accept: [no_organism]", `S40.gram has no option "no_organism"`},
		{"condition on nothing", "valid_if: [{field: S39.spike_recovery", "valid_if: [{field: S39.spike", `endotoxin at ES-SVQ: there is no field "S39.spike"`},
		{"unit of a condition", "field: S39.spike_recovery, limit: \"50..200\", unit: \"%\"", "field: S39.spike_recovery, limit: \"50..200\", unit: x", `S39.spike_recovery is in "%", the limit is in "x"`},
		{"due from nothing", "due_from: S40.loaded_at", "due_from: S40.load_at", `"S40.load_at", from which`},
		{"due from no point in time", "due_from: S40.loaded_at", "due_from: S40.gram", `"S40.gram", from which`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, good, c.old, "the defect must be seeded")
			spec, err := qc.Load([]byte(strings.Replace(good, c.old, c.new, 1)))
			require.NoError(t, err)
			require.ErrorContains(t, CheckSpecification(recipe, spec), c.want)
		})
	}
}

func TestLoadRecipe_RefusesAMissingLanguage(t *testing.T) {
	good := recipeFile(t)
	i := strings.Index(good, "de: ")
	require.Positive(t, i)
	_, err := Load([]byte(good[:i] + "de: \"\"\n#" + good[i:]))
	require.Error(t, err)
}

func FuzzLoadRecipe(f *testing.F) {
	f.Add([]byte("recipe: X\nversion: 1\n"))
	f.Add([]byte("unit_procedures: [{id: UP10, steps: [{id: S01, fields: [{id: a, type: computed, formula: F02, inputs: {volume_ml: S01.a}}]}]}]"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<14 {
			t.Skip("bounded: large files are slow, not different")
		}
		r, err := Load(file)
		if err == nil {
			require.NotNil(t, r)
		}
	})
}

func specFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.Specifications, "spec/demo-p1.yaml")
	require.NoError(t, err)
	return string(raw)
}
