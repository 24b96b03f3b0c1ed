package paper

import (
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/jung-kurt/gofpdf"
)

// Sheet is one small page whose elements stand at fixed places, such as a label. The same elements become a PDF page
// (SheetsPDF) and the dots of a label printer (Bitmap), so that both look alike. Lengths are millimetres from the top left
// corner, sizes are points. Errors are sticky and are returned when the sheet is made into something.
type Sheet struct {
	Width, Height float64
	elements      []element
	err           error
}

// element is one thing on a sheet; exactly one of the parts is set.
type element struct {
	text    *sheetText
	fill    *rectangle
	frame   *rectangle
	code    *modules
	pattern *pattern
}

type rectangle struct{ x, y, w, h float64 }

type sheetText struct {
	x, base, points float64
	style           Style
	white           bool
	s               string
}

// modules is a code: dark cells of a square of one module side, each line of it stretched to height where the code is linear.
type modules struct {
	x, y, module, height float64 // height is zero for a matrix
	code                 barcode.Barcode
	elements             string // what a GS1 symbol says, separators as FNC1Sent; empty for a code of another sort
}

// FNC1Sent is how the function character FNC1 stands in the element string of a GS1 code, as readers send it: GS. The one
// at the beginning of the symbol is not in the string; drawing it is what makes a code one of GS1.
const FNC1Sent = "\x1d"

// pattern is an area, drawn by the even-odd rule, that is cut by an outline, which is drawn too.
type pattern struct {
	outline []Point
	areas   [][]Point
	stroke  float64
}

// Point is a place on a sheet in millimetres.
type Point struct{ X, Y float64 }

// LeastMatrixModule and LeastBarModule are the smallest cells that label printers with 8 dots for each millimetre print
// well enough for every scanner: three and two dots, in millimetres.
const (
	LeastMatrixModule = 0.375
	LeastBarModule    = 0.25
)

// NewSheet begins an empty sheet.
func NewSheet(width, height float64) *Sheet { return &Sheet{Width: width, Height: height} }

// Err is the first error so far, nil when there is none.
func (s *Sheet) Err() error { return s.err }

func (s *Sheet) fail(where, reason string) {
	if s.err == nil {
		s.err = &LayoutError{Where: where, Reason: reason}
	}
}

// inside holds that nothing is cut by the edge of the sheet.
func (s *Sheet) inside(where string, x, y, w, h float64) {
	const slack = 0.01
	if x < -slack || y < -slack || x+w > s.Width+slack || y+h > s.Height+slack {
		s.fail(where, fmt.Sprintf("%.1f x %.1f mm at %.1f, %.1f is not on the sheet of %.0f x %.0f mm", w, h, x, y, s.Width, s.Height))
	}
}

// Text draws one line of text whose base line is at base. It neither wraps nor shrinks.
func (s *Sheet) Text(x, base, points float64, style Style, text string) {
	s.text(x, base, points, style, text, false)
}

// White draws one line of text in white, on a Fill.
func (s *Sheet) White(x, base, points float64, style Style, text string) {
	s.text(x, base, points, style, text, true)
}

func (s *Sheet) text(x, base, points float64, style Style, text string, white bool) {
	clean, err := gate(text, false)
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		return
	}
	s.inside(fmt.Sprintf("text %q", clean), x, base-Capital(points, style), TextWidth(points, style, clean), Capital(points, style))
	s.elements = append(s.elements, element{text: &sheetText{x, base, points, style, white, clean}})
}

// Fill blackens a rectangle.
func (s *Sheet) Fill(x, y, w, h float64) {
	s.inside("area", x, y, w, h)
	s.elements = append(s.elements, element{fill: &rectangle{x, y, w, h}})
}

// Frame draws a rectangle of thin lines.
func (s *Sheet) Frame(x, y, w, h float64) {
	s.inside("frame", x, y, w, h)
	s.elements = append(s.elements, element{frame: &rectangle{x, y, w, h}})
}

// Pattern draws areas by the even-odd rule, cut by an outline that is drawn with a line stroke wide.
func (s *Sheet) Pattern(outline []Point, areas [][]Point, stroke float64) {
	s.elements = append(s.elements, element{pattern: &pattern{outline, areas, stroke}})
}

// DataMatrix draws an ECC 200 symbol whose cells are module wide, and returns the side of the whole with its quiet zone.
func (s *Sheet) DataMatrix(content []byte, x, y, module float64) float64 {
	return s.matrix(string(content), "", x, y, module)
}

// GS1DataMatrix draws an element string as a GS1 DataMatrix: FNC1 first, and in the place of each separator.
func (s *Sheet) GS1DataMatrix(elements string, x, y, module float64) float64 {
	return s.matrix(GS1Matrix(elements), elements, x, y, module)
}

// GS1Matrix is an element string as the encoder of Data Matrix takes it, FNC1 first and in the place of each separator.
func GS1Matrix(elements string) string {
	fnc1 := string([]byte{datamatrix.FNC1}) // not string(datamatrix.FNC1): that would be the two bytes of a letter
	return fnc1 + strings.ReplaceAll(elements, FNC1Sent, fnc1)
}

func (s *Sheet) matrix(content, elements string, x, y, module float64) float64 {
	code, err := datamatrix.Encode(content)
	if err != nil {
		s.fail("Data Matrix", err.Error())
		return 0
	}
	if module < LeastMatrixModule {
		s.fail("Data Matrix", fmt.Sprintf("cells of %.3f mm are too small to scan", module))
	}
	side := float64(code.Bounds().Dx()+2) * module // the standard asks for one cell around it
	s.inside("Data Matrix", x, y, side, side)
	s.elements = append(s.elements, element{code: &modules{x + module, y + module, module, 0, code, elements}})
	return side
}

// Code128 draws a linear code, height tall, and returns its width with the quiet zones of ten modules.
func (s *Sheet) Code128(content string, x, y, module, height float64) float64 {
	return s.linear(content, "", x, y, module, height)
}

// GS1128 draws an element string as a GS1-128: Code 128 with FNC1 first, and in the place of each separator.
func (s *Sheet) GS1128(elements string, x, y, module, height float64) float64 {
	fnc1 := string(code128.FNC1)
	return s.linear(fnc1+strings.ReplaceAll(elements, FNC1Sent, fnc1), elements, x, y, module, height)
}

func (s *Sheet) linear(content, elements string, x, y, module, height float64) float64 {
	code, err := code128.Encode(content)
	if err != nil {
		s.fail("Code 128", err.Error())
		return 0
	}
	if module < LeastBarModule {
		s.fail("Code 128", fmt.Sprintf("bars of %.3f mm are too thin to scan", module))
	}
	wide := float64(code.Bounds().Dx()+20) * module
	s.inside("Code 128", x, y, wide, height)
	s.elements = append(s.elements, element{code: &modules{x + 10*module, y, module, height, code, elements}})
	return wide
}

// runs calls each with the dark runs of a code, in modules.
func (m *modules) runs(each func(col, row, n int)) {
	b := m.code.Bounds()
	rows := b.Dy()
	if m.height > 0 {
		rows = 1
	}
	for row := range rows {
		for col := 0; col < b.Dx(); col++ {
			start := col
			for col < b.Dx() && isDark(m.code, b.Min.X+col, b.Min.Y+row) {
				col++
			}
			if col > start {
				each(start, row, col-start)
			}
		}
	}
}

func isDark(i image.Image, x, y int) bool {
	r, _, _, _ := i.At(x, y).RGBA()
	return r < 0x8000
}

// TextWidth measures a line of text in millimetres.
func TextWidth(points float64, style Style, text string) float64 {
	c := faces()[style.fontKey()]
	units := 0
	for _, r := range text {
		if f := c.face(r); f != nil {
			units += f.advance[r]
		}
	}
	return float64(units) / 1000 * points * mmPerPoint
}

// Capital is the height of capitals in millimetres.
func Capital(points float64, style Style) float64 {
	return faces()[style.fontKey()][0].capital * points * mmPerPoint
}

// SheetsPDF makes a document with one page for each sheet, each of its own size.
func SheetsPDF(o Options, sheets ...*Sheet) ([]byte, error) {
	if len(sheets) == 0 {
		return nil, &LayoutError{Where: "start of the document", Reason: "there is nothing to print"}
	}
	o.Width, o.Height, o.Margin = sheets[0].Width, sheets[0].Height, -1
	d := New(o)
	for i, s := range sheets {
		if s.err != nil {
			return nil, s.err
		}
		if s.Width != o.Width || s.Height != o.Height {
			return nil, &LayoutError{Where: "sheet", Reason: "all sheets of a document have one size"}
		}
		if i > 0 {
			d.addPage()
		}
		d.sheet(s)
	}
	return d.Bytes()
}

func (d *Document) sheet(s *Sheet) {
	if d.err != nil {
		return
	}
	defer d.guard("sheet")
	d.pdf.SetDrawColor(0, 0, 0)
	for _, e := range s.elements {
		d.pdf.SetFillColor(0, 0, 0)
		switch {
		case e.fill != nil:
			d.pdf.Rect(e.fill.x, e.fill.y, e.fill.w, e.fill.h, "F")
		case e.frame != nil:
			d.pdf.SetLineWidth(frameWeight)
			d.pdf.Rect(e.frame.x, e.frame.y, e.frame.w, e.frame.h, "D")
		case e.code != nil:
			m := e.code
			height := m.height
			if height == 0 {
				height = m.module
			}
			m.runs(func(col, row, n int) {
				d.pdf.Rect(m.x+float64(col)*m.module, m.y+float64(row)*m.module, float64(n)*m.module, height+overlap, "F")
			})
		case e.pattern != nil:
			d.pattern(e.pattern)
		case e.text != nil:
			d.line(e.text)
		}
	}
}

const frameWeight = 0.2

func (d *Document) pattern(p *pattern) {
	corners := func(points []Point) []gofpdf.PointType {
		out := make([]gofpdf.PointType, len(points))
		for i, c := range points {
			out[i] = gofpdf.PointType{X: c.X, Y: c.Y}
		}
		return out
	}
	d.pdf.ClipPolygon(corners(p.outline), false)
	for _, area := range p.areas {
		for i, c := range area {
			if i == 0 {
				d.pdf.MoveTo(c.X, c.Y)
			} else {
				d.pdf.LineTo(c.X, c.Y)
			}
		}
		d.pdf.ClosePath()
	}
	if len(p.areas) > 0 {
		d.pdf.DrawPath("F*")
	}
	d.pdf.ClipEnd()
	d.pdf.SetLineWidth(p.stroke)
	d.pdf.Polygon(corners(p.outline), "D")
}

func (d *Document) line(t *sheetText) {
	at := t.x
	for _, r := range runs(t.s, t.style) {
		d.selectFont(r.face, t.points, false)
		if t.white {
			d.pdf.SetTextColor(255, 255, 255)
		}
		d.pdf.Text(at, t.base, r.text)
		for _, char := range r.text {
			at += float64(r.face.advance[char]) / 1000 * t.points * mmPerPoint
		}
	}
	if t.white {
		d.used = selection{} // the next text sets its own colour
	}
}

// dots is a length in whole dots, at least one.
func dots(mm, perMM float64) int { return max(1, int(math.Floor(mm*perMM+0.01))) }
