package temperature_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

var english = temperature.Wording{
	Title: "Temperature", Desc: "Readings of the logger", Gap: "no reading",
	Number: func(v float64) string { return fmt.Sprintf("%g", v) },
	Value:  func(m temperature.Mark) string { return m.Value.Number() + " °C" },
	Time:   func(t time.Time) string { return t.Format("02 Jan 15:04") },
	Lane:   func(low bool) string { return map[bool]string{true: "lowest allowed", false: "highest allowed"}[low] },
}

func plotted(t *testing.T, name string) temperature.Plot {
	t.Helper()
	l, err := temperature.Read(made(t, name))
	require.NoError(t, err)
	s, err := temperature.Summarise(l, lane(t, "2.0", "8.0"), quantity.Quantity{})
	require.NoError(t, err)
	p, ok := temperature.Plotted(l, s)
	require.True(t, ok)
	return p
}

func TestSVG_ExcursionIsMarkedByMoreThanColour(t *testing.T) { // screens rule 18
	for name, c := range map[string]struct{ out, gap int }{"qtag-cold.txt": {0, 0}, "qtag-warm.txt": {1, 0}, "fridge-tag-2l.txt": {1, 1}} {
		svg := plotted(t, name).SVG(english)
		requireXML(t, svg)
		require.Equal(t, c.out, strings.Count(svg, `class="chart-line chart-out"`), name)
		require.Equal(t, c.out, strings.Count(svg, `class="chart-mark"`), "a triangle and its value")
		require.Equal(t, c.out, strings.Count(svg, `stroke-width="3.5"`), "a heavier line")
		require.Equal(t, c.gap, strings.Count(svg, `class="chart-gap"`), name)
		require.NotContains(t, svg, "style=", "the page forbids inline styles")
		require.NotContains(t, svg, "NaN")
	}
	p := plotted(t, "qtag-warm.txt")
	words := english
	words.Title = `<script>"&`
	requireXML(t, p.SVG(words))
	require.NotContains(t, p.SVG(words), "<script>")
}

func requireXML(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestPlot_DrawnOnPaper(t *testing.T) {
	d := paper.New(paper.Options{Title: "Temperature", Author: "ES-SVQ", Created: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	plotted(t, "qtag-warm.txt").Draw(d.Canvas(), d.Left(), 30, d.Width(), 60, english)
	plotted(t, "fridge-tag-2l.txt").Draw(d.Canvas(), d.Left(), 110, d.Width(), 60, english)
	pdf, err := d.Bytes()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "chart.pdf")
	require.NoError(t, os.WriteFile(path, pdf, 0o600))
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("skipped: pdftotext is not installed")
	}
	require.NoError(t, err)
	require.Contains(t, string(text), "13.9 °C")
	require.Contains(t, string(text), "highest allowed")
}
