package formula_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

func limit(t require.TestingT, text string) quantity.Limit {
	l, err := quantity.ParseLimit(text, "degC")
	require.NoError(t, err)
	return l
}

// everyTenMinutes makes readings from tenths of a degree.
func everyTenMinutes(tenths ...int64) []formula.Reading {
	var readings []formula.Reading
	for i, r := range tenths {
		readings = append(readings, formula.Reading{At: time.Date(2026, 11, 22, 8, 10*i, 0, 0, time.UTC), Value: quantity.New(r, -1, "degC")})
	}
	return readings
}

func TestTimeOutOfRange(t *testing.T) { // F15
	type crossing struct {
		from, to int // number of the reading
		high     bool
		extreme  string
		open     bool
	}
	for name, c := range map[string]struct {
		tenths []int64
		want   []crossing
	}{
		"never":                       {[]int64{20, 50, 80}, nil},
		"one reading":                 {[]int64{50, 91, 50}, []crossing{{1, 2, true, "9.1 degC", false}}},
		"the extreme is kept":         {[]int64{50, 91, 104, 95, 80}, []crossing{{1, 4, true, "10.4 degC", false}}},
		"low, and the lowest":         {[]int64{10, -3, 5, 40}, []crossing{{0, 3, false, "-0.3 degC", false}}},
		"from one side to the other":  {[]int64{50, 95, -10, 50}, []crossing{{1, 2, true, "9.5 degC", false}, {2, 3, false, "-1 degC", false}}},
		"still out at the end":        {[]int64{50, 95, 96}, []crossing{{1, 2, true, "9.6 degC", true}}},
		"two crossings":               {[]int64{95, 50, 95, 50}, []crossing{{0, 1, true, "9.5 degC", false}, {2, 3, true, "9.5 degC", false}}},
		"only the last reading":       {[]int64{50, 95}, []crossing{{1, 1, true, "9.5 degC", true}}},
		"rounded before it is judged": {[]int64{84, 84, 85, 84}, []crossing{{2, 3, true, "8.5 degC", false}}},
	} {
		readings := everyTenMinutes(c.tenths...)
		got, total, err := formula.TimeOutOfRange(readings, limit(t, "2..8"))
		require.NoError(t, err, name)
		require.Len(t, got, len(c.want), name)
		var sum time.Duration
		for i, w := range c.want {
			require.Equal(t, readings[w.from].At, got[i].From, name)
			require.Equal(t, readings[w.to].At, got[i].To, name)
			require.Equal(t, w.high, got[i].High, name)
			require.Equal(t, w.open, got[i].Open, name)
			requireSame(t, w.extreme, got[i].Extreme)
			sum += got[i].Span()
		}
		require.Equal(t, sum, total, name)
	}
}

func TestTimeOutOfRangeRefuses(t *testing.T) { // F15
	good := everyTenMinutes(50, 51)
	for want, readings := range map[string][]formula.Reading{
		formula.CodeMissingInput:  nil,
		formula.CodeImpossible:    {good[1], good[0]},
		quantity.CodeUnitMismatch: {{At: good[0].At, Value: q(t, "5 mL")}},
	} {
		_, _, err := formula.TimeOutOfRange(readings, limit(t, "2..8"))
		require.Equal(t, want, code(t, err))
	}
	_, _, err := formula.TimeOutOfRange([]formula.Reading{{Value: q(t, "5 degC")}}, limit(t, "2..8"))
	require.Equal(t, formula.CodeImpossible, code(t, err))
	_, _, err = formula.TimeOutOfRange(good, quantity.Limit{})
	require.Equal(t, quantity.CodeNoLimit, code(t, err))
}

// TestTimeInAndOutOfRangeIsTheWholeRecord: by the interval rule every interval belongs to its first reading.
func TestTimeInAndOutOfRangeIsTheWholeRecord(t *testing.T) { // F15
	rapid.Check(t, func(t *rapid.T) {
		readings := everyTenMinutes(rapid.SliceOfN(rapid.Int64Range(-20, 120), 1, 20).Draw(t, "tenths")...)
		l := limit(t, "2.0..8.0")
		var want time.Duration
		for i := range len(readings) - 1 {
			v, err := l.Judge(readings[i].Value)
			require.NoError(t, err)
			if !v.Pass {
				want += 10 * time.Minute
			}
		}
		crossings, total, err := formula.TimeOutOfRange(readings, l)
		require.NoError(t, err)
		require.Equal(t, want, total)
		for i := 1; i < len(crossings); i++ {
			require.False(t, crossings[i].From.Before(crossings[i-1].To))
		}
	})
}
