package temperature

import (
	"math"
	"slices"
	"time"

	"rexbatch/internal/quantity"
)

// Plot is the curve of a file as it is drawn, on a page or on paper: places within a unit square, from the lower left corner.
// A long record is drawn with fewer points, and never without its peaks.
type Plot struct {
	From, To     time.Time
	Low, High    float64 // °C at the lower and the upper edge
	Pieces       []Piece // in order; broken at gaps
	Marks        []Mark  // extremes of the crossings
	Gaps         []Span
	Lane         Band
	Degrees      []Tick
	Times        []Tick
	LaneLow      quantity.Quantity
	LaneHigh     quantity.Quantity
	MoreMarks    int // crossings whose extreme is not marked
	excursionAny bool
}

// Point is a place in the unit square.
type Point struct{ X, Y float64 }

// Piece is a part of the curve that lies on one side.
type Piece struct {
	Out    bool // outside of the lane
	Points []Point
}

// Mark is the extreme of a crossing.
type Mark struct {
	Point
	High  bool
	Value quantity.Quantity
	At    time.Time
}

// Span is a part of the width; Band of the height.
type (
	Span struct{ From, To float64 }
	Band struct{ From, To float64 }
)

// Tick is a mark on an axis.
type Tick struct {
	At    float64
	Value float64   // °C, on the axis of temperatures
	Time  time.Time // UTC, on the axis of times
}

// Bounds of what is drawn.
const (
	plotColumns = 400
	plotMarks   = 4
)

// Plotted is the curve of a summarised file; false when there are no readings to draw.
func Plotted(l *Log, s Summary) (Plot, bool) {
	if len(l.Readings) == 0 {
		return Plot{}, false
	}
	p := Plot{From: l.First(), To: l.Last().Add(l.Interval), LaneLow: s.Range.Low, LaneHigh: s.Range.High, excursionAny: s.Excursion()}
	low, high := degrees(s.Min.Value), degrees(s.Max.Value)
	low, high = min(low, degrees(s.Range.Low)), max(high, degrees(s.Range.High))
	p.scale(low, high)
	p.Lane = Band{p.y(degrees(s.Range.Low)), p.y(degrees(s.Range.High))}
	for _, g := range s.Gaps {
		p.Gaps = append(p.Gaps, Span{p.x(g.From), p.x(g.To)})
	}
	p.curve(l, s)
	p.marks(l, s)
	p.times()
	return p, true
}

func degrees(q quantity.Quantity) float64 {
	f, err := q.Decimal().Float64() // for drawing only
	if err != nil {
		return 0
	}
	return f
}

// scale chooses round steps of degrees.
func (p *Plot) scale(low, high float64) {
	span := max(high-low, 1)
	step := math.Pow(10, math.Floor(math.Log10(span/4)))
	for _, f := range []float64{1, 2, 5, 10} {
		if span/(step*f) <= 6 {
			step *= f
			break
		}
	}
	p.Low, p.High = math.Floor(low/step)*step, math.Ceil(high/step)*step
	if p.Low == low {
		p.Low -= step / 2
	}
	if p.High == high {
		p.High += step / 2
	}
	for v := math.Ceil(p.Low/step) * step; v <= p.High+step/1000; v += step {
		p.Degrees = append(p.Degrees, Tick{At: p.y(v), Value: math.Round(v*1000) / 1000})
	}
}

func (p *Plot) y(v float64) float64 { return (v - p.Low) / (p.High - p.Low) }

func (p *Plot) x(t time.Time) float64 { return float64(t.Sub(p.From)) / float64(p.To.Sub(p.From)) }

// curve thins the readings to at most four points a column and breaks them where the side or the knowledge changes.
func (p *Plot) curve(l *Log, s Summary) {
	lowest, highest := degrees(s.Range.Low), degrees(s.Range.High)
	kept := thin(l.Readings, p)
	for i, r := range kept {
		v := degrees(r.Value)
		out := v < lowest || v > highest
		here := Point{p.x(r.At), p.y(v)}
		n := len(p.Pieces)
		switch {
		case i == 0 || gapBetween(kept[i-1].At, r.At, s.Gaps):
			p.Pieces = append(p.Pieces, Piece{Out: out, Points: []Point{here}})
		case p.Pieces[n-1].Out == out:
			p.Pieces[n-1].Points = append(p.Pieces[n-1].Points, here)
		default: // the step between two sides belongs to the one that is out
			last := p.Pieces[n-1].Points[len(p.Pieces[n-1].Points)-1]
			if p.Pieces[n-1].Out {
				p.Pieces[n-1].Points = append(p.Pieces[n-1].Points, here)
				p.Pieces = append(p.Pieces, Piece{Out: out, Points: []Point{here}})
			} else {
				p.Pieces = append(p.Pieces, Piece{Out: out, Points: []Point{last, here}})
			}
		}
	}
}

func gapBetween(a, b time.Time, gaps []Gap) bool {
	i, _ := slices.BinarySearchFunc(gaps, a, func(g Gap, t time.Time) int { return g.From.Compare(t) })
	return i < len(gaps) && gaps[i].From.Before(b)
}

// thin keeps the first, lowest, highest and last reading of each column.
func thin(readings []Reading, p *Plot) []Reading {
	if len(readings) <= 4*plotColumns {
		return readings
	}
	var out []Reading
	for from := 0; from < len(readings); {
		column := int(p.x(readings[from].At) * plotColumns)
		to := from
		low, high := from, from
		for ; to < len(readings) && int(p.x(readings[to].At)*plotColumns) == column; to++ {
			if readings[to].Value.Decimal().Cmp(readings[low].Value.Decimal()) < 0 {
				low = to
			}
			if readings[to].Value.Decimal().Cmp(readings[high].Value.Decimal()) > 0 {
				high = to
			}
		}
		keep := []int{from, low, high, to - 1}
		slices.Sort(keep)
		for _, i := range slices.Compact(keep) {
			out = append(out, readings[i])
		}
		from = to
	}
	return out
}

// marks are the extremes of the longest crossings, in order of time.
func (p *Plot) marks(l *Log, s Summary) {
	longest := slices.Clone(s.Crossings)
	slices.SortStableFunc(longest, func(a, b Crossing) int { return int(b.Span() - a.Span()) })
	if len(longest) > plotMarks {
		p.MoreMarks, longest = len(longest)-plotMarks, longest[:plotMarks]
	}
	slices.SortFunc(longest, func(a, b Crossing) int { return a.From.Compare(b.From) })
	for _, c := range longest {
		i, _ := slices.BinarySearchFunc(l.Readings, c.From, func(r Reading, t time.Time) int { return r.At.Compare(t) })
		for ; i < len(l.Readings) && l.Readings[i].At.Before(c.To); i++ {
			if l.Readings[i].Value.Decimal().Cmp(c.Extreme.Decimal()) == 0 {
				at := l.Readings[i].At
				p.Marks = append(p.Marks, Mark{Point{p.x(at), p.y(degrees(c.Extreme))}, c.High, c.Extreme, at})
				break
			}
		}
	}
}

// timeSteps are the distances that may lie between two ticks.
var timeSteps = []time.Duration{
	5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 30 * 24 * time.Hour, 90 * 24 * time.Hour,
}

func (p *Plot) times() {
	span := p.To.Sub(p.From)
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if span/s <= 6 {
			step = s
			break
		}
	}
	for t := p.From.Truncate(step); !t.After(p.To); t = t.Add(step) {
		if !t.Before(p.From) {
			p.Times = append(p.Times, Tick{At: p.x(t), Time: t.UTC()})
		}
	}
}
