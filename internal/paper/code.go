package paper

import (
	"fmt"

	"github.com/boombuler/barcode/datamatrix"
)

const (
	quietZone   = 2    // modules left white around the symbol; the standard asks for one
	leastModule = 0.25 // millimetres; finer does not scan from a normal office print
	overlap     = 0.02 // millimetres by which bars overlap, so that no viewer shows gaps
)

// DataMatrix draws an ECC 200 symbol whose outer side, with its quiet zone, is size millimetres. It is made
// of rectangles, not of an image: it prints sharp at any resolution and keeps the file deterministic.
// Content may be any bytes; a leading 0xE8 makes it a GS1 symbol.
func (c *Canvas) DataMatrix(content []byte, x, y, size float64) {
	d := c.d
	if d.err != nil {
		return
	}
	defer d.guard(c.where)
	code, err := datamatrix.Encode(string(content))
	if err != nil {
		d.fail(&LayoutError{Where: c.where, Reason: fmt.Sprintf("Data Matrix of %d bytes: %v", len(content), err)})
		return
	}
	bounds := code.Bounds()
	modules := bounds.Dx()
	module := size / float64(modules+2*quietZone)
	if module < leastModule {
		d.fail(&LayoutError{Where: c.where, Reason: fmt.Sprintf("Data Matrix of %d modules is too small to scan in %.1f mm", modules, size)})
		return
	}
	d.pdf.SetFillColor(0, 0, 0)
	x, y = x+quietZone*module, y+quietZone*module
	dark := func(col, row int) bool {
		r, _, _, _ := code.At(bounds.Min.X+col, bounds.Min.Y+row).RGBA()
		return r < 0x8000
	}
	for row := range bounds.Dy() {
		for col := 0; col < modules; col++ {
			start := col
			for col < modules && dark(col, row) {
				col++
			}
			if col > start {
				d.pdf.Rect(x+float64(start)*module, y+float64(row)*module,
					float64(col-start)*module+overlap, module+overlap, "F")
			}
		}
	}
}
