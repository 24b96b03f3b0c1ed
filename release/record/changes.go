package record

import (
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper"
)

// changes lists every value that is not the first one of its field: the first value, the new one, who, when, why (CS-11,
// DI-10). A value that is not listed was never changed.
func (s *sheet) changes() {
	s.chapter("changes")
	s.note("changes.note")
	var rows [][]paper.Cell
	for _, st := range s.Batch.Steps() {
		for _, f := range st.Step.FieldsAt(s.Batch.Site) {
			values := s.log.of(st.Step.ID).values[f.ID]
			for i, c := range values {
				if i > 0 && replaces(f, values[i-1], c) {
					rows = append(rows, s.parts(s.changeRow(st.Step, f, values[i-1], c), changeColumns)...)
				}
			}
		}
	}
	if len(rows) == 0 {
		s.none()
		return
	}
	s.doc.Table(paper.Table{
		Where: "changed values", Columns: changeColumns, Rows: rows,
		Head: s.headRow("changes.field", "changes.before", "changes.after", "changes.who"),
	})
}

var changeColumns = []paper.Column{{Width: 42}, {Width: 42}, {Width: 44}, {Width: 42}}

// replaces tells whether a value stands in place of the one before it. A scan of the next container does not, and neither
// does a value of a further attempt.
func replaces(f *mbr.Field, before, c capture) bool {
	return f.Type != mbr.TypeScan && before.attempt == c.attempt
}

func (s *sheet) changeRow(st *mbr.Step, f *mbr.Field, before, c capture) []paper.Cell {
	field := both{f.Label.In(s.w.lang), f.Label.In("en")}.in(small)
	field = append(field, paper.Text{S: f.Ref(), Style: faint}, paper.Text{S: s.stepName(st.ID).local, Style: quiet})
	first := append(s.valueCell(f, before, true), paper.Text{S: s.Names(before.entry.Author.Account), Style: small},
		paper.Text{S: before.entry.Author.Account + "  #" + seq(before.entry), Style: code}, paper.Text{S: s.stamp(before.entry.Time), Style: code})
	return []paper.Cell{field, first, append(s.valueCell(f, c, false), s.why(c)...), s.author(c.entry)}
}
