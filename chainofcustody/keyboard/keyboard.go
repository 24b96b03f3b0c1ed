// Package keyboard knows what becomes of a scan when the scanner and its terminal disagree about the keyboard. A wedge
// scanner does not send characters: it presses the keys on which its own layout has them, and the terminal reads those
// keys by its layout. A scanner as it comes from the factory (US) at a German terminal so turns "=+03000&/" into
// "´`03000/-".
//
// Our labels carry a canary against it: the marks with which they begin ("=+", "&/", "=") and the hyphens of lots and
// devices stand on other keys in each of the layouts, so what came through a wrong one never reads as a label
// (screens, rule 6). Between the German and the Spanish layout those marks are in the same places and only Y and Z
// change; what has a check character shows that too, and a container's label then names another Chain of Identity,
// which stops the step (I4).
//
// Everything here is a pure function. Nothing is ever taken from a text that was restored: it is only good for saying
// what is wrong.
package keyboard

import (
	"strings"
	"unicode/utf8"
)

// Layout is a keyboard layout, named as operating systems name it.
type Layout string

// The layouts that are known: that of scanners from the factory, and those of the plants and their neighbours.
const (
	US Layout = "US" // QWERTY
	DE Layout = "DE" // QWERTZ
	FR Layout = "FR" // AZERTY
	ES Layout = "ES" // QWERTY, with other marks
)

// Layouts are all of them, the one that scanners come with first.
var Layouts = []Layout{US, DE, FR, ES}

// keys are the characters of each layout in the order of the keys, row by row from the upper left, unshifted and
// shifted. The key beside the left shift is left out: a US keyboard has none there.
var keys = map[Layout][2][]rune{
	US: {[]rune("`1234567890-=" + `qwertyuiop[]\` + "asdfghjkl;'" + "zxcvbnm,./"), []rune("~!@#$%^&*()_+" + "QWERTYUIOP{}|" + `ASDFGHJKL:"` + "ZXCVBNM<>?")},
	DE: {[]rune("^1234567890ß´" + "qwertzuiopü+#" + "asdfghjklöä" + "yxcvbnm,.-"), []rune(`°!"§$%&/()=?` + "`" + "QWERTZUIOPÜ*'" + "ASDFGHJKLÖÄ" + "YXCVBNM;:_")},
	FR: {[]rune(`²&é"'(-è_çà)=` + "azertyuiop^$*" + "qsdfghjklmù" + "wxcvbn,;:!"), []rune("³1234567890°+" + "AZERTYUIOP¨£µ" + "QSDFGHJKLM%" + "WXCVBN?./§")},
	ES: {[]rune("º1234567890'¡" + "qwertyuiop`+ç" + "asdfghjklñ´" + "zxcvbnm,.-"), []rune(`ª!"·$%&/()=?¿` + "QWERTYUIOP^*Ç" + "ASDFGHJKLÑ¨" + "ZXCVBNM;:_")},
}

// dead are the accents of a layout that wait for the next letter.
var dead = map[Layout]string{DE: "^´`", FR: "^¨", ES: "`^´¨"}

// composed are letters as an accent makes them, accent first.
var composed = map[rune]string{
	'á': "´a", 'é': "´e", 'í': "´i", 'ó': "´o", 'ú': "´u", 'ý': "´y", 'Á': "´A", 'É': "´E", 'Í': "´I", 'Ó': "´O", 'Ú': "´U", 'Ý': "´Y",
	'à': "`a", 'è': "`e", 'ì': "`i", 'ò': "`o", 'ù': "`u", 'À': "`A", 'È': "`E", 'Ì': "`I", 'Ò': "`O", 'Ù': "`U",
	'â': "^a", 'ê': "^e", 'î': "^i", 'ô': "^o", 'û': "^u", 'Â': "^A", 'Ê': "^E", 'Î': "^I", 'Ô': "^O", 'Û': "^U",
	'ä': "¨a", 'ë': "¨e", 'ï': "¨i", 'ö': "¨o", 'ü': "¨u", 'ÿ': "¨y", 'Ä': "¨A", 'Ë': "¨E", 'Ï': "¨I", 'Ö': "¨O", 'Ü': "¨U", 'Ÿ': "¨Y",
}

// typed gives for each layout the place of a character: the key, and 1 where shift is held.
var typed = func() map[Layout]map[rune][2]int {
	out := map[Layout]map[rune][2]int{}
	for l, both := range keys {
		out[l] = map[rune][2]int{}
		for shift, row := range both {
			for key, r := range row {
				out[l][r] = [2]int{key, shift}
			}
		}
	}
	return out
}()

// Fault is that the scanner types for one layout and the terminal reads by another.
type Fault struct{ Scanner, Terminal Layout }

// Through is what the terminal reads when the scanner types text. Characters that stand on no key of the scanner's
// layout stay as they are, and so does what is no character: blanks, the separator of GS1.
func (f Fault) Through(text string) string {
	var out strings.Builder
	for _, r := range text {
		if at, ok := typed[f.Scanner][r]; ok {
			r = keys[f.Terminal][at[1]][at[0]]
		}
		out.WriteRune(r)
	}
	return out.String()
}

// restore is the text that the scanner typed, given what the terminal read; false where it can have typed none.
func (f Fault) restore(read string) (string, bool) {
	var out strings.Builder
	var before rune
	for _, r := range read {
		for _, r := range f.apart(before, r) {
			at, ok := typed[f.Terminal][r]
			switch {
			case ok:
				out.WriteRune(keys[f.Scanner][at[1]][at[0]])
			case r == ' ' || r == separator:
				out.WriteRune(r)
			default:
				return "", false
			}
		}
		before = r
	}
	return out.String(), true
}

// separator stands between the elements of a GS1 code.
const separator = '\x1d'

// apart takes a letter apart that an accent of the terminal's layout made. Some systems report the accent before it as
// well: then it is not counted twice.
func (f Fault) apart(before, r rune) string {
	parts, ok := composed[r]
	accent, size := utf8.DecodeRuneInString(parts)
	if _, own := typed[f.Terminal][r]; !ok || own || !strings.ContainsRune(dead[f.Terminal], accent) {
		return string(r)
	}
	if before == accent {
		return parts[size:]
	}
	return parts
}

// maxRead bounds what is looked at, in bytes: twice as much as a label has, because accented characters have two.
const maxRead = 1024

// Faults are the layouts that explain why a text could not be read: with each of them, it is what own recognises as one
// of our codes. The scanner as it comes from the factory is thought of first. Nil where the text is such a code as it
// stands, or where no layout explains it.
func Faults(read string, own func(string) bool) []Fault {
	if len(read) > maxRead || own(read) {
		return nil
	}
	var out []Fault
	for _, scanner := range Layouts {
		for _, terminal := range Layouts {
			f := Fault{scanner, terminal}
			text, ok := f.restore(read)
			if scanner != terminal && ok && text != read && own(text) {
				out = append(out, f)
			}
		}
	}
	return out
}
