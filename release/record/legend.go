package record

import "rexbatch/internal/paper"

// legend says how to read the signs of the print.
func (s *sheet) legend() {
	s.chapter("legend")
	s.note("legend.note")
	struck := paper.Text{S: s.w.get("legend.sign.struck").local, Style: paper.Style{Mono: true, Struck: true}}
	rows := [][]paper.Cell{
		{{{S: "#1042", Style: paper.Style{Mono: true, Bold: true}}}, s.w.get("legend.position").in(small)},
		{{struck}, s.w.get("legend.struck").in(small)},
	}
	for _, key := range []string{"corrected", "recomputed", "late", "attempt"} {
		rows = append(rows, []paper.Cell{s.w.get("mark."+key, "n", "1").in(bold), s.w.get("legend." + key).in(small)})
	}
	rows = append(rows, []paper.Cell{
		{{S: markWithin + "  " + markAbove + "  " + markBelow + "  " + markOpen, Style: bold}}, s.w.get("legend.verdict").in(small),
	})
	for _, row := range []struct{ sign, text string }{
		{"sealed", "legend.sealed"}, {"legend.sign.origin", "legend.origin"}, {"legend.sign.formula", "legend.formula"},
		{"legend.sign.time", "legend.time"}, {"legend.sign.signature", "legend.signature"}, {"legend.sign.number", "legend.number"},
		{"legend.sign.escape", "legend.escape"}, {"legend.sign.digest", "legend.digest"},
	} {
		rows = append(rows, []paper.Cell{s.w.get(row.sign).in(bold), s.w.get(row.text).in(small)})
	}
	s.doc.Table(paper.Table{
		Where: "legend", Columns: []paper.Column{{Width: 46}, {}}, Head: s.headRow("legend.sign", "legend.meaning"), Rows: rows,
	})
}
