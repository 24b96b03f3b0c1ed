package record

import (
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// custody prints the containers of the therapy event, their handoffs, the shipments in which they travelled, and every scan,
// good or bad (I4, I6).
func (s *sheet) custody() {
	s.chapter("custody")
	b := s.w.get("containers")
	s.doc.Section(b.local, b.second())
	s.containers()
	b = s.w.get("handoffs")
	s.doc.Section(b.local, b.second())
	s.handoffs()
	s.transports()
	s.proofs()
	b = s.w.get("scans")
	s.doc.Section(b.local, b.second())
	s.scans()
}

func (s *sheet) containers() {
	var rows [][]paper.Cell
	for _, c := range s.Event.Containers {
		made := paper.Cell{{S: s.stamp(c.CreatedAt), Style: code}, {S: s.purpose(c.Purpose), Style: small}}
		if c.Parent != "" {
			made = append(made, paper.Text{S: s.w.get("containers.from").local + ": " + identifier(c.Parent), Style: small})
		}
		rows = append(rows, []paper.Cell{
			{{S: c.ID.Print(), Style: mono}, {S: s.plain(c.Label), Style: faint}},
			s.w.word("kind", string(c.Kind)).in(small), made,
			append(s.w.word("party", string(c.Custodian.Party)).in(small),
				paper.Text{S: s.person(c.Custodian.Account), Style: small}, paper.Text{S: s.stamp(c.Custodian.Since), Style: code}),
		})
	}
	if len(rows) == 0 {
		s.none()
		return
	}
	s.doc.Table(paper.Table{
		Where: "containers", Columns: []paper.Column{{Width: 48}, {Width: 32}, {Width: 48}, {}}, Rows: rows,
		Head: s.headRow("containers.id", "containers.kind", "containers.made", "containers.holder"),
	})
}

// handoffs prints each change of custody with what giver and receiver stated.
func (s *sheet) handoffs() {
	var rows [][]paper.Cell
	for _, o := range s.Event.Offers {
		outcome := s.w.get("handoffs.open").in(bold)
		switch {
		case o.Withdrawn != "":
			outcome = append(s.w.get("handoffs.withdrawn").in(bold), paper.Text{S: s.plain(o.Withdrawn), Style: small})
		case !o.AcceptedAt.IsZero():
			outcome = append(s.w.get("handoffs.accepted").in(small), paper.Text{S: s.stamp(o.AcceptedAt), Style: code})
		}
		if o.Disagrees != "" {
			outcome = append(append(outcome, s.w.get("handoffs.differs").in(bold)...), paper.Text{S: s.plain(o.Disagrees), Style: small})
		}
		rows = append(rows, []paper.Cell{
			{{S: identifier(o.Container), Style: mono}, {S: strings.TrimSpace(o.Origin + " #" + entryNumber(o.Seq)), Style: code}},
			s.holder(o.From), s.holder(o.To),
			{{S: s.plain(o.Place), Style: small}, {S: s.plain(strings.Join(o.Seals, ", ")), Style: code}}, outcome,
		})
	}
	if len(rows) == 0 {
		s.none()
		return
	}
	s.doc.Table(paper.Table{
		Where: "handoffs", Columns: []paper.Column{{Width: 38}, {Width: 34}, {Width: 34}, {Width: 30}, {}}, Rows: rows,
		Head: s.headRow("containers.id", "handoffs.from", "handoffs.to", "handoffs.stated", "handoffs.outcome"),
	})
}

func (s *sheet) holder(c chainofcustody.Custodian) paper.Cell {
	cell := s.w.word("party", string(c.Party)).in(small)
	if c.Account != "" {
		cell = append(cell, paper.Text{S: s.person(c.Account), Style: small})
	}
	return cell
}

func (s *sheet) scans() {
	var list []ledger.Entry
	for _, e := range s.log.entries {
		if e.Type == typeScanned {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		s.none()
		return
	}
	var rows [][]paper.Cell
	for _, r := range s.Event.Scans {
		outcome := s.w.get("outcome." + string(r.Outcome)).in(paper.Style{Size: paper.Small, Bold: r.Outcome != chainofcustody.Matched})
		if r.Why != "" {
			outcome = append(outcome, paper.Text{S: s.w.word("why", r.Why).inline(), Style: small})
		}
		read := paper.Cell{{S: s.plain(r.Raw), Style: code}}
		if r.Container != "" {
			read = append(read, paper.Text{S: identifier(r.Container), Style: code})
		}
		rows = append(rows, s.parts([]paper.Cell{
			{{S: s.stamp(r.At), Style: code}, {S: "#" + entryNumber(r.Seq), Style: code}}, {{S: s.person(r.By), Style: small}},
			append(paper.Cell{{S: s.purpose(r.Purpose), Style: small}}, s.w.word("kind", string(r.Expected)).in(quiet)...), read, outcome,
		}, scanColumns)...)
	}
	s.doc.Table(paper.Table{
		Where: "scans", Columns: scanColumns, Rows: rows, Head: s.headRow("entries.time", "entries.who", "scans.purpose", "scans.read", "scans.outcome"),
	})
}

var scanColumns = []paper.Column{{Width: 28}, {Width: 32}, {Width: 40}, {Width: 42}, {Width: 28}}

// purpose says for what a label was scanned or issued: "SVQ2600001X/S19/bag_scan", "handoff/A9999…".
func (s *sheet) purpose(purpose string) string {
	if container, ok := strings.CutPrefix(strings.Replace(purpose, "handoff-give/", "handoff/", 1), "handoff/"); ok {
		return s.w.get("scans.handoff").local + " " + identifier(container)
	}
	step := stepOf(purpose)
	if step == "" {
		return s.plain(purpose)
	}
	text := s.stepName(step).local
	if parts := strings.Split(purpose, "/"); len(parts) > 2 {
		if f := s.fieldOf(step, parts[2]); f != nil {
			text += ", " + f.Label.In(s.w.lang)
		} else {
			text += ", " + s.plain(parts[2])
		}
	}
	return text
}
