package paper_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"

	"github.com/stretchr/testify/require"
)

// needed are the characters that our records use beyond ASCII.
const needed = "äöüÄÖÜß ñÑ¿¡áéíóúç ⁶⁸⁹⁺⁻¹²³ ≥≤−±≈ µμαβγ ☑☐✓✗ ×°º %‰ –— “”„‘’ «» … · → €"

func TestPrintable(t *testing.T) {
	require.NoError(t, paper.Printable(needed))
	require.NoError(t, paper.Printable(""))
	require.NoError(t, paper.Printable("no\u00A0break"))
	require.NoError(t, paper.Printable("n\u0303"), "a letter with its accent is composed")
	require.NoError(t, paper.PrintableText("two\nlines"))

	for name, tt := range map[string]struct {
		text string
		r    rune
	}{
		"emoji":              {"viable 😀", '😀'},
		"invalid UTF-8":      {"a\xff", utf8.RuneError},
		"cut UTF-8":          {"\xc3", utf8.RuneError},
		"surrogate":          {"\xed\xa0\x80", utf8.RuneError},
		"replacement":        {"M\uFFFDller", utf8.RuneError},
		"null":               {"a\x00", 0},
		"line feed":          {"two\nlines", '\n'},
		"tab":                {"a\tb", '\t'},
		"escape":             {"\x1b[31m", 0x1b},
		"C1 control":         {"a\u0085", 0x85},
		"right-to-left mark": {"a\u202Eb", 0x202E},
		"zero width":         {"a\u200Bb", 0x200B},
		"soft hyphen":        {"a\u00ADb", 0xAD},
		"byte order mark":    {"\uFEFFa", 0xFEFF},
		"private use":        {"\uE000", 0xE000},
		"thin space":         {"1\u20090", 0x2009},
		"lone accent":        {"q\u0303", 0x303},
		"Arabic":             {"سلام", 'س'},
		"Chinese":            {"细胞", '细'},
		"noncharacter":       {"\uFFFF", 0xFFFF},
		"above the plane":    {"𝛼", '𝛼'},
	} {
		t.Run(name, func(t *testing.T) {
			err := paper.Printable(tt.text)
			var text *paper.TextError
			require.ErrorAs(t, err, &text)
			require.Equal(t, tt.text, text.Text)
			require.Equal(t, tt.r, text.Rune)
			require.NotEmpty(t, text.Reason)

			d := paper.New(options())
			d.Canvas().Text(20, 20, paper.Text{S: tt.text})
			_, err = d.Bytes()
			require.ErrorAs(t, err, &text)
			require.Equal(t, "drawing", text.Where)
		})
	}
}

// TestPrintedTextReadsBack prints all needed characters in every style and reads them from the file.
func TestPrintedTextReadsBack(t *testing.T) {
	d := paper.New(options())
	for _, style := range []paper.Style{{}, {Bold: true}, {Mono: true}, {Mono: true, Bold: true}, {Size: paper.Title}, {Size: paper.Small, Muted: true}} {
		d.Paragraph(paper.Text{S: needed, Style: style})
	}
	d.Paragraph(paper.Text{S: "(back\\slash) n\u0303"})
	pdf, err := d.Bytes()
	require.NoError(t, err)
	text := strings.Join(strings.Fields(papertest.Text(t, pdf)), "")
	require.Equal(t, 6, strings.Count(text, strings.Join(strings.Fields(needed), "")))
	require.Contains(t, text, `(back\slash)ñ`)
	papertest.Fonts(t, pdf)
}

// FuzzText prints any bytes: the result is a document that contains them or a typed error, never a panic.
func FuzzText(f *testing.F) {
	for _, seed := range []string{needed, "😀", "a\xff", "a\nb", "\x00", strings.Repeat("x", 300), "n\u0303", "𝛼", ")", "\\", "\u202E"} {
		f.Add(seed, 30.0)
	}
	f.Fuzz(func(t *testing.T, s string, w float64) {
		if len(s) > 2000 {
			return
		}
		allowed := paper.PrintableText(s)
		d := paper.New(options())
		d.Paragraph(paper.Text{S: s})
		d.Table(paper.Table{Where: "fuzz", Columns: []paper.Column{{Width: 40}, {}}, Rows: [][]paper.Cell{{{{S: s}}, nil}}})
		if w > 10 && w < 170 {
			d.Canvas().Block(20, 20, w, paper.Cell{{S: s, Style: paper.Style{Mono: true}}})
		}
		pdf, err := d.Bytes()
		var text *paper.TextError
		var layout *paper.LayoutError
		switch {
		case allowed != nil:
			require.ErrorAs(t, err, &text)
		case errors.As(err, &layout):
			require.Contains(t, layout.Reason, "does not fit", "only a text longer than a page may fail")
		default:
			require.NoError(t, err)
			require.True(t, bytes.HasSuffix(pdf, []byte("%%EOF\n")))
		}
	})
}
