package paper

import (
	"bytes"
	"fmt"
	"math"
	"sync"

	"rexbatch/templates"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one embedded TrueType font with what layout needs to know of it. It is never changed after
// loading and is shared by all documents.
type face struct {
	name    string       // family name inside gofpdf
	data    []byte       // the file; gofpdf gets a clone, because it writes into the array
	advance map[rune]int // width in 1/1000 of the font size, rounded as gofpdf rounds; absent means no glyph
	parsed  *sfnt.Font   // outlines, for pictures; safe for concurrent use, each with its own buffer
	capital float64      // height of capitals over the font size, to place base lines
}

// chain is a face with its substitute for characters that it lacks.
type chain [2]*face

// face is the first font of the chain that has the character, nil when none has it.
func (c chain) face(r rune) *face {
	for _, f := range c {
		if _, ok := f.advance[r]; ok {
			return f
		}
	}
	return nil
}

// faces loads the fonts on first use. A font that does not parse is a broken build, hence the panic; it is
// caught by the guard of the document, and every test of this package would fail.
var faces = sync.OnceValue(func() map[Style]chain {
	sans, sansBold := load("plexsans", "IBMPlexSans-Regular"), load("plexsansb", "IBMPlexSans-SemiBold")
	mono, monoBold := load("plexmono", "IBMPlexMono-Regular"), load("plexmonob", "IBMPlexMono-SemiBold")
	dejavu, dejavuBold := load("dejavu", "DejaVuSans"), load("dejavub", "DejaVuSans-Bold")
	dejavuMono := load("dejavumono", "DejaVuSansMono")
	return map[Style]chain{
		{}:                       {sans, dejavu},
		{Bold: true}:             {sansBold, dejavuBold},
		{Mono: true}:             {mono, dejavuMono},
		{Mono: true, Bold: true}: {monoBold, dejavuMono},
	}
})

// everyFace lists the chain of each style; a text must print in all of them, because the place of entry does
// not know the style of the document.
var everyFace = sync.OnceValue(func() []chain {
	var all []chain
	for _, s := range []Style{{}, {Bold: true}, {Mono: true}, {Mono: true, Bold: true}} {
		all = append(all, faces()[s])
	}
	return all
})

func load(name, file string) *face {
	data, err := templates.Fonts.ReadFile("fonts/" + file + ".ttf")
	if err != nil {
		panic(fmt.Sprintf("font %s: %v", file, err))
	}
	parsed, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("font %s: %v", file, err))
	}
	f := &face{name: name, data: data, parsed: parsed, advance: map[rune]int{}}
	var buf sfnt.Buffer
	units := fixed.I(int(parsed.UnitsPerEm()))
	for r := rune(' '); r <= 0xFFFF; r++ {
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		width, err := parsed.GlyphAdvance(&buf, glyph, units, font.HintingNone)
		if err != nil {
			panic(fmt.Sprintf("font %s: width of %U: %v", file, r, err))
		}
		f.advance[r] = int(math.Round(float64(width.Round()) * 1000 / float64(parsed.UnitsPerEm())))
	}
	metrics, err := parsed.Metrics(&buf, units, font.HintingNone)
	if err != nil {
		panic(fmt.Sprintf("font %s: %v", file, err))
	}
	f.capital = float64(metrics.CapHeight) / float64(units)
	return f
}

// run is a piece of one line in one font.
type run struct {
	face *face
	text string
}

// runs splits a line where the font has to change. The text has passed the gate.
func runs(s string, style Style) []run {
	c := faces()[style.fontKey()]
	var out []run
	var current *face
	start := 0
	for i, r := range s {
		f := c.face(r)
		if f == nil {
			f = c[0] // cannot happen behind the gate
		}
		if f != current && current != nil {
			out = append(out, run{current, s[start:i]})
			start = i
		}
		current = f
	}
	if current != nil {
		out = append(out, run{current, s[start:]})
	}
	return out
}

// width measures a line in millimetres.
func width(s string, style Style) float64 {
	c := faces()[style.fontKey()]
	units := 0
	for _, r := range s {
		f := c.face(r)
		if f != nil {
			units += f.advance[r]
		}
	}
	return float64(units) / 1000 * style.points() * mmPerPoint
}

// selection is the font, size and grey selected in the content stream.
type selection struct {
	face  string
	size  float64
	muted bool
}

// selectFont writes a font change only when needed. The font joins the file on its first use, so a document
// without rare characters stays small.
func (d *Document) selectFont(f *face, size float64, muted bool) {
	want := selection{f.name, size, muted}
	if d.used == want {
		return
	}
	if !d.loaded[f.name] {
		d.pdf.AddUTF8FontFromBytes(f.name, "", bytes.Clone(f.data))
		d.loaded[f.name] = true
	}
	d.pdf.SetFont(f.name, "", size)
	level := inkBlack
	if muted {
		level = inkGrey
	}
	d.pdf.SetTextColor(level, level, level)
	d.used = want
}
