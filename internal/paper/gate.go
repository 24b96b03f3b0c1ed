package paper

import (
	"regexp"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var (
	languageTag = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`)
	fileName    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
)

// scripts are those that print correctly one character after the other. The fallback font has glyphs for
// Arabic and others as well, but without shaping and reordering they would print as different words.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common}

// Printable reports whether one line of text can be printed on every document of the system. Call it when
// a value is entered, so that a release is never stopped by a name or a remark. The error is a *TextError.
func Printable(s string) error { return check(s, false) }

// PrintableText is Printable for a text of several lines: line feeds are allowed.
func PrintableText(s string) error { return check(s, true) }

// check is the one gate that all text passes. It refuses whatever gofpdf would panic on, drop, or print as
// an empty box, and invisible characters that make a text look like another.
func check(s string, lines bool) error {
	_, err := gate(s, lines)
	return err
}

// gate returns the text to draw: the same characters, composed (NFC), because an accent that stands for
// itself would be drawn beside its letter.
func gate(s string, lines bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", &TextError{Text: s, Rune: utf8.RuneError, Reason: "the bytes are not valid UTF-8"}
	}
	composed := norm.NFC.String(s)
	for _, r := range composed {
		if r == '\n' && lines {
			continue
		}
		reason := refusal(r)
		if reason != "" {
			return "", &TextError{Text: s, Rune: r, Reason: reason}
		}
	}
	return composed, nil
}

// refusal is empty when the character can be printed in every style.
func refusal(r rune) string {
	switch {
	case r == utf8.RuneError:
		return "it stands for text that was lost before"
	case unicode.IsControl(r):
		return "it is a control character"
	case r > 0xFFFF:
		return "the fonts end at U+FFFF"
	case r != ' ' && r != '\u00A0' && !unicode.IsGraphic(r):
		return "it is invisible or unassigned"
	case unicode.IsMark(r):
		return "the accent has no letter that it can be joined with"
	case unicode.IsSpace(r) && r != ' ' && r != '\u00A0':
		return "use a plain space"
	case !unicode.In(r, scripts...):
		return "its script is not supported"
	}
	for _, f := range everyFace() {
		if f.face(r) == nil {
			return "no font has a glyph for it"
		}
	}
	return ""
}

// clean passes text through the gate and records the error with its place.
func (d *Document) clean(s, where string) string {
	return d.pass(s, where, false)
}

func (d *Document) pass(s, where string, lines bool) string {
	out, err := gate(s, lines)
	if err != nil {
		if t, ok := err.(*TextError); ok {
			t.Where = where
		}
		d.fail(err)
		return ""
	}
	return out
}
