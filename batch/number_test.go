package batch

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever single character of a batch number is mistyped, or whichever neighbours are swapped, it does not hold (AT-2, ID-12).
func TestBatchNumberFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number, err := batchNumber(rapid.StringMatching(`[A-Z]{1,6}`).Draw(t, "prefix"), rapid.IntRange(0, 99).Draw(t, "year"), rapid.Uint64Range(1, 99999).Draw(t, "n"))
		require.NoError(t, err)
		parts, err := ReadNumber(number)
		require.NoError(t, err)
		require.True(t, parts.Holds)
		require.Equal(t, number[:len(number)-1], parts.Prefix+parts.Year+parts.Sequence)
		at := rapid.IntRange(0, len(number)-1).Draw(t, "at")
		with := rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*")).Draw(t, "with")
		wrong := []byte(number)
		if wrong[at] != with {
			wrong[at] = with
			parts, err = ReadNumber(string(wrong))
			require.True(t, err != nil || !parts.Holds, string(wrong))
		}
		wrong = []byte(number)
		if at > 0 && wrong[at] != wrong[at-1] {
			wrong[at], wrong[at-1] = wrong[at-1], wrong[at]
			parts, err = ReadNumber(string(wrong))
			require.True(t, err != nil || !parts.Holds, string(wrong))
		}
	})
	for _, bad := range []string{"", "X", "12345678", "SVQ26000K", "svq2600001X", "TOOLONG2600001X", "SVQ260000ÑX"} {
		_, err := ReadNumber(bad)
		require.Error(t, err, bad)
	}
}

func FuzzReadNumber(f *testing.F) {
	f.Add("SVQ2600001X")
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := ReadNumber(text)
		if err == nil {
			require.Equal(t, text[:len(text)-1], parts.Prefix+parts.Year+parts.Sequence)
		}
	})
}
