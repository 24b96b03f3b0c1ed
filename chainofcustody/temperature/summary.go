package temperature

import (
	"fmt"
	"time"

	"rexbatch/internal/quantity"
)

// Shown is the number of decimals to which mean and mean kinetic temperature are shown.
const Shown = 2

// Extreme is a lowest or highest reading.
type Extreme struct {
	At    time.Time
	Value quantity.Quantity
	Line  int // of the file
}

// Summary is what is computed from the readings of a file for a lane, beside what the device says.
type Summary struct {
	Range        Range
	Min, Max     Extreme
	Mean, MKT    quantity.Quantity // unrounded; no value when there are no readings
	Activation   quantity.Quantity // ΔH of the MKT here
	Above, Below time.Duration     // F15
	Unknown      time.Duration     // in gaps
	Crossings    []Crossing
	Gaps         []Gap
	FromDays     bool // there are no readings: extremes and times are the device's own of its days
	Comparisons  []Comparison
}

// Excursion says whether anything lies outside of the lane or is not known.
func (s Summary) Excursion() bool {
	return s.Above > 0 || s.Below > 0 || s.Unknown > 0 || len(s.Crossings) > 0 ||
		!s.Min.Value.IsZero() && s.Min.Value.Decimal().Cmp(s.Range.Low.Decimal()) < 0 ||
		!s.Max.Value.IsZero() && s.Max.Value.Decimal().Cmp(s.Range.High.Decimal()) > 0
}

// Outside is the time beyond either end together.
func (s Summary) Outside() time.Duration { return s.Above + s.Below }

// Figure names one figure that device and computation both give.
type Figure string

// The figures that are compared.
const (
	FigureMin   Figure = "min"
	FigureMax   Figure = "max"
	FigureMean  Figure = "mean"
	FigureMKT   Figure = "mkt"
	FigureAbove Figure = "above"
	FigureBelow Figure = "below"
)

// Comparison sets what the device says beside what is computed here.
type Comparison struct {
	Figure       Figure
	Ours, Theirs quantity.Quantity // °C, or min
	Agrees       bool
	Tolerance    Tolerance
	Allowed      quantity.Quantity // how far they may lie apart by it
}

// Tolerance says why the two may differ.
type Tolerance string

// The tolerances.
const (
	Truncated Tolerance = "truncated"       // the device cuts its figure at its last decimal
	Sampled   Tolerance = "sampled"         // the device samples between the readings: its extremes may lie farther out
	Intervals Tolerance = "per-interval"    // one interval per crossing (F15)
	NotSame   Tolerance = "other-threshold" // the device counts at another limit: not comparable
)

// Summarise computes from the readings of a file what the lane asks, with ΔH of F13 in kJ/mol; a zero activation takes the
// device's, or that of USP. A file without readings is summarised from the device's days, where its limits are those of the lane.
func Summarise(l *Log, lane Range, activation quantity.Quantity) (Summary, error) {
	if activation.IsZero() {
		activation = l.Figures.Activation
	}
	if activation.IsZero() {
		activation = USP
	}
	s := Summary{Range: lane, Activation: activation}
	if len(l.Readings) == 0 {
		s.fromDays(l)
		return s, nil
	}
	temps := make([]quantity.Quantity, len(l.Readings))
	decimals := 0
	for i, r := range l.Readings {
		temps[i] = r.Value
		decimals = max(decimals, r.Value.Decimals())
		if beyond(r.Value, s.Min.Value, -1) {
			s.Min = Extreme{r.At, r.Value, r.Line}
		}
		if beyond(r.Value, s.Max.Value, 1) {
			s.Max = Extreme{r.At, r.Value, r.Line}
		}
	}
	limit, err := lane.Limit(decimals)
	if err != nil {
		return Summary{}, err
	}
	s.Crossings, _, err = OutOfRange(l.Readings, limit, l.Interval)
	if err != nil {
		return Summary{}, err
	}
	for _, c := range s.Crossings {
		if c.High {
			s.Above += c.Span()
		} else {
			s.Below += c.Span()
		}
	}
	s.Gaps = Gaps(l.Readings, l.Interval)
	for _, g := range s.Gaps {
		s.Unknown += g.Span()
	}
	s.MKT, err = MeanKinetic(temps, activation)
	if err != nil {
		return Summary{}, err
	}
	s.Mean, err = Mean(temps)
	if err != nil {
		return Summary{}, err
	}
	s.compare(l)
	return s, nil
}

// fromDays takes over what the device says of its days; it counts at its own limits, so the times are those of the lane only
// where the limits are the same.
func (s *Summary) fromDays(l *Log) {
	s.FromDays = true
	s.Min = Extreme{At: l.Figures.MinAt, Value: l.Figures.Min}
	s.Max = Extreme{At: l.Figures.MaxAt, Value: l.Figures.Max}
	for _, c := range l.Figures.Counters {
		if !s.sameLimit(c) {
			continue
		}
		if c.High {
			s.Above = c.Total
		} else {
			s.Below = c.Total
		}
	}
}

// Counted says whether the time beyond that side is known: from readings, or from a counter of the device at the same limit.
func (s Summary) Counted(l *Log, high bool) bool {
	if !s.FromDays {
		return true
	}
	for _, c := range l.Figures.Counters {
		if c.High == high && s.sameLimit(c) {
			return true
		}
	}
	return false
}

func (s *Summary) sameLimit(c Counter) bool {
	end := s.Range.Low
	if c.High {
		end = s.Range.High
	}
	return end.Decimal().Cmp(c.Limit.Decimal()) == 0
}

func (s *Summary) compare(l *Log) {
	f := l.Figures
	s.extreme(FigureMin, s.Min.Value, f.Min, -1, f.Every)
	s.extreme(FigureMax, s.Max.Value, f.Max, 1, f.Every)
	s.truncated(FigureMean, s.Mean, f.Mean)
	if f.Activation.IsZero() || f.Activation.Decimal().Cmp(s.Activation.Decimal()) == 0 {
		s.truncated(FigureMKT, s.MKT, f.MKT)
	}
	for _, c := range f.Counters {
		s.counter(c, l.Interval)
	}
}

// extreme: a device that samples between the readings sees peaks that they miss, never the other way round.
func (s *Summary) extreme(name Figure, ours, theirs quantity.Quantity, side int, every time.Duration) {
	if theirs.IsZero() {
		return
	}
	c := Comparison{Figure: name, Ours: ours, Theirs: theirs, Tolerance: Truncated, Allowed: quantity.New(0, 0, Unit)}
	order := theirs.Decimal().Cmp(ours.Decimal())
	c.Agrees = order == 0
	if every > 0 {
		c.Tolerance, c.Agrees = Sampled, order == 0 || order == side
	}
	s.Comparisons = append(s.Comparisons, c)
}

// truncated: a device that cuts after its last decimal is less than one unit of that decimal away.
func (s *Summary) truncated(name Figure, ours, theirs quantity.Quantity) {
	if theirs.IsZero() || ours.IsZero() {
		return
	}
	unit := quantity.New(1, -int32(theirs.Decimals()), Unit)
	apart, err := ours.Sub(theirs)
	if err != nil {
		return
	}
	distance := apart.Decimal()
	distance.Abs(distance)
	s.Comparisons = append(s.Comparisons, Comparison{
		Figure: name, Ours: ours, Theirs: theirs, Tolerance: Truncated, Allowed: unit, Agrees: distance.Cmp(unit.Decimal()) < 0,
	})
}

func (s *Summary) counter(device Counter, interval time.Duration) {
	name, ours := FigureBelow, s.Below
	if device.High {
		name, ours = FigureAbove, s.Above
	}
	c := Comparison{Figure: name, Ours: Minutes(ours), Theirs: Minutes(device.Total), Tolerance: NotSame}
	if s.sameLimit(device) {
		n := 0
		for _, crossing := range s.Crossings {
			if crossing.High == device.High {
				n++
			}
		}
		allowed := interval * time.Duration(max(n, 1))
		c.Tolerance, c.Allowed, c.Agrees = Intervals, Minutes(allowed), (ours-device.Total).Abs() <= allowed
	}
	s.Comparisons = append(s.Comparisons, c)
}

// Differences are warnings of what device and computation do not agree on.
func (s Summary) Differences() []Warning {
	var out []Warning
	for _, c := range s.Comparisons {
		if c.Agrees || c.Tolerance == NotSame {
			continue
		}
		out = append(out, warn(WarnDiffers, "{figure}: computed {ours}, the logger says {theirs}; more apart than {allowed}",
			"figure", string(c.Figure), "ours", c.Ours.Round(Shown).String(), "theirs", c.Theirs.String(), "allowed", c.Allowed.String()))
	}
	return out
}

// Minutes is a span in whole minutes; a part of a minute counts as one.
func Minutes(d time.Duration) quantity.Quantity {
	return quantity.New(int64((d+time.Minute-1)/time.Minute), 0, "min")
}

// String is the range as text: "2 to 8 °C".
func (r Range) String() string { return fmt.Sprintf("%s to %s °C", r.Low.Number(), r.High.Number()) }
