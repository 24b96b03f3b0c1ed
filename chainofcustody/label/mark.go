package label

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/paper"
)

// Mark tells patients apart at a glance: a short code and a shape with a pattern, computed from the Chain of Identity
// alone, so that screens and labels show the same. It is an aid; the identity itself is the identifier.
type Mark struct {
	Code    string // four characters
	Shape   string // "hexagon"; the octagon is not among them: it means stop
	Pattern string // "rings"

	outline []paper.Point   // in a square of side
	areas   [][]paper.Point // filled by the even-odd rule, cut by the outline
}

// side is the square in which marks are drawn.
const side = 48

// codeLetters have no two that look alike in print or sound alike on the telephone.
const codeLetters = "23456789ACEFHJKLMNPRTUVWXY"

type figure[T any] struct {
	name string
	draw T
}

var shapes = []figure[[]paper.Point]{
	{"circle", disc(24, 24, 21)},
	{"square", points(5, 5, 43, 5, 43, 43, 5, 43)},
	{"triangle", points(24, 3, 46, 43, 2, 43)},
	{"diamond", points(24, 2, 46, 24, 24, 46, 2, 24)},
	{"hexagon", points(13, 5, 35, 5, 46, 24, 35, 43, 13, 43, 2, 24)},
	{"cross", points(17, 4, 31, 4, 31, 17, 44, 17, 44, 31, 31, 31, 31, 44, 17, 44, 17, 31, 4, 31, 4, 17, 17, 17)},
}

// patterns fill a shape; each is drawn over the whole square and cut by the outline.
var patterns = []figure[[][]paper.Point]{
	{"solid", [][]paper.Point{box(0, 0, side, side)}},
	{"stripes", bands(func(at float64) []paper.Point { return box(0, at-2, side, 4) })},
	{"bars", bands(func(at float64) []paper.Point { return box(at-2, 0, 4, side) })},
	{"dots", dotted()},
	{"rings", [][]paper.Point{disc(24, 26, 5), disc(24, 26, 10), disc(24, 26, 14)}},
	{"half", [][]paper.Point{box(24, 0, 24, side)}},
}

func points(xy ...float64) []paper.Point {
	var out []paper.Point
	for i := 0; i < len(xy); i += 2 {
		out = append(out, paper.Point{X: xy[i], Y: xy[i+1]})
	}
	return out
}

func box(x, y, w, h float64) []paper.Point { return points(x, y, x+w, y, x+w, y+h, x, y+h) }

// disc is a circle of so many corners that nobody sees them.
func disc(x, y, r float64) []paper.Point {
	var out []paper.Point
	const corners = 60
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		out = append(out, paper.Point{X: round(x + r*cos), Y: round(y + r*sin)})
	}
	return out
}

func round(v float64) float64 { return math.Round(v*100) / 100 }

func bands(band func(at float64) []paper.Point) [][]paper.Point {
	var out [][]paper.Point
	for at := 4; at < side; at += 8 {
		out = append(out, band(float64(at)))
	}
	return out
}

func dotted() [][]paper.Point {
	var out [][]paper.Point
	for y := 6; y < side; y += 9 {
		for x := 6; x < side; x += 9 {
			out = append(out, disc(float64(x), float64(y), 2.6))
		}
	}
	return out
}

// MarkOf computes the mark of a therapy event.
func MarkOf(coi isbt128.CoI) Mark {
	sum := sha256.Sum256([]byte("rexbatch mark v1 " + coi.String()))
	code := make([]byte, 4)
	for i := range code {
		n := int(sum[2*i])<<8 | int(sum[2*i+1])
		code[i] = codeLetters[n%len(codeLetters)]
	}
	shape, pattern := shapes[int(sum[8])%len(shapes)], patterns[int(sum[9])%len(patterns)]
	return Mark{Code: string(code), Shape: shape.name, Pattern: pattern.name, outline: shape.draw, areas: pattern.draw}
}

// SVG is the shape as an inline element, 48 units square, in the colour of the text. It is made from constants and the
// code; no input stands in it.
func (m Mark) SVG() string {
	var b strings.Builder
	outline := pathOf(m.outline)
	fmt.Fprintf(&b, `<svg class="coi-mark" viewBox="0 0 %d %d" aria-hidden="true"><clipPath id="mark-%s"><path d="%s"/></clipPath>`, side, side, m.Code, outline)
	fmt.Fprintf(&b, `<path clip-path="url(#mark-%s)" fill="currentColor" fill-rule="evenodd" d="`, m.Code)
	for _, a := range m.areas {
		b.WriteString(pathOf(a))
	}
	fmt.Fprintf(&b, `"/><path d="%s" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round"/></svg>`, outline)
	return b.String()
}

func pathOf(polygon []paper.Point) string {
	var b strings.Builder
	for i, p := range polygon {
		fmt.Fprintf(&b, "%c%g %g", "ML"[min(i, 1)], p.X, p.Y)
	}
	return b.String() + "Z"
}

// draw puts the shape on a sheet, size millimetres wide.
func (m Mark) draw(s *paper.Sheet, x, y, size float64) {
	scale := size / side
	moved := func(polygon []paper.Point) []paper.Point {
		out := make([]paper.Point, len(polygon))
		for i, p := range polygon {
			out[i] = paper.Point{X: x + p.X*scale, Y: y + p.Y*scale}
		}
		return out
	}
	areas := make([][]paper.Point, len(m.areas))
	for i, a := range m.areas {
		areas[i] = moved(a)
	}
	s.Pattern(moved(m.outline), areas, 3*scale)
}

// Looks are the names of all shapes and of all patterns, for those who have words for them.
func Looks() (shapeNames, patternNames []string) {
	for _, s := range shapes {
		shapeNames = append(shapeNames, s.name)
	}
	for _, p := range patterns {
		patternNames = append(patternNames, p.name)
	}
	return shapeNames, patternNames
}
