package pages

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/templates"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestCataloguesSayTheSame(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	en := all["en"]
	for _, lang := range languages {
		require.Equal(t, slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(all[lang])), lang)
		for key, text := range all[lang] {
			require.NotEmpty(t, strings.TrimSpace(text), "%s in %s", key, lang)
			require.Equal(t, placeholders(en[key]), placeholders(text), "%s in %s", key, lang)
		}
	}
}

// Every key that a template names exists, and every key that Go names.
func TestEveryKeyUsedExists(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	used := map[string]string{}
	inTemplate := regexp.MustCompile(`\bt "([a-z0-9.\-]+)"`)
	files, err := fs.Glob(templates.Pages, "pages/*.html")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		raw, err := fs.ReadFile(templates.Pages, name)
		require.NoError(t, err)
		for _, m := range inTemplate.FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = name
		}
	}
	inGo := regexp.MustCompile(`\.T\("([a-z0-9.\-]+)"[,)]`)
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range sources {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range inGo.FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = name
		}
	}
	require.Greater(t, len(used), 100)
	for key, where := range used {
		require.Contains(t, all["en"], key, "%s uses it", where)
	}
}

// Every code that the domain may hand to a page has a word.
func TestEveryCodeHasAWord(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	keys := []string{"bool.true", "bool.false", "decision." + slug(string(release.InitialCertification)), "decision." + slug(string(release.FinalCertification))}
	for _, r := range people.Roles() {
		keys = append(keys, "role."+string(r))
	}
	for s := range stateIcons {
		keys = append(keys, "status."+string(s))
	}
	for _, c := range classes(t) {
		keys = append(keys, "class."+c, "exception."+c)
	}
	for e := range resultStates {
		keys = append(keys, "result."+string(e))
	}
	for _, e := range []qc.Evaluation{qc.Pass, qc.Fail, qc.Pending, qc.Invalid, qc.Info} {
		require.Contains(t, resultStates, e)
	}
	for o := range originIcons {
		keys = append(keys, "origin."+string(o))
	}
	for _, act := range actOrder {
		_, meaning, ok := release.RoleOf(act)
		require.True(t, ok)
		keys = append(keys, "act."+string(act), "meaning."+slug(string(meaning)))
	}
	for _, r := range mbr.Rules() {
		keys = append(keys, "fault."+r.Code+".what", "fault."+r.Code+".next")
	}
	shapeNames, patternNames := label.Looks()
	for _, s := range shapeNames {
		keys = append(keys, "shape."+s)
	}
	for _, p := range patternNames {
		keys = append(keys, "pattern."+p)
	}
	for _, e := range entryTypes(t) {
		keys = append(keys, "entry."+e)
	}
	keys = append(keys, recipeKeys(t)...)
	for _, key := range keys {
		require.Contains(t, all["en"], key)
	}
}

// classes are the classes of exception that the sources of the batch declare.
func classes(t *testing.T) []string {
	return declared(t, "../../../batch/exception.go", `Class += "([a-z-]+)"`)
}

// entryTypes are the types of entry in a batch's stream that the sources declare.
func entryTypes(t *testing.T) []string {
	return declared(t, "../../../batch/event.go", `= "batch\.([a-z-]+)"`)
}

func declared(t *testing.T, file, pattern string) []string {
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(raw), -1) {
		out = append(out, m[1])
	}
	require.Greater(t, len(out), 5)
	return out
}

// recipeKeys are the container kinds of every recipe.
func recipeKeys(t *testing.T) []string {
	var keys []string
	files, err := fs.Glob(templates.MBR, "mbr/*.yaml")
	require.NoError(t, err)
	for _, name := range files {
		raw, err := fs.ReadFile(templates.MBR, name)
		require.NoError(t, err)
		r, err := mbr.Load(raw)
		require.NoError(t, err)
		for _, s := range r.Steps() {
			for _, c := range s.Creates {
				keys = append(keys, "kind."+c.Kind)
			}
			for _, f := range s.Fields {
				if f.Type == mbr.TypeScan {
					keys = append(keys, "kind."+f.Expect)
				}
			}
		}
	}
	return keys
}

// The classes of a deviation have one name in each language, on pages, in the record and on the certificate.
func TestClassesOfDeviationsHaveOneName(t *testing.T) {
	for _, lang := range []string{"es", "de", "en"} {
		var words, certificate map[string]string
		for file, into := range map[string]*map[string]string{"../../../templates/lang/" + lang + "/pages.json": &words, "../../../templates/certificate/" + lang + ".json": &certificate} {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(raw, into))
		}
		all := strings.ToLower(words["refusal.classification.what"])
		for _, class := range []string{"minor", "major", "critical"} {
			name := strings.ToLower(words["classification."+class])
			require.Contains(t, certificate["class."+class], name, lang)
			require.Contains(t, all, name, lang)
		}
	}
}

// Of one thing a page speaks of one, in each language, by one mechanism: KEY.one stands in for KEY where {n} is 1.
func TestOneThingIsSpokenOfAsOne(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	for _, c := range []struct{ lang, key, one, two string }{
		{"en", "worklist.open", "1 exception to assess", "2 exceptions to assess"},
		{"de", "worklist.open", "1 Ausnahme zu bewerten", "2 Ausnahmen zu bewerten"},
		{"es", "duty.exceptions", "Valorar 1 excepción", "Valorar 2 excepciones"},
		{"de", "pack.steps", "1 Schritt", "2 Schritte"},
	} {
		w := wordsIn(all, c.lang)
		require.Equal(t, c.one, w.T(c.key, "n", "1"), c.lang)
		require.Equal(t, c.two, w.T(c.key, "n", "2"), c.lang)
	}
	for key := range all["en"] {
		if base, ok := strings.CutSuffix(key, ".one"); ok {
			require.Contains(t, all["en"], base, "%s stands in for nothing", key)
		}
	}
}
