package quantity_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/quantity"
)

func limit(t require.TestingT, text string, unit quantity.Unit) quantity.Limit {
	l, err := quantity.ParseLimit(text, unit)
	require.NoError(t, err, text)
	return l
}

func TestJudge(t *testing.T) { // F22, I13
	for _, c := range []struct {
		limit, value, reported, verdict string
	}{
		{">=70", "69.6", "70", "pass"}, {">=70", "69.4", "69", "low"}, {">=70", "69.5", "70", "pass"}, {">=70", "69.4999999999", "69", "low"},
		{"<=6.7", "6.74", "6.7", "pass"}, {"<=6.7", "6.75", "6.8", "high"}, {"<=6.7", "6.7499999999999999999999999999999999", "6.7", "pass"},
		{"25.3..83.3", "83.35", "83.4", "high"}, {"25.3..83.3", "83.34", "83.3", "pass"}, {"25.3..83.3", "25.25", "25.3", "pass"},
		{"25.3..83.3", "25.249", "25.2", "low"}, {"25.3..83.3", "84.1", "84.1", "high"}, {"1.4..10", "10.04", "10.0", "pass"}, {"1.4..10", "10.05", "10.1", "high"},
		{"<5.00", "4.99", "4.99", "pass"}, {"<5.00", "5", "5.00", "high"}, {"<5.00", "4.995", "5.00", "high"}, {">0", "0", "0", "low"},
		{">0", "1", "1", "pass"}, {">0", "0.4", "0", "low"}, {">0.0", "0.4", "0.4", "pass"}, {"=0", "0", "0", "pass"}, {"=0", "1", "1", "high"},
		{"=0", "-1", "-1", "low"}, {"4e8..1.2e9", "399999999.9", "399999999.9", "low"}, {"4e8..1.2e9", "4e8", "4e8", "pass"},
		{"4e8..1.2e9", "1.2000000001e9", "1200000000.1", "high"}, {"4e8..1.2e9", "1200000000", "1200000000", "pass"},
		{"≥70", "70", "70", "pass"}, {"≤ 6.7", "7", "7.0", "high"}, {"<=-150", "-149.4", "-149", "high"}, {"-80..-60", "-70", "-70", "pass"},
		// qualified values: decided when all or none of what they allow passes
		{"<5.00", "<5.00", "<5.00", "pass"}, {"<5.00", "<5", "<5", "pass"}, {"<5.00", "<0.5", "<0.5", "pass"}, {"<5.00", "<=5.00", "<=5.00", "undecided"},
		{"<5.00", "<10", "<10", "undecided"}, {"<5.00", ">5.00", ">5.00", "high"}, {"<5.00", ">=5.00", ">=5.00", "high"}, {"<5.00", ">4", ">4", "undecided"},
		{"<=5.00", "<=5.00", "<=5.00", "pass"}, {"<=5.00", ">=5.00", ">=5.00", "undecided"}, {"<=5.00", ">5.00", ">5.00", "high"},
		{">=70", ">70", ">70", "pass"}, {">=70", ">=70", ">=70", "pass"}, {">=70", ">60", ">60", "undecided"}, {">=70", "<70", "<70", "low"},
		{">=70", "<=70", "<=70", "undecided"}, {">70", "<=70", "<=70", "low"}, {">70", ">=70", ">=70", "undecided"}, {">70", ">70", ">70", "pass"},
		{"25.3..83.3", "<30", "<30", "undecided"}, {"25.3..83.3", "<20", "<20", "low"}, {"25.3..83.3", ">90", ">90", "high"}, {"=0", "<=0", "<=0", "undecided"},
	} {
		v, err := limit(t, c.limit, "%").Judge(must(c.value, "%"))
		require.NoError(t, err)
		want := quantity.Verdict{Reported: v.Reported, Pass: c.verdict == "pass", Undecided: c.verdict == "undecided", Low: c.verdict == "low", High: c.verdict == "high"}
		require.Equal(t, want, v, "%v", c)
		require.Equal(t, c.reported, v.Reported.Number(), "%v", c)
	}
}

func TestJudgeRefuses(t *testing.T) {
	l := limit(t, ">=70", "%")
	_, err := l.Judge(quantity.Quantity{})
	require.Equal(t, quantity.CodeNoValue, code(t, err))
	_, err = l.Judge(must("80", "% of WBC"))
	require.Equal(t, quantity.CodeUnitMismatch, code(t, err))
	_, err = quantity.Limit{}.Judge(must("80", "%"))
	require.Equal(t, quantity.CodeNoLimit, code(t, err))
}

func TestParseLimit(t *testing.T) {
	for text, want := range map[string][2]string{
		">=70": {">=70", "≥ 70 %"}, "<=6.7": {"<=6.7", "≤ 6,7 %"}, "<5.00": {"<5.00", "< 5,00 %"}, ">0": {">0", "> 0 %"}, "=0": {"=0", "= 0 %"},
		"25.3..83.3": {"25.3..83.3", "25,3 – 83,3 %"}, "4e8..1.2e9": {"4e8..1.2e9", "4×10⁸ – 1,2×10⁹ %"}, " 25.3 .. 83.3 ": {"25.3..83.3", "25,3 – 83,3 %"},
		">= 70": {">=70", "≥ 70 %"}, "5..5": {"5..5", "5 – 5 %"},
	} {
		l := limit(t, text, "%")
		require.Equal(t, want[0], l.Source())
		require.Equal(t, want[0]+" %", l.String())
		require.Equal(t, want[1], l.Format("de"))
		require.Equal(t, quantity.Unit("%"), l.Unit())
		require.False(t, l.IsZero())
	}
	for _, text := range []string{
		"", " ", "70", ">", ">=", "=", "..", "5..", "..5", "83.3..25.3", "25.3-83.3", ">=70,5", ">=<70", "<5..>3", "1..2..3", "1...2", ">=7 0",
		"=>70", "==70", "=<5", "NaN..5", ">=1e40", "\x00>=5", ">=\t5", "5..6 x",
	} {
		_, err := quantity.ParseLimit(text, "%")
		require.Equal(t, quantity.CodeBadLimit, code(t, err), text)
	}
	_, err := quantity.ParseLimit(">=70", "percent")
	require.Equal(t, quantity.CodeUnknownUnit, code(t, err))
	d, rounds := limit(t, "1.4..10", "%").Decimals()
	require.Equal(t, 1, d)
	require.True(t, rounds)
	_, rounds = limit(t, "4e8..1.2e9", "cells").Decimals()
	require.False(t, rounds)
}

func TestLimitText(t *testing.T) {
	for _, l := range []quantity.Limit{limit(t, ">=70", "% of CD45+"), limit(t, "25.3 .. 83.3", "per 100 WBC"), limit(t, "<=6.7", ""), {}} {
		b, err := json.Marshal(map[string]quantity.Limit{"limit": l})
		require.NoError(t, err)
		var back map[string]quantity.Limit
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, l, back["limit"])
	}
	require.Empty(t, quantity.Limit{}.Format("de"))
	l := limit(t, ">=70", "%")
	require.Error(t, l.UnmarshalText([]byte(">=70 percent")))
	require.Error(t, l.UnmarshalText([]byte("70")))
	require.Equal(t, ">=70 %", l.String(), "a refused text must not change the limit")
}

// TestJudgeIsMonotone: along rising values a verdict goes from low over pass to high and never back; and it is the verdict
// of exact fractions.
func TestJudgeIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decimals := rapid.Int32Range(0, 3).Draw(t, "decimals")
		low := quantity.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "low"), -decimals, "%")
		high, err := low.Add(quantity.New(rapid.Int64Range(0, 1e6).Draw(t, "width"), -decimals, "%"))
		require.NoError(t, err)
		text := rapid.SampledFrom([]string{">=" + low.Number(), ">" + low.Number(), "<=" + high.Number(), "<" + high.Number(), low.Number() + ".." + high.Number()}).Draw(t, "limit")
		l := limit(t, text, "%")
		rank := func(q quantity.Quantity) int {
			v, err := l.Judge(q)
			require.NoError(t, err)
			require.False(t, v.Undecided)
			require.Equal(t, v.Pass, !v.Low && !v.High)
			require.False(t, v.Low && v.High)
			require.Equal(t, int(decimals), v.Reported.Decimals())
			if v.Low {
				return 0
			}
			if v.High {
				return 2
			}
			return 1
		}
		a := quantity.New(rapid.Int64Range(-1e9, 2e9).Draw(t, "a"), -decimals-2, "%")
		step := quantity.New(rapid.Int64Range(0, 1e8).Draw(t, "step"), -decimals-2, "%")
		b, err := a.Add(step)
		require.NoError(t, err)
		require.LessOrEqual(t, rank(a), rank(b))
	})
}

// TestQualifiedVerdictHoldsForEveryValue: a decided verdict on "<v" is the verdict on each single value that "<v" allows,
// compared without rounding.
func TestQualifiedVerdictHoldsForEveryValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{">=5.0", ">5.0", "<=5.0", "<5.0", "3.0..5.0", "=4.0"}).Draw(t, "limit")
		l := limit(t, text, "%")
		qualifier := rapid.SampledFrom([]string{"<", "<=", ">", ">="}).Draw(t, "qualifier")
		number := quantity.New(rapid.Int64Range(20, 60).Draw(t, "number"), -1, "%")
		v, err := l.Judge(must(qualifier+number.Number(), "%"))
		require.NoError(t, err)
		require.False(t, v.Undecided && (v.Pass || v.Low || v.High))
		x := quantity.New(rapid.Int64Range(1, 999).Draw(t, "x"), -2, "%")
		c := rat(x).Cmp(rat(number))
		allowed := map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[qualifier]
		if v.Undecided || !allowed {
			return
		}
		require.Equal(t, v.Pass, meets(text, rat(x)), "%s%s against %s, x=%s", qualifier, number.Number(), text, x.Number())
	})
}

func meets(limit string, x *big.Rat) bool {
	three, four, five := big.NewRat(3, 1), big.NewRat(4, 1), big.NewRat(5, 1)
	return map[string]bool{
		">=5.0": x.Cmp(five) >= 0, ">5.0": x.Cmp(five) > 0, "<=5.0": x.Cmp(five) <= 0, "<5.0": x.Cmp(five) < 0,
		"3.0..5.0": x.Cmp(three) >= 0 && x.Cmp(five) <= 0, "=4.0": x.Cmp(four) == 0,
	}[limit]
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{">=70", "<=6.7", "<5.00", ">0", "25.3..83.3", "4e8..1.2e9", "=0", "≥ 1", "-1..-0.5"} {
		f.Add(s, "5.0")
	}
	f.Fuzz(func(t *testing.T, s, value string) {
		l, err := quantity.ParseLimit(s, "% of WBC")
		if err != nil {
			var e *quantity.Error
			require.ErrorAs(t, err, &e)
			require.True(t, l.IsZero())
			return
		}
		text, err := l.MarshalText()
		require.NoError(t, err)
		var back quantity.Limit
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, l.String(), back.String())
		require.NotEmpty(t, l.Format("es"))
		q, err := quantity.ParseCanonical(value, "% of WBC")
		if err != nil {
			return
		}
		v, err := l.Judge(q)
		require.NoError(t, err)
		again, err := back.Judge(q)
		require.NoError(t, err)
		require.Equal(t, v, again)
	})
}
