package paper

import (
	"fmt"
	"strings"
)

// Align says how the lines of a column stand.
type Align int

const (
	Left    Align = iota // flush left
	Right                // flush right
	Decimal              // numbers with their decimal marks below each other, words flush left
)

// Column is one column of a table.
type Column struct {
	Width float64 // millimetres; one column may be 0 and takes what the others leave
	Align Align
}

// Table is a grid of wrapped cells. Its head repeats on every page, and no row is ever broken.
type Table struct {
	Where    string // names the table in errors
	Columns  []Column
	Head     []Cell   // may be empty
	Rows     [][]Cell // each with one cell per column; missing cells are empty
	MinRow   float64  // least height of a row
	Open     bool     // no hairlines between and around the rows
	Together bool     // the whole table on one page
	Resumed  bool     // goes on with the table just above it: the head is printed on a new page only
}

// Area is where a table, or its part on the last page, was printed.
type Area struct {
	Page       int
	X, Y, W, H float64
}

const (
	cellPadX = 1.2 // left and right of a cell; the outer edges are flush with the text
	cellPadY = 0.85
)

// laidRow is a row with its lines measured.
type laidRow struct {
	cells  [][]line
	drops  []float64 // how far each cell starts below the top, so that the first base lines meet
	height float64
}

// Measure is the height of the table when it fits on one page.
func (d *Document) Measure(t Table) float64 {
	if d.err != nil {
		return 0
	}
	columns := d.columns(t)
	total := d.layRow(t, columns, t.Head, 0).height
	for _, row := range t.Rows {
		total += d.layRow(t, columns, row, t.MinRow).height
	}
	return total
}

// Table prints the table at the current position.
func (d *Document) Table(t Table) Area {
	defer d.guard(t.Where)
	if d.err != nil {
		return Area{}
	}
	columns := d.columns(t)
	head := d.layRow(t, columns, t.Head, 0)
	rows := make([]laidRow, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = d.layRow(t, columns, row, t.MinRow)
	}
	d.alignDecimals(t, columns, rows)
	if t.Together {
		d.Keep(d.Measure(t))
	}
	area := Area{X: d.Left(), W: total(columns)}
	begin := func(first float64) bool {
		if !d.need(head.height+first, t.Where) {
			return false
		}
		area.Page, area.Y = d.Page(), d.y
		if len(t.Head) > 0 {
			d.drawRow(t, columns, head)
			d.canvas(t).stroke(area.X, d.y, area.X+area.W, d.y, hairline, inkBlack)
		} else if !t.Open {
			d.canvas(t).stroke(area.X, d.y, area.X+area.W, d.y, hairline, inkRule)
		}
		return true
	}
	for i, row := range rows {
		resumed := i == 0 && t.Resumed && len(d.pending) == 0 && d.y > d.top() && d.y+row.height <= d.bottom()
		if resumed {
			area.Page, area.Y = d.Page(), d.y
		}
		if (i == 0 && !resumed) || d.y+row.height > d.bottom() {
			if i > 0 {
				d.addPage()
			}
			first := row.height
			if i == 0 && len(rows) > 1 && first+rows[1].height < (d.bottom()-d.top())/4 {
				first += rows[1].height // a table does not start with one row at the foot of a page
			}
			if !begin(first) {
				return Area{}
			}
		}
		d.drawRow(t, columns, row)
		if !t.Open {
			d.canvas(t).stroke(area.X, d.y, area.X+area.W, d.y, hairline, inkRule)
		}
	}
	area.H = d.y - area.Y
	return area
}

func (d *Document) canvas(t Table) *Canvas { return &Canvas{d, t.Where} }

// columns resolves the one flexible column and refuses a table wider than the text.
func (d *Document) columns(t Table) []Column {
	out := append([]Column(nil), t.Columns...)
	rest := d.Width() - total(out)
	for i := range out {
		if out[i].Width == 0 {
			out[i].Width = rest
			rest = 0
		}
	}
	if rest < -0.01 {
		d.fail(&LayoutError{Where: t.Where, Reason: fmt.Sprintf("the columns are %.1f mm wider than the page", -rest)})
	}
	return out
}

func total(columns []Column) float64 {
	sum := 0.0
	for _, c := range columns {
		sum += c.Width
	}
	return sum
}

// inner is the left edge and the width of a column's text. The first and the last column have no outer
// padding, so that tables are flush with the text around them.
func inner(columns []Column, i int) (offset, width float64) {
	for _, c := range columns[:i] {
		offset += c.Width
	}
	width = columns[i].Width
	if i > 0 {
		offset += cellPadX
		width -= cellPadX
	}
	if i < len(columns)-1 {
		width -= cellPadX
	}
	return offset, width
}

func (d *Document) layRow(t Table, columns []Column, cells []Cell, least float64) laidRow {
	if len(cells) > len(columns) {
		d.fail(&LayoutError{Where: t.Where, Reason: fmt.Sprintf("a row has %d cells in %d columns", len(cells), len(columns))})
	}
	row := laidRow{cells: make([][]line, len(columns)), drops: make([]float64, len(columns))}
	if d.err != nil || len(cells) == 0 {
		return row
	}
	deepest := 0.0
	heights := make([]float64, len(cells))
	for i, cell := range cells {
		_, room := inner(columns, i)
		row.cells[i], heights[i] = d.stack(cell, room, t.Where)
		if len(row.cells[i]) > 0 {
			deepest = max(deepest, row.cells[i][0].style.baseLine())
		}
	}
	for i := range cells {
		if len(row.cells[i]) > 0 {
			row.drops[i] = deepest - row.cells[i][0].style.baseLine()
		}
		row.height = max(row.height, row.drops[i]+heights[i])
	}
	row.height = max(row.height+2*cellPadY, least)
	return row
}

// alignDecimals indents numbers so that their decimal marks stand below each other.
// A number that would no longer fit keeps its place at the left: alignment is worth less than legibility.
func (d *Document) alignDecimals(t Table, columns []Column, rows []laidRow) {
	for i, c := range columns {
		if c.Align != Decimal {
			continue
		}
		_, room := inner(columns, i)
		widest := 0
		for _, row := range rows {
			n, ok := whole(row.cells[i])
			if ok {
				widest = max(widest, n)
			}
		}
		for _, row := range rows {
			n, ok := whole(row.cells[i])
			if !ok || n == widest {
				continue
			}
			lines := row.cells[i]
			indent := float64(widest-n) * width("0", lines[0].style)
			for j := range lines {
				if indent+lines[j].width() <= room {
					lines[j].indent = indent
				}
			}
		}
	}
}

// whole counts the characters before the decimal mark of a number that stands on one line in mono; false
// for anything else.
func whole(lines []line) (int, bool) {
	if len(lines) == 0 || !lines[0].style.Mono {
		return 0, false
	}
	n, digits := 0, 0
	for _, r := range lines[0].text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case digits == 0 && strings.ContainsRune("<>≤≥=±-−+~ ", r):
		default:
			return n, digits > 0
		}
		n++
	}
	return n, digits > 0
}

func (d *Document) drawRow(t Table, columns []Column, row laidRow) {
	c := d.canvas(t)
	for i, lines := range row.cells {
		offset, room := inner(columns, i)
		y := d.y + cellPadY + row.drops[i]
		for _, l := range lines {
			x := d.Left() + offset
			if columns[i].Align == Right {
				x += room - l.width()
			}
			c.place(x, y, l)
			y += l.style.leading()
		}
	}
	d.y += row.height
}
