package temperature

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Wording is what a chart says, in the language of its reader.
type Wording struct {
	Title  string
	Desc   string
	Gap    string // "no reading"
	Number func(v float64) string
	Value  func(m Mark) string // "24.3 °C"
	Time   func(t time.Time) string
	Lane   func(low bool) string // "8.0 °C, highest allowed"
}

// The size of the drawing in its own units; a page scales it.
const (
	chartWidth, chartHeight = 720.0, 300.0
	chartLeft, chartRight   = 52.0, 14.0
	chartTop, chartBottom   = 26.0, 34.0
)

func px(x float64) float64 { return chartLeft + x*(chartWidth-chartLeft-chartRight) }
func py(y float64) float64 { return chartHeight - chartBottom - y*(chartHeight-chartTop-chartBottom) }

// SVG draws the plot. Colours come from the page's style sheet by class, for light and dark; what is outside of the lane
// differs by weight and mark as well, never by colour alone (screens rule 18).
func (p Plot) SVG(w Wording) string {
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="chart" viewBox="0 0 %g %g" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title><desc>%s</desc>`,
		chartWidth, chartHeight, escaped(w.Title), escaped(w.Desc))
	s.WriteString(`<defs><pattern id="chart-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="chart-hatch" x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="1.5"/></pattern></defs>`)
	fmt.Fprintf(&s, `<rect class="chart-lane" x="%s" y="%s" width="%s" height="%s" fill="currentColor" fill-opacity="0.08"/>`,
		at(px(0)), at(py(p.Lane.To)), at(px(1)-px(0)), at(py(p.Lane.From)-py(p.Lane.To)))
	for _, tick := range p.Degrees {
		fmt.Fprintf(&s, `<line class="chart-grid" x1="%[1]s" x2="%[2]s" y1="%[3]s" y2="%[3]s" stroke="currentColor" stroke-opacity="0.15"/><text class="chart-label" x="%[4]s" y="%[5]s" text-anchor="end">%[6]s</text>`,
			at(px(0)), at(px(1)), at(py(tick.At)), at(px(0)-6), at(py(tick.At)+4), escaped(w.Number(tick.Value)))
	}
	for _, tick := range p.Times {
		anchor := "middle"
		if tick.At > 0.93 {
			anchor = "end"
		}
		fmt.Fprintf(&s, `<line class="chart-grid" x1="%[1]s" x2="%[1]s" y1="%[2]s" y2="%[3]s" stroke="currentColor" stroke-opacity="0.15"/><text class="chart-label" x="%[1]s" y="%[4]s" text-anchor="%[5]s">%[6]s</text>`,
			at(px(tick.At)), at(py(1)), at(py(0)), at(chartHeight-12), anchor, escaped(w.Time(tick.Time)))
	}
	for i, y := range []float64{p.Lane.From, p.Lane.To} {
		below := 12.0
		if i == 1 {
			below = -5
		}
		fmt.Fprintf(&s, `<line class="chart-limit" x1="%[1]s" x2="%[2]s" y1="%[3]s" y2="%[3]s" stroke="currentColor" stroke-dasharray="6 4"/><text class="chart-label chart-limit-label" x="%[4]s" y="%[5]s">%[6]s</text>`,
			at(px(0)), at(px(1)), at(py(y)), at(px(0)+6), at(py(y)+below), escaped(w.Lane(i == 0)))
	}
	for i, g := range p.Gaps {
		fmt.Fprintf(&s, `<rect class="chart-gap" x="%s" y="%s" width="%s" height="%s" fill="url(#chart-gap)"/>`,
			at(px(g.From)), at(py(1)), at(max(px(g.To)-px(g.From), 2)), at(py(0)-py(1)))
		if i < plotMarks {
			fmt.Fprintf(&s, `<text class="chart-label chart-gap-label" x="%s" y="%s" text-anchor="middle">%s</text>`, at(px((g.From+g.To)/2)), at(py(1)-6), escaped(w.Gap))
		}
	}
	for _, piece := range p.Pieces {
		s.WriteString(polyline(piece))
	}
	for _, m := range p.Marks {
		s.WriteString(triangle(m, w))
	}
	s.WriteString(`</svg>`)
	return s.String()
}

func polyline(piece Piece) string {
	class, weight := "chart-line", "1.75"
	if piece.Out {
		class, weight = "chart-line chart-out", "3.5"
	}
	points := make([]string, 0, len(piece.Points)+1)
	for _, q := range piece.Points {
		points = append(points, at(px(q.X))+","+at(py(q.Y)))
	}
	if len(points) == 1 { // a single reading is a dot
		points = append(points, points[0])
	}
	return fmt.Sprintf(`<polyline class="%s" points="%s" fill="none" stroke="currentColor" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"/>`,
		class, strings.Join(points, " "), weight)
}

// triangle points up above the lane and down below it.
func triangle(m Mark, w Wording) string {
	x, y, up := px(m.X), py(m.Y), -1.0
	if !m.High {
		up = 1
	}
	anchor, shift := "start", 10.0
	if m.X > 0.85 {
		anchor, shift = "end", -10.0
	}
	return fmt.Sprintf(`<path class="chart-mark" d="M%s %sl6 %sh-12z" fill="currentColor"/><text class="chart-value" x="%s" y="%s" text-anchor="%s">%s</text>`,
		at(x), at(y+up*14), at(-up*10), at(x+shift), at(y+up*9+4), anchor, escaped(w.Value(m)))
}

func at(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func escaped(text string) string {
	var s strings.Builder
	_ = xml.EscapeText(&s, []byte(text)) // a Builder does not fail
	return s.String()
}
