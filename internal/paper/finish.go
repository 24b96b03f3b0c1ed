package paper

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	bannerTop    = 7.0
	bannerHeight = 5.4
)

// Bytes finishes the document: headers, footers and the banner on every page, then the file. The first error
// of the whole document is returned here. Further calls return the same bytes.
func (d *Document) Bytes() ([]byte, error) {
	if d.done == nil && d.err == nil {
		d.finish()
	}
	if d.err != nil {
		return nil, d.err
	}
	return bytes.Clone(d.done), nil
}

func (d *Document) finish() {
	defer d.guard("end of the document")
	d.need(0, "last heading")
	pages := d.pdf.PageCount()
	for page := 1; page <= pages && d.err == nil; page++ {
		d.pdf.SetPage(page)
		d.used = selection{} // the page's own content stream may have another font selected
		d.drawBanner()
		if d.header.draw != nil {
			d.header.draw(&Canvas{d, "page header"}, page, pages)
		}
		if d.footer.draw != nil {
			d.footer.draw(&Canvas{d, "page footer"}, page, pages)
		}
	}
	if d.err != nil {
		return
	}
	if len(d.attachments) > 0 {
		d.pdf.SetAttachments(d.attachments)
	}
	var raw bytes.Buffer
	err := d.pdf.Output(&raw)
	if err != nil {
		d.fail(&LayoutError{Where: "end of the document", Reason: err.Error()})
		return
	}
	d.done, err = modernise(raw.Bytes(), d.opts.Lang)
	if err != nil {
		d.fail(&LayoutError{Where: "end of the document", Reason: err.Error()})
	}
}

func (d *Document) drawBanner() {
	if d.banner == "" {
		return
	}
	c := &Canvas{d, "banner"}
	c.Box(d.Left(), bannerTop, d.Width(), bannerHeight)
	t := Text{S: d.banner, Style: Style{Size: Small, Bold: true}}
	c.FitCenter(d.Left()+2, bannerTop+(bannerHeight-t.Style.leading())/2, d.Width()-4, t)
}

// modernise adds what gofpdf leaves out: a version that signatures need (1.7), the binary mark in the second
// line, the language and title display for screen readers, and a file identifier made from the content.
// gofpdf writes the catalog last, so only the cross-reference table has to be written again.
func modernise(raw []byte, lang string) ([]byte, error) {
	const oldHead, newHead = "%PDF-1.3\n", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"
	const catalog = "<<\n/Type /Catalog\n"
	tail := bytes.LastIndex(raw, []byte("\nxref\n"))
	at := bytes.LastIndex(raw, []byte(catalog))
	if !bytes.HasPrefix(raw, []byte(oldHead)) || at < 0 || tail < at {
		return nil, fmt.Errorf("unexpected file structure")
	}
	rows := strings.Split(string(raw[tail+1:]), "\n")
	var out bytes.Buffer
	out.WriteString(newHead)
	out.Write(raw[len(oldHead) : at+len(catalog)])
	fmt.Fprintf(&out, "/Lang (%s)\n/ViewerPreferences <</DisplayDocTitle true>>\n", lang)
	out.Write(raw[at+len(catalog) : tail+1])
	id := sha256.Sum256(out.Bytes())
	start := out.Len()
	shift := len(newHead) - len(oldHead)
	for i, row := range rows {
		var offset int
		switch {
		case strings.HasSuffix(row, " 00000 n "):
			_, err := fmt.Sscanf(row, "%d", &offset)
			if err != nil {
				return nil, fmt.Errorf("cross-reference row %d: %w", i, err)
			}
			row = fmt.Sprintf("%010d 00000 n ", offset+shift)
		case strings.HasPrefix(row, "/Root "):
			row += fmt.Sprintf("\n/ID [<%x> <%x>]", id[:16], id[:16])
		case i > 0 && rows[i-1] == "startxref":
			row = strconv.Itoa(start)
		}
		out.WriteString(row)
		if i < len(rows)-1 {
			out.WriteByte('\n')
		}
	}
	return out.Bytes(), nil
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }
