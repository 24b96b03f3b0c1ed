package record

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/paper"
)

// coverage says which entries the print holds, and how anyone can check it against the ledger.
func (s *sheet) coverage() {
	s.chapter("coverage")
	b := s.Batch
	statement := s.w.get("coverage.statement", "n", entryNumber(uint64(len(s.log.entries))), "range", s.covered(), "batch", b.Number)
	s.doc.Paragraph(statement.in(paper.Style{})...)
	s.doc.Space(3)
	checkpoint := s.w.get("coverage.none").in(small)
	if len(s.Checkpoint) > 0 {
		checkpoint = nil
		for _, l := range strings.Split(strings.TrimSpace(string(s.Checkpoint)), "\n") {
			checkpoint = append(checkpoint, paper.Text{S: s.plain(l), Style: code})
		}
	}
	recipe, spec := b.Recipe, b.Spec
	s.doc.Table(paper.Table{
		Where: "coverage", Columns: []paper.Column{{Width: 66}, {}},
		Rows: [][]paper.Cell{
			{s.w.get("front.record").in(small), {halves(b.Record.String())}},
			{s.w.get("front.entries").in(small), {halves(s.log.digest.String())}},
			{s.w.get("coverage.streams").in(small), {
				{S: batch.Stream(b.Number) + "  " + entryNumber(b.Version), Style: code},
				{S: chainofcustody.Stream(b.CoI) + "  " + entryNumber(s.Event.Version), Style: code},
			}},
			{s.w.get("coverage.checkpoint").in(small), checkpoint},
			{s.w.get("front.recipe").in(small), {{S: recipe.ID + " / " + entryNumber(uint64(recipe.Version)), Style: code}, halves(recipe.Digest.String())}},
			{s.w.get("front.specification").in(small), {{S: spec.ID + " / " + entryNumber(uint64(spec.Version)), Style: code}, halves(spec.Digest.String())}},
			{s.w.get("front.printed").in(small), {{S: s.printer(), Style: small}, {S: s.moment(s.copy.At), Style: code}}},
		},
	})
	s.doc.Space(4)
	s.doc.Paragraph(s.w.get("coverage.print").in(small)...)
}
