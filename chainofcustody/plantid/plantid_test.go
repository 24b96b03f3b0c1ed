package plantid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/plantid"
)

func TestCheck(t *testing.T) { // worked by hand: 1·x = 2; (2⊕1)·x = 6
	for text, want := range map[string]byte{"0": '0', "1": '2', "11": '6', "G": '5', "CH01SVQ26000123": '9'} {
		got, err := plantid.Check(text)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), text)
	}
	for _, bad := range []string{"", "I", "a", "0 1", "É", strings.Repeat("1", 65)} {
		_, err := plantid.Check(bad)
		require.Error(t, err, bad)
	}
}

// Every single error, every swap at any distance and every twin error is found, the check character included.
func TestCheckFindsSlips_ID12(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOfN(rapid.SampledFrom([]rune(plantid.Alphabet)), 1, 30, -1).Draw(t, "body")
		k, err := plantid.Check(body)
		require.NoError(t, err)
		whole := []byte(body + string(k))
		holds := func(s []byte) bool {
			c, err := plantid.Check(string(s[:len(s)-1]))
			return err == nil && c == s[len(s)-1]
		}
		require.True(t, holds(whole))
		for i := range whole {
			for _, c := range []byte(plantid.Alphabet) {
				if c == whole[i] {
					continue
				}
				wrong := append([]byte(nil), whole...)
				wrong[i] = c
				require.False(t, holds(wrong), "%s for %s", wrong, whole)
				if i+1 < len(whole) && whole[i+1] == whole[i] {
					wrong[i+1] = c
					require.False(t, holds(wrong), "%s for %s", wrong, whole)
				}
			}
			for j := i + 1; j < len(whole); j++ {
				if whole[i] == whole[j] {
					continue
				}
				wrong := append([]byte(nil), whole...)
				wrong[i], wrong[j] = wrong[j], wrong[i]
				require.False(t, holds(wrong), "%s for %s", wrong, whole)
			}
		}
	})
}

func TestFacility(t *testing.T) {
	for s, want := range map[string]bool{
		"01SVQ": true, "02FRA": true, "0ASVQ": true, "A9999": false, "0SVQ1": false, "01SV1": false, "01SUQ": false, "01SV": false, "": false, "01SVQX": false,
	} {
		require.Equal(t, want, plantid.IsFacility(s), s)
	}
}

func FuzzParseLabel(f *testing.F) {
	f.Add("RB:CH01SVQ26000123/9")
	f.Add("RB:CH01SVQ26000123/01SVQ26000123/B00001/X")
	f.Add("RB://")
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := plantid.ParseLabel(text)
		if err != nil {
			return
		}
		require.Equal(t, text, plantid.Label(parts...))
	})
}
