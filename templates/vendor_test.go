package templates_test

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"testing"

	"rexbatch/templates"

	"github.com/stretchr/testify/require"
)

// TestVendoredFiles compares every third-party file with the hash written beside it, both ways: no file may
// differ, be missing or be unlisted.
func TestVendoredFiles(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files embed.FS
		dir   string
		ours  []string // files in the directory that are our own
	}{
		{"static", templates.Static, "static/vendor", []string{"VERSIONS", "plex.css"}},
		{"fonts", templates.Fonts, "fonts", []string{"VERSIONS"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := tt.files.ReadFile(path.Join(tt.dir, "VERSIONS"))
			require.NoError(t, err)
			known := map[string]bool{}
			for _, name := range tt.ours {
				known[name] = true
			}
			for _, line := range strings.Split(string(list), "\n") {
				if line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				field := strings.Fields(line)
				require.Len(t, field, 5, "file, package, version, licence, SHA-256: %s", line)
				content, err := tt.files.ReadFile(path.Join(tt.dir, field[0]))
				require.NoError(t, err)
				sum := sha256.Sum256(content)
				require.Equal(t, field[4], hex.EncodeToString(sum[:]), field[0])
				known[field[0]] = true
			}
			err = fs.WalkDir(tt.files, tt.dir, func(name string, entry fs.DirEntry, err error) error {
				require.NoError(t, err)
				if !entry.IsDir() {
					require.True(t, known[strings.TrimPrefix(name, tt.dir+"/")], "%s is not listed in VERSIONS", name)
				}
				return nil
			})
			require.NoError(t, err)
		})
	}
}
