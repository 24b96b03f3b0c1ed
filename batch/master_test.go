package batch

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/templates"
)

func recipeFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.MBR, "mbr/rex-001.yaml")
	require.NoError(t, err)
	return string(raw)
}

func TestRecipe_AT3_HasTheFortyEightStepsOfBothPlants(t *testing.T) {
	r, err := LoadRecipe([]byte(recipeFile(t)))
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
	r, err := LoadRecipe([]byte(recipeFile(t)))
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
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, good, c.old, "the defect must be seeded")
			_, err := LoadRecipe([]byte(strings.Replace(good, c.old, c.new, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestLoadRecipe_RefusesAMissingLanguage(t *testing.T) {
	good := recipeFile(t)
	i := strings.Index(good, "de: ")
	require.Positive(t, i)
	_, err := LoadRecipe([]byte(good[:i] + "de: \"\"\n#" + good[i:]))
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
		r, err := LoadRecipe(file)
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
