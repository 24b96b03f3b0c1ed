package pades

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func parse(s string) (value, string, error) {
	p := &parser{b: []byte(s), budget: 10_000}
	v, err := p.value(0)
	return v, s[min(p.pos, len(s)):], err
}

func TestValuesAreWrittenAsTheyMean(t *testing.T) {
	for in, want := range map[string]string{
		"null": "null", "true": "true", "false": "false",
		"0": "0", "+17": "+17", "-.002": "-.002", "4.": "4.", "595.28": "595.28",
		"/Name": "/Name", "/A#20B": "/A#20B", "/#41": "/A", "/": "/", "/Ñ": "/#c3#91",
		"(a(b)c)": `(a\(b\)c)`, `(\n\r\t\b\f\(\)\\\q)`: `(\012\015\011\010\014\(\)\\q)`,
		`(\1\12\1234)`: `(\001\012S4)`, "(a\\\nb\\\r\nc)": "(abc)", "(a\r\nb\rc)": `(a\012b\012c)`,
		"()": "()", "<>": "<>", "<4A 6b>": "<4a6b>", "(Weiß)": `(Wei\303\237)`,
		"[]": "[]", "[ 1 2 0 R/A(b) ]": "[1 2 0 R /A (b)]", "[1 0 2 0 R 3]": "[1 0 2 0 R 3]",
		"<<>>": "<<>>", "<</A 1/B<</C[null]>>/D 12 0 R>>": "<</A 1 /B <</C [null]>> /D 12 0 R>>",
		" \n\t12 0 R": "12 0 R", "12 0 Rx": "12", "0 0 R": "0", "1 1 R": "1",
	} {
		t.Run(in, func(t *testing.T) {
			v, _, err := parse(in)
			require.NoError(t, err)
			require.Equal(t, want, string(appendValue(nil, v)))
		})
	}
}

func TestMalformedValuesAreRefused(t *testing.T) {
	for _, in := range []string{
		"", " ", "nul", "nullx", "truefalse", "--1", "+", ".", "1.2.3", "1e5", "123456789012345678901", "1-",
		"/A#", "/A#4", "/A#zz", "/A#00", "/" + strings.Repeat("n", 128),
		"(", "(()", `(\`, "(\\)", "<", "<4", "<4>", "<4g>", "<4A", ">", ")", "]", "}", "{",
		"[", "[1", "[1>>", "[%c\n1]", "<<", "<</A", "<</A 1", "<</A>>", "<</A 1 /A 2>>", "<</A 1 /#41 2>>", "<<1 2>>", "<<(A) 2>>",
		"% comment\n1", "R", "obj", "endobj", strings.Repeat("[", 40), strings.Repeat("<</A", 40),
	} {
		t.Run(in, func(t *testing.T) {
			_, _, err := parse(in)
			require.ErrorIs(t, err, ErrUnreadable)
		})
	}
}

func TestDuplicateKeysAreFoundInLargeDictionaries(t *testing.T) {
	var b strings.Builder
	for i := range 30 {
		b.WriteString("/K" + strings.Repeat("x", i) + " 1 ")
	}
	_, _, err := parse("<<" + b.String() + ">>")
	require.NoError(t, err)
	_, _, err = parse("<<" + b.String() + "/Kxx 2>>")
	require.ErrorContains(t, err, "duplicate key")
}

func TestDictionariesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range maxKeys + 1 {
		fmt.Fprintf(&b, "/K%d 1", i)
	}
	p := &parser{b: []byte("<<" + b.String() + ">>"), budget: maxValues}
	_, err := p.value(0)
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestTheBudgetOfValuesIsForTheWholeFile(t *testing.T) {
	p := &parser{b: []byte("[1 2 3 4 5]"), budget: 5}
	_, err := p.value(0)
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestSameComparesMeaning(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"(AB)", "<4142>", true}, {"<</A 1/B 2>>", "<</B 2/A 1>>", true}, {"[1 (x)]", "[1 (x)]", true},
		{"null", "null", true}, {"/A", "/A", true}, {"5 0 R", "5 0 R", true},
		{"1", "1.0", false}, {"/A", "(A)", false}, {"1", "1 0 R", false}, {"[1]", "[1 2]", false}, {"[1]", "1", false},
		{"<</A 1>>", "<</A 1/B null>>", false}, {"<</A 1>>", "<</B 1>>", false}, {"null", "false", false}, {"(A)", "null", false},
	} {
		a, _, err := parse(c.a)
		require.NoError(t, err)
		b, _, err := parse(c.b)
		require.NoError(t, err)
		require.Equal(t, c.want, same(a, b), "%s and %s", c.a, c.b)
		require.Equal(t, c.want, same(b, a), "%s and %s", c.b, c.a)
	}
}

// Whatever can be read is written so that it reads as the same, and writing that
// again gives the same bytes.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"<</A [1 2 0 R (x\\)\\r) <00ff> /N#20 null true -1.5]>>", "(a(b)\\053\r\n)", "<4 1>", "[[[[]]]]", "<</A 1 /A 2>>", "1 0 R"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, _, err := parse(s)
		if err != nil {
			require.True(t, isRefusal(err), "%v", err)
			return
		}
		out := appendValue(nil, v)
		again, rest, err := parse(string(out))
		require.NoError(t, err)
		require.Empty(t, rest)
		require.True(t, same(v, again))
		require.Equal(t, out, appendValue(nil, again))
	})
}
