package pages

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"rexbatch/chainofcustody/trace"
)

// The measures of the graph, in its own units.
const (
	traceWide, traceHigh = 210, 44 // of a box
	traceGap, traceApart = 12, 70  // between boxes, between columns
	traceMost            = 24      // boxes in a column; the table has the others
	// traceShift puts every other column lower, so that a line to the column after the next runs between boxes and not behind one, where it
	// would look like a line to that one.
	traceShift = (traceHigh + traceGap) / 2
)

// traceColumns are the kinds from left to right: whose it is, what was made, what touched it, and who.
var traceColumns = [][]trace.Kind{
	{trace.CoI, trace.Donation}, {trace.Batch, trace.Shipment}, {trace.Certificate, trace.Lot, trace.Equipment, trace.Box}, {trace.Courier, trace.Person},
}

// drawTrace draws a graph as SVG. Each box says in words what it is, so nothing rests on colour; what was looked for has a
// double frame. It is described for those who cannot see it by the table beneath.
func (v *visit) drawTrace(g trace.Graph) template.HTML {
	type place struct{ x, y int }
	places := map[trace.Node]place{}
	var boxes, lines strings.Builder
	nodes, tall := g.Nodes(), 0
	for c, kinds := range traceColumns {
		x, row, left := c*(traceWide+traceApart), 0, 0
		column := slices.DeleteFunc(slices.Clone(nodes), func(n trace.Node) bool { return !slices.Contains(kinds, n.Kind) })
		slices.SortStableFunc(column, func(a, b trace.Node) int { return first(a == g.Root) - first(b == g.Root) })
		for _, n := range column {
			if row == traceMost {
				left++
				continue
			}
			y := row*(traceHigh+traceGap) + c%2*traceShift
			places[n] = place{x, y}
			boxes.WriteString(v.traceBox(n, x, y, n == g.Root))
			row++
		}
		if left > 0 {
			fmt.Fprintf(&boxes, `<text class="trace-more" x="%d" y="%d">%s</text>`, x+8, row*(traceHigh+traceGap)+c%2*traceShift+20, html.EscapeString(v.T("trace.more", "n", fmt.Sprint(left))))
			row++
		}
		tall = max(tall, row)
	}
	drawn := map[[2]trace.Node]bool{}
	for _, e := range g.Edges {
		from, known := places[e.Hub]
		to, there := places[e.Node]
		if !known || !there || drawn[[2]trace.Node{e.Hub, e.Node}] {
			continue
		}
		drawn[[2]trace.Node{e.Hub, e.Node}] = true
		if to.x < from.x {
			from, to = to, from
		}
		x1, y1, x2, y2 := from.x+traceWide, from.y+traceHigh/2, to.x, to.y+traceHigh/2
		if to.x == from.x { // in one column: along its left side
			fmt.Fprintf(&lines, `<path d="M%d %dC%d %d %d %d %d %d"/>`, from.x, y1, from.x-28, y1, from.x-28, y2, from.x, y2)
			continue
		}
		fmt.Fprintf(&lines, `<path d="M%d %dC%d %d %d %d %d %dH%d"/>`, x1, y1, x1+traceApart/2, y1, x1+traceApart/2, y2, x1+traceApart, y2, x2)
	}
	wide := len(traceColumns)*(traceWide+traceApart) - traceApart
	return template.HTML(fmt.Sprintf(`<svg class="trace-graph" viewBox="-32 -6 %d %d" role="group" aria-label="%s"><g class="trace-lines">%s</g>%s</svg>`, //nolint:gosec // every text is escaped
		wide+40, max(tall, 1)*(traceHigh+traceGap)+traceShift+6, html.EscapeString(v.T("trace.graph")), lines.String(), boxes.String()))
}

func first(is bool) int {
	if is {
		return 0
	}
	return 1
}

func (v *visit) traceBox(n trace.Node, x, y int, root bool) string {
	shown, class, frame := v.traceNode(n), "trace-box", ""
	if root {
		class = "trace-box trace-root"
		frame = fmt.Sprintf(`<rect class="trace-frame" x="%d" y="%d" width="%d" height="%d"/>`, x-4, y-4, traceWide+8, traceHigh+8)
	}
	name := []rune(shown.Name)
	if len(name) > 24 {
		name = append(name[:23], '…')
	}
	return fmt.Sprintf(`<a href="%s" class="%s">%s<rect x="%d" y="%d" width="%d" height="%d"/><text class="trace-kind" x="%d" y="%d">%s</text><text x="%d" y="%d">%s</text></a>`,
		html.EscapeString(shown.Link), class, frame, x, y, traceWide, traceHigh, x+8, y+15, html.EscapeString(shown.Kind), x+8, y+34, html.EscapeString(string(name)))
}
