package record

import (
	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper"
)

// The marks of a verdict; each stands beside its word.
const (
	markWithin = "✓"
	markAbove  = "▲"
	markBelow  = "▼"
	markOpen   = "?"
)

var fieldColumns = []paper.Column{{Width: 46}, {Width: 46}, {Width: 32}, {Width: 46}}

// fields prints every value of a step in the order in which it came about; what was replaced is crossed out.
func (s *sheet) fields(step *mbr.Step, p *passage) {
	var rows [][]paper.Cell
	for _, f := range step.FieldsAt(s.Batch.Site) {
		values := p.values[f.ID]
		if len(values) == 0 && f.Type != mbr.TypeComputed && len(p.completed) > 0 && f.Optional {
			continue // nothing was asked for
		}
		if len(values) == 0 {
			rows = append(rows, []paper.Cell{s.fieldCell(f), {{S: "–"}}, s.limitCell(f, nil), nil})
		}
		for i := range values {
			rows = append(rows, s.parts(s.fieldRow(f, values, i, len(p.started)), fieldColumns)...)
		}
	}
	if len(rows) == 0 {
		return
	}
	s.doc.Table(paper.Table{
		Where: "fields of " + step.ID, Columns: fieldColumns, Rows: rows,
		Head: s.headRow("field.name", "field.value", "field.limit", "field.who"),
	})
}

func (s *sheet) fieldRow(f *mbr.Field, values []capture, i, attempts int) []paper.Cell {
	c := values[i]
	struck := false
	if i+1 < len(values) {
		struck = replaces(f, c, values[i+1]) || values[i+1].attempt != c.attempt
	}
	struck = struck || c.attempt < attempts
	value := append(s.valueCell(f, c, struck), s.why(c)...)
	name := s.fieldCell(f)
	if mark, ok := s.mark(f, values, i, attempts); ok {
		name = append(name, mark.in(paper.Style{Size: paper.Small, Bold: true})...)
	}
	return []paper.Cell{name, value, s.limitCell(f, &c), s.author(c.entry)}
}

func (s *sheet) fieldCell(f *mbr.Field) paper.Cell {
	return append(both{f.Label.In(s.w.lang), f.Label.In("en")}.in(small), paper.Text{S: f.Ref(), Style: faint})
}

// mark says how a value came to stand where it does, when it is not simply the first one.
func (s *sheet) mark(f *mbr.Field, values []capture, i, attempts int) (both, bool) {
	c := values[i]
	switch {
	case c.attempt < attempts:
		return s.w.get("mark.attempt", "n", entryNumber(uint64(max(c.attempt, 1)))), true
	case c.entry.Type == typeCorrected:
		return s.w.get("mark.corrected"), true
	case c.entry.Type == typeEntered && c.Reason != "":
		return s.w.get("mark.late"), true
	case i > 0 && c.Source == "" && replaces(f, values[i-1], c):
		return s.w.get("mark.recomputed"), true
	}
	return both{}, false
}

// valueCell is a value with its origin; crossed out when another one stands in its place.
func (s *sheet) valueCell(f *mbr.Field, c capture, struck bool) paper.Cell {
	if c.entry.Type == typeNoValue {
		return paper.Cell{{S: "–", Style: paper.Style{Struck: struck}}}
	}
	q, number := c.Value.Quantity()
	style := paper.Style{Mono: number || f.Type == mbr.TypeScan, Bold: !struck, Struck: struck}
	value := s.shown(f, c.Value)
	cell := paper.Cell{{S: value.local, Style: style}}
	if value.second() != "" {
		cell = append(cell, paper.Text{S: value.english, Style: paper.Style{Size: paper.Small, Muted: true, Struck: struck}})
	}
	if number && reported(f, q).String() != q.String() { // the record holds more digits than are reported
		cell = append(cell, paper.Text{S: "=\u00A0" + s.number(q), Style: paper.Style{Size: paper.Small, Mono: true, Muted: true, Struck: struck}})
	}
	origin := c.Source
	if origin == "" {
		origin = batch.Computed
	}
	return append(cell, paper.Text{S: s.w.word("origin", string(origin)).inline(), Style: quiet})
}

// why is what stands behind a value: the reason of a correction, the formula with its inputs, remarks about it.
func (s *sheet) why(c capture) paper.Cell {
	var cell paper.Cell
	if c.Reason != "" {
		cell = append(cell, paper.Text{S: s.w.get("reason").inline() + ": " + s.plain(c.Reason), Style: small})
	}
	if c.Why != "" {
		cell = append(cell, paper.Text{S: s.w.get("reason").inline() + ": " + s.plain(c.Why), Style: small})
	}
	if c.Formula != "" {
		cell = append(cell, paper.Text{S: string(c.Formula) + " v" + entryNumber(uint64(c.Version)), Style: code})
		for _, in := range c.Inputs {
			cell = append(cell, paper.Text{S: s.plain(s.input(in)), Style: small})
		}
	}
	for _, r := range c.remarks {
		cell = append(cell, paper.Text{
			S:     s.w.get("remark").inline() + ": " + s.plain(r.text) + " (" + s.person(r.entry.Author.Account) + ", " + s.stamp(r.entry.Time) + ", " + s.w.get("entry").local + " " + seq(r.entry) + ")",
			Style: small,
		})
	}
	return cell
}

// limitCell is what the field asks for and how the value compares.
func (s *sheet) limitCell(f *mbr.Field, c *capture) paper.Cell {
	f = s.Batch.Judging(f)
	expected := s.expected(f)
	if expected.local == "" {
		return paper.Cell{{S: "–", Style: quiet}}
	}
	cell := expected.in(paper.Style{Size: paper.Small, Mono: !f.Limit.IsZero()})
	if f.Demo {
		cell = append(cell, paper.Text{S: s.w.get("limit.demo").local, Style: quiet})
	}
	if c == nil || c.Value.IsZero() || c.Value.Sealed != "" {
		return cell
	}
	if s.specified[f.Ref()] {
		return append(cell, s.w.get("verdict.specified").in(small)...)
	}
	mark, word, ok := s.verdict(f, c.Value)
	if !ok {
		return cell
	}
	verdict := word.in(paper.Style{Size: paper.Small, Bold: mark != markWithin})
	verdict[0].S = mark + " " + verdict[0].S
	return append(cell, verdict...)
}

// verdict compares a value with what its field asks for; false where nothing is compared here.
func (s *sheet) verdict(f *mbr.Field, v batch.Value) (string, both, bool) {
	if q, ok := v.Quantity(); ok && !f.Limit.IsZero() {
		judged, err := f.Limit.Judge(q)
		switch {
		case err != nil || judged.Undecided:
			return markOpen, s.w.get("verdict.open"), true
		case judged.Low:
			return markBelow, s.w.word("verdict", "below"), true
		case judged.High:
			return markAbove, s.w.word("verdict", "above"), true
		}
		return markWithin, s.w.get("verdict.within"), true
	}
	if f.Expect == "" || f.Type == mbr.TypeScan || f.Type == mbr.TypeComputed {
		return "", both{}, false
	}
	if v.Text != f.Expect {
		return markOpen, s.w.get("verdict.unexpected"), true
	}
	return markWithin, s.w.get("verdict.expected"), true
}
