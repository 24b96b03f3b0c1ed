package record

import (
	"strconv"

	"rexbatch/internal/paper"
)

const (
	headerTop    = 14.6 // below the banner
	captionRow   = 3.6
	headerHeight = 17.5
	footerHeight = 19.0
	digestShown  = 16 // letters of a digest that are compared by eye
)

// frame is what every page carries: banner, batch and Chain of Identity above; who printed it and the page below.
func (s *sheet) frame() {
	s.doc.Banner(s.w.get("banner").inline())
	s.doc.Header(headerHeight, s.header)
	s.doc.Footer(footerHeight, s.footer)
}

func (s *sheet) header(c *paper.Canvas, _, _ int) {
	s.bar(c, "header.digest", s.Batch.Record.String()[:digestShown]+" …")
}

// bar is whose document this is: batch, Chain of Identity, and one thing more.
func (s *sheet) bar(c *paper.Canvas, key, value string) {
	b := s.Batch
	strong := paper.Style{Mono: true, Bold: true}
	x := s.doc.Left()
	for _, v := range []struct {
		key   string
		width float64
		value paper.Text
	}{
		{"header.batch", 50, paper.Text{S: b.Number, Style: strong}},
		{"header.coi", 60, paper.Text{S: b.CoI.String(), Style: strong, Boxed: string(b.CoI.Check())}},
		{key, 60, paper.Text{S: value, Style: strong}},
	} {
		c.Fit(x, headerTop, v.width-2, paper.Text{S: s.w.get(v.key).inline(), Style: quiet})
		c.Fit(x, headerTop+captionRow, v.width-4, v.value)
		x += v.width
	}
	y := headerTop + captionRow + 4.08 + 1.6
	c.Line(s.doc.Left(), y, s.doc.Left()+s.doc.Width(), y)
}

func (s *sheet) footer(c *paper.Canvas, page, pages int) {
	const y = 297 - 15.5
	left, width := s.doc.Left(), s.doc.Width()
	c.Line(left, y-1.6, left+width, y-1.6)
	note := s.w.get("printed", "who", s.printer(), "at", s.moment(s.copy.At))
	number := s.w.get("page", "page", strconv.Itoa(page), "pages", strconv.Itoa(pages))
	c.FitBlock(left, y, 136, 12, note.in(small))
	c.FitRight(left+138, y, width-138, paper.Text{S: number.local, Style: small})
	if number.second() != "" {
		c.FitRight(left+138, y+3.3, width-138, paper.Text{S: number.english, Style: quiet})
	}
}

// printer is who asked for this print.
func (s *sheet) printer() string {
	if s.copy.Account == "" {
		return s.copy.Name
	}
	return s.copy.Name + " (" + s.copy.Account + ")"
}

// caption is a cell with its caption above it, for grids of single values.
func (s *sheet) caption(key string, value ...paper.Text) paper.Cell {
	return append(s.w.get(key).in(quiet), value...)
}

// headRow is the head of a table from wording keys.
func (s *sheet) headRow(keys ...string) []paper.Cell {
	var cells []paper.Cell
	for _, key := range keys {
		cells = append(cells, s.w.get(key).in(paper.Style{Size: paper.Small, Bold: true}))
	}
	return cells
}

// halves breaks a digest into two lines of 32, to compare it by eye.
func halves(digest string) paper.Text {
	return paper.Text{S: digest[:len(digest)/2] + "\n" + digest[len(digest)/2:], Style: code}
}

// none says that a chapter has nothing to show.
func (s *sheet) none() {
	b := s.w.get("none")
	s.doc.Paragraph(b.in(paper.Style{})...)
}

// note is a remark below a heading.
func (s *sheet) note(key string, pairs ...string) {
	b := s.w.get(key, pairs...)
	s.doc.Keep(30)
	s.doc.Paragraph(b.in(small)...)
	s.doc.Space(2)
}
