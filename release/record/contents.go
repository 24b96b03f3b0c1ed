package record

import (
	"fmt"
	"strconv"

	"rexbatch/internal/paper"
)

// line is one line of the table of contents.
type line struct {
	number string
	title  both
	level  int
	anchor *paper.Anchor
	at     paper.Area
}

// chapters are the keys of the chapters, in order.
var chapters = []string{"legend", "overview", "decisions", "exceptions", "changes", "execution", "supplies", "custody", "entries", "persons", "coverage"}

// outline lists all headings before the first is printed, so that the table of contents can stand in front.
func (s *sheet) outline() {
	for i, key := range chapters {
		number := strconv.Itoa(i + 1)
		s.lines = append(s.lines, &line{number: number, title: s.w.get("chapter." + key)})
		if key != "execution" {
			continue
		}
		for j, up := range s.Batch.Recipe.UnitProcedures {
			s.lines = append(s.lines, &line{
				number: fmt.Sprintf("%s.%d", number, j+1), title: both{up.Name.In(s.w.lang), up.Name.In("en")}, level: 1,
			})
			for _, st := range up.Steps() {
				s.lines = append(s.lines, &line{number: st.ID, title: both{st.Name.In(s.w.lang), st.Name.In("en")}, level: 2})
			}
		}
	}
}

// find is the line with that number.
func (s *sheet) find(number string) *line {
	for _, l := range s.lines {
		if l.number == number {
			return l
		}
	}
	return &line{}
}

// chapter begins a chapter on a new page.
func (s *sheet) chapter(key string) {
	for i, k := range chapters {
		if k != key {
			continue
		}
		l := s.find(strconv.Itoa(i + 1))
		s.doc.Chapter(l.number+"  "+l.title.local, l.title.second())
		l.anchor = s.doc.Anchor(l.number+"  "+l.title.local, 0)
	}
}

// contents prints the table of contents; the page numbers follow at the end.
func (s *sheet) contents() {
	b := s.w.get("contents")
	s.doc.Chapter(b.local, b.second())
	for i, l := range s.lines {
		title := []paper.Text{{S: l.title.local, Style: small}}
		number := paper.Text{S: l.number, Style: code}
		switch l.level {
		case 0:
			title[0].Style, number.Style = bold, paper.Style{Mono: true, Bold: true}
			if i > 0 {
				s.doc.Space(1.6)
			}
		case 1:
			title[0].Style = paper.Style{Size: paper.Small, Bold: true}
			number.Style = paper.Style{Size: paper.Small, Mono: true, Bold: true}
			s.doc.Space(0.8)
		}
		english := paper.Cell{{S: l.title.second(), Style: quiet}}
		l.at = s.doc.Table(paper.Table{
			Where: "contents", Columns: []paper.Column{{Width: 13}, {Width: 72}, {Width: 72}, {}}, Open: true,
			Rows: [][]paper.Cell{{{number}, title, english, nil}},
		})
	}
}

// pageNumbers fills the table of contents.
func (s *sheet) pageNumbers() {
	right := s.doc.Left() + s.doc.Width()
	for _, l := range s.lines {
		if l.anchor == nil {
			continue
		}
		style := code
		if l.level == 0 {
			style = paper.Style{Mono: true, Bold: true}
		}
		s.doc.Back(l.at.Page, func(c *paper.Canvas) {
			c.FitRight(right-14, l.at.Y+0.85, 14, paper.Text{S: strconv.Itoa(l.anchor.Page()), Style: style})
			c.Link(s.doc.Left(), l.at.Y, s.doc.Width(), l.at.H, l.anchor)
		})
	}
}
