package paper

import "fmt"

// Canvas draws at absolute positions: headers, footers, frames, stamps. Coordinates are millimetres from the
// top left corner of the page; y of a text is the top of its line.
type Canvas struct {
	d     *Document
	where string
}

// Text draws one line and returns its width. It neither wraps nor shrinks; use Fit when the room is limited.
func (c *Canvas) Text(x, y float64, t Text) float64 {
	defer c.d.guard(c.where)
	return c.place(x, y, line{text: c.d.clean(t.S, c.where), style: t.Style, boxed: c.d.clean(t.Boxed, c.where)})
}

// Fit draws one line in a room w wide, smaller if needed; below three quarters of its size it is an error.
func (c *Canvas) Fit(x, y, w float64, t Text) {
	defer c.d.guard(c.where)
	c.place(x, y, c.d.fit(t, w, c.where))
}

// FitRight is Fit, aligned with the right edge x+w.
func (c *Canvas) FitRight(x, y, w float64, t Text) {
	defer c.d.guard(c.where)
	l := c.d.fit(t, w, c.where)
	c.place(x+w-l.width(), y, l)
}

// FitCenter is Fit, centred in the room.
func (c *Canvas) FitCenter(x, y, w float64, t Text) {
	defer c.d.guard(c.where)
	l := c.d.fit(t, w, c.where)
	c.place(x+(w-l.width())/2, y, l)
}

// Block draws texts one below the other, wrapped to w, and returns their height.
func (c *Canvas) Block(x, y, w float64, cell Cell) float64 {
	defer c.d.guard(c.where)
	lines, height := c.d.stack(cell, w, c.where)
	for _, l := range lines {
		c.place(x, y, l)
		y += l.style.leading()
	}
	return height
}

// FitBlock is Block in a room of limited height: all texts become smaller together, down to the floor; what
// still does not fit is an error.
func (c *Canvas) FitBlock(x, y, w, h float64, cell Cell) {
	defer c.d.guard(c.where)
	smaller := append(Cell(nil), cell...)
	for shrink := 1.0; c.d.err == nil; shrink -= 0.02 {
		if shrink < shrinkFloor {
			c.d.fail(&LayoutError{Where: c.where, Reason: fmt.Sprintf("the text does not fit into %.1f x %.1f mm", w, h)})
			return
		}
		for i := range smaller {
			smaller[i].Style.shrink = shrink
		}
		_, height := c.d.stack(smaller, w, c.where)
		if height <= h {
			c.Block(x, y, w, smaller)
			return
		}
	}
}

// Line draws a straight hairline.
func (c *Canvas) Line(x1, y1, x2, y2 float64) { c.stroke(x1, y1, x2, y2, hairline, inkBlack) }

// Bar draws a straight line that stands out, to separate sections.
func (c *Canvas) Bar(x1, y1, x2, y2 float64) { c.stroke(x1, y1, x2, y2, strong, inkBlack) }

func (c *Canvas) stroke(x1, y1, x2, y2, weight float64, ink int) {
	if c.d.err != nil {
		return
	}
	defer c.d.guard(c.where)
	c.d.pdf.SetDrawColor(ink, ink, ink)
	c.d.pdf.SetLineWidth(weight)
	c.d.pdf.Line(x1, y1, x2, y2)
}

// Box draws a frame of hairlines.
func (c *Canvas) Box(x, y, w, h float64) {
	if c.d.err != nil {
		return
	}
	defer c.d.guard(c.where)
	c.d.pdf.SetDrawColor(0, 0, 0)
	c.d.pdf.SetLineWidth(hairline)
	c.d.pdf.Rect(x, y, w, h, "D")
}

// Blank covers a rectangle with white, for a page that is laid over another one.
func (c *Canvas) Blank(x, y, w, h float64) {
	if c.d.err != nil {
		return
	}
	defer c.d.guard(c.where)
	c.d.pdf.SetFillColor(255, 255, 255)
	c.d.pdf.Rect(x, y, w, h, "F")
}

// place draws a finished line with its base line on the leading grid and returns its width.
func (c *Canvas) place(x, y float64, l line) float64 {
	d := c.d
	if d.err != nil {
		return 0
	}
	size := l.style.points()
	capital := l.style.capital()
	base := y + l.style.baseLine()
	at := x + l.indent
	for _, r := range runs(l.text, l.style) {
		d.selectFont(r.face, size, l.style.Muted)
		d.pdf.Text(at, base, r.text)
		for _, char := range r.text {
			at += float64(r.face.advance[char]) / 1000 * size * mmPerPoint
		}
	}
	if l.style.Struck && l.text != "" {
		middle := base - capital*strikeHeight
		c.stroke(x+l.indent, middle, at, middle, strikeWeight*size, inkBlack)
	}
	if l.boxed != "" {
		inner := width(l.boxed, l.style)
		c.place(at+boxGap+boxPad, y, line{text: l.boxed, style: l.style})
		c.Box(at+boxGap, base-capital-boxPad, inner+2*boxPad, capital+2*boxPad)
	}
	return l.width()
}
