package mbr

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// defect is a mistake that is seeded into the base recipe, with what has to be found: testdata/masters/defects.
type defect struct {
	Title    string `yaml:"title"`
	Reviewer string `yaml:"reviewer"` // what a person who reviews the recipe would say
	Edits    []struct {
		Old string `yaml:"old"` // stands once in the base
		New string `yaml:"new"`
	} `yaml:"edits"`
	Expect []expected `yaml:"expect"`
}

type expected struct {
	Code string `yaml:"code"`
	Line string `yaml:"line"` // a part of the line of the fault
	Mark string `yaml:"mark"` // the part that is marked; empty where it does not matter
}

func masters(t *testing.T, path ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "testdata", "masters"}, path...)...))
	require.NoError(t, err)
	return string(raw)
}

func TestBaseRecipeIsClean(t *testing.T) {
	r, faults := Compile([]byte(masters(t, "base.yaml")))
	require.Empty(t, faults)
	require.NotNil(t, r)
}

// Every seeded defect is found with its code at its place, and nothing else is reported.
func TestSeededDefectsAreFound(t *testing.T) {
	base := masters(t, "base.yaml")
	files, err := filepath.Glob("../../testdata/masters/defects/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 80)
	seeded, found := 0, map[string]bool{}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			seeded++
			var d defect
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, yaml.UnmarshalWithOptions(raw, &d, yaml.Strict()))
			require.NotEmpty(t, d.Title)
			require.NotEmpty(t, d.Reviewer)
			file := base
			for _, e := range d.Edits {
				require.Equal(t, 1, strings.Count(file, e.Old), "the text to change stands once: %q", e.Old)
				file = strings.Replace(file, e.Old, e.New, 1)
			}
			d.hold(t, file)
			if !t.Failed() {
				found[path] = true
			}
		})
	}
	t.Logf("%d of %d seeded defects are found, each with its code at its place and nothing else beside it", len(found), seeded)
}

func (d *defect) hold(t *testing.T, file string) {
	_, faults := Compile([]byte(file))
	require.NotEmpty(t, d.Expect)
	lines := strings.Split(file, "\n")
	left := slices.Clone(d.Expect)
	for _, f := range faults {
		shown := f.Show("base.yaml", []byte(file))
		i := slices.IndexFunc(left, func(e expected) bool {
			line := []rune(lines[f.Line-1])
			mark := string(line[min(len(line), f.Column-1):min(len(line), f.Column-1+f.Length)])
			return e.Code == f.Code && strings.Contains(lines[f.Line-1], e.Line) && (e.Mark == "" || e.Mark == mark)
		})
		if i < 0 {
			t.Errorf("not expected: %s", shown)
			continue
		}
		left = slices.Delete(left, i, i+1)
		require.NotEmpty(t, f.Fix, shown)
	}
	for _, e := range left {
		t.Errorf("not found: %+v", e)
	}
}

// What a recipe must not have is seeded at least once: a rule that nothing tests may never have worked.
func TestEveryRuleIsSeeded(t *testing.T) {
	files, err := filepath.Glob("../../testdata/masters/defects/*.yaml")
	require.NoError(t, err)
	seeded := map[string]bool{}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var d defect
		require.NoError(t, yaml.Unmarshal(raw, &d))
		for _, e := range d.Expect {
			seeded[e.Code] = true
		}
	}
	var missing []string
	for _, r := range Rules() {
		if !seeded[r.Code] && r.Code != tooManyFaults {
			missing = append(missing, r.Code+" "+r.Title)
		}
	}
	require.Empty(t, missing)
	require.Empty(t, slices.DeleteFunc(slices.Collect(maps.Keys(seeded)), func(code string) bool { return ruleOf(code).Code == code }))
}
