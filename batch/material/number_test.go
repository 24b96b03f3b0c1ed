package material_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
)

func TestLotNumberIsTypedWithItsCheckCharacter_AT20(t *testing.T) {
	n, err := material.NewNumber("SVQ", 26, 17)
	require.NoError(t, err)
	printed := n.String()
	require.Regexp(t, `^L-SVQ26-00017-[0-9A-Z*]$`, printed)
	check := printed[len(printed)-1:]
	for _, text := range []string{printed, strings.ToLower(printed), "LSVQ2600017" + check, " l svq26 00017 " + check + " ", "]d1" + printed, "]C0" + printed} {
		got, err := material.ParseNumber(text)
		require.NoError(t, err, text)
		require.Equal(t, n, got, text)
	}
	for text, code := range map[string]string{
		"L-SVQ26-00018-" + check: "lot-check-character", "L-SQV26-00017-" + check: "lot-check-character", "L-SVQ26-00071-" + check: "lot-check-character",
		"L-SVQ26-00017": "lot-number", "": "lot-number", "L": "lot-number", "L-26-00017-" + check: "lot-number", "SVQ26-00017-" + check: "lot-number",
		"L-SVQ26-00000-" + check: "lot-number", "L-SVQ26-000170-" + check: "lot-number", "L-SVQ2A-00017-" + check: "lot-number", "L-SVQ26-0001A-" + check: "lot-number",
		"L-TOOLONGX26-00017-" + check: "lot-number", "=+04000A999926000001": "lot-number", "CHA999926000001X": "lot-number", printed + strings.Repeat(" ", 60): "lot-number", "]d1": "lot-number",
	} {
		got, err := material.ParseNumber(text)
		refused(t, err, ledger.Invalid, "AT-20", code)
		require.True(t, got.IsZero())
	}
}

// Every single wrong character and every swap of two neighbours is found, so a mistyped number is never another lot.
func TestEverySlipInALotNumberIsFound_AT20(t *testing.T) {
	n, err := material.NewNumber("FRA", 26, 10482)
	require.NoError(t, err)
	plain := strings.ReplaceAll(n.String(), "-", "")
	for i := range len(plain) {
		for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			slip := plain[:i] + string(c) + plain[i+1:]
			got, err := material.ParseNumber(slip)
			require.Equal(t, slip == plain, err == nil, slip)
			require.Equal(t, err == nil, got == n)
		}
		if i > 0 && plain[i] != plain[i-1] {
			swapped := plain[:i-1] + plain[i:i+1] + plain[i-1:i] + plain[i+1:]
			_, err := material.ParseNumber(swapped)
			require.Error(t, err, swapped)
		}
	}
}

func TestNumbersThatCannotBeMade(t *testing.T) {
	for _, c := range []struct {
		prefix   string
		year     int
		sequence uint64
	}{{"", 26, 1}, {"svq", 26, 1}, {"SV1", 26, 1}, {"SEVILLA", 26, 1}, {"SVQ", -1, 1}, {"SVQ", 100, 1}, {"SVQ", 26, 0}, {"SVQ", 26, 100000}} {
		n, err := material.NewNumber(c.prefix, c.year, c.sequence)
		require.Error(t, err)
		require.True(t, n.IsZero())
	}
}

func TestNumberInJSON(t *testing.T) {
	n, err := material.NewNumber("SVQ", 26, 1)
	require.NoError(t, err)
	raw, err := json.Marshal(n)
	require.NoError(t, err)
	require.Equal(t, `"`+n.String()+`"`, string(raw))
	var back, none material.Number
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, n, back)
	require.NoError(t, json.Unmarshal([]byte(`""`), &none))
	require.True(t, none.IsZero())
	require.Error(t, json.Unmarshal([]byte(`"L-SVQ26-00002-0"`), &none))
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"L-SVQ26-00017-K", "lsvq26000172", "]d1L-FRA26-00001-*", "L-SVQ26-00017", "", "=\x1d]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := material.ParseNumber(text)
		if err != nil {
			require.NotEmpty(t, ledger.RefusalsOf(err), "%v", err)
			require.True(t, n.IsZero())
			return
		}
		again, err := material.ParseNumber(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
	})
}
