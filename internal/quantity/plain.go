package quantity

import (
	"math"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// The codes of errors from Int and Duration.
const (
	CodeNotWhole = "not-whole"
	CodeNotSpan  = "not-a-span"
)

// Int gives a whole number within 32 bits: 4, 4.0 and 4e2, but not 4.5. Errors: not-whole, qualified-operand, no-value.
func (q Quantity) Int() (int, error) {
	err := plain(q)
	if err != nil {
		return 0, err
	}
	n, err := q.number.Int64()
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		return 0, fail(CodeNotWhole, "{value} is not a whole number", "enter a whole number", "value", q.String())
	}
	return int(n), nil
}

// Duration gives a value in min, h or d as a span of time for the clocks of the process, exact to the nanosecond and cut
// below it. It is not negative and below 292 years. Errors: not-a-span, qualified-operand, no-value.
func (q Quantity) Duration() (time.Duration, error) {
	err := plain(q)
	if err != nil {
		return 0, err
	}
	notSpan := func() error {
		return fail(CodeNotSpan, "{value} is not a span of time", "enter it in min, h or d", "value", q.String())
	}
	if table[q.unit].group != durations || q.Sign() < 0 {
		return 0, notSpan()
	}
	minutes, err := q.In("min")
	if err != nil {
		return 0, err
	}
	var nanoseconds, whole apd.Decimal
	_, err = arithmetic.Mul(&nanoseconds, &minutes.number, apd.New(int64(time.Minute), 0))
	if err != nil {
		return 0, notSpan()
	}
	nanoseconds.Modf(&whole, nil)
	n, err := whole.Int64()
	if err != nil {
		return 0, notSpan()
	}
	return time.Duration(n), nil
}
