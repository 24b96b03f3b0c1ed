package architecture_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's folder, seen from this package.
const root = "../.."

// maxLines is the hard ceiling of a Go file; most have far fewer.
const maxLines = 700

// topLevel is all that may stand beside go.mod. Whoever opens the project must see the life of a batch in the names.
var topLevel = []string{
	".ci", ".git", ".gitattributes", ".github", ".gitignore", "LICENSE", "Makefile", "NOTICE", "README.md", "go.mod", "go.sum",
	"batch", "chainofcustody", "cmd", "docs", "internal", "release", "templates", "testdata",
}

// leftovers are what the make targets put there; git ignores them.
var leftovers = []string{".demo", "bin"}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, e := range entries {
		require.Contains(t, append(topLevel, leftovers...), e.Name(), "the top level holds the rooms and nothing else")
	}
}

// goFiles calls do with the path below root and the content of every Go file of the module.
func goFiles(t *testing.T, do func(path string, content []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() && (name == ".git" || name == ".demo" || name == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		do(filepath.ToSlash(name), content)
		return nil
	})
	require.NoError(t, err)
}

func TestFilesStaySmall(t *testing.T) {
	goFiles(t, func(path string, content []byte) {
		require.LessOrEqual(t, bytes.Count(content, []byte("\n")), maxLines, "%s: one concept per file", path)
	})
}

func TestMainIsThin(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, "cmd/rexbatch/main.go"))
	require.NoError(t, err)
	require.Less(t, bytes.Count(content, []byte("\n")), 30)
}

// Some parts of echo write request bodies, take requests apart or forward them: none of that belongs near a batch
// record. CrossOriginProtection must stay without holes (GO-2025-3955), and a commit is a commit.
func TestNothingUnwanted(t *testing.T) {
	unwanted := []string{
		"middleware.BodyDump", "middleware.Decompress", "middleware.Proxy", "middleware.Rewrite", "middleware.Static", ".JSONP(",
		"AddInsecureBypassPattern", "InsecureSkipVerify", "NoSync: true", ".NoSync = true",
	}
	goFiles(t, func(path string, content []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return // tests name what they forbid
		}
		for _, s := range unwanted {
			require.False(t, bytes.Contains(content, []byte(s)), "%s uses %s", path, s)
		}
	})
}
