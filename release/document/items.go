package document

import (
	"fmt"
	"slices"
	"strconv"

	"rexbatch/internal/paper"
)

const (
	numberColumn = 8.0
	labelColumn  = 68.0

	signatureWidth  = 92.8 // millimetres of the signature field and of its appearance
	signatureHeight = 25.0
)

// itemColumns is the grid of the 16 items: number, caption, content.
func itemColumns() []paper.Column {
	return []paper.Column{{Width: numberColumn}, {Width: labelColumn}, {}}
}

// item is one row of the grid, or more when the content is too long for one: the number and the caption
// stand in the first.
func (s *sheet) item(number int, key string, content paper.Cell) [][]paper.Cell {
	rows := [][]paper.Cell{{
		{{S: strconv.Itoa(number), Style: paper.Style{Mono: true, Bold: true}}}, s.w.get(key).label(), nil,
	}}
	for i, portion := range portions(content) {
		if i > 0 {
			rows = append(rows, make([]paper.Cell, 3))
		}
		rows[i][2] = portion
	}
	return rows
}

// items prints items 1 to 11 (requirements 3.3).
func (s *sheet) items() {
	c := s.c
	expiry := append(paper.Cell{}, moment(c.Expiry)...)
	expiry[0].Style.Bold = true
	s.doc.Table(paper.Table{
		Where:   "items 1 to 11",
		Columns: itemColumns(),
		Rows: slices.Concat(
			s.item(1, "item.1", bold(c.Product.value())),
			s.item(2, "item.2", s.trial()),
			s.item(3, "item.3", c.Strength.value()),
			s.item(4, "item.4", c.DosageForm.value()),
			s.item(5, "item.5", c.Package.value()),
			s.item(6, "item.6", paper.Cell{{S: c.Batch, Style: paper.Style{Mono: true, Bold: true}}}),
			s.item(7, "item.7", expiry),
			s.item(8, "item.8", paper.Cell{{S: c.Manufacturer}, {S: c.Address}}),
			s.item(9, "item.9", paper.Cell{{S: c.Authorisation, Style: paper.Style{Mono: true}}}),
			s.item(10, "item.10", s.remarks()),
			s.item(11, "item.11", s.relevant()),
		),
	})
}

func bold(c paper.Cell) paper.Cell {
	for i := range c {
		c[i].Style.Bold = true
	}
	return c
}

func (s *sheet) trial() paper.Cell {
	var cell paper.Cell
	for _, row := range []struct{ key, value string }{
		{"item.2.euct", s.c.EUCT}, {"item.2.eudract", s.c.EudraCT}, {"item.2.protocol", s.c.Protocol},
	} {
		value := paper.Text{S: row.value, Style: paper.Style{Mono: true}}
		if row.value == "" {
			value = paper.Text{S: s.w.get("not-available").inline()}
		}
		caption := paper.Text{S: s.w.get(row.key).inline(), Style: paper.Style{Size: paper.Small, Muted: true}}
		cell = append(cell, caption, value)
	}
	return cell
}

// remarks is item 10; in stage 1 it lists the pending tests by itself, so that none can be forgotten.
func (s *sheet) remarks() paper.Cell {
	cell := statements(s.c.Remarks)
	if len(s.c.Pending) > 0 {
		caption := bold(s.w.get("item.10.pending").value())
		cell = append(cell, caption...)
		for _, p := range s.c.Pending {
			cell = append(cell, paper.Text{S: "– " + p.Attribute.inline() + ", " + day(p.Due)})
		}
	}
	if len(cell) == 0 {
		return s.w.get("none").value()
	}
	return cell
}

func (s *sheet) relevant() paper.Cell {
	if len(s.c.Relevant) == 0 {
		return s.w.get("none").value()
	}
	return statements(s.c.Relevant)
}

func statements(list []Bilingual) paper.Cell {
	var cell paper.Cell
	for _, b := range list {
		cell = append(cell, b.value()...)
	}
	return cell
}

// statement prints items 12 to 16 as one piece: the words, the person, the signature and the time belong on
// the same page.
func (s *sheet) statement() {
	q := s.c.Certification
	role := s.w.get("role." + string(q.Role))
	words := s.w.get(fmt.Sprintf("item.13.stage-%d", s.c.Stage))
	demo, sponsor := s.w.get("item.13.demonstration"), s.w.get("item.13.sponsor")
	small := paper.Style{Size: paper.Small}

	heading := s.w.get("item.12")
	title := paper.Table{
		Where:   "item 12",
		Columns: []paper.Column{{Width: numberColumn}, {}},
		Rows: [][]paper.Cell{{
			{{S: "12", Style: paper.Style{Mono: true, Bold: true}}},
			{{S: heading.inline(), Style: paper.Style{Bold: true}}},
		}},
		Open: true,
	}
	text := paper.Table{
		Where:   "item 13",
		Columns: []paper.Column{{Width: numberColumn}, {Width: (s.doc.Width() - numberColumn) / 2}, {}},
		Rows: [][]paper.Cell{{
			{{S: "13", Style: paper.Style{Mono: true, Bold: true}}},
			{{S: words.English}, {S: sponsor.English, Style: small}, {S: demo.English, Style: small}},
			{{S: words.Local}, {S: sponsor.Local, Style: small}, {S: demo.Local, Style: small}},
		}},
	}
	person := paper.Table{
		Where:   "item 14",
		Columns: itemColumns(),
		Rows: s.item(14, "item.14", paper.Cell{
			{S: q.Name, Style: paper.Style{Bold: true}},
			{S: q.Username, Style: paper.Style{Mono: true}},
			{S: role.inline(), Style: small},
			{S: q.Meaning.inline(), Style: small},
		}),
		Open: true,
	}
	field := paper.Table{
		Where:   "item 15",
		Columns: itemColumns(),
		Rows:    s.item(15, "item.15", nil),
		MinRow:  signatureHeight + 2,
	}
	when := paper.Table{
		Where:   "item 16",
		Columns: itemColumns(),
		Rows:    s.item(16, "item.16", moment(q.At)),
		Open:    true,
	}
	height := 0.0
	for _, t := range []paper.Table{title, text, person, field, when} {
		height += s.doc.Measure(t)
	}
	s.doc.Keep(height)
	s.doc.Table(title)
	s.doc.Table(text)
	s.doc.Table(person)
	s.signatureField(s.doc.Table(field))
	s.doc.Table(when)
}

// signatureField frames the place that the electronic signature will cover. The note inside stays visible
// on a print of the unsigned file, which therefore cannot be mistaken for a signed one.
func (s *sheet) signatureField(at paper.Area) {
	x, y := s.doc.Left()+s.doc.Width()-signatureWidth, at.Y+1
	s.field = s.doc.Reserve(x, y, signatureWidth, signatureHeight)
	note := s.w.get("item.15.field")
	canvas := s.doc.Canvas()
	canvas.Box(x, y, signatureWidth, signatureHeight)
	canvas.Block(x+3, y+signatureHeight/2-7, signatureWidth-6, paper.Cell{
		{S: note.English, Style: paper.Style{Size: paper.Small, Muted: true}},
		{S: note.Local, Style: paper.Style{Size: paper.Small, Muted: true}},
	})
}
