package paper

import "fmt"

// Rect is a rectangle on a page in PDF points with the origin at the bottom left, as a form field wants it.
type Rect struct {
	Page   int
	Points [4]float64 // left, bottom, right, top
}

// Reserve returns the place on the current page that is w by h millimetres with its top left corner at x, y.
// Nothing is drawn: a signature field will cover it.
func (d *Document) Reserve(x, y, w, h float64) Rect {
	if x < 0 || y < 0 || w <= 0 || h <= 0 || x+w > d.opts.Width || y+h > d.opts.Height {
		d.fail(&LayoutError{Where: "reserved field", Reason: fmt.Sprintf("%.1f x %.1f mm at %.1f, %.1f is not on the page", w, h, x, y)})
		return Rect{}
	}
	return Rect{Page: d.Page(), Points: [4]float64{
		round2(x * pointPerMM), round2((d.opts.Height - y - h) * pointPerMM),
		round2((x + w) * pointPerMM), round2((d.opts.Height - y) * pointPerMM),
	}}
}
