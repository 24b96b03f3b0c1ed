package paper_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"

	"github.com/stretchr/testify/require"
)

// TestContentsKnowTheirPages fills the first page when the last one is printed, and leads from there to each heading.
func TestContentsKnowTheirPages(t *testing.T) {
	d := paper.New(options())
	d.Footer(20, nil)
	d.Chapter("Contents", "Índice")
	d.Paragraph(paper.Text{S: "in front"})
	var anchors []*paper.Anchor
	for i := range 4 {
		d.Chapter(fmt.Sprintf("Chapter ñ%d", i), "second language")
		anchors = append(anchors, d.Anchor(fmt.Sprintf("Chapter ñ%d", i), 0))
		require.Zero(t, anchors[i].Page(), "nothing stands below the heading yet")
		d.Section("Part", "")
		anchors = append(anchors, d.Anchor("Part", 1))[:i+1]
		for range 30 * i {
			d.Paragraph(paper.Text{S: "line"})
		}
		d.Paragraph(paper.Text{S: "last"})
	}
	for i, a := range anchors {
		d.Back(1, func(c *paper.Canvas) {
			c.Text(20, 100+float64(i)*6, paper.Text{S: fmt.Sprintf("to %d on %d", i, a.Page())})
			c.Link(20, 100+float64(i)*6, 60, 6, a)
		})
	}
	d.Paragraph(paper.Text{S: "after the contents"})
	pdf, err := d.Bytes()
	require.NoError(t, err)
	pages := papertest.Pages(t, pdf)
	for i, a := range anchors {
		require.Contains(t, pages[0], fmt.Sprintf("to %d on %d", i, a.Page()))
		require.Contains(t, pages[a.Page()-1], fmt.Sprintf("Chapter ñ%d", i))
	}
	require.Contains(t, pages[len(pages)-1], "after the contents", "drawing goes on where it was")
	file := filepath.Join(t.TempDir(), "outline.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.Command("qpdf", "--check", file).CombinedOutput()
	require.NoError(t, err, string(out))
	outline, err := exec.Command("qpdf", "--json", "--json-key=outlines", file).CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(string(outline), `"title": "Chapter ñ`))
	require.Equal(t, 4, strings.Count(string(outline), `"title": "Part"`))
}

// TestStruckTextIsCrossedOut looks for a dark line through letters that have no horizontal stroke of their own (DI-10).
func TestStruckTextIsCrossedOut(t *testing.T) {
	dark := func(struck bool) int {
		d := paper.New(options())
		width := d.Canvas().Text(20, 30, paper.Text{S: "lilililili", Style: paper.Style{Struck: struck}})
		pdf, err := d.Bytes()
		require.NoError(t, err)
		const dpi = 300
		px := func(mm float64) int { return int(mm / 25.4 * dpi) }
		img := papertest.Image(t, pdf, 1, dpi)
		longest := 0
		for y := px(30); y < px(35); y++ {
			run := 0
			for x := px(20); x < px(20+width); x++ {
				r, _, _, _ := img.At(x, y).RGBA()
				if r > 0x8000 {
					run = 0
					continue
				}
				run++
				longest = max(longest, run)
			}
		}
		return longest
	}
	require.Less(t, dark(false), 15)
	require.Greater(t, dark(true), 80)
}

// TestTableGoesOn prints a long table in portions: its head stands once on each page, and no row is lost.
func TestTableGoesOn(t *testing.T) {
	d := paper.New(options())
	d.Footer(20, nil)
	all := rows(60, 4)
	for i := 0; i < len(all); i += 7 {
		d.Table(paper.Table{
			Where: "portions", Columns: []paper.Column{{Width: 60}, {}}, Head: []paper.Cell{{{S: "HEAD"}}, nil},
			Rows: all[i:min(i+7, len(all))], Resumed: i > 0,
		})
	}
	pdf, err := d.Bytes()
	require.NoError(t, err)
	seen := 0
	for p, page := range papertest.Pages(t, pdf) {
		require.Equal(t, 1, strings.Count(page, "HEAD"), "page %d", p+1)
		require.Equal(t, strings.Count(page, "first-"), strings.Count(page, "last-"), "page %d breaks a row", p+1)
		seen += strings.Count(page, "first-")
	}
	require.Equal(t, 60, seen)
}
