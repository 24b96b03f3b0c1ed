// Package paper makes PDF documents: pages with safe text, tables that break well, and codes that scan.
//
// It is the only importer of gofpdf and exists to keep four promises that gofpdf does not:
//
//   - Text is printed as it was given or the document is refused. Every string passes one gate that knows
//     the glyphs of the embedded fonts; what cannot be printed is a *TextError, never an empty box or a panic.
//   - Nothing is clipped. Text is measured, wrapped, or shrunk to a floor; what still does not fit is a
//     *LayoutError.
//   - The same input gives the same bytes, in any process and next to any number of parallel documents.
//   - Errors are sticky and are reported once by Bytes; after an error all drawing is a no-op.
//
// Lengths are millimetres from the top left corner, font sizes are points. A Document belongs to one
// goroutine. It does not sign (release/pades does) and does not claim PDF/A.
package paper

import (
	"bytes"
	"fmt"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// A4 paper and the margins of every document, in millimetres.
const (
	a4Width  = 210
	a4Height = 297
	sideEdge = 20
)

// Options are fixed when a document is made.
type Options struct {
	Title   string    // document title, shown by viewers
	Author  string    // who issues the document: the site or the system, not a person's name
	Created time.Time // creation date in the file; required, because the clock would make the bytes differ
	Lang    string    // BCP 47 language of the text, for screen readers; empty means "en"

	Width, Height float64 // page size; zero means A4
	Margin        float64 // left and right margin; zero means 20 mm, negative means none
}

// Document is a PDF in the making. Make it with New, fill it from top to bottom, then call Bytes once.
type Document struct {
	pdf  *gofpdf.Fpdf
	opts Options
	err  error // first error; sticky

	loaded map[string]bool // fonts already added to the file
	used   selection       // font now selected in the page's content stream

	y       float64 // where the next block starts
	pending []heading
	header  band
	footer  band
	banner  string

	attachments []gofpdf.Attachment
	done        []byte
}

// band is the strip at the top or the bottom of every page.
type band struct {
	height float64
	draw   func(c *Canvas, page, pages int)
}

// New starts a document with one empty page.
func New(o Options) *Document {
	if o.Width == 0 && o.Height == 0 {
		o.Width, o.Height = a4Width, a4Height
	}
	if o.Margin == 0 {
		o.Margin = sideEdge
	}
	o.Margin = max(o.Margin, 0)
	if o.Lang == "" {
		o.Lang = "en"
	}
	d := &Document{opts: o, loaded: map[string]bool{}}
	defer d.guard("start of the document")
	if o.Created.IsZero() {
		d.fail(&LayoutError{Where: "start of the document", Reason: "the creation date is missing"})
	}
	if !languageTag.MatchString(o.Lang) {
		d.fail(&LayoutError{Where: "start of the document", Reason: fmt.Sprintf("%q is not a language tag", o.Lang)})
	}
	d.pdf = gofpdf.NewCustom(&gofpdf.InitType{
		OrientationStr: "P",
		UnitStr:        "mm",
		Size:           gofpdf.SizeType{Wd: o.Width, Ht: o.Height},
	})
	d.pdf.SetMargins(0, 0, 0)
	d.pdf.SetCellMargin(0)
	d.pdf.SetAutoPageBreak(false, 0)
	d.pdf.SetCatalogSort(true)
	d.pdf.SetCreationDate(o.Created.UTC())
	d.pdf.SetModificationDate(o.Created.UTC())
	d.pdf.SetTitle(d.clean(o.Title, "title"), true)
	d.pdf.SetAuthor(d.clean(o.Author, "author"), true)
	d.addPage()
	return d
}

// Header reserves height at the top of every page and draws it when the number of pages is known.
// Set it before the first block.
func (d *Document) Header(height float64, draw func(c *Canvas, page, pages int)) {
	d.header = band{height, draw}
	d.y = max(d.y, d.top())
}

// Footer reserves height at the bottom of every page and draws it when the number of pages is known.
func (d *Document) Footer(height float64, draw func(c *Canvas, page, pages int)) {
	d.footer = band{height, draw}
}

// Banner prints one framed line on top of every page, above the header. Set it before the first block.
func (d *Document) Banner(text string) {
	d.banner = d.clean(text, "banner")
	d.y = max(d.y, d.top())
}

// Attach embeds a file, for example the machine-readable record beside the readable one. Name must be plain
// ASCII, because viewers write it to disk.
func (d *Document) Attach(name, description string, content []byte) {
	if d.err != nil {
		return
	}
	if !fileName.MatchString(name) {
		d.fail(&LayoutError{Where: "attachment", Reason: fmt.Sprintf("%q is not a plain file name", name)})
		return
	}
	d.attachments = append(d.attachments, gofpdf.Attachment{
		Content:     bytes.Clone(content),
		Filename:    name,
		Description: d.clean(description, "description of attachment "+name),
	})
}

// Err is the first error so far, nil when there is none.
func (d *Document) Err() error { return d.err }

// Page is the number of the page being filled, from 1.
func (d *Document) Page() int { return d.pdf.PageCount() }

// Width is the width between the margins.
func (d *Document) Width() float64 { return d.opts.Width - 2*d.opts.Margin }

// Left is the left edge of the text.
func (d *Document) Left() float64 { return d.opts.Margin }

// Y is where the next block starts on the current page.
func (d *Document) Y() float64 { return d.y }

// MoveTo continues at y on the current page, for blocks that stand side by side.
func (d *Document) MoveTo(y float64) { d.y = y }

// Canvas draws on the current page at absolute positions, outside the flow of blocks.
func (d *Document) Canvas() *Canvas { return &Canvas{d: d, where: "drawing"} }

func (d *Document) top() float64 {
	y := d.header.height
	if d.banner != "" {
		y += bannerTop + bannerHeight
	}
	return y
}

func (d *Document) bottom() float64 { return d.opts.Height - d.footer.height }

func (d *Document) addPage() {
	d.pdf.AddPage()
	d.used = selection{}
	d.y = d.top()
}

// fail keeps the first error only: what follows it is noise.
func (d *Document) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// guard turns a panic of gofpdf, and its sticky late error, into an error of the section it happened in.
// Use it deferred.
func (d *Document) guard(where string) {
	if r := recover(); r != nil {
		d.fail(&LayoutError{Where: where, Reason: fmt.Sprint("internal failure: ", r)})
		return
	}
	if d.pdf == nil {
		return
	}
	err := d.pdf.Error()
	if err != nil {
		d.fail(&LayoutError{Where: where, Reason: err.Error()})
	}
}
