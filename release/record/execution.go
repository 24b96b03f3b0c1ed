package record

import (
	"fmt"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// execution prints the steps in the order of the recipe: who did them, every value that a field ever held, and whatever
// else the entries say of the step.
func (s *sheet) execution() {
	s.chapter("execution")
	states := map[string]*batch.StepState{}
	for _, st := range s.Batch.Steps() {
		states[st.Step.ID] = st
	}
	number := ""
	for i, key := range chapters {
		if key == "execution" {
			number = fmt.Sprint(i + 1)
		}
	}
	for i, up := range s.Batch.Recipe.UnitProcedures {
		l := s.find(fmt.Sprintf("%s.%d", number, i+1))
		s.doc.Section(l.number+"  "+l.title.local, l.title.second())
		l.anchor = s.doc.Anchor(l.number+"  "+l.title.local, 1)
		for _, op := range up.Operations {
			for _, step := range op.Steps {
				s.step(op, states[step.ID])
				s.advance(1)
				if s.context.Err() != nil {
					return
				}
			}
		}
	}
}

func (s *sheet) step(op mbr.Operation, st *batch.StepState) {
	step := st.Step
	l := s.find(step.ID)
	s.doc.Subsection(l.number+"  "+l.title.local, l.title.second())
	l.anchor = s.doc.Anchor(l.number+"  "+l.title.local, 2)
	p := s.log.of(step.ID)
	s.allowances(step.ID)
	if st.Status == batch.NotApplicable && len(p.started) == 0 {
		s.doc.Paragraph(s.w.word("status", string(st.Status)).in(small)...)
		return
	}
	if step.Act == "" || !s.stepActs(step.Act) {
		s.course(op, st, p)
	}
	s.fields(step, p)
	s.happenings(p)
}

// course is who did the step and when, and the second person's signature.
func (s *sheet) course(op mbr.Operation, st *batch.StepState, p *passage) {
	step := st.Step
	state := s.caption("step.state", s.w.word("status", string(st.Status)).in(bold)...)
	if name := (both{op.Name.In(s.w.lang), op.Name.In("en")}); name.local != "" && name != (both{step.Name.In(s.w.lang), step.Name.In("en")}) {
		state = append(state, paper.Text{S: name.inline(), Style: quiet})
	}
	if step.Critical {
		state = append(state, s.w.get("step.critical").in(small)...)
	}
	if step.Blind {
		state = append(state, s.w.get("step.blind").in(small)...)
	}
	second := s.caption("step.second")
	switch {
	case len(p.verified) > 0:
		for _, e := range p.verified {
			second = append(second, s.verification(e)...)
		}
	case step.Second != nil:
		second = append(second, s.w.get("step.unsigned").in(small)...)
	default:
		second = append(second, s.w.get("step.single").in(small)...)
	}
	s.doc.Table(paper.Table{
		Where: "step " + step.ID, Columns: []paper.Column{{Width: 30}, {Width: 41}, {Width: 41}, {}},
		Rows: [][]paper.Cell{{state, s.moments("step.begun", p.started), s.moments("step.completed", p.completed), second}},
	})
	s.doc.Space(1.5)
}

// moments are the entries that begin or complete a step, with their authors.
func (s *sheet) moments(key string, entries []ledger.Entry) paper.Cell {
	cell := s.caption(key)
	if len(entries) == 0 {
		return append(cell, paper.Text{S: "–", Style: small})
	}
	for _, e := range entries {
		cell = append(cell, s.author(e)...)
	}
	return cell
}

// verification is the second person's signature, with what they scanned themselves (I7).
func (s *sheet) verification(e ledger.Entry) paper.Cell {
	m := mentioned(e)
	if m.Signature.Account == "" {
		return s.author(e)
	}
	cell := s.signature(people.Signature(m.Signature))
	if m.Scanned != "" {
		cell = append(cell, paper.Text{S: s.w.get("step.scanned").local + ": " + identifier(m.Scanned), Style: small})
	}
	return append(cell, paper.Text{S: "#" + seq(e), Style: code})
}

// author is who made an entry, in which role, when, and where the entry stands.
func (s *sheet) author(e ledger.Entry) paper.Cell {
	return paper.Cell{
		{S: s.plain(s.Names(e.Author.Account)), Style: small},
		{S: e.Author.Account + "  #" + seq(e), Style: code},
		{S: s.w.word("role", e.Author.Role).local, Style: quiet},
		{S: s.stamp(e.Time), Style: code},
	}
}

// stepActs prints the signatures by which a step is done; false when there is none yet.
func (s *sheet) stepActs(act mbr.Act) bool {
	var rows [][]paper.Cell
	for _, a := range s.Batch.Acts {
		if a.Act != act {
			continue
		}
		what := append(s.w.word("act", string(act)).in(bold), s.standing(a).in(small)...)
		rows = append(rows, []paper.Cell{append(what, paper.Text{S: "#" + entryNumber(a.Seq), Style: code}), s.signature(a.Signature)})
	}
	if len(rows) > 0 {
		s.doc.Table(paper.Table{Where: "act " + string(act), Columns: []paper.Column{{Width: 71}, {}}, Rows: rows})
	}
	return len(rows) > 0
}

// happenings are the entries of the step that hold no value: stops, take-overs, labels, remarks and whatever else there is.
func (s *sheet) happenings(p *passage) {
	if len(p.events) == 0 {
		return
	}
	b := s.w.get("step.events")
	s.doc.Space(2)
	s.doc.Keep(24)
	s.doc.Paragraph(b.in(paper.Style{Size: paper.Small, Bold: true})[:1]...)
	s.entries(p.events, nil)
}
