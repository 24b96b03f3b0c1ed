package record

import (
	"strconv"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

const codeSide = 34.0

// front is the first page: what was made, from which recipe, which digests it has.
func (s *sheet) front() {
	p, b := s.Plant, s.Batch
	s.doc.Paragraph(paper.Text{S: p.Manufacturer, Style: paper.Style{Size: paper.Head, Bold: true}}, paper.Text{S: p.Address, Style: small})
	s.doc.Space(9)
	title := s.w.get("title")
	s.doc.Paragraph(paper.Text{S: title.local, Style: paper.Style{Size: paper.Title, Bold: true}})
	if title.second() != "" {
		s.doc.Paragraph(paper.Text{S: title.english, Style: paper.Style{Size: paper.Head, Muted: true}})
	}
	s.doc.Space(2)
	s.doc.Paragraph(s.w.get("front.what").in(small)...)
	s.doc.Space(6)
	s.warnings()
	s.identity()
	s.doc.Space(7)
	s.digests()
	if len(b.Acts) == 0 {
		s.doc.Space(4)
		s.doc.Paragraph(s.w.get("front.unsigned").in(bold)...)
	}
}

// warnings prints what every label of the batch says of its material; nothing where every marker is negative.
func (s *sheet) warnings() {
	found := s.Batch.Warnings()
	if !s.Batch.WarnedOf() || len(found) == 0 {
		return
	}
	for _, w := range found {
		text := both{w.Text.In(s.w.lang), w.Text.In("en")}
		s.doc.Paragraph(text.in(bold)...)
	}
	s.doc.Space(4)
}

// identity is the grid of what the batch is.
func (s *sheet) identity() {
	p, b := s.Plant, s.Batch
	one := func(v string) paper.Text { return paper.Text{S: v, Style: mono} }
	din := one("–")
	if d, ok := s.Event.Donation(); ok {
		din = paper.Text{S: d.DIN.String(), Style: mono, Boxed: string(d.DIN.Check())}
	}
	expiry := one("–")
	if t, ok := b.Expiry(); ok {
		expiry = one(s.moment(t))
	}
	product := both{p.Product.Local, p.Product.English}
	if s.w.lang != p.Language {
		product.local = product.english
	}
	recipe, spec := b.Recipe, b.Spec
	s.doc.Table(paper.Table{
		Where:   "identity of the batch",
		Columns: []paper.Column{{Width: 57}, {Width: 57}, {}},
		Rows: [][]paper.Cell{
			{
				s.caption("front.batch", paper.Text{S: b.Number, Style: paper.Style{Mono: true, Bold: true}}),
				s.caption("front.coi", paper.Text{S: b.CoI.String(), Style: mono, Boxed: string(b.CoI.Check())}),
				s.caption("front.din", din),
			},
			{s.caption("front.product", product.in(paper.Style{})...), s.caption("front.subject", one(b.Subject)), s.caption("front.plant", one(p.Site))},
			{s.caption("front.opened", one(s.moment(b.OpenedAt))), s.caption("front.expiry", expiry), s.caption("front.state", s.state().in(paper.Style{})...)},
			{
				s.caption("front.recipe", one(recipe.ID+" / "+strconv.Itoa(recipe.Version)), halves(recipe.Digest.String())),
				s.caption("front.specification", one(spec.ID+" / "+strconv.Itoa(spec.Version)), halves(spec.Digest.String())),
				s.caption("front.protocol", one(p.Protocol), one(p.EudraCT)),
			},
		},
	})
}

// state is where the batch stands: how many of its steps are done.
func (s *sheet) state() both {
	steps, done := 0, 0
	for _, st := range s.Batch.Steps() {
		switch st.Status {
		case batch.NotApplicable:
		case batch.Done:
			steps, done = steps+1, done+1
		default:
			steps++
		}
	}
	return s.w.get("front.steps", "done", strconv.Itoa(done), "steps", strconv.Itoa(steps))
}

// digests prints what ties this print to the electronic record, with the code for a scanner.
func (s *sheet) digests() {
	b := s.Batch
	table := paper.Table{
		Where:   "digests of the record",
		Columns: []paper.Column{{Width: 66}, {Width: s.doc.Width() - 66 - codeSide - 6}},
		Rows: [][]paper.Cell{
			{s.w.get("front.record").in(small), {halves(b.Record.String())}},
			{s.w.get("front.entries").in(small), {halves(s.log.digest.String())}},
			{s.w.get("front.covered").in(small), {{S: s.covered(), Style: code}}},
			{s.w.get("front.printed").in(small), {{S: s.printer(), Style: small}, {S: s.moment(s.copy.At), Style: code}}},
		},
		Together: true,
	}
	s.doc.Keep(max(s.doc.Measure(table), codeSide+12))
	at := s.doc.Table(table)
	canvas := s.doc.Canvas()
	x := s.doc.Left() + s.doc.Width() - codeSide
	canvas.DataMatrix([]byte(Code(b.Number, b.Record, s.last(), s.log.digest)), x, at.Y+1, codeSide)
	canvas.Block(x, at.Y+codeSide+2, codeSide, s.w.get("front.code").in(small))
}

// covered is the range of positions that the print holds.
func (s *sheet) covered() string {
	if len(s.log.entries) == 0 {
		return "–"
	}
	return "#" + seq(s.log.entries[0]) + " … #" + seq(s.log.entries[len(s.log.entries)-1]) + " (" + strconv.Itoa(len(s.log.entries)) + ")"
}

// last is the position of the newest entry.
func (s *sheet) last() uint64 {
	if len(s.log.entries) == 0 {
		return 0
	}
	return s.log.entries[len(s.log.entries)-1].Seq
}

func seq(e ledger.Entry) string { return strconv.FormatUint(e.Seq, 10) }
