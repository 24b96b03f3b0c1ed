package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
