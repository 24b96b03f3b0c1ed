package isbt128_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
)

// layouts are what a computer with another keyboard makes of the keys that a scanner set to the American one presses.
// Dead keys swallow a character; for the test it is enough that they change it.
var layouts = map[string]map[rune]rune{
	"German": {
		'y': 'z', 'z': 'y', 'Y': 'Z', 'Z': 'Y', '-': 'ß', '=': '´', '/': '-', '&': '/', '+': '`', '<': ';', '>': ':', ';': 'ö', '*': '(', '(': ')', ')': '=',
	},
	"Spanish": {'-': '\'', '=': '¡', '/': '-', '&': '/', '+': '¿', '<': ';', '>': ':', ';': 'ñ', '*': '(', '(': ')', ')': '='},
	"French": {
		'a': 'q', 'q': 'a', 'A': 'Q', 'Q': 'A', 'z': 'w', 'w': 'z', 'Z': 'W', 'W': 'Z', 'm': ',', 'M': '?', '-': ')', '/': '!', '&': '1', '+': '+', '=': '=', ',': ';',
		'0': 'à', '1': '&', '2': 'é', '3': '"', '4': '\'', '5': '(', '6': '-', '7': 'è', '8': '_', '9': 'ç', '>': '.', '<': '?', '*': '8',
	},
	"capitals locked": capitals(),
}

func capitals() map[rune]rune {
	swap := map[rune]rune{}
	for c := 'a'; c <= 'z'; c++ {
		swap[c], swap[c-0x20] = c-0x20, c
	}
	return swap
}

// Screens rule 6: a scan of one of our labels that came through a wrong keyboard layout is never read, whatever it says.
func TestWrongLayoutIsRefused_Rule6(t *testing.T) {
	for name, layout := range layouts {
		changed := strings.Map(func(r rune) rune {
			if to, ok := layout[r]; ok {
				return to
			}
			return r
		}, isbt128.Canary)
		require.NotEqual(t, isbt128.Canary, changed, "the canary sees %s", name)
		rapid.Check(t, func(t *rapid.T) {
			l := drawLabel(t)
			garbled := strings.Map(func(r rune) rune {
				if to, ok := layout[r]; ok {
					return to
				}
				return r
			}, l.String())
			_, err := isbt128.ParseScan(garbled)
			require.Error(t, err, garbled)
		})
	}
}

func drawLabel(t *rapid.T) isbt128.LabelContent {
	id, err := isbt128.NewContainerID(din(t, anyDIN.Draw(t, "din")), division(t, anyDivision.Draw(t, "division")))
	require.NoError(t, err)
	l := isbt128.LabelContent{CoI: coi(t, anyCoI.Draw(t, "coi")), ID: id, Serial: rapid.IntRange(1, 99).Draw(t, "serial")}
	if rapid.Bool().Draw(t, "expires") {
		l.Expiry = "0263271530"
	}
	return l
}

// What we print is what we read; one changed character anywhere is found, or leaves the identity as it was.
func TestLabelContentReadsBack_LB3(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLabel(t)
		s, err := isbt128.ParseScan("]d1" + l.String())
		require.NoError(t, err)
		require.Equal(t, l, isbt128.LabelContent{CoI: s.CoI, ID: s.ContainerID(), Expiry: s.Expiry, Serial: s.Serial})

		text := []byte(l.String())
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		with := rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(t, "with")
		if text[at] != with {
			text[at] = with
			_, err = isbt128.ParseScan(string(text))
			require.Error(t, err, string(text))
		}
	})
}

func TestLabelContentRefuses(t *testing.T) {
	good := isbt128.ContainerLabel(coi(t, "CHA999926000123"), container(t))
	require.Equal(t, isbt128.CodeLayout, code(t, second(isbt128.ParseScan(strings.Replace(good, isbt128.Canary, "zyQAß-", 1)))))
	require.Equal(t, isbt128.CodeLayout, code(t, second(isbt128.ParseScan(strings.Replace(good, isbt128.Canary, "YZqa-/", 1)))))
	require.Equal(t, isbt128.CodeCheck, code(t, second(isbt128.ParseScan(strings.Replace(good, "&z01", "&z02", 1)))), "a serial that was not printed")
	// The structure ends the message: elsewhere its check character would speak of a part only.
	own := good[strings.Index(good, "&z"):]
	moved := "=+04000" + own + strings.TrimSuffix(strings.TrimPrefix(good, "=+04000"), own)
	require.Equal(t, isbt128.CodeCheck, code(t, second(isbt128.ParseScan(moved))))
	require.Error(t, second(isbt128.ParseScan(own)), "alone it says nothing")
	for _, l := range []isbt128.LabelContent{{}, {CoI: coi(t, "CHA999926000123"), ID: container(t)}, {CoI: coi(t, "CHA999926000123"), ID: container(t), Serial: 100}} {
		require.Empty(t, l.String())
	}
}

func second[T any](_ T, err error) error { return err }

func container(t *testing.T) isbt128.ContainerID {
	id, err := isbt128.NewContainerID(din(t, "A999926000123"), division(t, "B00001"))
	require.NoError(t, err)
	return id
}
