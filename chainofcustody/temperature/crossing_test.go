package temperature_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

const interval = 10 * time.Minute

func limit(t require.TestingT, text string) quantity.Limit {
	l, err := quantity.ParseLimit(text, "degC")
	require.NoError(t, err)
	return l
}

var eight = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// everyTenMinutes makes readings from tenths of a degree.
func everyTenMinutes(tenths ...int64) []temperature.Reading {
	var readings []temperature.Reading
	for i, r := range tenths {
		readings = append(readings, temperature.Reading{At: eight.Add(time.Duration(i) * interval), Value: quantity.New(r, -1, "degC")})
	}
	return readings
}

func TestOutOfRange(t *testing.T) { // F15
	type crossing struct {
		from, to int // number of the interval
		high     bool
		extreme  string
		open     bool
	}
	for name, c := range map[string]struct {
		tenths []int64
		want   []crossing
	}{
		"never":                           {[]int64{20, 50, 80}, nil},
		"one reading":                     {[]int64{50, 91, 50}, []crossing{{1, 2, true, "9.1", false}}},
		"the extreme is kept":             {[]int64{50, 91, 104, 95, 80}, []crossing{{1, 4, true, "10.4", false}}},
		"low, and the lowest":             {[]int64{10, -3, 5, 40}, []crossing{{0, 3, false, "-0.3", false}}},
		"from one side to the other":      {[]int64{50, 95, -10, 50}, []crossing{{1, 2, true, "9.5", false}, {2, 3, false, "-1.0", false}}},
		"still out at the end":            {[]int64{50, 95, 96}, []crossing{{1, 3, true, "9.6", true}}},
		"two crossings":                   {[]int64{95, 50, 95, 50}, []crossing{{0, 1, true, "9.5", false}, {2, 3, true, "9.5", false}}},
		"the last reading stands as well": {[]int64{50, 95}, []crossing{{1, 2, true, "9.5", true}}},
		"rounded before it is judged":     {[]int64{84, 84, 85, 84}, []crossing{{2, 3, true, "8.5", false}}},
	} {
		readings := everyTenMinutes(c.tenths...)
		got, total, err := temperature.OutOfRange(readings, limit(t, "2..8"), interval)
		require.NoError(t, err, name)
		require.Len(t, got, len(c.want), name)
		var sum time.Duration
		for i, w := range c.want {
			require.Equal(t, eight.Add(time.Duration(w.from)*interval), got[i].From, name)
			require.Equal(t, eight.Add(time.Duration(w.to)*interval), got[i].To, name)
			require.Equal(t, w.high, got[i].High, name)
			require.Equal(t, w.open, got[i].Open, name)
			require.Equal(t, w.extreme, got[i].Extreme.Number(), name)
			sum += got[i].Span()
		}
		require.Equal(t, sum, total, name)
	}
}

// process scenario 9: a gap is shown as time and not filled.
func TestOutOfRange_TR9_AGapIsNeitherInsideNorOutside(t *testing.T) {
	readings := everyTenMinutes(50, 95, 95, 95, 95, 50)
	readings = append(readings[:2], readings[4:]...)
	got, total, err := temperature.OutOfRange(readings, limit(t, "2.0..8.0"), interval)
	require.NoError(t, err)
	require.Len(t, got, 2, "what was between is not known")
	require.True(t, got[0].Open)
	require.Equal(t, eight.Add(2*interval), got[0].To)
	require.Equal(t, 2*interval, total)
	gaps := temperature.Gaps(readings, interval)
	require.Equal(t, []temperature.Gap{{From: eight.Add(2 * interval), To: eight.Add(4 * interval)}}, gaps)
}

func TestOutOfRangeRefuses(t *testing.T) { // F15
	good := everyTenMinutes(50, 51)
	for want, readings := range map[string][]temperature.Reading{
		temperature.CodeMissingInput: nil,
		temperature.CodeImpossible:   {good[1], good[0]},
		quantity.CodeUnitMismatch:    {{At: good[0].At, Value: quantity.MustParse("5", "mL")}},
	} {
		_, _, err := temperature.OutOfRange(readings, limit(t, "2..8"), interval)
		require.Equal(t, want, code(t, err))
	}
	_, _, err := temperature.OutOfRange([]temperature.Reading{{Value: quantity.MustParse("5", "degC")}}, limit(t, "2..8"), interval)
	require.Equal(t, temperature.CodeImpossible, code(t, err))
	_, _, err = temperature.OutOfRange(good, quantity.Limit{}, interval)
	require.Equal(t, quantity.CodeNoLimit, code(t, err))
	_, _, err = temperature.OutOfRange(good, limit(t, "2..8"), 0)
	require.Equal(t, temperature.CodeMissingInput, code(t, err))
}

// By the interval rule time inside, time outside and gaps are the whole record.
func TestTimeInAndOutOfRangeIsTheWholeRecord(t *testing.T) { // F15, TR-9
	rapid.Check(t, func(t *rapid.T) {
		all := everyTenMinutes(rapid.SliceOfN(rapid.Int64Range(-20, 120), 1, 20).Draw(t, "tenths")...)
		var readings []temperature.Reading
		for i, r := range all {
			if i == 0 || i == len(all)-1 || rapid.Bool().Draw(t, "kept") {
				readings = append(readings, r)
			}
		}
		l := limit(t, "2.0..8.0")
		var outside, inside time.Duration
		for _, r := range readings {
			v, err := l.Judge(r.Value)
			require.NoError(t, err)
			if v.Pass {
				inside += interval
			} else {
				outside += interval
			}
		}
		crossings, total, err := temperature.OutOfRange(readings, l, interval)
		require.NoError(t, err)
		require.Equal(t, outside, total)
		for i := 1; i < len(crossings); i++ {
			require.False(t, crossings[i].From.Before(crossings[i-1].To))
		}
		var gaps time.Duration
		for _, g := range temperature.Gaps(readings, interval) {
			gaps += g.Span()
		}
		require.Equal(t, time.Duration(len(all))*interval, inside+outside+gaps)
	})
}

func code(t require.TestingT, err error) string {
	var e *quantity.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Next)
	require.NotRegexp(t, `\{[a-z]+\}`, e.What+e.Next)
	return e.Code
}
