package pages

import (
	"crypto/sha256"
	"fmt"
	"html/template"
	"strings"

	"rexbatch/chainofcustody/isbt128"
)

// Mark tells patients apart at a glance: a short code and a shape with a pattern, computed from the Chain of
// Identity alone, so that screen and label show the same. It is an aid; the identity itself is the identifier.
type Mark struct {
	Code string        // four characters
	SVG  template.HTML // an inline element, 48 units square
	Name string        // words for the shape, as catalogue keys: "shape.hexagon", "pattern.rings"
	Fill string
}

// codeLetters have no two that look alike in print or sound alike on the telephone.
const codeLetters = "23456789ACEFHJKLMNPRTUVWXY"

// shapes are outlines in a square of 48. The octagon is not among them: it means stop.
var shapes = []struct{ name, path string }{
	{"circle", "M24 3a21 21 0 1 1 0 42a21 21 0 1 1 0-42Z"},
	{"square", "M5 5H43V43H5Z"},
	{"triangle", "M24 3L46 43H2Z"},
	{"diamond", "M24 2L46 24L24 46L2 24Z"},
	{"hexagon", "M13 5H35L46 24L35 43H13L2 24Z"},
	{"cross", "M17 4H31V17H44V31H31V44H17V31H4V17H17Z"},
}

// patterns fill a shape; each is drawn over the whole square and cut by the outline.
var patterns = []struct {
	name string
	draw func() string
}{
	{"solid", func() string { return `<path d="M0 0H48V48H0Z" fill="currentColor"/>` }},
	{"stripes", func() string { return lines("M0 %dH48", 8, 4) }},
	{"bars", func() string { return lines("M%d 0V48", 8, 4) }},
	{"dots", dots},
	{"rings", rings},
	{"half", func() string { return `<path d="M24 0H48V48H24Z" fill="currentColor"/>` }},
}

func lines(path string, step, width int) string {
	var b strings.Builder
	for i := step / 2; i < 48; i += step {
		fmt.Fprintf(&b, `<path d="`+path+`" stroke="currentColor" stroke-width="%d"/>`, i, width)
	}
	return b.String()
}

func dots() string {
	var b strings.Builder
	for y := 6; y < 48; y += 9 {
		for x := 6; x < 48; x += 9 {
			fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="2.6" fill="currentColor"/>`, x, y)
		}
	}
	return b.String()
}

func rings() string {
	return `<circle cx="24" cy="26" r="5" fill="currentColor"/><circle cx="24" cy="26" r="12" fill="none" stroke="currentColor" stroke-width="4"/>`
}

// MarkOf computes the mark of a therapy event.
func MarkOf(coi isbt128.CoI) Mark {
	sum := sha256.Sum256([]byte("rexbatch mark v1 " + coi.String()))
	code := make([]byte, 4)
	for i := range code {
		n := int(sum[2*i])<<8 | int(sum[2*i+1])
		code[i] = codeLetters[n%len(codeLetters)]
	}
	shape := shapes[int(sum[8])%len(shapes)]
	pattern := patterns[int(sum[9])%len(patterns)]
	id := "mark-" + string(code)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="coi-mark" viewBox="0 0 48 48" aria-hidden="true"><clipPath id="%s"><path d="%s"/></clipPath>`, id, shape.path)
	fmt.Fprintf(&b, `<g clip-path="url(#%s)">%s</g>`, id, pattern.draw())
	fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round"/></svg>`, shape.path)
	return Mark{
		Code: string(code), Name: "shape." + shape.name, Fill: "pattern." + pattern.name,
		SVG: template.HTML(b.String()), // made here from constants; no input stands in it
	}
}
