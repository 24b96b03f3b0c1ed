package people_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/people"
)

// Every single wrong character and every exchange of two is found (screens, rule 6).
func TestMisreadCodeIsRefused(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 17, 17).Draw(t, "random")
		code := people.CodeOf(raw)
		got, err := people.ParseBadge(code)
		require.NoError(t, err)
		require.Equal(t, code, got)
		i := rapid.IntRange(5, len(code)-1).Draw(t, "place")
		wrong := []byte(code)
		wrong[i] = rapid.SampledFrom([]byte(alphabet)).Draw(t, "other")
		if string(wrong) != code {
			_, err = people.ParseBadge(string(wrong))
			refused(t, err, "CS-67", "code-misread")
		}
		j := rapid.IntRange(5, len(code)-1).Draw(t, "second place")
		wrong = []byte(code)
		wrong[i], wrong[j] = wrong[j], wrong[i]
		if string(wrong) != code {
			_, err = people.ParseBadge(string(wrong))
			refused(t, err, "CS-67", "code-misread")
		}
	})
}

// A scanner that is set to another layout types other keys (screens, rule 6).
func TestCodeThroughAnotherKeyboardLayout(t *testing.T) {
	code := people.CodeOf([]byte("\xf7\xd5\x70 and fourteen!"))
	require.True(t, strings.HasPrefix(code, "RB-B-YZAQ"), code)
	for name, keys := range map[string]string{"de": "-ßYZZY", "es": "-'", "fr": "-)AQQAWZZW"} {
		through := []rune(code)
		pairs := []rune(keys)
		for i, r := range through {
			for k := 0; k+1 < len(pairs); k += 2 {
				if r == pairs[k] {
					through[i] = pairs[k+1]
				}
			}
		}
		_, err := people.ParseBadge(string(through))
		refused(t, err, "CS-67", "code-layout")
		_, err = people.ParseBadge(strings.ReplaceAll(string(through), string(pairs[1]), "-")) // the hyphens came through, the letters did not
		if name != "es" {
			refused(t, err, "CS-67", "code-misread")
		}
	}
	for _, typed := range []string{strings.ToLower(code), " " + code + " ", "]d1" + code, code[:9] + "-" + code[9:13] + " " + code[13:]} {
		got, err := people.ParseBadge(typed)
		require.NoError(t, err, typed)
		require.Equal(t, code, got)
	}
	for _, other := range []string{"", "RB-B-", "RB-T-" + code[5:], "ana", "=A9999", code[:len(code)-1], strings.Repeat("A", 500)} {
		_, err := people.ParseBadge(other)
		refused(t, err, "CS-67", "code-misread")
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("RB-B-" + strings.Repeat("0", 29))
	f.Add("]d1RBßBßXX")
	f.Fuzz(func(t *testing.T, raw string) {
		code, err := people.ParseBadge(raw)
		if err != nil {
			return
		}
		again, err := people.ParseBadge(code)
		require.NoError(t, err)
		require.Equal(t, code, again)
	})
}
