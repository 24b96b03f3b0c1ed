package record

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// decisions prints the signed acts over the record and the results that they rest on.
func (s *sheet) decisions() {
	s.chapter("decisions")
	b := s.w.get("acts")
	s.doc.Section(b.local, b.second())
	s.acts()
	b = s.w.get("results")
	s.doc.Section(b.local, b.second())
	s.results()
}

func (s *sheet) acts() {
	if len(s.Batch.Acts) == 0 {
		s.none()
		return
	}
	var rows [][]paper.Cell
	for _, a := range s.Batch.Acts {
		what := append(s.w.word("act", string(a.Act)).in(bold), s.standing(a).in(small)...)
		what = append(what, paper.Text{S: "#" + entryNumber(a.Seq), Style: code})
		rows = append(rows, []paper.Cell{what, s.signature(a.Signature), s.details(a)})
	}
	s.doc.Table(paper.Table{
		Where: "signed acts", Columns: []paper.Column{{Width: 44}, {Width: 60}, {}}, Head: s.headRow("acts.act", "acts.signature", "acts.details"), Rows: rows,
	})
}

// standing tells whether an act is over the record as it stands: a later change makes it unsigned (I8).
func (s *sheet) standing(a batch.SignedAct) both {
	newest, ok := s.Batch.Act(a.Act)
	switch {
	case ok && newest.Seq == a.Seq:
		return s.w.get("acts.stands")
	case newest.Seq != a.Seq:
		return s.w.get("acts.repeated")
	default:
		return s.w.get("acts.changed")
	}
}

// details is what stands beside the signature of an act: the record's digest then, certificate, register entry.
func (s *sheet) details(a batch.SignedAct) paper.Cell {
	cell := append(s.w.get("acts.record").in(quiet), halves(a.Record.String()))
	if len(a.Details) == 0 {
		return cell
	}
	root, err := parse(a.Details)
	if err != nil {
		return append(cell, paper.Text{S: s.plain(string(a.Details)), Style: code})
	}
	t := teller{sheet: s}
	t.members(root, nil)
	return append(cell, t.out...)
}

// signature is a signature as it must be shown: name, username, role, meaning, date, time and offset, digest (CS-48, CS-72).
func (s *sheet) signature(sig people.Signature) paper.Cell {
	local := sig.Local()
	cell := paper.Cell{{S: sig.Name, Style: bold}, {S: sig.Account, Style: code}, {S: s.w.word("role", sig.Role).inline(), Style: small}}
	meaning := s.w.word("meaning", sig.Meaning)
	cell = append(cell,
		paper.Text{S: s.w.get("meaning").local + ": " + meaning.inline(), Style: small},
		paper.Text{S: day(local) + " " + local.Format("15:04:05") + " (" + sig.Offset + ", " + sig.Zone + ")", Style: code},
		paper.Text{S: day(sig.At.UTC()) + " " + sig.At.UTC().Format("15:04:05") + " UTC", Style: faint},
		paper.Text{S: halves(sig.Digest.String()).S, Style: faint},
	)
	return cell
}

func (s *sheet) results() {
	results := s.Batch.Results()
	if len(results) == 0 {
		s.none()
		return
	}
	var rows [][]paper.Cell
	for _, r := range results {
		a := r.Attribute
		verdict := s.w.word("result", string(r.Evaluation)).in(small)
		verdict[0].Style.Bold = r.Evaluation == qc.Fail || r.Evaluation == qc.Invalid
		if r.Evaluation == qc.Pending && !r.Due.IsZero() {
			verdict = append(verdict, paper.Text{S: s.w.get("results.due").local + " " + day(r.Due.In(s.Plant.Location)), Style: small})
		}
		if r.Why != "" {
			verdict = append(verdict, paper.Text{S: s.plain(r.Why), Style: small})
		}
		rows = append(rows, []paper.Cell{
			both{mbr.Text(a.Name).In(s.w.lang), mbr.Text(a.Name).In("en")}.in(small),
			{{S: mbr.Text(a.Method).In(s.w.lang), Style: small}, {S: a.Field, Style: faint}},
			s.acceptance(a).in(small), s.result(r), verdict,
		})
	}
	s.doc.Table(paper.Table{
		Where:   "results",
		Columns: []paper.Column{{Width: 42}, {Width: 38}, {Width: 32}, {Width: 32}, {}},
		Head:    s.headRow("results.attribute", "results.method", "results.limit", "results.result", "results.evaluation"),
		Rows:    rows,
	})
}

// acceptance is what the specification accepts.
func (s *sheet) acceptance(a qc.Attribute) both {
	switch {
	case a.Information:
		return same("–")
	case len(a.Accept) > 0:
		step, field, _ := strings.Cut(a.Field, ".")
		return s.canonical(s.fieldOf(step, field), strings.Join(a.Accept, ", "))
	}
	return same(s.w.in(a.Limit.Format(s.w.lang), a.Limit.Unit()))
}

func (s *sheet) result(r qc.Result) paper.Cell {
	if r.Evaluation == qc.Pending {
		return paper.Cell{{S: "–", Style: small}}
	}
	step, field, _ := strings.Cut(r.Attribute.Field, ".")
	value := s.canonical(s.fieldOf(step, field), r.Reported)
	if r.Number != nil {
		value = same(s.number(*r.Number))
	}
	cell := value.in(paper.Style{Mono: r.Number != nil, Bold: true})
	return append(cell, paper.Text{S: "#" + entryNumber(r.Entry), Style: faint})
}
