package formula

import (
	"time"

	"rexbatch/internal/quantity"
)

// Reading is one value of a temperature logger.
type Reading struct {
	At    time.Time
	Value quantity.Quantity // °C
}

// Crossing is one time out of range: from the first reading beyond the limit to the first one that is not beyond it on
// that side any more.
type Crossing struct {
	From, To time.Time         // UTC
	High     bool              // above the limit; otherwise below it
	Extreme  quantity.Quantity // the reading farthest out
	Open     bool              // the record ends while still out of range: it lasted at least that long
}

// Span is how long the crossing lasted by the interval rule.
func (c Crossing) Span() time.Duration { return c.To.Sub(c.From) }

// TimeOutOfRange is F15: every crossing of the limit, in order, and the time that they last together. The interval rule: a reading
// stands from its own time until the next reading, and the last one ends the record. A device that interpolates may
// differ by one interval at each end of a crossing. Readings are judged like every value, rounded once (F22).
//
// Errors: no readings, a reading without time or not later than the one before, a reading that is no number of °C.
func TimeOutOfRange(readings []Reading, limit quantity.Limit) (crossings []Crossing, total time.Duration, err error) {
	d, _ := Lookup("F15")
	if len(readings) == 0 {
		return nil, 0, d.fail(CodeMissingInput, "there are no readings", "import the file of the logger")
	}
	var last time.Time
	for _, r := range readings {
		err := d.checkReading(r.Value)
		if err != nil {
			return nil, 0, err
		}
		if r.At.IsZero() || !r.At.After(last) {
			return nil, 0, d.fail(CodeImpossible, "the reading {value} is not later than the one before", "check the file of the logger", "value", r.Value.String())
		}
		last = r.At
		verdict, err := limit.Judge(r.Value)
		if err != nil {
			return nil, 0, err
		}
		crossings = follow(crossings, r, verdict)
	}
	if n := len(crossings); n > 0 && crossings[n-1].Open {
		crossings[n-1].To = last.UTC()
	}
	for _, c := range crossings {
		total += c.Span()
	}
	return crossings, total, nil
}

// follow ends the open crossing where the reading is no longer beyond that side, and goes on with it or begins one where it is.
func follow(crossings []Crossing, r Reading, v quantity.Verdict) []Crossing {
	n := len(crossings)
	open := n > 0 && crossings[n-1].Open
	switch {
	case open && (v.Pass || v.High != crossings[n-1].High):
		crossings[n-1].To, crossings[n-1].Open = r.At.UTC(), false
	case open:
		farther := r.Value.Decimal().Cmp(crossings[n-1].Extreme.Decimal())
		if v.High && farther > 0 || v.Low && farther < 0 {
			crossings[n-1].Extreme = r.Value
		}
		return crossings
	}
	if v.Pass {
		return crossings
	}
	return append(crossings, Crossing{From: r.At.UTC(), High: v.High, Extreme: r.Value, Open: true})
}
