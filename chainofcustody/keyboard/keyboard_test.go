package keyboard_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/keyboard"
)

// label tells whether a text is a code of ours as a scanner reads it.
func label(text string) bool {
	s, err := isbt128.ParseScan(text)
	return err == nil && !s.Typed
}

const (
	container = "=+03000&/CHA999926000123=A99992600012300=,B00001"
	wristband = "&/CHA999926000123"
	donation  = "=A99992600012300"
)

// What a terminal reads of our labels from a scanner as it comes from the factory, key by key.
func TestScanThroughAWrongLayout(t *testing.T) {
	for _, tt := range []struct {
		name, typed, read string
		terminal          keyboard.Layout
	}{
		{"container, German", container, "´`03000/-CHA999926000123´A99992600012300´,B00001", keyboard.DE},
		{"container, German, accent also in the letter", container, "´`03000/-CHA999926000123´Á99992600012300´,B00001", keyboard.DE},
		{"container, German, accent only in the letter", container, "´`03000/-CHA999926000123Á99992600012300´,B00001", keyboard.DE},
		{"container, French", container, `=+à"ààà7!CHQççççé-ààà&é"=Qççççé-ààà&é"àà=;Bàààà&`, keyboard.FR},
		{"container, Spanish", container, "¡¿03000/-CHA999926000123¡A99992600012300¡,B00001", keyboard.ES},
		{"with the symbology, German", "]d1" + container, "+d1´`03000/-CHA999926000123´A99992600012300´,B00001", keyboard.DE},
		{"with the symbology, French", "]d1" + wristband, "$d&7!CHQççççé-ààà&é\"", keyboard.FR},
		{"donation, Spanish", donation, "¡A99992600012300", keyboard.ES},
		{"lot number, German", "L-FRA26-00017-Y", "LßFRA26ß00017ßZ", keyboard.DE},
	} {
		t.Run(tt.name, func(t *testing.T) {
			own := func(text string) bool { return text == tt.typed }
			require.Equal(t, []keyboard.Fault{{Scanner: keyboard.US, Terminal: tt.terminal}}, keyboard.Faults(tt.read, own))
		})
	}
}

// A wristband begins with two marks only, which the German and the Spanish layout have in the same places: both are
// named, and none is guessed.
func TestScanThatTwoLayoutsExplain(t *testing.T) {
	require.Equal(t, []keyboard.Fault{{keyboard.US, keyboard.DE}, {keyboard.US, keyboard.ES}}, keyboard.Faults("/-CHA999926000123", label))
}

func TestTextsThatNoLayoutExplains(t *testing.T) {
	for _, text := range []string{"", "A", container, wristband, donation, "=+03000&/CHA999926000123", "hola", "12,5", "&/CHA99992600012", "\x00\xff", "](("} {
		require.Nil(t, keyboard.Faults(text, label), text)
	}
}

// Every layout has each character on one key only: otherwise a text could not be restored.
func TestLayoutsAreUnambiguous(t *testing.T) {
	const all = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?"
	require.Len(t, all, 94)
	for _, l := range keyboard.Layouts {
		seen := map[rune]bool{}
		for _, r := range (keyboard.Fault{Scanner: keyboard.US, Terminal: l}).Through(all) {
			require.False(t, seen[r], "%s has %q twice", l, r)
			seen[r] = true
		}
		require.Len(t, seen, 94, l)
	}
}

// No label of ours is read as a code through a wrong layout, and the layout is always named; between German and
// Spanish, where only Y and Z change places, it is still the same kind of label, and never another of the same patient.
func TestCanaryHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fin, err := isbt128.NewFIN(rapid.StringMatching(`[A-NP-Z1-9][A-NP-Z0-9]{2}[0-9]{2}`).Draw(t, "fin"))
		if err != nil {
			t.Skip(err)
		}
		coi, err := isbt128.NewCoI(fin, rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 999999).Draw(t, "n"))
		require.NoError(t, err)
		din, err := isbt128.NewDIN(fin, rapid.IntRange(0, 99).Draw(t, "year of donation"), rapid.IntRange(0, 999999).Draw(t, "donation"))
		require.NoError(t, err)
		division, err := isbt128.NewDivision(rapid.StringMatching(`[A-Z0-9]{6}`).Draw(t, "division"))
		require.NoError(t, err)
		c, err := isbt128.NewContainer(din, division, coi)
		require.NoError(t, err)
		text := rapid.SampledFrom([]string{"", "]d1"}).Draw(t, "symbology") + rapid.SampledFrom([]string{
			c.Label(), coi.Label(), din.Label(), isbt128.LabelContent{CoI: coi, ID: c.ID(), Serial: 1}.String(),
		}).Draw(t, "label")
		f := keyboard.Fault{Scanner: rapid.SampledFrom(keyboard.Layouts).Draw(t, "scanner"), Terminal: rapid.SampledFrom(keyboard.Layouts).Draw(t, "terminal")}
		read := f.Through(text)
		if f.Scanner == f.Terminal {
			require.Equal(t, text, read)
			return
		}
		if f.Scanner != keyboard.US && text[0] == ']' {
			t.Skip("the bracket is not on a key of that layout alone")
		}
		marks := map[keyboard.Layout]bool{keyboard.DE: true, keyboard.ES: true}
		if marks[f.Scanner] && marks[f.Terminal] {
			scan, err := isbt128.ParseScan(read)
			if err == nil && !scan.CoI.IsZero() && read != text && scan.CoI.FIN() == fin {
				require.Equal(t, coi, scan.CoI)
			}
			return
		}
		require.False(t, label(read), read)
		require.Contains(t, keyboard.Faults(read, label), f, read)
	})
}

// Whatever a terminal reads: what is a label is no fault, and a fault is one of two different keyboards.
func FuzzFaults(f *testing.F) {
	for _, text := range []string{container, wristband, donation, "L-SVQ26-00017-K"} {
		for _, l := range keyboard.Layouts {
			f.Add(keyboard.Fault{Scanner: keyboard.US, Terminal: l}.Through(text))
			f.Add(keyboard.Fault{Scanner: l, Terminal: keyboard.US}.Through(text))
		}
	}
	f.Add("Á99992600012300")
	f.Fuzz(func(t *testing.T, read string) {
		faults := keyboard.Faults(read, label)
		require.False(t, label(read) && faults != nil)
		for _, fault := range faults {
			require.NotEqual(t, fault.Scanner, fault.Terminal)
		}
	})
}

// What is typed through two keyboards and found out is the text that was typed, for every text of their keys.
func FuzzThrough(f *testing.F) {
	f.Add(container, uint8(0), uint8(1))
	f.Add("]C1"+container, uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, text string, scanner, terminal uint8) {
		n := uint8(len(keyboard.Layouts))
		fault := keyboard.Fault{Scanner: keyboard.Layouts[scanner%n], Terminal: keyboard.Layouts[terminal%n]}
		for _, r := range text {
			if r <= ' ' || r > '~' || fault.Scanner != keyboard.US {
				return
			}
		}
		read := fault.Through(text)
		if read == text || len(read) > 1024 {
			return
		}
		require.Contains(t, keyboard.Faults(read, func(s string) bool { return s == text }), fault)
	})
}
