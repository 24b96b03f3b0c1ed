package record

import (
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper"
)

// supplies prints what the batch was made with: the lots and devices that were entered, and the entries about lots,
// devices and work areas.
func (s *sheet) supplies() {
	s.chapter("supplies")
	var rows [][]paper.Cell
	for _, st := range s.Batch.Steps() {
		for _, f := range st.Step.FieldsAt(s.Batch.Site) {
			if f.Type != mbr.TypeLot && f.Type != mbr.TypeDevice {
				continue
			}
			values := s.log.of(st.Step.ID).values[f.ID]
			for i, c := range values {
				struck := i+1 < len(values)
				rows = append(rows, []paper.Cell{
					s.supplyName(f), s.valueCell(f, c, struck), {{S: s.stepName(st.Step.ID).local, Style: small}, {S: f.Ref(), Style: faint}}, s.author(c.entry),
				})
			}
		}
	}
	if len(rows) > 0 {
		s.doc.Table(paper.Table{
			Where: "materials and equipment", Columns: []paper.Column{{Width: 50}, {Width: 38}, {Width: 40}, {}}, Rows: rows,
			Head: s.headRow("supplies.what", "supplies.number", "step", "field.who"),
		})
	}
	events := s.about("lot-", "equipment-", "area-", "floor-")
	if len(rows) == 0 && len(events) == 0 {
		s.none()
	}
	s.list("supplies.events", events)
}

// supplyName is the material or the device, by the recipe's name where it has one.
func (s *sheet) supplyName(f *mbr.Field) paper.Cell {
	name := both{f.Label.In(s.w.lang), f.Label.In("en")}
	if m, ok := s.Batch.Recipe.Materials[f.Material]; ok && f.Material != "" {
		name = both{m.Name.In(s.w.lang), m.Name.In("en")}
	}
	if d, ok := s.Batch.Recipe.Equipment[f.Device]; ok && f.Device != "" {
		name = both{d.Name.In(s.w.lang), d.Name.In("en")}
	}
	return name.in(small)
}
