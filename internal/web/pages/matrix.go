package pages

import (
	"fmt"
	"html/template"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/datamatrix"

	"rexbatch/internal/paper"
)

// quiet is the margin around a code in modules; Data Matrix asks for one, scanners like two.
const quiet = 2

// matrix draws a label's Data Matrix as an inline element. It stays black on white in the dark theme: scanners
// read dark on light.
func matrix(content string) (template.HTML, error) {
	if strings.Contains(content, paper.FNC1Sent) { // only elements of GS1 have separators
		content = paper.GS1Matrix(content)
	}
	code, err := datamatrix.Encode(content)
	if err != nil {
		return "", fmt.Errorf("data matrix: %w", err)
	}
	return modules(code, "Data Matrix", "matrix", quiet), nil
}

// modules draws a code as an inline element with a margin of so many modules.
func modules(code barcode.Barcode, name, class string, quiet int) template.HTML {
	size := code.Bounds()
	w, h := size.Dx(), size.Dy()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="%s" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges">`, class, w+2*quiet, h+2*quiet, name)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`, w+2*quiet, h+2*quiet)
	for y := range h {
		for x := 0; x < w; {
			run := 0
			for x+run < w && dark(code.At(size.Min.X+x+run, size.Min.Y+y)) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="1" fill="#000"/>`, x+quiet, y+quiet, run)
			}
			x += run + 1
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers and constants only
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
