package architecture_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the diagram in docs/architecture.md (make diagram)")

const (
	diagramBegin = "<!-- diagram: begin, written by `make diagram` -->"
	diagramEnd   = "<!-- diagram: end -->"
)

// The diagram in docs/architecture.md is drawn from the real imports.
func TestDiagram(t *testing.T) {
	path := filepath.Join(root, "docs", "architecture.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), diagramBegin)
	require.True(t, found, "the first mark is missing")
	shown, after, found := strings.Cut(rest, diagramEnd)
	require.True(t, found, "the second mark is missing")
	drawn := "\n" + draw(everyPackage(t))
	if *update && shown != drawn {
		require.NoError(t, os.WriteFile(path, []byte(before+diagramBegin+drawn+diagramEnd+after), 0o644))
		return
	}
	require.Equal(t, drawn, shown, "the imports have changed: run make diagram, look at it, and commit it")
}

// draw is the mermaid diagram of the rooms: what they hold, whom they import, and which outside dependency each
// of them wraps.
func draw(all []pkg) string {
	holds, imports, wraps := map[string][]string{}, map[string]map[string]bool{}, map[string]string{}
	for _, p := range all {
		r, ok := roomOf(p.ImportPath)
		if !ok || r.path == "internal/architecture" || r.path == "testdata" || supportsTests(p) {
			continue
		}
		if imports[r.path] == nil {
			imports[r.path] = map[string]bool{}
		}
		if sub := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module+"/"+r.path), "/"); sub != "" {
			holds[r.path] = append(holds[r.path], sub)
		}
		for _, i := range p.Imports {
			for _, k := range keepers {
				if within(i, k.dependency) && k.folder == r.path {
					wraps[k.dependency] = r.path
				}
			}
			if to, ok := roomOf(i); ok && ours(i) && to.path != r.path && to.path != "testdata" {
				imports[r.path][to.path] = true
			}
		}
	}
	var s strings.Builder
	s.WriteString("```mermaid\nflowchart TD\n")
	for _, r := range rooms {
		if imports[r.path] == nil {
			continue
		}
		label := r.path
		if len(holds[r.path]) > 0 {
			slices.Sort(holds[r.path])
			label += "<br/><small>" + strings.Join(holds[r.path], " · ") + "</small>"
		}
		fmt.Fprintf(&s, "  %s[\"%s\"]\n", node(r.path), label)
	}
	for _, r := range rooms {
		for _, to := range rooms {
			switch {
			case !imports[r.path][to.path]:
			case follows(imports, r.path, to.path):
				fmt.Fprintf(&s, "  %s -.-> %s\n", node(r.path), node(to.path))
			default:
				fmt.Fprintf(&s, "  %s --> %s\n", node(r.path), node(to.path))
			}
		}
	}
	for _, dependency := range slices.Sorted(maps.Keys(wraps)) {
		name := dependency[strings.LastIndex(dependency, "/")+1:]
		fmt.Fprintf(&s, "  %s --- %s([%s])\n", node(wraps[dependency]), node(name), name)
	}
	s.WriteString("```\n")
	return s.String()
}

// follows tells whether to is also reached from from through a third room.
func follows(imports map[string]map[string]bool, from, to string) bool {
	var reaches func(a string) bool
	reaches = func(a string) bool {
		if imports[a][to] {
			return true
		}
		for b := range imports[a] {
			if reaches(b) {
				return true
			}
		}
		return false
	}
	for via := range imports[from] {
		if via != to && reaches(via) {
			return true
		}
	}
	return false
}

func node(path string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}
