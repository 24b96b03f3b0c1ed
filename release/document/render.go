package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rexbatch/internal/paper"
)

const (
	headerHeight = 12.5 // with the gap below, without the values
	footerHeight = 19.0
)

// sheet is one certificate being printed.
type sheet struct {
	c     Certificate
	w     *words
	doc   *paper.Document
	field paper.Rect
}

// Render prints a certificate: the 16 items in their order, then the additional information (requirements
// 3.3). It fails with a *ContentError when the content is incomplete or contradicts itself, a
// *paper.TextError when a text cannot be printed, and a *paper.LayoutError when something does not fit.
func Render(c Certificate) (Document, error) {
	w, err := newWords(c.Language)
	if err != nil {
		return Document{}, err
	}
	err = c.check()
	if err != nil {
		return Document{}, err
	}
	s := &sheet{c: c, w: w, doc: paper.New(paper.Options{
		Title:   fmt.Sprintf("%s %s", w.get("title").English, c.Number),
		Author:  c.Manufacturer,
		Created: c.Certification.At,
	})}
	banner := w.get("banner")
	s.doc.Banner(banner.English + "  ·  " + banner.Local)
	s.doc.Header(headerHeight+s.headerDepth(), s.header)
	s.doc.Footer(footerHeight, s.footer)
	s.front()
	s.items()
	s.statement()
	s.additional()
	s.proof()
	if c.Record != nil {
		s.doc.Attach(c.Record.Name, c.Record.Description, c.Record.Content)
	}
	pdf, err := s.doc.Bytes()
	if err != nil {
		return Document{}, fmt.Errorf("print certificate %s: %w", c.Number, err)
	}
	err = w.err()
	if err != nil {
		return Document{}, err
	}
	return Document{PDF: pdf, SignaturePage: s.field.Page, SignatureRect: s.field.Points}, nil
}

// VerificationCode is the content of the Data Matrix: the format mark RXC1, the certificate number, its
// version and the SHA-256 of the record, separated by "|".
func (c Certificate) VerificationCode() string {
	return fmt.Sprintf("RXC1|%s|%d|%s", c.Number, c.Version, c.RecordDigest)
}

// numberAndVersion is held together by no-break spaces, so that the version never stands alone on a line.
func (c Certificate) numberAndVersion() string {
	return c.Number + "\u00A0/\u00A0" + strconv.Itoa(c.Version)
}

// headerValues are the three values that tie every page to the batch, with the width of their columns.
func (s *sheet) headerValues() []struct {
	key   string
	width float64
	value paper.Text
} {
	style := paper.Style{Mono: true, Bold: true}
	return []struct {
		key   string
		width float64
		value paper.Text
	}{
		{"header.batch", 50, paper.Text{S: s.c.Batch, Style: style}},
		{"header.coi", 48, paper.Text{S: s.c.CoI.Value, Style: style, Boxed: s.c.CoI.Check}},
		{"header.certificate", 72, paper.Text{S: s.c.numberAndVersion(), Style: style}},
	}
}

const (
	headerTop  = 14.6 // below the banner
	captionRow = 3.6
)

// headerDepth is the height of the values; long ones wrap, because an identifier must never be cut.
func (s *sheet) headerDepth() float64 {
	depth := 0.0
	for _, v := range s.headerValues() {
		depth = max(depth, s.doc.Height(v.width-4, paper.Cell{v.value}))
	}
	return depth
}

// header repeats on every page what ties the page to the batch: batch, CoI, certificate.
func (s *sheet) header(c *paper.Canvas, _, _ int) {
	x := s.doc.Left()
	for _, v := range s.headerValues() {
		caption := paper.Text{S: s.w.get(v.key).inline(), Style: paper.Style{Size: paper.Small, Muted: true}}
		c.Fit(x, headerTop, v.width-2, caption)
		c.Block(x, headerTop+captionRow, v.width-4, paper.Cell{v.value})
		x += v.width
	}
	y := headerTop + captionRow + s.headerDepth() + 1.6
	c.Line(s.doc.Left(), y, s.doc.Left()+s.doc.Width(), y)
}

// footer has the page number, and who may read this copy.
func (s *sheet) footer(c *paper.Canvas, page, pages int) {
	left, width := s.doc.Left(), s.doc.Width()
	const y = 297 - 15.5
	c.Line(left, y-1.6, left+width, y-1.6)
	quiet := paper.Style{Size: paper.Small, Muted: true}
	number := s.w.get("page", "page", strconv.Itoa(page), "pages", strconv.Itoa(pages))
	note := s.w.get("copy.qp-file")
	if s.c.Clinic {
		note = s.w.get("copy.clinic")
	}
	c.Fit(left, y, 122, paper.Text{S: note.English, Style: paper.Style{Size: paper.Small, Bold: true}})
	c.Fit(left, y+3.3, 122, paper.Text{S: note.Local, Style: quiet})
	c.FitRight(left+124, y, width-124, paper.Text{S: number.English, Style: paper.Style{Size: paper.Small}})
	c.FitRight(left+124, y+3.3, width-124, paper.Text{S: number.Local, Style: quiet})
}

// front is the letterhead, the title and the state of the certification at a glance.
func (s *sheet) front() {
	small := paper.Style{Size: paper.Small}
	quiet := paper.Style{Size: paper.Small, Muted: true}
	s.doc.Paragraph(
		paper.Text{S: s.c.Manufacturer, Style: paper.Style{Size: paper.Head, Bold: true}},
		paper.Text{S: s.c.Address, Style: small},
	)
	s.doc.Space(5)
	title, sub := s.w.get("title"), s.w.get("subtitle")
	s.doc.Paragraph(
		paper.Text{S: title.English, Style: paper.Style{Size: paper.Title, Bold: true}},
		paper.Text{S: title.Local, Style: paper.Style{Size: paper.Head, Muted: true}},
	)
	s.doc.Space(1.5)
	s.doc.Paragraph(paper.Text{S: sub.English, Style: small}, paper.Text{S: sub.Local, Style: quiet})
	s.doc.Space(3)

	stage := s.w.get("stage." + strconv.Itoa(int(s.c.Stage)))
	trial, own := s.w.get("use.trial"), s.w.get("use.autologous")
	s.doc.Table(paper.Table{
		Where:   "stage",
		Columns: []paper.Column{{Width: 82}, {}},
		Rows: [][]paper.Cell{{
			{
				{S: stage.English, Style: paper.Style{Bold: true}},
				{S: stage.Local, Style: paper.Style{Size: paper.Small}},
			},
			{
				{S: own.English + ". " + trial.English + ".", Style: paper.Style{Bold: true}},
				{S: own.Local + ". " + trial.Local + ".", Style: paper.Style{Size: paper.Small}},
			},
		}},
		Together: true,
	})
	s.doc.Space(4)
}

// stamp is a moment as people read it: 22 NOV 2026 14:05 CET (+01:00). Months are in English in every
// language, so that no date can be read in two ways.
func stamp(t time.Time) string {
	zone, _ := t.Zone()
	offset := t.Format("-07:00")
	if zone == "" || strings.ContainsAny(zone, "+-") {
		return strings.ToUpper(t.Format("02 Jan 2006 15:04")) + " (" + offset + ")"
	}
	return strings.ToUpper(t.Format("02 Jan 2006 15:04")) + " " + zone + " (" + offset + ")"
}

// universal is the same moment in UTC.
func universal(t time.Time) string {
	return strings.ToUpper(t.UTC().Format("02 Jan 2006 15:04")) + " UTC"
}

// day is a calendar day: 29 NOV 2026.
func day(t time.Time) string { return strings.ToUpper(t.Format("02 Jan 2006")) }

// moment is a time as a cell: local with offset, UTC below.
func moment(t time.Time) paper.Cell {
	return paper.Cell{
		{S: stamp(t), Style: paper.Style{Mono: true}},
		{S: universal(t), Style: paper.Style{Mono: true, Size: paper.Small}},
	}
}
