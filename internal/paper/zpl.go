package paper

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// ZPLWay is how a sheet is written in ZPL II, the language of label printers.
type ZPLWay string

// The ways to write ZPL.
const (
	// Drawn sends the whole sheet as dots (^GFA): what is on paper is what was measured, dot for dot, whatever fonts and
	// firmware the printer has. Docs: adr/0018.
	Drawn ZPLWay = "drawn"
	// Native lets the printer draw codes (^BX, ^BC) and text (^A0): a few hundred bytes, for a slow link. The printer's own
	// font is narrower or wider than ours, so each line is held in a field of its measured width.
	Native ZPLWay = "native"
)

// ZPL writes one label format (^XA to ^XZ). Whatever a text holds, it cannot begin a command: see zplData.
func (s *Sheet) ZPL(perMM float64, way ZPLWay) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	dot := func(mm float64) int { return int(math.Round(mm * perMM)) }
	var b bytes.Buffer
	fmt.Fprintf(&b, "^XA\n^CI28\n^PW%d\n^LL%d\n^LH0,0\n^PQ1\n", dot(s.Width), dot(s.Height))
	var err error
	switch way {
	case Drawn:
		var bits *Bitmap
		bits, err = s.Bitmap(perMM)
		if err == nil {
			bits.graphic(&b, 0, 0)
		}
	case Native:
		err = s.native(&b, perMM, dot)
	default:
		err = &LayoutError{Where: "ZPL", Reason: fmt.Sprintf("there is no way %q", way)}
	}
	b.WriteString("^XZ\n")
	return b.Bytes(), err
}

func (s *Sheet) native(b *bytes.Buffer, perMM float64, dot func(float64) int) error {
	for _, e := range s.elements {
		switch {
		case e.fill != nil:
			fmt.Fprintf(b, "^FO%d,%d^GB%d,%d,%d^FS\n", dot(e.fill.x), dot(e.fill.y), dot(e.fill.w), dot(e.fill.h), max(1, min(dot(e.fill.w), dot(e.fill.h))))
		case e.frame != nil:
			fmt.Fprintf(b, "^FO%d,%d^GB%d,%d,%d^FS\n", dot(e.frame.x), dot(e.frame.y), dot(e.frame.w), dot(e.frame.h), dots(frameWeight, perMM))
		case e.code != nil:
			err := e.code.native(b, perMM, dot)
			if err != nil {
				return err
			}
		case e.pattern != nil:
			err := e.pattern.native(b, perMM)
			if err != nil {
				return err
			}
		case e.text != nil:
			e.text.native(b, perMM, dot)
		}
	}
	return nil
}

func (m *modules) native(b *bytes.Buffer, perMM float64, dot func(float64) int) error {
	content := m.code.Content()
	if m.elements != "" {
		content = m.elements
	}
	if strings.ContainsAny(content, "_>") || !printableASCII(strings.ReplaceAll(content, FNC1Sent, "")) || m.elements == "" && strings.Contains(content, FNC1Sent) {
		return &LayoutError{Where: "ZPL", Reason: fmt.Sprintf("%q has characters that codes of printers read as commands; draw the label", content)}
	}
	fmt.Fprintf(b, "^FO%d,%d", dot(m.x), dot(m.y))
	cell := dots(m.module, perMM)
	switch {
	case m.height > 0 && m.elements != "":
		fmt.Fprintf(b, "^BY%d^BCN,%d,N,N,N,N", cell, dots(m.height, perMM)) // no mode: the data say each subset
		content = invocations(m.elements)
	case m.height > 0:
		fmt.Fprintf(b, "^BY%d^BCN,%d,N,N,N,A", cell, dots(m.height, perMM))
	default:
		// Quality 200 is ECC 200; "_" would begin a control sequence, and cannot stand in the content.
		fmt.Fprintf(b, "^BXN,%d,200,%d,%d,6,_", cell, m.code.Bounds().Dx(), m.code.Bounds().Dy())
		if m.elements != "" {
			content = "_1" + strings.ReplaceAll(m.elements, FNC1Sent, "_1")
		}
	}
	fmt.Fprintf(b, "^FH\\^FD%s^FS\n", zplData(content))
	return nil
}

// invocations are the data of a GS1-128 in ZPL, its subsets chosen as the layout's encoder chooses them, so that the bars on
// paper are as wide as those that were measured: ">;" begins with subset C, ">5" and ">6" go over to C and to B, ">8" is FNC1.
func invocations(elements string) string {
	var b strings.Builder
	b.WriteString(">;>8")
	inC := true
	for rest := elements; rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		switch {
		case rest[:1] == FNC1Sent:
			b.WriteString(">8")
			rest = rest[1:]
		case inC && digits >= 2:
			b.WriteString(rest[:2])
			rest = rest[2:]
		case inC:
			b.WriteString(">6")
			inC = false
		case digits >= 4:
			b.WriteString(">5")
			inC = true
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return b.String()
}

func printableASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e }) < 0
}

// native draws a pattern as dots: printers know no polygons.
func (p *pattern) native(b *bytes.Buffer, perMM float64) error {
	left, top, right, bottom := math.Inf(1), math.Inf(1), 0.0, 0.0
	for _, c := range p.outline {
		left, right, top, bottom = min(left, c.X-p.stroke), max(right, c.X+p.stroke), min(top, c.Y-p.stroke), max(bottom, c.Y+p.stroke)
	}
	moved := func(polygon []Point) []Point {
		out := make([]Point, len(polygon))
		for i, c := range polygon {
			out[i] = Point{c.X - left, c.Y - top}
		}
		return out
	}
	small := NewSheet(right-left, bottom-top)
	areas := make([][]Point, len(p.areas))
	for i, a := range p.areas {
		areas[i] = moved(a)
	}
	small.Pattern(moved(p.outline), areas, p.stroke)
	bits, err := small.Bitmap(perMM)
	if err != nil {
		return err
	}
	bits.graphic(b, int(math.Round(left*perMM)), int(math.Round(top*perMM)))
	return nil
}

func (t *sheetText) native(b *bytes.Buffer, perMM float64, dot func(float64) int) {
	height := t.points * mmPerPoint
	wide := TextWidth(t.points, t.style, t.s)
	if t.white {
		b.WriteString("^FR")
	}
	// ^A0 takes the height of the character cell, and the width that gives the measured line on average.
	fmt.Fprintf(b, "^FO%d,%d^A0N,%d,%d^FB%d,1,0,L^FH\\^FD%s^FS\n", dot(t.x), dot(t.base-height*0.8), dot(height), dot(height*0.9), dot(wide)+dots(1, perMM), zplData(t.s))
}

// zplData is a text as the data of a field (^FD) with hexadecimal escapes by backslash (^FH\): the two characters that begin
// commands, the escape itself and everything below the blank are escaped. ^CI28 reads the rest as UTF-8.
func zplData(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '^' || c == '~' || c == '\\' || c < 0x20 || c == 0x7f:
			fmt.Fprintf(&b, "\\%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// graphic writes the bitmap as a graphic field, its rows shortened: "," is white to the end of the row, ":" the row before
// once more, and letters before a digit repeat it (G to Y: 1 to 19, g to z: 20 to 400).
func (m *Bitmap) graphic(b *bytes.Buffer, x, y int) {
	fmt.Fprintf(b, "^FO%d,%d^GFA,%d,%d,%d,", x, y, len(m.Bits), len(m.Bits), m.Stride)
	before := ""
	for row := range m.Height {
		hex := fmt.Sprintf("%X", m.Bits[row*m.Stride:(row+1)*m.Stride])
		if row > 0 && hex == before {
			b.WriteByte(':')
			continue
		}
		before = hex
		body := strings.TrimRight(hex, "0")
		for i := 0; i < len(body); {
			n := 1
			for i+n < len(body) && body[i+n] == body[i] && n < 419 {
				n++
			}
			if n >= 20 {
				b.WriteByte('f' + byte(n/20))
			}
			if n > 1 && n%20 > 0 {
				b.WriteByte('F' + byte(n%20))
			}
			b.WriteByte(body[i])
			i += n
		}
		if len(body) < len(hex) {
			b.WriteByte(',')
		}
	}
	b.WriteString("^FS\n")
}
