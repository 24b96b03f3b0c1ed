package quantity

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cockroachdb/apd/v3"
)

const (
	maxTyped     = 40 // no value of the process needs more characters
	maxCanonical = 80 // Number of a value rounded to 34 decimals fits
)

// Parse reads a number as a person types it, in any of the languages of the plants: decimal comma or point, a
// qualifier (< > ≤ ≥ <= >=), an exponent ("4e8"), blanks around. Trailing zeros are kept: 1.20 has two decimals.
//
// Whatever could mean two numbers is refused: one mark followed by exactly three digits ("1.234", "12,500") is
// ambiguous-number, since Spain and Germany write thousands so; more than one mark is thousands-separator. Also
// refused: digits of other scripts, hexadecimal, NaN and infinity, ".5" and "5." (a lost mark makes them 5).
func Parse(text string, unit Unit) (Quantity, error) {
	trimmed := strings.TrimSpace(text)
	if len(text) > 4*maxTyped || utf8.RuneCountInString(trimmed) > maxTyped {
		return Quantity{}, fail(CodeTooLong, "the text is longer than {max} characters", "enter the number alone", "max", strconv.Itoa(maxTyped))
	}
	qualifier, rest := cutQualifier(trimmed)
	rest = strings.TrimLeft(rest, " ")
	err := refuseAmbiguous(rest)
	if err != nil {
		return Quantity{}, err
	}
	return build(text, qualifier, strings.Replace(rest, ",", ".", 1), unit)
}

// ParseOptional is Parse for a number that may stay empty: then there is no value.
func ParseOptional(text string, unit Unit) (Quantity, error) {
	if strings.TrimSpace(text) == "" {
		return Quantity{}, nil
	}
	return Parse(text, unit)
}

// ParseCanonical reads the machine form that Number writes: optional qualifier, decimal point, no blanks. "1.234" is one
// point two three four here.
func ParseCanonical(text string, unit Unit) (Quantity, error) {
	if len(text) > maxCanonical {
		return Quantity{}, fail(CodeTooLong, "the text is longer than {max} characters", "give the number alone", "max", strconv.Itoa(maxCanonical))
	}
	qualifier, rest := cutQualifier(text)
	return build(text, qualifier, rest, unit)
}

// MustParse is ParseCanonical for constants and tests; it panics where that gives an error.
func MustParse(text string, unit Unit) Quantity {
	q, err := ParseCanonical(text, unit)
	if err != nil {
		panic(err)
	}
	return q
}

var qualifiers = []struct {
	text string
	is   Qualifier
}{{"<=", AtMost}, {">=", AtLeast}, {"≤", AtMost}, {"≥", AtLeast}, {"<", Less}, {">", Greater}}

func cutQualifier(text string) (Qualifier, string) {
	for _, q := range qualifiers {
		rest, found := strings.CutPrefix(text, q.text)
		if found {
			return q.is, rest
		}
	}
	return Exactly, text
}

// refuseAmbiguous looks at the marks between the digits only; whether the text is a number at all is seen later.
func refuseAmbiguous(text string) error {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	mantissa = strings.TrimLeft(mantissa, "+-")
	marks := strings.Count(mantissa, ".") + strings.Count(mantissa, ",")
	grouped := strings.ContainsAny(mantissa, " '_’\u00a0\u202f") && onlyDigits(strings.NewReplacer(
		" ", "", "'", "", "_", "", "’", "", "\u00a0", "", "\u202f", "", ".", "", ",", "").Replace(mantissa))
	if marks > 1 || grouped {
		return fail(CodeThousands, "{text} has thousands separators", "write the number without them, with one decimal mark at most",
			"text", quote(text))
	}
	if marks == 0 {
		return nil
	}
	at := strings.IndexAny(mantissa, ".,")
	whole, decimals := mantissa[:at], mantissa[at+1:]
	if len(decimals) != 3 || !onlyDigits(decimals) || !onlyDigits(whole) || len(whole) > 3 || strings.Trim(whole, "0") == "" {
		return nil
	}
	return fail(CodeAmbiguous, "{text} can be read as {thousands} or as {decimal}",
		"write {thousands} without a mark, or {decimal}0 with four decimals",
		"text", quote(text), "thousands", whole+decimals, "decimal", whole+"."+decimals)
}

// build makes the quantity from qualifier and number; text is what was given, for the message.
func build(text string, qualifier Qualifier, number string, unit Unit) (Quantity, error) {
	if !wellFormed(number) {
		return Quantity{}, fail(CodeNotANumber, "{text} is not a number", "write digits with at most one decimal mark, such as 0.5 or 4e8",
			"text", quote(text))
	}
	d, _, err := apd.NewFromString(number)
	if err != nil {
		return Quantity{}, fail(CodeOutOfRange, "{text} is outside of 1e-30 to 1e30", "check the exponent", "text", quote(text))
	}
	q, err := FromDecimal(d, unit)
	if err != nil {
		return Quantity{}, err
	}
	return q.qualified(qualifier), nil
}

// wellFormed accepts [sign] digits [. digits] [e [sign] digits], ASCII only. The library would also take "Inf", "NaN",
// ".5" and "5.".
func wellFormed(s string) bool {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	if scientific && (len(exponent) > 4 || !onlyDigits(cutSign(exponent))) {
		return false
	}
	whole, decimals, marked := strings.Cut(cutSign(mantissa), ".")
	return onlyDigits(whole) && (!marked || onlyDigits(decimals))
}

func cutSign(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// quote makes a text safe to show: control characters escaped, length bounded.
func quote(s string) string {
	if len(s) > maxCanonical {
		s = strings.ToValidUTF8(s[:maxCanonical], "") + "…"
	}
	return strconv.Quote(s)
}
