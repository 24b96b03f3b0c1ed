package architecture_test

import "strings"

// module is the prefix of every import path of this program.
const module = "rexbatch"

// room is a part of the house: a folder with everything below it.
type room struct {
	path  string   // import path without the module
	may   []string // rooms whose packages it may import, besides itself and the standard library
	tests []string // further rooms that its tests may import
}

// rooms is the table of design, from the top down. A room may import only rooms that stand below it.
var rooms = []room{
	{path: "cmd/rexbatch", may: []string{
		"internal/web", "internal/printing", "release", "batch", "chainofcustody", "chainofcustody/vault", "internal/people", "internal/ledger",
		"internal/quantity", "internal/paper", "templates", "testdata",
	}},
	{path: "internal/web", may: []string{
		"release", "batch", "chainofcustody", "chainofcustody/vault", "internal/people", "internal/ledger", "internal/quantity",
		"internal/paper", "templates",
	}},
	{path: "internal/printing"},
	{path: "release", may: []string{
		"batch", "chainofcustody", "internal/people", "internal/ledger", "internal/quantity", "internal/paper", "templates",
	}, tests: []string{"chainofcustody/vault"}},
	{path: "batch", may: []string{
		"chainofcustody", "internal/people", "internal/ledger", "internal/quantity", "internal/paper",
	}, tests: []string{"templates"}},
	{path: "chainofcustody", may: []string{"chainofcustody/vault", "internal/people", "internal/ledger", "internal/quantity", "internal/paper"}, tests: []string{"templates"}},
	{path: "chainofcustody/vault", may: []string{"internal/people", "internal/ledger"}},
	{path: "internal/people", may: []string{"internal/ledger"}},
	{path: "internal/ledger"},
	{path: "internal/quantity"},
	{path: "internal/paper", may: []string{"templates"}},
	{path: "templates"},
	{path: "testdata"},
	{path: "internal/architecture"},
}

// everywhere are what tests of every room may import: made-up batches.
var everywhere = []string{"testdata"}

// keeper is a dependency and the one folder whose packages may import it.
type keeper struct{ dependency, folder string }

var keepers = []keeper{
	{"github.com/labstack/echo", "internal/web"},
	{"github.com/labstack/gommon", "internal/web"},
	{"github.com/danielgtaylor/huma", "internal/web"},
	{"go.etcd.io/bbolt", "internal/ledger"},
	{"github.com/jung-kurt/gofpdf", "internal/paper"},
	{"github.com/alecthomas/kong", "cmd/rexbatch"},
	{"cel.dev/cel-go", "batch/expression"},
}

// roomOf finds the room of an import path of this module; false for a package that is in none.
func roomOf(importPath string) (room, bool) {
	path := strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
	var found room
	for _, r := range rooms {
		if within(path, r.path) && len(r.path) > len(found.path) {
			found = r
		}
	}
	return found, found.path != ""
}

// within tells whether path is the folder or below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func ours(importPath string) bool { return within(importPath, module) }
