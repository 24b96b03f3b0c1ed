package mbr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A draft has its place before it can be executed: recipe and version are read from whatever is a recipe in form.
func TestHeadIsReadFromAnUnfinishedFile(t *testing.T) {
	for _, c := range []struct {
		file, recipe string
		version      int
		ok           bool
	}{
		{masters(t, "base.yaml"), "BASE-1", 1, true},
		{"recipe: REX-001\nversion: 12\nunknown: [", "", 0, false},
		{"recipe: REX-001\nversion: 12\nunknown: []\n", "REX-001", 12, true},
		{"recipe: REX-001\nversion: \"12\"\n", "REX-001", 0, false},
		{"recipe: rex\nversion: 1\n", "rex", 1, false},
		{"version: 1\n", "", 1, false},
		{"", "", 0, false},
	} {
		recipe, version, ok := Head([]byte(c.file))
		require.Equal(t, c.ok, ok, "%.40q", c.file)
		require.Equal(t, c.recipe, recipe)
		require.Equal(t, c.version, version)
	}
}
