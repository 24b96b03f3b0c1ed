package mbr

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRulesAreInOrderAndUnique(t *testing.T) {
	require.True(t, slices.IsSortedFunc(rules, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) }))
	for i, r := range rules {
		require.Equal(t, r.Severity == Warning, r.Stands == "", r.Code)
		require.NotEmpty(t, r.Title)
		require.True(t, i == 0 || rules[i-1].Code != r.Code, r.Code)
	}
}

// Who reads the documentation reads what the compiler does.
func TestDocumentationListsTheRules(t *testing.T) {
	text, err := os.ReadFile("../../docs/recipe.md")
	require.NoError(t, err)
	var want strings.Builder
	want.WriteString("| code | finds | stands against |\n|---|---|---|\n")
	for _, r := range Rules() {
		stands := string(r.Stands)
		if stands == "" {
			stands = "nothing (warning)"
		}
		fmt.Fprintf(&want, "| %s | %s | %s |\n", r.Code, r.Title, stands)
	}
	_, shown, found := strings.Cut(string(text), "| code |")
	require.True(t, found)
	shown, _, _ = strings.Cut("| code |"+shown, "\n\n")
	require.Equal(t, want.String(), shown+"\n")
	files, err := os.ReadDir("../../testdata/masters/defects")
	require.NoError(t, err)
	require.Contains(t, string(text), fmt.Sprintf("\n%d defects that are seeded into it", len(files)))
}
