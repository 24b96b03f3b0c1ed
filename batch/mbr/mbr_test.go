package mbr

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/qc"
	"rexbatch/templates"
)

func recipeFile(t testing.TB) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.MBR, "mbr/rex-001.yaml")
	require.NoError(t, err)
	return string(raw)
}

func TestRecipe_AT3_HasTheFortyEightStepsOfBothPlants(t *testing.T) {
	r, err := Load([]byte(masters(t, "rex-001-v1.yaml")))
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
	r, err := Load([]byte(masters(t, "rex-001-v1.yaml")))
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

// What ships can be approved: nothing in it is an error. Warnings are for its reviewers.
func TestShippedRecipeHasNoErrors(t *testing.T) {
	file := recipeFile(t)
	_, faults := Compile([]byte(file))
	for _, f := range faults {
		require.Equal(t, Warning, f.Severity, f.Show("rex-001.yaml", []byte(file)))
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

func specFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.Specifications, "spec/demo-p1.yaml")
	require.NoError(t, err)
	return string(raw)
}
