package record

import (
	"strconv"

	"rexbatch/batch"
	"rexbatch/internal/paper"
)

// overview is every step on one line: its state, who did it, when, and how many exceptions stand against it.
func (s *sheet) overview() {
	s.chapter("overview")
	found, checks := s.Batch.Exceptions()
	s.note("overview.note", "checks", strconv.Itoa(checks), "found", strconv.Itoa(len(found)))
	against := map[string]int{}
	for _, e := range found {
		against[e.Step]++
	}
	var rows [][]paper.Cell
	for _, st := range s.Batch.Steps() {
		rows = append(rows, s.overviewRow(st, against[st.Step.ID]))
	}
	s.doc.Table(paper.Table{
		Where:   "overview of steps",
		Columns: []paper.Column{{Width: 12}, {Width: 42}, {Width: 22}, {Width: 41}, {Width: 41}, {}},
		Head:    s.headRow("step", "step.name", "step.state", "step.performer", "step.second", "step.found"),
		Rows:    rows,
	})
}

func (s *sheet) overviewRow(st *batch.StepState, exceptions int) []paper.Cell {
	step := st.Step
	performer, second := paper.Cell{{S: "–", Style: small}}, paper.Cell{{S: "–", Style: small}}
	if st.Performer != "" {
		performer = paper.Cell{{S: s.Names(st.Performer), Style: small}}
		at := st.CompletedAt
		if at.IsZero() {
			at = st.StartedAt
		}
		if !at.IsZero() {
			performer = append(performer, paper.Text{S: s.stamp(at), Style: faint})
		}
	}
	if v := st.Verified; v != nil {
		second = paper.Cell{{S: v.Name, Style: small}, {S: s.stamp(v.At), Style: faint}}
	}
	count := paper.Text{S: "–", Style: code}
	if exceptions > 0 {
		count = paper.Text{S: strconv.Itoa(exceptions), Style: paper.Style{Size: paper.Small, Mono: true, Bold: true}}
	}
	return []paper.Cell{
		{{S: step.ID, Style: code}},
		both{step.Name.In(s.w.lang), step.Name.In("en")}.in(small),
		s.w.word("status", string(st.Status)).in(small), performer, second, {count},
	}
}
