package record_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rexbatch/internal/paper"
	"rexbatch/release/record"
	"rexbatch/templates"

	"github.com/stretchr/testify/require"
)

func wording(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := templates.Record.ReadFile("record/" + lang + ".json")
	require.NoError(t, err)
	words := map[string]string{}
	require.NoError(t, json.Unmarshal(raw, &words))
	return words
}

// TestWordingIsComplete: all keys in all languages, no empty text, the same placeholders, printable.
func TestWordingIsComplete(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	english := wording(t, "en")
	for _, lang := range record.Languages() {
		words := wording(t, lang)
		require.Len(t, words, len(english), lang)
		for key, text := range english {
			got := words[key]
			require.Equal(t, strings.TrimSpace(got), got, "%s %s", lang, key)
			require.NotEmpty(t, got, "%s %s", lang, key)
			require.NoError(t, paper.Printable(got), "%s %s", lang, key)
			want, have := placeholder.FindAllString(text, -1), placeholder.FindAllString(got, -1)
			slices.Sort(want)
			slices.Sort(have)
			require.Equal(t, want, have, "%s %s", lang, key)
		}
	}
}

// TestWordingIsUsed finds texts that no record can print: a dead text would never be checked again.
func TestWordingIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var source strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			source.Write(content)
		}
	}
	for key := range wording(t, "en") {
		name := key
		for _, prefix := range []string{"chapter.", "mark.", "legend."} {
			name = strings.TrimPrefix(name, prefix) // composed from a list in the source
		}
		if strings.HasPrefix(key, "key.") || strings.HasPrefix(key, "entry.") || strings.HasPrefix(key, "outcome.") {
			continue // composed from what stands in entries
		}
		require.True(t, strings.Contains(source.String(), `"`+name+`"`) || strings.Contains(source.String(), `"`+key+`"`), key)
	}
}
