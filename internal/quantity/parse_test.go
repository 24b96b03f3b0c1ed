package quantity_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/quantity"
)

func code(t require.TestingT, err error) string {
	var e *quantity.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.What)
	require.NotEmpty(t, e.Next)
	require.NotContains(t, e.What+e.Next, "{")
	return e.Code
}

func TestParseTyped(t *testing.T) { // I13
	for text, want := range map[string]string{
		"1.20": "1.20", "1,20": "1.20", "0,125": "0.125", "0.125": "0.125", "00.125": "00.125", "1.2340": "1.2340", "1234,567": "1234.567",
		"1234": "1234", " 98.0 ": "98.0", "\t7\n": "7", "4e8": "4e8", "4E+8": "4e8", "1,2e9": "1.2e9", "2.5e-9": "2.5e-9", "0.0000001": "1e-7",
		"<5.00": "<5.00", "< 5,00": "<5.00", "≤3": "<=3", "<=3": "<=3", "≥ 7": ">=7", ">=7": ">=7", ">0": ">0",
		"-150": "-150", "+5": "5", "-0": "0", "-0.00": "0.00", "007": "7", "0": "0", "0.000": "0.000", "12.5": "12.5", "100.00": "100.00",
	} {
		q, err := quantity.Parse(text, "mL")
		require.NoError(t, err, text)
		require.Equal(t, strings.Replace(want, "00.125", "0.125", 1), q.Number(), text)
		require.Equal(t, quantity.Unit("mL"), q.Unit())
	}
}

func TestParseRefuses(t *testing.T) { // I13, DI: never guess
	for text, want := range map[string]string{
		"1.234": quantity.CodeAmbiguous, "12,500": quantity.CodeAmbiguous, "123.456": quantity.CodeAmbiguous, "-1.234": quantity.CodeAmbiguous,
		"<1.234": quantity.CodeAmbiguous, "1.000": quantity.CodeAmbiguous, "1,234e5": quantity.CodeAmbiguous, " 9.999 ": quantity.CodeAmbiguous,
		"1.234,5": quantity.CodeThousands, "1,234.5": quantity.CodeThousands, "1.234.567": quantity.CodeThousands, "1,2,3": quantity.CodeThousands,
		"1 234": quantity.CodeThousands, "1'234": quantity.CodeThousands, "1_000": quantity.CodeThousands, "1\u00a0234": quantity.CodeThousands,
		"": quantity.CodeNotANumber, "  ": quantity.CodeNotANumber, "<": quantity.CodeNotANumber, "<<5": quantity.CodeNotANumber,
		"5<": quantity.CodeNotANumber, "=<5": quantity.CodeNotANumber, ".5": quantity.CodeNotANumber, "5.": quantity.CodeNotANumber,
		",5": quantity.CodeNotANumber, "--5": quantity.CodeNotANumber, "+-5": quantity.CodeNotANumber, "−5": quantity.CodeNotANumber,
		"NaN": quantity.CodeNotANumber, "Inf": quantity.CodeNotANumber, "-infinity": quantity.CodeNotANumber, "0x10": quantity.CodeNotANumber,
		"1e": quantity.CodeNotANumber, "e5": quantity.CodeNotANumber, "1e5.0": quantity.CodeNotANumber, "1e2e3": quantity.CodeNotANumber,
		"١٢": quantity.CodeNotANumber, "１２": quantity.CodeNotANumber, "5 mL": quantity.CodeNotANumber, "5%": quantity.CodeNotANumber,
		"1e31": quantity.CodeOutOfRange, "1e-31": quantity.CodeOutOfRange, "1e999": quantity.CodeOutOfRange, "1e99999": quantity.CodeNotANumber,
		strings.Repeat("1", 41): quantity.CodeTooLong, strings.Repeat("9", 100000): quantity.CodeTooLong,
	} {
		q, err := quantity.Parse(text, "mL")
		require.Error(t, err, text)
		require.Equal(t, want, code(t, err), text)
		require.True(t, q.IsZero())
	}
	_, err := quantity.Parse("12,500", "mL")
	var e *quantity.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, `"12,500" can be read as 12500 or as 12.500`, e.What)
	require.Equal(t, "write 12500 without a mark, or 12.5000 with four decimals", e.Next)
	require.Equal(t, "I13", e.Rule)
}

func TestErrorTextIsNotFilledTwice(t *testing.T) {
	e := quantity.NewError("I13", "x", "{a} and {b}", "{b}", "a", "{b}", "b", "2")
	require.Equal(t, "{b} and 2", e.What)
	require.Equal(t, "I13: {b} and 2", e.Error())
	require.Equal(t, "2", e.Next)
}

func TestParseCanonical(t *testing.T) {
	require.Equal(t, "1.234", quantity.MustParse("1.234", "g/mL").Number())
	for _, text := range []string{" 5", "5 ", "1,5", "< 5", "1.234.5", "", strings.Repeat("0", 81)} {
		_, err := quantity.ParseCanonical(text, "mL")
		require.Error(t, err, text)
	}
	_, err := quantity.ParseCanonical("5", "ml")
	require.Equal(t, quantity.CodeUnknownUnit, code(t, err))
	require.Panics(t, func() { quantity.MustParse("five", "mL") })
	require.Panics(t, func() { quantity.New(1, 0, "furlong") })
	require.Panics(t, func() { quantity.New(1, 31, "mL") })
	require.Equal(t, "1.20 mL", quantity.New(120, -2, "mL").String())
	require.Equal(t, "-5 degC", quantity.New(-5, 0, "degC").String())
}

func TestJSON(t *testing.T) { // I13: the stored form
	for text, q := range map[string]quantity.Quantity{
		`{"value":"1.20","unit":"mL"}`:     quantity.MustParse("1.20", "mL"),
		`{"value":"<5.00","unit":"EU/mL"}`: quantity.MustParse("<5.00", "EU/mL"),
		`{"value":"4e8","unit":"cells"}`:   quantity.MustParse("4e8", "cells"),
		`{"value":"3","unit":""}`:          quantity.MustParse("3", ""),
		`null`:                             {},
	} {
		b, err := q.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, text, string(b))
		var back quantity.Quantity
		require.NoError(t, json.Unmarshal([]byte(text), &back))
		require.True(t, q.Equal(back))
		require.Equal(t, q, back)
	}
	for _, text := range []string{
		`{"value":1.20,"unit":"mL"}`, `{"value":"1.20"}`, `{"unit":"mL"}`, `{}`, `"1.20 mL"`, `5`, `{"value":"1,20","unit":"mL"}`,
		`{"value":"1.20","unit":"ml"}`, `{"value":"1.20","unit":"mL","x":1}`, `{"value":"","unit":"mL"}`, `[]`,
	} {
		back := quantity.MustParse("7", "g")
		require.Error(t, json.Unmarshal([]byte(text), &back), text)
		require.Equal(t, "7 g", back.String(), "a refused text must not change the value")
	}
	var holder struct {
		Q quantity.Quantity `json:"q,omitzero"`
	}
	b, err := json.Marshal(holder)
	require.NoError(t, err)
	require.Equal(t, "{}", string(b))
}

// anyQuantity draws values of all shapes the process has, and some it does not.
func anyQuantity(unit quantity.Unit) *rapid.Generator[quantity.Quantity] {
	return rapid.Custom(func(t *rapid.T) quantity.Quantity {
		q := quantity.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "coefficient"), rapid.Int32Range(-12, 12).Draw(t, "exponent"), unit)
		text := rapid.SampledFrom([]string{"", "", "<", "<=", ">", ">="}).Draw(t, "qualifier") + q.Number()
		return quantity.MustParse(text, unit)
	})
}

// TestFormatThenParse: what a page shows can be typed back in the same language and is then the same value, or is refused as
// ambiguous; it never becomes another value.
func TestFormatThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuantity("mL").Draw(t, "q")
		lang := rapid.SampledFrom([]string{"en", "es", "de", "de-DE", "pt"}).Draw(t, "lang")
		shown := strings.TrimSuffix(q.Format(lang), " mL")
		typed := strings.NewReplacer("×10", "e", "⁻", "-", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9").Replace(shown)
		back, err := quantity.Parse(typed, "mL")
		if err != nil {
			require.Equal(t, quantity.CodeAmbiguous, code(t, err), "%q", typed)
			return
		}
		require.Equal(t, q.Qualifier(), back.Qualifier())
		require.Zero(t, q.Decimal().Cmp(back.Decimal()), "%q", typed)
		if !strings.Contains(shown, "×") {
			require.Equal(t, q.Decimals(), back.Decimals())
		}
	})
}

func TestCanonicalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuantity("10^6/mL").Draw(t, "q")
		back, err := quantity.ParseCanonical(q.Number(), q.Unit())
		require.NoError(t, err)
		require.True(t, q.Equal(back))
		require.Equal(t, q.Decimals(), back.Decimals())
		b, err := q.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalJSON(b))
		require.True(t, q.Equal(back))
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.20", "1,5", "<5.00", "≥ 4e8", "1.234", "1.234,5", "-0.0", "1e-7", " 7 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := quantity.Parse(s, "mL")
		checkParsed(t, q, err)
	})
}

func FuzzParseCanonical(f *testing.F) {
	for _, s := range []string{"1.20", "<5.00", ">=4e8", "1.234", "0e-30", "-1e30", "00.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := quantity.ParseCanonical(s, "mL")
		checkParsed(t, q, err)
	})
}

func checkParsed(t *testing.T, q quantity.Quantity, err error) {
	if err != nil {
		var e *quantity.Error
		require.True(t, errors.As(err, &e))
		require.True(t, q.IsZero())
		return
	}
	back, err := quantity.ParseCanonical(q.Number(), "mL")
	require.NoError(t, err)
	require.True(t, q.Equal(back))
	require.Equal(t, q.Decimals(), back.Decimals())
	for _, lang := range []string{"en", "es"} {
		require.NotEmpty(t, q.Format(lang))
	}
	require.LessOrEqual(t, len(q.Round(34).Number()), 80)
	_, err = quantity.ParseCanonical(q.Round(34).Number(), "mL")
	require.NoError(t, err)
}
