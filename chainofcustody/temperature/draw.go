package temperature

import "rexbatch/internal/paper"

// Draw draws the plot on paper, in a room of that size with its upper left corner at x, y (mm). What is outside of the lane
// is drawn strong.
func (p Plot) Draw(c *paper.Canvas, x, y, w, h float64, words Wording) {
	const left, bottom, letter = 14.0, 6.0, 3.2
	small := paper.Style{Size: paper.Small}
	place := func(q Point) (float64, float64) {
		return x + left + q.X*(w-left), y + h - bottom - q.Y*(h-bottom)
	}
	right := x + w
	x0, y0 := place(Point{0, 0})
	_, y1 := place(Point{0, 1})
	c.Box(x0, y1, right-x0, y0-y1)
	for _, tick := range p.Degrees {
		_, ty := place(Point{0, tick.At})
		c.Line(x0-1, ty, x0, ty)
		c.FitRight(x, ty-letter/2, left-2, paper.Text{S: words.Number(tick.Value), Style: small})
	}
	for _, tick := range p.Times {
		tx, _ := place(Point{tick.At, 0})
		c.Line(tx, y0, tx, y0+1)
		c.FitCenter(min(max(tx-12, x), right-24), y0+1.5, 24, paper.Text{S: words.Time(tick.Time), Style: small})
	}
	for i, ty := range []float64{p.Lane.From, p.Lane.To} {
		_, ly := place(Point{0, ty})
		for dx := x0; dx < right; dx += 3 {
			c.Line(dx, ly, min(dx+1.8, right), ly)
		}
		up := letter + 0.4
		if i == 0 {
			up = -0.4
		}
		c.Fit(x0+1, ly-up, (right-x0)/2, paper.Text{S: words.Lane(i == 0), Style: small})
	}
	for _, g := range p.Gaps {
		from, _ := place(Point{g.From, 0})
		to, _ := place(Point{g.To, 0})
		c.Box(from, y1, max(to-from, 0.5), y0-y1)
		c.FitCenter((from+to)/2-12, y1-letter-0.5, 24, paper.Text{S: words.Gap, Style: small})
		for dy := y1; dy+to-from < y0; dy += 2 {
			c.Line(from, dy+to-from, to, dy)
		}
	}
	for _, piece := range p.Pieces {
		for i := 1; i < len(piece.Points); i++ {
			ax, ay := place(piece.Points[i-1])
			bx, by := place(piece.Points[i])
			if piece.Out {
				c.Bar(ax, ay, bx, by)
			} else {
				c.Line(ax, ay, bx, by)
			}
		}
	}
	for _, m := range p.Marks {
		mx, my := place(m.Point)
		up := -1.0
		if !m.High {
			up = 1
		}
		c.Bar(mx, my+up*0.6, mx-1.2, my+up*2.6)
		c.Bar(mx, my+up*0.6, mx+1.2, my+up*2.6)
		tx := mx + 2
		if m.X > 0.85 {
			tx = mx - 18
		}
		c.Fit(tx, my+up*2-letter/2, 16, paper.Text{S: words.Value(m), Style: small})
	}
}
