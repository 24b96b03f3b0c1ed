package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/qc"
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
	for _, c := range []batch.Class{batch.OutOfLimit, batch.Unexpected, batch.Undecidable, batch.Corrected, batch.Identity, batch.OOS, batch.InvalidTest, batch.CustodyDiffers} {
		keys = append(keys, "class."+string(c), "exception."+string(c))
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
	for _, s := range shapes {
		keys = append(keys, "shape."+s.name)
	}
	for _, p := range patterns {
		keys = append(keys, "pattern."+p.name)
	}
	keys = append(keys, recipeKeys(t)...)
	for _, key := range keys {
		require.Contains(t, all["en"], key)
	}
}

// recipeKeys are the container kinds of every recipe.
func recipeKeys(t *testing.T) []string {
	var keys []string
	files, err := fs.Glob(templates.MBR, "mbr/*.yaml")
	require.NoError(t, err)
	for _, name := range files {
		raw, err := fs.ReadFile(templates.MBR, name)
		require.NoError(t, err)
		r, err := batch.LoadRecipe(raw)
		require.NoError(t, err)
		for _, s := range r.Steps() {
			for _, c := range s.Creates {
				keys = append(keys, "kind."+c.Kind)
			}
			for _, f := range s.Fields {
				if f.Type == batch.TypeScan {
					keys = append(keys, "kind."+f.Expect)
				}
			}
		}
	}
	return keys
}

// refusal is one way in which a refusal is said in the sources.
type refusal struct {
	code, what, next string
	args             []string
	where            string
}

// Every refusal of the domain has its translation, which names the same things.
func TestEveryRefusalIsTranslated(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	found := scanRefusals(t)
	require.Greater(t, len(found), 90)
	for _, r := range found {
		args := map[string]string{}
		for _, a := range r.args {
			args[a] = "x"
		}
		for _, lang := range languages {
			w := wordsIn(all, lang)
			v := &visit{words: w}
			for part, text := range map[string]string{"what": r.what, "next": r.next} {
				told, ok := v.wording(r.code, part, args)
				require.True(t, ok, "refusal.%s.%s in %s (%s: %s)", r.code, part, lang, r.where, text)
				require.NotContains(t, told, "{", r.code)
			}
			key := "refusal." + r.code + "." + argKey(args)
			what, variant := w.lookup(key + ".what")
			next := ""
			if variant {
				next = w.T(key + ".next")
			} else {
				what, next = w.T("refusal."+r.code+".what"), w.T("refusal."+r.code+".next")
			}
			want := placeholders(r.what + r.next)
			require.Subset(t, append(want, "{kind}"), placeholders(what+next), "%s in %s: %s", r.code, lang, r.where)
			for _, name := range want {
				if name != "{got}" && name != "{kind}" {
					require.Contains(t, what+next, name, "%s in %s: %s", r.code, lang, r.where)
				}
			}
		}
	}
}

// scanRefusals reads every call that makes a refusal in the sources of the program. A wrapper hands code, text
// and arguments on as they are; which argument of it is the code stands in makers.
func scanRefusals(t *testing.T) []refusal {
	makers := map[string]int{"Refuse": 2, "add": 2, "refuse": 1}
	constants := map[string]string{}
	var calls []*ast.CallExpr
	var places []string
	err := filepath.WalkDir("../../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) {
						constants[name.Name] = literal(n.Values[i], nil)
					}
				}
			case *ast.CallExpr:
				calls, places = append(calls, n), append(places, path)
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	var out []refusal
	for i, call := range calls {
		name := ""
		switch fun := call.Fun.(type) {
		case *ast.Ident:
			name = fun.Name
		case *ast.SelectorExpr:
			name = fun.Sel.Name
		}
		at, ok := makers[name]
		if !ok || len(call.Args) < at+3 || strings.Contains(places[i], "pades") || strings.Contains(places[i], "formula") {
			continue
		}
		r := refusal{code: literal(call.Args[at], constants), what: literal(call.Args[at+1], nil), next: literal(call.Args[at+2], nil), where: places[i]}
		if r.code == "" || r.what == "" {
			continue // a wrapper itself
		}
		for j := at + 3; j < len(call.Args); j += 2 {
			r.args = append(r.args, literal(call.Args[j], nil))
		}
		if name == "refuse" {
			r.args = append(r.args, "field")
		}
		if !strings.Contains(r.where, "web/") || strings.Contains(r.where, "desk") || strings.Contains(r.where, "pages") {
			out = append(out, r) // the JSON API speaks of its own inputs, in English
		}
	}
	return out
}

func literal(e ast.Expr, constants map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil {
			return s
		}
	case *ast.Ident:
		return constants[e.Name]
	}
	return ""
}
