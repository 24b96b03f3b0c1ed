package paper_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"

	"github.com/stretchr/testify/require"
)

var created = time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)

func options() paper.Options {
	return paper.Options{Title: "Prüfung", Author: "rexbatch", Created: created, Lang: "en"}
}

// sample uses every feature once.
func sample(seed string) ([]byte, error) {
	d := paper.New(options())
	d.Banner("DEMONSTRATION – NOT FOR CLINICAL USE")
	d.Header(12, func(c *paper.Canvas, page, pages int) { c.Fit(20, 15, 170, paper.Text{S: "header " + seed}) })
	d.Footer(15, func(c *paper.Canvas, page, pages int) {
		c.FitRight(20, 285, 170, paper.Text{S: fmt.Sprintf("Page %d / %d", page, pages)})
	})
	d.Section("Section "+seed, "Abschnitt")
	d.Paragraph(paper.Text{S: strings.Repeat("Wörter ñandú CD34⁺ ×10⁶ ≥ ≤ − µ α β ☑ ✓ ", 12)})
	var rows [][]paper.Cell
	for i := range 60 {
		rows = append(rows, []paper.Cell{
			{{S: fmt.Sprintf("row %02d", i), Style: paper.Style{Bold: true}}},
			{{S: fmt.Sprintf("%d.5 mL", i*7), Style: paper.Style{Mono: true}}},
			{{S: "A9999 26 000088", Style: paper.Style{Mono: true}, Boxed: "*"}},
		})
	}
	d.Table(paper.Table{
		Where:   "sample",
		Columns: []paper.Column{{Width: 50}, {Align: paper.Decimal}, {Width: 50, Align: paper.Right}},
		Head:    []paper.Cell{{{S: "Head"}}, {{S: "Value"}}, {{S: "Donation"}}},
		Rows:    rows,
	})
	d.Canvas().DataMatrix([]byte("content "+seed), 150, 200, 30)
	d.Attach("record.json", "the record", []byte(`{"seed":"`+seed+`"}`))
	return d.Bytes()
}

func TestSameInputGivesSameBytes(t *testing.T) {
	first, err := sample("one")
	require.NoError(t, err)
	second, err := sample("one")
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, second))
	other, err := sample("two")
	require.NoError(t, err)
	require.False(t, bytes.Equal(first, other), "negative control")
}

// TestParallelDocuments guards against the library writing into a font that documents share; run with -race.
func TestParallelDocuments(t *testing.T) {
	want, err := sample("parallel")
	require.NoError(t, err)
	const documents = 8
	got := make([][]byte, documents)
	errs := make([]error, documents)
	var group sync.WaitGroup
	for i := range documents {
		group.Go(func() { got[i], errs[i] = sample("parallel") })
	}
	group.Wait()
	for i := range documents {
		require.NoError(t, errs[i])
		require.True(t, bytes.Equal(want, got[i]), "document %d differs", i)
	}
}

func TestPageNumbersHeaderAndBannerOnEveryPage(t *testing.T) {
	pdf, err := sample("x")
	require.NoError(t, err)
	pages := papertest.Pages(t, pdf)
	require.Greater(t, len(pages), 1)
	for i, page := range pages {
		require.Contains(t, page, fmt.Sprintf("Page %d / %d", i+1, len(pages)))
		require.Contains(t, page, "header x")
		require.Contains(t, page, "DEMONSTRATION – NOT FOR CLINICAL USE")
	}
	papertest.Fonts(t, pdf)
	require.JSONEq(t, `{"seed":"x"}`, string(papertest.Attachment(t, pdf)))
}

func TestFileStructure(t *testing.T) {
	pdf, err := sample("x")
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")))
	require.True(t, bytes.Contains(pdf, []byte("/Lang (en)")))
	require.True(t, bytes.Contains(pdf, []byte("/CreationDate (D:20261122130500)")))
	require.True(t, regexp.MustCompile(`/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]`).Match(pdf))

	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(pdf)
	require.NotNil(t, start)
	offset, err := strconv.Atoi(string(start[1]))
	require.NoError(t, err)
	lines := strings.Split(string(pdf[offset:]), "\n")
	require.Equal(t, "xref", lines[0])
	objects := 0
	for _, line := range lines[3:] {
		if !strings.HasSuffix(line, " n ") {
			break
		}
		objects++
		at, err := strconv.Atoi(line[:10])
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(pdf[at:], fmt.Appendf(nil, "%d 0 obj\n", objects)), "object %d", objects)
	}
	require.Equal(t, fmt.Sprintf("0 %d", objects+1), lines[1])
}

func TestBytesTwiceIsTheSameDocument(t *testing.T) {
	d := paper.New(options())
	d.Paragraph(paper.Text{S: "once"})
	first, err := d.Bytes()
	require.NoError(t, err)
	first[0] = 'X'
	second, err := d.Bytes()
	require.NoError(t, err)
	require.EqualValues(t, '%', second[0], "the caller may not write into the document")
}

func TestRefusedOptions(t *testing.T) {
	for name, o := range map[string]paper.Options{
		"no date":      {Title: "x"},
		"bad language": {Created: created, Lang: "en) /JS (x"},
		"bad title":    {Created: created, Title: "a\x00b"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := paper.New(o).Bytes()
			require.Error(t, err)
		})
	}
	d := paper.New(options())
	d.Attach("../record.json", "", nil)
	_, err := d.Bytes()
	require.ErrorContains(t, err, "not a plain file name")
}

func TestErrorIsStickyAndNamesItsPlace(t *testing.T) {
	d := paper.New(options())
	d.Table(paper.Table{Where: "the results", Columns: []paper.Column{{}}, Rows: [][]paper.Cell{{{{S: "good"}}, nil}}})
	d.Paragraph(paper.Text{S: "emoji 😀"})
	d.Section("x", "y")
	require.Error(t, d.Err())
	_, err := d.Bytes()
	var layout *paper.LayoutError
	require.ErrorAs(t, err, &layout)
	require.Equal(t, "the results", layout.Where)
}

func TestSmallPage(t *testing.T) {
	o := options()
	o.Width, o.Height, o.Margin = 90, 25, -1
	d := paper.New(o)
	d.Canvas().FitBlock(2, 1, 86, 23, paper.Cell{{S: "María Ñúñez"}, {S: strings.Repeat("long ", 40)}})
	pdf, err := d.Bytes()
	require.NoError(t, err)
	require.True(t, bytes.Contains(pdf, []byte("/MediaBox [0 0 255.12 70.87]")))
	require.Contains(t, papertest.Text(t, pdf), "María Ñúñez")

	d = paper.New(o)
	d.Canvas().FitBlock(2, 1, 86, 23, paper.Cell{{S: strings.Repeat("far too long ", 80)}})
	_, err = d.Bytes()
	require.ErrorContains(t, err, "does not fit")
}

func TestReserve(t *testing.T) {
	d := paper.New(options())
	d.Break()
	r := d.Reserve(20, 240, 85, 25)
	require.Equal(t, paper.Rect{Page: 1, Points: [4]float64{56.69, 90.71, 297.64, 161.57}}, r)
	require.NoError(t, d.Err())
	d.Reserve(200, 240, 85, 25)
	require.ErrorContains(t, d.Err(), "not on the page")
}
