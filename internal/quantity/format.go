package quantity

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Number is the canonical text of the number with its qualifier, decimal point, no unit: "<5.00", "1.20", "4e8".
// ParseCanonical gives back the same value with the same decimals. It is empty when there is no value.
func (q Quantity) Number() string {
	if q.IsZero() {
		return ""
	}
	return string(q.qualifier) + q.digits()
}

// digits is the number alone. Exponents are written where the number was given with one, or is very small; so the
// decimals are never lost.
func (q Quantity) digits() string {
	if magnitude := q.magnitude(); q.number.Exponent > 0 || magnitude < -6 {
		return q.sign() + point(q.number.Coeff.String(), int(-q.number.Exponent)+magnitude) + "e" + strconv.Itoa(magnitude)
	}
	return q.sign() + point(q.number.Coeff.String(), int(-q.number.Exponent))
}

// String is the canonical number and the code of the unit: "<5.00 EU/mL". It is for logs and messages; pages use Format.
func (q Quantity) String() string {
	if q.IsZero() {
		return ""
	}
	return strings.TrimSuffix(q.Number()+" "+string(q.unit), " ")
}

// Format is the value as shown to a person: decimal comma in Spanish, German and the other languages of the label
// except English, the printed form of the unit, large and very small numbers as 4.2×10⁸. Digits are never dropped,
// except zeros at the end of a large whole number. Empty when there is no value.
func (q Quantity) Format(lang string) string {
	if q.IsZero() {
		return ""
	}
	return strings.TrimSuffix(q.FormatNumber(lang)+" "+q.unit.Label(), " ")
}

// FormatNumber is Format without the unit, for a column whose head names it.
func (q Quantity) FormatNumber(lang string) string {
	if q.IsZero() {
		return ""
	}
	text := q.qualifier.Symbol()
	if text != "" {
		text += " "
	}
	coefficient, exponent := q.number.Coeff.String(), int(q.number.Exponent)
	magnitude := q.magnitude()
	switch {
	case magnitude < -6 || (exponent >= 0 && magnitude >= 6):
		if exponent == 0 {
			coefficient = strings.TrimRight(coefficient[1:], "0")
			coefficient = q.number.Coeff.String()[:1] + coefficient
		}
		text += q.sign() + point(coefficient, len(coefficient)-1) + "×10" + superscript(magnitude)
	case exponent > 0:
		text += q.sign() + coefficient + strings.Repeat("0", exponent)
	default:
		text += q.sign() + point(coefficient, -exponent)
	}
	if decimalComma(lang) {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// magnitude is the power of ten of the first digit.
func (q Quantity) magnitude() int { return int(q.number.Exponent) + int(q.number.NumDigits()) - 1 }

func (q Quantity) sign() string {
	if q.number.Negative {
		return "-"
	}
	return ""
}

// point sets the decimal point before the last decimals digits.
func point(digits string, decimals int) string {
	if decimals <= 0 {
		return digits
	}
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	at := len(digits) - decimals
	return digits[:at] + "." + digits[at:]
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func superscript(n int) string { return superscripts.Replace(strconv.Itoa(n)) }

// decimalComma knows the languages of the labels (S35); English, and a language nobody has named here, get the point.
func decimalComma(lang string) bool {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "es", "de", "pt", "pl", "cs", "hu", "nl":
		return true
	}
	return false
}

// stored is the JSON form of a quantity. The value is a string because JSON numbers lose decimals in many readers (I13).
type stored struct {
	Value *string `json:"value"`
	Unit  *Unit   `json:"unit"`
}

// MarshalJSON writes {"value":"<5.00","unit":"EU/mL"}, and null when there is no value.
func (q Quantity) MarshalJSON() ([]byte, error) {
	if q.IsZero() {
		return []byte("null"), nil
	}
	value := q.Number()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // "<" stays readable in the record
	err := e.Encode(stored{Value: &value, Unit: &q.unit})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// UnmarshalJSON reads what MarshalJSON writes and nothing else: a number in place of the string is refused.
func (q *Quantity) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "null" {
		*q = Quantity{}
		return nil
	}
	var s stored
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if err != nil || s.Value == nil || s.Unit == nil {
		return fail(CodeNotANumber, "{json} is not a value with a unit", `write {"value":"1.20","unit":"mL"}`, "json", quote(string(data)))
	}
	parsed, err := ParseCanonical(*s.Value, *s.Unit)
	if err != nil {
		return err
	}
	*q = parsed
	return nil
}
