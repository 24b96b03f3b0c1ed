package temperature

import (
	"time"

	"rexbatch/internal/quantity"
)

// Crossing is one time out of range: from the first reading beyond the limit to the first one that is not beyond it on
// that side any more.
type Crossing struct {
	From, To time.Time         // UTC
	High     bool              // above the limit; otherwise below it
	Extreme  quantity.Quantity // the reading farthest out
	Open     bool              // the record ends or breaks off while still out of range: it lasted at least that long
}

// Span is how long the crossing lasted by the interval rule.
func (c Crossing) Span() time.Duration { return c.To.Sub(c.From) }

// stampSlack is what two stamps may be farther apart than the interval: devices cut them to whole minutes.
const stampSlack = time.Minute

// OutOfRange is F15: every crossing of the limit, in order, and the time that they last together. The interval rule: a
// reading stands from its own time until the next reading, and no longer than one interval; so does the last one. What
// lies between the end of its interval and a later reading is a gap, which counts neither as inside nor as outside. A
// device that samples more often may differ by one interval per crossing. Readings are judged like every value, rounded
// once (F22).
//
// Errors: no readings, an interval that is not positive, a reading without time or not later than the one before, a
// reading that is no number of °C.
func OutOfRange(readings []Reading, limit quantity.Limit, interval time.Duration) (crossings []Crossing, total time.Duration, err error) {
	if len(readings) == 0 || interval <= 0 {
		return nil, 0, crossing(CodeMissingInput, "there are no readings at a known interval", "import the file of the logger")
	}
	verdicts := map[string]quantity.Verdict{} // few different values in many readings
	for i, r := range readings {
		err := checkReading("F15", r.Value)
		if err != nil {
			return nil, 0, err
		}
		if r.At.IsZero() || i > 0 && !r.At.After(readings[i-1].At) {
			return nil, 0, crossing(CodeImpossible, "the reading {value} is not later than the one before", "check the file of the logger", "value", r.Value.String())
		}
		number := r.Value.Number()
		verdict, ok := verdicts[number]
		if !ok {
			verdict, err = limit.Judge(r.Value)
			if err != nil {
				return nil, 0, err
			}
			verdicts[number] = verdict
		}
		if i > 0 && r.At.Sub(readings[i-1].At) > interval+stampSlack {
			breakOff(crossings, readings[i-1].At.Add(interval))
		}
		crossings = follow(crossings, r, verdict)
	}
	breakOff(crossings, readings[len(readings)-1].At.Add(interval))
	for _, c := range crossings {
		total += c.Span()
	}
	return crossings, total, nil
}

// going is the crossing that has not ended yet; nil when there is none.
func going(crossings []Crossing) *Crossing {
	if n := len(crossings); n > 0 && crossings[n-1].To.IsZero() {
		return &crossings[n-1]
	}
	return nil
}

// breakOff ends the crossing that has not ended where nothing is known any more.
func breakOff(crossings []Crossing, at time.Time) {
	if c := going(crossings); c != nil {
		c.To, c.Open = at.UTC(), true
	}
}

// follow ends the crossing where the reading is no longer beyond that side, and goes on with it or begins one where it is.
func follow(crossings []Crossing, r Reading, v quantity.Verdict) []Crossing {
	c := going(crossings)
	switch {
	case c != nil && (v.Pass || v.High != c.High):
		c.To = r.At.UTC()
	case c != nil:
		farther := r.Value.Decimal().Cmp(c.Extreme.Decimal())
		if v.High && farther > 0 || v.Low && farther < 0 {
			c.Extreme = r.Value
		}
		return crossings
	}
	if v.Pass {
		return crossings
	}
	return append(crossings, Crossing{From: r.At.UTC(), High: v.High, Extreme: r.Value})
}

// Gap is a time without a reading that one was due in. Its temperature is not known (TR-9).
type Gap struct{ From, To time.Time }

// Span is how long nothing is known.
func (g Gap) Span() time.Duration { return g.To.Sub(g.From) }

// Gaps are the times in which no reading stands: from the end of a reading's interval to the next reading.
func Gaps(readings []Reading, interval time.Duration) []Gap {
	var gaps []Gap
	for i := 1; i < len(readings); i++ {
		if readings[i].At.Sub(readings[i-1].At) > interval+stampSlack {
			gaps = append(gaps, Gap{From: readings[i-1].At.Add(interval), To: readings[i].At})
		}
	}
	return gaps
}
