package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Bitmap is a sheet in black and white dots, as a label printer prints them.
type Bitmap struct {
	Width, Height int    // in dots
	Stride        int    // bytes of a row
	Bits          []byte // a set bit is black, the most significant one is left
}

// maxDots bounds what one bitmap may hold.
const maxDots = 40 << 20

// Bitmap draws the sheet with a number of dots for each millimetre: 8 for a printer of 203 dpi, 11.811 for one of 300.
// Cells of codes are whole numbers of dots, so their edges are sharp.
func (s *Sheet) Bitmap(perMM float64) (*Bitmap, error) {
	if s.err != nil {
		return nil, s.err
	}
	w, h := int(math.Round(s.Width*perMM)), int(math.Round(s.Height*perMM))
	if w < 1 || h < 1 || w*h > maxDots {
		return nil, &LayoutError{Where: "bitmap", Reason: fmt.Sprintf("%d x %d dots cannot be drawn", w, h)}
	}
	b := &Bitmap{Width: w, Height: h, Stride: (w + 7) / 8}
	b.Bits = make([]byte, b.Stride*h)
	for _, e := range s.elements {
		switch {
		case e.fill != nil:
			b.area(e.fill, perMM, true)
		case e.frame != nil:
			line := max(dots(frameWeight, perMM), 1)
			b.outline(e.frame, perMM, line)
		case e.code != nil:
			err := b.modules(e.code, perMM)
			if err != nil {
				return nil, err
			}
		case e.pattern != nil:
			b.pattern(e.pattern, perMM)
		case e.text != nil:
			err := b.text(e.text, perMM)
			if err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// Black tells whether a dot is black; outside of the sheet none is.
func (b *Bitmap) Black(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.Width && y < b.Height && b.Bits[y*b.Stride+x/8]&(0x80>>(x%8)) != 0
}

func (b *Bitmap) set(x, y int, black bool) {
	if x < 0 || y < 0 || x >= b.Width || y >= b.Height {
		return
	}
	if black {
		b.Bits[y*b.Stride+x/8] |= 0x80 >> (x % 8)
	} else {
		b.Bits[y*b.Stride+x/8] &^= 0x80 >> (x % 8)
	}
}

func (b *Bitmap) block(x, y, w, h int, black bool) {
	for row := y; row < y+h; row++ {
		for col := x; col < x+w; col++ {
			b.set(col, row, black)
		}
	}
}

func (b *Bitmap) area(r *rectangle, perMM float64, black bool) {
	x, y := int(math.Round(r.x*perMM)), int(math.Round(r.y*perMM))
	b.block(x, y, int(math.Round((r.x+r.w)*perMM))-x, int(math.Round((r.y+r.h)*perMM))-y, black)
}

func (b *Bitmap) outline(r *rectangle, perMM float64, line int) {
	x, y := int(math.Round(r.x*perMM)), int(math.Round(r.y*perMM))
	w, h := int(math.Round((r.x+r.w)*perMM))-x, int(math.Round((r.y+r.h)*perMM))-y
	b.block(x, y, w, line, true)
	b.block(x, y+h-line, w, line, true)
	b.block(x, y, line, h, true)
	b.block(x+w-line, y, line, h, true)
}

func (b *Bitmap) modules(m *modules, perMM float64) error {
	cell := dots(m.module, perMM)
	if cell < 2 {
		return &LayoutError{Where: "code", Reason: fmt.Sprintf("a cell of %.3f mm is less than two dots of this printer", m.module)}
	}
	height := cell
	if m.height > 0 {
		height = dots(m.height, perMM)
	}
	x, y := int(math.Ceil(m.x*perMM-0.01)), int(math.Ceil(m.y*perMM-0.01))
	m.runs(func(col, row, n int) { b.block(x+col*cell, y+row*cell, n*cell, height, true) })
	return nil
}

func (b *Bitmap) pattern(p *pattern, perMM float64) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range p.outline {
		left, right, top, bottom = min(left, c.X), max(right, c.X), min(top, c.Y), max(bottom, c.Y)
	}
	half := p.stroke / 2
	for row := int((top - half) * perMM); row <= int((bottom+half)*perMM)+1; row++ {
		for col := int((left - half) * perMM); col <= int((right+half)*perMM)+1; col++ {
			at := Point{(float64(col) + 0.5) / perMM, (float64(row) + 0.5) / perMM}
			crossings := 0
			if within(at, p.outline) {
				for _, a := range p.areas {
					if within(at, a) {
						crossings++
					}
				}
			}
			if crossings%2 == 1 || distance(at, p.outline) <= half {
				b.set(col, row, true)
			}
		}
	}
}

// within tells whether a point is inside of a polygon.
func within(at Point, polygon []Point) bool {
	inside := false
	for i, a := range polygon {
		c := polygon[(i+1)%len(polygon)]
		if (a.Y > at.Y) != (c.Y > at.Y) && at.X < (c.X-a.X)*(at.Y-a.Y)/(c.Y-a.Y)+a.X {
			inside = !inside
		}
	}
	return inside
}

// distance is how far a point is from the line of a closed polygon.
func distance(at Point, polygon []Point) float64 {
	least := math.Inf(1)
	for i, a := range polygon {
		c := polygon[(i+1)%len(polygon)]
		dx, dy := c.X-a.X, c.Y-a.Y
		t := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			t = max(0, min(1, ((at.X-a.X)*dx+(at.Y-a.Y)*dy)/l))
		}
		least = min(least, math.Hypot(at.X-a.X-t*dx, at.Y-a.Y-t*dy))
	}
	return least
}

// text draws glyphs from their outlines; a dot of which half is covered is black.
func (b *Bitmap) text(t *sheetText, perMM float64) error {
	var buf sfnt.Buffer
	size := t.points * mmPerPoint * perMM // of the em square, in dots
	ppem := fixed.Int26_6(math.Round(size * 64))
	at := t.x * perMM
	base := int(math.Round(t.base * perMM))
	for _, r := range runs(t.s, t.style) {
		for _, char := range r.text {
			err := b.glyph(&buf, r.face, char, ppem, int(math.Round(at)), base, !t.white)
			if err != nil {
				return err
			}
			at += float64(r.face.advance[char]) / 1000 * size
		}
	}
	return nil
}

func (b *Bitmap) glyph(buf *sfnt.Buffer, f *face, char rune, ppem fixed.Int26_6, x, base int, black bool) error {
	index, err := f.parsed.GlyphIndex(buf, char)
	if err != nil {
		return fmt.Errorf("glyph of %U: %w", char, err)
	}
	segments, err := f.parsed.LoadGlyph(buf, index, ppem, nil)
	if err != nil {
		return fmt.Errorf("glyph of %U: %w", char, err)
	}
	box := segments.Bounds()
	left, top := box.Min.X.Floor()-1, box.Min.Y.Floor()-1
	w, h := box.Max.X.Ceil()-left+1, box.Max.Y.Ceil()-top+1
	if w <= 2 || h <= 2 {
		return nil // a space
	}
	z := vector.NewRasterizer(w, h)
	p := func(q fixed.Point26_6) (float32, float32) {
		return float32(q.X)/64 - float32(left), float32(q.Y)/64 - float32(top)
	}
	for _, s := range segments {
		ax, ay := p(s.Args[0])
		bx, by := p(s.Args[1])
		cx, cy := p(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	z.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	for row := range h {
		for col := range w {
			if mask.AlphaAt(col, row).A >= 0x80 {
				b.set(x+left+col, base+top+row, black)
			}
		}
	}
	return nil
}

// PNG writes the bitmap as a picture.
func (b *Bitmap) PNG(w io.Writer) error {
	i := image.NewPaletted(image.Rect(0, 0, b.Width, b.Height), color.Palette{color.White, color.Black})
	for y := range b.Height {
		for x := range b.Width {
			if b.Black(x, y) {
				i.Pix[y*i.Stride+x] = 1
			}
		}
	}
	err := png.Encode(w, i)
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	return nil
}
