package record

import (
	"context"
	"fmt"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper"
	"rexbatch/release"
)

// PrintPack prints a paper pack of a batch: for each step that it covers what to do, and for each field its limit with room for
// the value, the time and the initials (CS-21). Every page bears the serial of the pack, as text and as a code. The bytes follow
// from the batch, the pack and the copy alone.
func PrintPack(ctx context.Context, b *batch.Batch, plant *release.Plant, serial string, c Copy) ([]byte, error) {
	fail := func(err error) ([]byte, error) { return nil, fmt.Errorf("paper pack %s: %w", serial, err) }
	pack, steps, err := b.PackOf(serial)
	if err != nil {
		return nil, err
	}
	w, err := newWords(c.Lang)
	if err != nil {
		return nil, err
	}
	s := &sheet{
		Source: Source{Batch: b, Plant: plant, Names: func(account string) string { return account }}, copy: c, w: w, specified: b.Spec.Fields(), context: ctx,
	}
	s.doc = paper.New(paper.Options{Title: w.get("pack.title").local + " " + serial, Author: plant.Manufacturer, Created: c.At, Lang: w.lang})
	s.doc.Banner(w.get("banner").inline())
	s.doc.Header(headerHeight, func(canvas *paper.Canvas, _, _ int) {
		s.bar(canvas, "pack.title", pack.Serial)
		right := s.doc.Left() + s.doc.Width()
		canvas.DataMatrix([]byte(pack.Serial), right-11, headerTop-1, 11)
	})
	s.doc.Footer(footerHeight, s.footer)
	title := w.get("pack.title")
	s.doc.Section(title.local+"  "+pack.Serial, title.second())
	s.note("pack.note")
	for _, step := range steps {
		s.blank(step)
		err := ctx.Err()
		if err != nil {
			return fail(err)
		}
	}
	pdf, err := s.doc.Bytes()
	if err != nil {
		return fail(err)
	}
	err = w.err()
	if err != nil {
		return fail(err)
	}
	return pdf, nil
}

// blankRow is the height of a row that is written by hand, in mm.
const blankRow = 11

func (s *sheet) blank(step *mbr.Step) {
	name := s.stepName(step.ID)
	s.doc.Keep(40)
	s.doc.Subsection(name.local, name.second())
	s.doc.Paragraph(both{step.Instruction.In(s.w.lang), step.Instruction.In("en")}.in(small)...)
	var rows [][]paper.Cell
	for _, f := range step.FieldsAt(s.Batch.Site) {
		if f.Type == mbr.TypeComputed || f.Captured == mbr.FromLedger {
			continue
		}
		rows = append(rows, []paper.Cell{s.fieldCell(f), s.limitCell(f, nil), s.choices(f), nil, nil})
	}
	by := s.w.word("role", string(step.Performer))
	rows = append(rows, []paper.Cell{append(s.w.get("pack.performed").in(small), paper.Text{S: by.inline(), Style: quiet}), nil, nil, nil, nil})
	if step.Second != nil {
		second := s.w.word("role", string(step.Second.Role))
		rows = append(rows, []paper.Cell{append(s.w.get("pack.verified").in(small), paper.Text{S: second.inline(), Style: quiet}), nil, nil, nil, nil})
	}
	s.doc.Table(paper.Table{
		Where: "paper pack", Columns: []paper.Column{{Width: 56}, {Width: 34}, {Width: 40}, {Width: 22}, {}}, Rows: rows, MinRow: blankRow,
		Head: s.headRow("pack.field", "pack.limit", "pack.value", "pack.time", "pack.initials"),
	})
}

// choices are boxes to tick for a field that is one of few, or some of them.
func (s *sheet) choices(f *mbr.Field) paper.Cell {
	var out paper.Cell
	for _, o := range f.Options {
		out = append(out, paper.Text{S: "[   ]  " + s.plain(o.Name.In(s.w.lang)), Style: small})
	}
	if f.Type == mbr.TypeBool {
		for _, answer := range []string{"true", "false"} {
			out = append(out, paper.Text{S: "[   ]  " + s.shown(f, batch.Value{Text: answer}).local, Style: small})
		}
	}
	return out
}
