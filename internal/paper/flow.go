package paper

import "fmt"

// heading waits until the first line of what it stands above is known to fit below it.
type heading struct {
	space, height float64
	draw          func(y float64)
}

// Space leaves room before the next block; at the top of a page it does nothing.
func (d *Document) Space(mm float64) {
	if d.y > d.top() {
		d.y += mm
	}
}

// Rule draws a hairline across the page.
func (d *Document) Rule() {
	d.need(0.5, "rule")
	d.Canvas().Line(d.Left(), d.y, d.Left()+d.Width(), d.y)
	d.y += 0.5
}

// Section starts a section: a strong line, the heading, and its second language in grey beside it, or below
// when the line is too short. A heading is never the last thing on a page.
func (d *Document) Section(title, second string) { d.head(title, second, Head, 8, true) }

// Subsection starts a part of a section: a heading without a line.
func (d *Document) Subsection(title, second string) { d.head(title, second, Body, 4.5, false) }

func (d *Document) head(title, second string, size Size, space float64, bar bool) {
	const gap, under = 2.5, 0.6
	where := "section " + title
	defer d.guard(where)
	style := Style{Size: size, Bold: true}
	head := Cell{{S: title, Style: style}}
	quiet := Text{S: second, Style: Style{Size: size, Muted: true}}
	d.clean(second, where)
	beside := d.Width() - width(title, style) - gap
	oneLine := second == "" || width(second, quiet.Style) <= beside
	if !oneLine {
		head = append(head, quiet)
	}
	_, height := d.stack(head, d.Width(), where)
	down := 0.0
	if bar {
		down = 1.6
	}
	d.pending = append(d.pending, heading{space: space, height: down + height + under, draw: func(y float64) {
		c := &Canvas{d, where}
		if bar {
			c.Bar(d.Left(), y, d.Left()+d.Width(), y)
		}
		c.Block(d.Left(), y+down, d.Width(), head)
		if oneLine && second != "" {
			c.Fit(d.Left()+width(title, style)+gap, y+down, beside, quiet)
		}
	}})
}

// Height is the height of texts one below the other, wrapped to w.
func (d *Document) Height(w float64, c Cell) float64 {
	defer d.guard("measuring")
	_, height := d.stack(c, w, "measuring")
	return height
}

// Paragraph prints texts one below the other across the page. A long text may continue on the next page,
// but never with a single line on either side.
func (d *Document) Paragraph(texts ...Text) {
	defer d.guard("paragraph")
	for _, t := range texts {
		lines := d.wrap(t, d.Width(), "paragraph")
		for i := 0; i < len(lines); {
			n := 1
			switch {
			case len(lines) <= 4:
				n = len(lines)
			case i == 0, i == len(lines)-2:
				n = 2
			}
			step := t.Style.leading()
			if !d.need(float64(n)*step, "paragraph") {
				return
			}
			for _, l := range lines[i : i+n] {
				d.Canvas().place(d.Left(), d.y, l)
				d.y += step
			}
			i += n
		}
	}
}

// Keep starts a new page unless height is left on this one, counting the headings that wait.
func (d *Document) Keep(height float64) {
	for i, h := range d.pending {
		if i > 0 || d.y > d.top() {
			height += h.space
		}
		height += h.height
	}
	if d.err == nil && d.y > d.top() && d.y+height > d.bottom() {
		d.addPage()
	}
}

// Break starts a new page, unless this one is still empty.
func (d *Document) Break() {
	if d.err == nil && d.y > d.top() {
		d.addPage()
	}
}

// need makes sure that height fits below the waiting headings on one page, draws them, and reports success.
func (d *Document) need(height float64, where string) bool {
	if d.err != nil {
		return false
	}
	d.Keep(height)
	for i, h := range d.pending {
		if i > 0 || d.y > d.top() {
			d.y += h.space
		}
		h.draw(d.y)
		d.y += h.height
	}
	d.pending = nil
	if d.y+height > d.bottom()+0.01 {
		d.fail(&LayoutError{Where: where, Reason: fmt.Sprintf("a part of %.0f mm does not fit on one page", height)})
	}
	return d.err == nil
}
