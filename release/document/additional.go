package document

import (
	"strconv"
	"strings"

	"rexbatch/internal/paper"
)

// additional prints what is not among the 16 items but leads from the certificate to the record.
func (s *sheet) additional() {
	title, note := s.w.get("additional"), s.w.get("additional.note")
	s.doc.Section(title.English, title.Local)
	s.doc.Keep(40) // the note and the first rows, or the heading would stand alone
	s.doc.Paragraph(
		paper.Text{S: note.English, Style: paper.Style{Size: paper.Small}},
		paper.Text{S: note.Local, Style: paper.Style{Size: paper.Small, Muted: true}},
	)
	s.doc.Space(2)
	s.identity()
	s.sites()
	s.results()
	s.pending()
	s.considered()
	s.signatures()
}

// section starts a part of the additional information.
func (s *sheet) section(key string) {
	b := s.w.get(key)
	s.doc.Subsection(b.English, b.Local)
}

// head is the head of a table, from wording keys.
func (s *sheet) head(keys ...string) []paper.Cell {
	var cells []paper.Cell
	for _, key := range keys {
		b := s.w.get(key)
		cells = append(cells, paper.Cell{
			{S: b.English, Style: paper.Style{Size: paper.Small, Bold: true}},
			{S: b.Local, Style: paper.Style{Size: paper.Small, Muted: true}},
		})
	}
	return cells
}

// identity prints the identifiers three in a row, each with its caption above it.
func (s *sheet) identity() {
	c := s.c
	mono := paper.Style{Mono: true}
	one := func(v string) paper.Cell { return paper.Cell{{S: v, Style: mono}} }
	supersedes := one(c.Supersedes)
	if c.Supersedes == "" {
		supersedes = s.w.get("additional.supersedes.none").value()
	}
	cell := func(key string, value paper.Cell) paper.Cell {
		b := s.w.get(key)
		quiet := paper.Style{Size: paper.Small, Muted: true}
		return append(paper.Cell{{S: b.English, Style: quiet}, {S: b.Local, Style: quiet}}, value...)
	}
	s.doc.Table(paper.Table{
		Where:   "additional information",
		Columns: []paper.Column{{Width: 56}, {Width: 56}, {}},
		Rows: [][]paper.Cell{
			{
				cell("header.certificate", one(c.numberAndVersion())),
				cell("stage", s.w.get("stage.short."+strconv.Itoa(int(c.Stage))).value()),
				cell("additional.supersedes", supersedes),
			},
			{
				cell("additional.batch", one(c.Batch)),
				cell("additional.coi", paper.Cell{{S: c.CoI.Value, Style: mono, Boxed: c.CoI.Check}}),
				cell("additional.din", paper.Cell{{S: c.DIN.Value, Style: mono, Boxed: c.DIN.Check}}),
			},
			{
				cell("additional.subject", one(c.Subject)),
				cell("additional.manufactured", moment(c.Manufactured)),
				cell("additional.register", one(c.Register)),
			},
			{
				cell("additional.specification", one(c.Specification.ID+" / "+c.Specification.Version)),
				cell("additional.recipe", one(c.Recipe.ID+" / "+c.Recipe.Version)),
				cell("additional.recipe-digest", paper.Cell{{S: halves(c.RecipeDigest), Style: paper.Style{Mono: true, Size: paper.Small}}}),
			},
			{
				cell("additional.storage", c.Storage.value()),
				cell("additional.destination", c.Destination.value()),
			},
		},
	})
}

// halves breaks a digest into two lines of 32, to compare it by eye.
func halves(digest string) string { return digest[:len(digest)/2] + "\n" + digest[len(digest)/2:] }

func (s *sheet) sites() {
	s.section("sites")
	var rows [][]paper.Cell
	for _, site := range s.c.Sites {
		rows = append(rows, []paper.Cell{
			s.w.get("task." + string(site.Task)).label(),
			{{S: site.Name}, {S: site.Address, Style: paper.Style{Size: paper.Small}}},
			{{S: site.Authorisation, Style: paper.Style{Mono: true, Size: paper.Small}}},
		})
	}
	s.doc.Table(paper.Table{
		Where:   "sites",
		Columns: []paper.Column{{Width: 38}, {Width: 82}, {}},
		Head:    s.head("sites.task", "sites.name", "sites.authorisation"),
		Rows:    rows,
	})
}

// results prints every attribute; tests that are pending stand in the same table, after the known results.
func (s *sheet) results() {
	if s.c.Clinic {
		return // I11: no results for blinded persons; Certificate.check refuses them as well
	}
	s.section("results")
	small := paper.Style{Size: paper.Small}
	var rows [][]paper.Cell
	row := func(attribute Bilingual, method, limit string, value, evaluation paper.Cell) {
		rows = append(rows, []paper.Cell{
			attribute.label(), {{S: method, Style: small}}, {{S: limit, Style: figures(limit)}}, value, evaluation,
		})
	}
	for _, r := range s.c.Results {
		word := s.w.get("evaluation." + string(r.Evaluation)).label()
		word[0].Style.Bold = r.Evaluation == OutOfSpecification
		row(r.Attribute, r.Method, r.Limit, bold(paper.Cell{{S: r.Value, Style: figures(r.Value)}}), word)
	}
	for _, p := range s.c.Pending {
		word := s.w.get("evaluation.pending").label()
		word[0].Style.Bold = true
		row(p.Attribute, p.Method, p.Limit, word, s.w.get("evaluation.due", "day", day(p.Due)).label())
	}
	s.doc.Table(paper.Table{
		Where:   "results",
		Columns: []paper.Column{{Width: 41}, {Width: 32}, {Width: 36}, {Width: 33, Align: paper.Decimal}, {}},
		Head:    s.head("results.attribute", "results.method", "results.limit", "results.result", "results.evaluation"),
		Rows:    rows,
	})
}

// figures is the style of a limit or a result: mono for numbers, so that they align, and sans for words.
func figures(s string) paper.Style { return paper.Style{Mono: strings.ContainsAny(s, "0123456789")} }

func (s *sheet) pending() {
	if len(s.c.Pending) == 0 {
		return
	}
	s.section("pending")
	var rows [][]paper.Cell
	for _, p := range s.c.Pending {
		rows = append(rows, []paper.Cell{
			p.Attribute.label(),
			{{S: p.Method, Style: paper.Style{Size: paper.Small}}},
			{{S: p.Limit, Style: figures(p.Limit)}},
			{{S: day(p.Due), Style: paper.Style{Mono: true}}},
		})
	}
	s.doc.Table(paper.Table{
		Where:   "pending tests",
		Columns: []paper.Column{{Width: 44}, {Width: 56}, {Width: 40}, {}},
		Head:    s.head("results.attribute", "results.method", "results.limit", "pending.due"),
		Rows:    rows,
	})
}

func (s *sheet) considered() {
	if s.c.Clinic {
		return // I11: an assessment may tell the trial arm
	}
	s.section("considered")
	if len(s.c.Considered) == 0 {
		b := s.w.get("considered.none")
		s.doc.Paragraph(paper.Text{S: b.English}, paper.Text{S: b.Local})
		return
	}
	var rows [][]paper.Cell
	for _, e := range s.c.Considered {
		text := paper.Cell{{S: e.Subject, Style: paper.Style{Bold: true}}, {S: e.Assessment}}
		for _, portion := range portions(text) {
			rows = append(rows, []paper.Cell{
				{{S: e.ID, Style: paper.Style{Mono: true}}}, s.w.get("class." + string(e.Class)).label(), portion,
			})
		}
	}
	s.doc.Table(paper.Table{
		Where:   "deviations and exceptions",
		Columns: []paper.Column{{Width: 32}, {Width: 36}, {}},
		Head:    s.head("considered.id", "considered.class", "considered.assessment"),
		Rows:    rows,
	})
}

// signatures prints what was signed in the plant before certification, each with its signed digest (I8).
func (s *sheet) signatures() {
	s.section("signatures")
	small := paper.Style{Size: paper.Small}
	var rows [][]paper.Cell
	for _, p := range s.c.PlantSignatures {
		role := s.w.get("role." + string(p.Role))
		when := append(moment(p.At), paper.Text{S: halves(p.Digest), Style: paper.Style{Mono: true, Size: paper.Small}})
		rows = append(rows, []paper.Cell{
			{
				{S: role.English, Style: paper.Style{Bold: true}},
				{S: role.Local, Style: small},
				{S: p.Meaning.English, Style: small},
				{S: p.Meaning.Local, Style: paper.Style{Size: paper.Small, Muted: true}},
			},
			{{S: p.Name}, {S: p.Username, Style: paper.Style{Mono: true}}},
			when,
		})
	}
	s.doc.Table(paper.Table{
		Where:   "signatures",
		Columns: []paper.Column{{Width: 66}, {Width: 46}, {}},
		Head:    s.head("signatures.role", "signatures.name", "signatures.date"),
		Rows:    rows,
	})
}

// proof prints what is needed to check the certificate against the ledger, with the code for a scanner.
func (s *sheet) proof() {
	const codeSide = 32.0
	c := s.c
	code := paper.Style{Mono: true, Size: paper.Small}
	table := paper.Table{
		Where:   "proof",
		Columns: []paper.Column{{Width: 46}, {Width: s.doc.Width() - 46 - codeSide - 6}},
		Rows: [][]paper.Cell{
			{s.w.get("proof.record").label(), {{S: halves(c.RecordDigest), Style: code}}},
			{s.w.get("proof.signed").label(), {{S: halves(c.Certification.Digest), Style: code}}},
			{s.w.get("proof.checkpoint").label(), paper.Cell{
				{S: c.LedgerCheckpoint.Origin, Style: code},
				{S: strconv.FormatUint(c.LedgerCheckpoint.Size, 10), Style: code},
				{S: c.LedgerCheckpoint.Root, Style: code},
			}},
		},
		Together: true,
	}
	s.section("proof")
	s.doc.Keep(max(s.doc.Measure(table), codeSide+12))
	at := s.doc.Table(table)
	canvas := s.doc.Canvas()
	x := s.doc.Left() + s.doc.Width() - codeSide
	canvas.DataMatrix([]byte(c.VerificationCode()), x, at.Y+1, codeSide)
	note := s.w.get("proof.code")
	canvas.Block(x, at.Y+codeSide+2, codeSide, paper.Cell{
		{S: note.English, Style: paper.Style{Size: paper.Small}},
		{S: note.Local, Style: paper.Style{Size: paper.Small, Muted: true}},
	})
}
