package architecture_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath   string
	Name         string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func (p pkg) tests() []string { return append(slices.Clone(p.TestImports), p.XTestImports...) }

var packages = sync.OnceValues(func() ([]pkg, error) {
	list := exec.Command("go", "list", "-json=ImportPath,Name,Imports,TestImports,XTestImports", module+"/...")
	out, err := list.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("list packages: %w", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list packages: %w", err)
		}
		all = append(all, p)
	}
})

func everyPackage(t *testing.T) []pkg {
	t.Helper()
	all, err := packages()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// The table itself must not allow what the design forbids: a room above.
func TestTableGoesDownward(t *testing.T) {
	height := map[string]int{}
	for i, r := range rooms {
		height[r.path] = i
	}
	for _, r := range rooms {
		for _, below := range append(slices.Clone(r.may), r.tests...) {
			require.Contains(t, height, below, "%s may import an unknown room", r.path)
			require.Greater(t, height[below], height[r.path], "%s may not import %s", r.path, below)
		}
	}
}

// Imports go downward only; a room knows nothing of the rooms above it.
func TestImportsGoDownward(t *testing.T) {
	for _, p := range everyPackage(t) {
		r, ok := roomOf(p.ImportPath)
		if !ok {
			t.Errorf("%s is in no room: add it to one, or add a room to the design", p.ImportPath)
			continue
		}
		allowed := append([]string{r.path}, r.may...)
		if supportsTests(p) {
			allowed = slices.Concat(allowed, r.tests, everywhere)
		}
		for _, i := range forbidden(p.Imports, allowed) {
			t.Errorf("%s imports %s: %s may import %v", p.ImportPath, i, r.path, r.may)
		}
		allowed = slices.Concat(allowed, r.tests, everywhere)
		for _, i := range forbidden(p.tests(), allowed) {
			t.Errorf("the tests of %s import %s: they may import %v", p.ImportPath, i, allowed)
		}
	}
}

func forbidden(imports, allowed []string) []string {
	var out []string
	for _, i := range imports {
		if !ours(i) {
			continue
		}
		r, _ := roomOf(i)
		if !slices.Contains(allowed, r.path) {
			out = append(out, i)
		}
	}
	return out
}

// A dependency is wrapped in one room, tests included.
func TestDependenciesStayInTheirRoom(t *testing.T) {
	for _, p := range everyPackage(t) {
		for _, i := range slices.Concat(p.Imports, p.tests()) {
			for _, k := range keepers {
				if within(i, k.dependency) && !within(p.ImportPath, module+"/"+k.folder) {
					t.Errorf("%s imports %s, which belongs to %s", p.ImportPath, i, k.folder)
				}
			}
		}
	}
}

// The bolt driver is the engine's alone: the checker must not share code with the writer.
func TestOnlyTheEngineAndItsCheckerOpenTheFile(t *testing.T) {
	for _, p := range everyPackage(t) {
		path := strings.TrimPrefix(p.ImportPath, module+"/")
		if within(path, "internal/ledger/bolt") || within(path, "internal/ledger/verify") {
			continue
		}
		for _, i := range p.Imports {
			require.False(t, within(i, "go.etcd.io/bbolt"), "%s imports %s", p.ImportPath, i)
		}
	}
	for _, p := range everyPackage(t) {
		if within(p.ImportPath, module+"/internal/ledger/verify") {
			require.NotContains(t, p.Imports, module+"/internal/ledger/bolt", "the checker shares no path with the writer")
		}
	}
}

// supportsTests tells whether a package exists for tests alone, such as an engine's conformance suite.
func supportsTests(p pkg) bool { return strings.HasSuffix(p.Name, "test") }

// What exists for tests is in no program.
func TestSupportOfTestsStaysInTests(t *testing.T) {
	support := map[string]bool{}
	for _, p := range everyPackage(t) {
		support[p.ImportPath] = supportsTests(p)
	}
	for _, p := range everyPackage(t) {
		for _, i := range p.Imports {
			require.False(t, support[i] && !supportsTests(p), "%s imports %s", p.ImportPath, i)
		}
	}
}

// A name that says nothing about what is inside attracts everything.
func TestNoEmptyNames(t *testing.T) {
	for _, p := range everyPackage(t) {
		for _, part := range append(strings.Split(p.ImportPath, "/"), p.Name) {
			require.NotContains(t, []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib"}, part, p.ImportPath)
		}
	}
}
