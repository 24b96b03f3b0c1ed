package paper

// Anchor is a place that the outline of the file and links within it lead to.
type Anchor struct {
	page int
	link int
}

// Page is the page of the place, from 1; 0 while the block that follows it is not printed.
func (a *Anchor) Page() int { return a.page }

// Chapter starts a new page with a heading in the size of a title and its second language below.
func (d *Document) Chapter(title, second string) {
	const under = 4
	where := "chapter " + title
	defer d.guard(where)
	d.Break()
	head := Cell{{S: title, Style: Style{Size: Title, Bold: true}}}
	if second != "" {
		head = append(head, Text{S: second, Style: Style{Size: Head, Muted: true}})
	}
	_, height := d.stack(head, d.Width(), where)
	d.pending = append(d.pending, heading{height: height + under, draw: func(y float64) {
		(&Canvas{d, where}).Block(d.Left(), y, d.Width(), head)
	}})
}

// Anchor names the heading just given, or the next block, in the outline of the file at a level from 0.
func (d *Document) Anchor(title string, level int) *Anchor {
	a := &Anchor{}
	if d.err != nil {
		return a
	}
	defer d.guard("outline")
	title = d.clean(title, "outline")
	a.link = d.pdf.AddLink()
	above := 0.0
	if n := len(d.pending); n > 0 {
		above = d.pending[n-1].height
	}
	d.pending = append(d.pending, heading{draw: func(y float64) {
		a.page = d.Page()
		d.selectFont(faces()[Style{}][0], Style{}.points(), false) // the library writes a title in the encoding of the font
		d.pdf.SetLink(a.link, y-above, a.page)
		d.pdf.Bookmark(title, level, y-above)
	}})
	return a
}

// Back draws on a page that is filled already, such as page numbers in a table of contents.
func (d *Document) Back(page int, draw func(c *Canvas)) {
	if d.err != nil {
		return
	}
	defer d.guard("earlier page")
	last := d.Page()
	d.pdf.SetPage(page)
	d.used = selection{}
	draw(&Canvas{d, "earlier page"})
	d.pdf.SetPage(last)
	d.used = selection{}
}

// Link makes a rectangle of the page lead to an anchor.
func (c *Canvas) Link(x, y, w, h float64, to *Anchor) {
	if c.d.err != nil || to.link == 0 {
		return
	}
	defer c.d.guard(c.where)
	c.d.pdf.Link(x, y, w, h, to.link)
}
