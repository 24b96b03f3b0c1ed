package scenario

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"rexbatch/testdata"
)

// Every scenario that is shipped can be read, and is called as its file.
func TestShippedScenarios(t *testing.T) {
	files, err := fs.Glob(testdata.Scenarios, "scenarios/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 15)
	for _, file := range files {
		s, err := Load(testdata.Scenarios, file)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(path.Base(file), ".yaml"), s.Name)
		for _, role := range []string{"coordinator", "operator", "qa", "qp", "sponsor", "courier"} {
			_, err = s.who(role, false)
			require.NoError(t, err, file)
		}
	}
}

func load(t *testing.T, text string, more ...string) (*Scenario, error) {
	t.Helper()
	files := fstest.MapFS{"dir/s.yaml": {Data: []byte(text)}}
	for i := 0; i+1 < len(more); i += 2 {
		files["dir/"+more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return Load(files, "dir/s.yaml")
}

const base = `
scenario: base
site: ES-SVQ
expect: {outcome: certified}
people:
  ana: {name: Ana, roles: [operator, qa]}
  jorge: {name: Jorge, roles: [operator]}
cast: {operator: {performer: jorge, second: ana}}
values:
  S01: {weight: "78,5", when: now-36m, number: "1.20"}
  S02: {day: today-12d}
`

func TestBaseIsMergedByField(t *testing.T) {
	s, err := load(t, `
scenario: s
base: base
expect: {outcome: refused, act: certification, rule: AT-33, oos: 1}
values:
  S01: {weight: "99"}
skip: [qa-review]
`, "base.yaml", base)
	require.NoError(t, err)
	require.Equal(t, "ES-SVQ", s.Site)
	require.Equal(t, map[string]string{"weight": "99", "when": "now-36m", "number": "1.20"}, s.Values["S01"])
	require.Equal(t, map[string]string{"day": "today-12d"}, s.Values["S02"])
	require.Equal(t, Refused, s.Expect.Outcome)
	require.Equal(t, 1, *s.Expect.OOS)
	for _, c := range []struct {
		role   string
		second bool
		want   string
	}{{"operator", false, "jorge"}, {"operator", true, "ana"}, {"qa", false, "ana"}, {"qa", true, "ana"}} {
		got, err := s.who(c.role, c.second)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%+v", c)
	}
	_, err = s.who("qp", false)
	require.ErrorContains(t, err, "nobody with the role qp")
}

func TestBadScenarios(t *testing.T) {
	for want, text := range map[string]string{
		`unknown field "colour"`:                base + "colour: blue\n",
		`"site" already defined`:                base + "site: DE-FRA\n",
		"its name":                              strings.Replace(base, "scenario: base", "scenario: Ba/se", 1),
		"no site":                               strings.Replace(base, "site: ES-SVQ", "", 1),
		`the outcome "fine"`:                    strings.Replace(base, "certified", "fine", 1),
		"the outcome stopped needs its":         strings.Replace(base, "certified", "stopped", 1),
		"nobody with the role operator":         strings.Replace(base, "performer: jorge", "performer: maria", 1),
		`"S1" is no step`:                       strings.Replace(base, "S02:", "S1:", 1),
		`"now-36" is no template`:               strings.Replace(base, "now-36m", "now-36", 1),
		`"today-12h" is no template`:            strings.Replace(base, "today-12d", "today-12h", 1),
		"there is no act \"lunch\"":             base + "skip: [lunch]\n",
		"an act has at":                         base + "acts: [{at: S19, scan: nothing, field: bag_scan}]\n",
		"S01.number: write the value in quotes": strings.Replace(base, `"1.20"`, "1.20", 1),
		"S01.weight: write the value in quotes": strings.Replace(base, `"78,5"`, "true", 1),
		"no scenario's name":                    base + "base: ../../etc/passwd\n",
		"base: open dir/missing.yaml: file":     base + "base: missing\n",
	} {
		_, err := load(t, text)
		require.ErrorContains(t, err, want)
	}
	_, err := load(t, "scenario: s\nbase: base\n", "base.yaml", base+"base: s\n")
	require.ErrorContains(t, err, "has a base itself")
}
