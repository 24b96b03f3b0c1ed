package paper_test

import (
	"fmt"
	"strings"
	"testing"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"

	"github.com/stretchr/testify/require"
)

// rows makes rows whose first and last lines can be told apart.
func rows(n, lines int) [][]paper.Cell {
	var out [][]paper.Cell
	for i := range n {
		var cell paper.Cell
		cell = append(cell, paper.Text{S: fmt.Sprintf("first-%03d", i)})
		for range lines - 2 {
			cell = append(cell, paper.Text{S: "middle"})
		}
		cell = append(cell, paper.Text{S: fmt.Sprintf("last-%03d", i)})
		out = append(out, []paper.Cell{cell, {{S: fmt.Sprintf("right-%03d", i)}}})
	}
	return out
}

func TestTableBreaksOnlyBetweenRowsAndRepeatsItsHead(t *testing.T) {
	for _, lines := range []int{2, 5, 13, 30} {
		t.Run(fmt.Sprint(lines), func(t *testing.T) {
			d := paper.New(options())
			d.Footer(20, nil)
			const n = 25
			d.Table(paper.Table{
				Where: "rows", Columns: []paper.Column{{Width: 60}, {}},
				Head: []paper.Cell{{{S: "HEAD"}}, nil}, Rows: rows(n, lines),
			})
			pdf, err := d.Bytes()
			require.NoError(t, err)
			pages := papertest.Pages(t, pdf)
			seen := 0
			for p, page := range pages {
				require.Equal(t, 1, strings.Count(page, "HEAD"), "page %d", p+1)
				require.Greater(t, strings.Count(page, "first-"), 0, "page %d has only a head", p+1)
				for i := range n {
					first := strings.Contains(page, fmt.Sprintf("first-%03d", i))
					require.Equal(t, first, strings.Contains(page, fmt.Sprintf("last-%03d", i)), "row %d is broken", i)
					require.Equal(t, first, strings.Contains(page, fmt.Sprintf("right-%03d", i)), "row %d is broken", i)
					if first {
						seen++
					}
				}
			}
			require.Equal(t, n, seen)
			for _, w := range papertest.Words(t, pdf) {
				require.Less(t, w.YMax, (297-20)/25.4*72+0.5, "%s is below the text area", w.Text)
			}
		})
	}
}

func TestRowTallerThanAPageIsAnError(t *testing.T) {
	d := paper.New(options())
	d.Table(paper.Table{Where: "tall", Columns: []paper.Column{{}}, Rows: [][]paper.Cell{{{{S: strings.Repeat("line\n", 100)}}}}})
	_, err := d.Bytes()
	require.ErrorContains(t, err, "does not fit on one page")
}

func TestColumnsWiderThanThePageAreAnError(t *testing.T) {
	d := paper.New(options())
	d.Table(paper.Table{Where: "wide", Columns: []paper.Column{{Width: 100}, {Width: 100}}, Rows: rows(1, 2)})
	_, err := d.Bytes()
	require.ErrorContains(t, err, "30.0 mm wider than the page")
}

// TestHeadingStaysWithItsFirstLine moves a heading down the page in small steps: it must never be alone.
func TestHeadingStaysWithItsFirstLine(t *testing.T) {
	for step := range 12 {
		for name, block := range map[string]func(d *paper.Document){
			"paragraph": func(d *paper.Document) { d.Paragraph(paper.Text{S: "FOLLOWS"}) },
			"table": func(d *paper.Document) {
				d.Table(paper.Table{
					Where: "t", Columns: []paper.Column{{}}, Head: []paper.Cell{{{S: "THEAD"}}},
					Rows: [][]paper.Cell{{{{S: "FOLLOWS"}}}, {{{S: "second"}}}},
				})
			},
		} {
			d := paper.New(options())
			d.Footer(20, nil)
			d.Paragraph(paper.Text{S: "begin"})
			d.MoveTo(235 + float64(step)*4)
			d.Section("OUTER", "außen")
			d.Subsection("INNER", strings.Repeat("eine sehr lange zweite Sprache ", 4))
			block(d)
			pdf, err := d.Bytes()
			require.NoError(t, err)
			for _, page := range papertest.Pages(t, pdf) {
				require.Equal(t, strings.Contains(page, "FOLLOWS"), strings.Contains(page, "OUTER"), "%s, step %d", name, step)
				require.Equal(t, strings.Contains(page, "FOLLOWS"), strings.Contains(page, "INNER"), "%s, step %d", name, step)
			}
		}
	}
}

func TestParagraphLeavesNoSingleLine(t *testing.T) {
	for n := range 12 {
		d := paper.New(options())
		d.Footer(20, nil)
		d.Paragraph(paper.Text{S: "begin"})
		d.MoveTo(250 + float64(n)*2.1)
		d.Paragraph(paper.Text{S: strings.TrimSpace(strings.Repeat("LINE\n", 9))})
		pdf, err := d.Bytes()
		require.NoError(t, err)
		total := 0
		for _, page := range papertest.Pages(t, pdf) {
			lines := strings.Count(page, "LINE")
			require.NotEqual(t, 1, lines)
			total += lines
		}
		require.Equal(t, 9, total)
	}
}

// TestNothingLeavesItsColumn prints hostile values in narrow columns and measures the words from outside.
func TestNothingLeavesItsColumn(t *testing.T) {
	values := []string{
		strings.Repeat("W", 200), strings.Repeat("a-b/c_", 40), strings.Repeat("MARÍA ", 40),
		strings.Repeat("f", 64), "0123456789012345678901234567890123456789012345678901234567890",
	}
	for _, style := range []paper.Style{{}, {Bold: true}, {Mono: true}, {Mono: true, Bold: true}, {Size: paper.Head}} {
		d := paper.New(options())
		var body [][]paper.Cell
		for _, v := range values {
			body = append(body, []paper.Cell{{{S: v, Style: style}}, {{S: v, Style: style}}, {{S: v, Style: style, Boxed: "K"}}})
		}
		d.Table(paper.Table{
			Where: "narrow", Rows: body,
			Columns: []paper.Column{{Width: 30}, {Width: 100, Align: paper.Decimal}, {Align: paper.Right}},
		})
		pdf, err := d.Bytes()
		require.NoError(t, err)
		edges := []float64{20, 50, 150, 190}
		for _, w := range papertest.Words(t, pdf) {
			left, right := w.XMin/72*25.4, w.XMax/72*25.4
			inside := false
			for i := range 3 {
				inside = inside || (left >= edges[i]-0.2 && right <= edges[i+1]+0.2)
			}
			require.True(t, inside, "%s from %.1f to %.1f mm", w.Text, left, right)
		}
		text := strings.Join(strings.Fields(papertest.Text(t, pdf)), "")
		require.Equal(t, 3*200+strings.Count(strings.Join(values[1:], ""), "W")*3, strings.Count(text, "W"), "no character is lost")
	}
}

func TestDecimalMarksAlign(t *testing.T) {
	d := paper.New(options())
	mono := paper.Style{Mono: true}
	var body [][]paper.Cell
	for _, v := range []string{"96.2", "<0.50", "1234.5", "7", "−3.25"} {
		body = append(body, []paper.Cell{{{S: v, Style: mono}}})
	}
	body = append(body, []paper.Cell{{{S: "negative", Style: mono}}})
	d.Table(paper.Table{Where: "decimals", Columns: []paper.Column{{Align: paper.Decimal}}, Rows: body})
	pdf, err := d.Bytes()
	require.NoError(t, err)
	digit := 0.6 * 8.5 * 0.94 // width of one figure in points
	edge := 20 / 25.4 * 72.0
	at := map[string]float64{"96.2": 2, "<0.50": 2, "1234.5": 0, "7": 3, "−3.25": 2, "negative": 0}
	for _, w := range papertest.Words(t, pdf) {
		require.InDelta(t, edge+at[w.Text]*digit, w.XMin, 0.2, w.Text)
	}
}

func TestFitShrinksToAFloor(t *testing.T) {
	line := strings.Repeat("identifier", 4)
	d := paper.New(options())
	natural := d.Canvas().Text(20, 30, paper.Text{S: line})
	d.Canvas().Fit(20, 40, natural*0.8, paper.Text{S: line})
	d.Canvas().FitRight(20, 50, natural*0.8, paper.Text{S: line})
	d.Canvas().FitCenter(20, 60, natural*1.2, paper.Text{S: line, Boxed: "X"})
	require.NoError(t, d.Err())
	d.Canvas().Fit(20, 70, natural*0.7, paper.Text{S: line})
	require.ErrorContains(t, d.Err(), "wider than")
}

func TestTogether(t *testing.T) {
	d := paper.New(options())
	d.Paragraph(paper.Text{S: "begin"})
	d.MoveTo(200)
	table := paper.Table{Where: "together", Columns: []paper.Column{{}, {Width: 30}}, Rows: rows(6, 4), MinRow: 20, Together: true}
	require.InDelta(t, 120, d.Measure(table), 0.01)
	area := d.Table(table)
	require.NoError(t, d.Err())
	require.Equal(t, paper.Area{Page: 2, X: 20, Y: 0, W: 170, H: 120}, area)
	require.InDelta(t, 120, d.Y(), 0.01)
}
