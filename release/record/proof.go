package record

import (
	"rexbatch/batch"
	"rexbatch/internal/paper"
)

// proofs prints where no scan has proven whose the material is, and what proves it instead, also where that was signed in the
// batch from which this one was split (AT-11, scenarios 4 and 7).
func (s *sheet) proofs() {
	var rows [][]paper.Cell
	for _, st := range s.Batch.Steps() {
		if a := st.Unscanned; a != nil {
			cell := paper.Cell{{S: s.plain(a.Reason), Style: small}, {S: s.stamp(a.Done), Style: code}, {S: s.person(a.By), Style: small}, {S: "#" + entryNumber(a.Seq), Style: code}}
			rows = append(rows, []paper.Cell{append(s.w.get("proofs.absent").in(bold), paper.Text{S: st.Step.ID, Style: mono}), cell})
		}
	}
	if len(rows) == 0 {
		return
	}
	b := s.w.get("proofs")
	s.doc.Section(b.local, b.second())
	for _, p := range s.Batch.Proofs {
		rows = append(rows, s.proof(p)...)
	}
	verdict := s.shared("proof.proven")
	if len(s.Batch.Unproven()) > 0 {
		verdict = s.shared("proof.unproven")
	}
	rows = append(rows, []paper.Cell{s.w.get("proofs.verdict").in(small), verdict.in(bold)})
	s.doc.Table(paper.Table{Where: "proofs of identity", Columns: []paper.Column{{Width: 42}, {}}, Rows: rows, Head: s.headRow("transports.what", "transports.recorded")})
}

func (s *sheet) proof(p *batch.Proof) [][]paper.Cell {
	one := func(text string) paper.Text { return paper.Text{S: s.plain(text), Style: small} }
	what := append(s.w.get("proofs.proof").in(bold), paper.Text{S: "#" + entryNumber(p.Seq), Style: code})
	for _, c := range p.Covers {
		what = append(what, paper.Text{S: c.Step, Style: mono})
	}
	cell := append(s.w.word("proof-method", string(p.Method)).in(small), one(p.Reference), one(p.Finding))
	if p.Batch != "" && p.Batch != s.Batch.Number {
		cell = append(cell, s.w.get("proofs.of", "batch", p.Batch).in(bold)...)
	}
	return [][]paper.Cell{
		{what, cell},
		{s.w.get("proofs.form").in(small), {one(p.Archive), halves(p.Form.String())}},
		{s.w.get("proofs.witness").in(small), s.signature(p.Witness)},
		{s.w.get("proofs.signed").in(small), s.signature(p.Signature)},
	}
}
