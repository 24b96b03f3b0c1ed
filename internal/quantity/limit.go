package quantity

import "strings"

// Limit is what a value is judged against: one- or two-sided, in a unit, with the decimals in which it is written
// (I13). Two-sided limits matter: too pure fails as well. The zero Limit means "no limit".
type Limit struct {
	source    string
	unit      Unit
	low, high Quantity // the zero Quantity where that side is open
	openLow   bool     // ">": the bound itself fails
	openHigh  bool     // "<"
	decimals  int
	unrounded bool // a bound is written with an exponent: compare the value as it is
}

// ParseLimit reads ">=70", "<=6.7", "<5.00", ">0", "=0" (≥ and ≤ too) or the inclusive range "25.3..83.3". Decimal point only.
// The decimals of the limit are those written, the larger of both sides; they decide how values are rounded before
// they are compared. A bound with an exponent ("4e8..1.2e9") has no decimals: values are then compared unrounded.
func ParseLimit(text string, unit Unit) (Limit, error) {
	if len(text) > 2*maxCanonical+2 {
		return Limit{}, badLimit(text, nil)
	}
	l := Limit{source: strings.Trim(text, " "), unit: unit}
	var low, high string
	var rest string
	switch {
	case strings.Contains(l.source, ".."):
		low, high, _ = strings.Cut(l.source, "..")
	case l.has(&rest, ">=", "≥"):
		low = rest
	case l.has(&rest, "<=", "≤"):
		high = rest
	case l.has(&rest, ">"):
		low, l.openLow = rest, true
	case l.has(&rest, "<"):
		high, l.openHigh = rest, true
	case l.has(&rest, "="):
		low, high = rest, rest
	default:
		return Limit{}, badLimit(text, nil)
	}
	if strings.Contains(l.source, "..") && (low == "" || high == "") {
		return Limit{}, badLimit(text, nil)
	}
	var err error
	if low != "" {
		l.low, err = l.bound(low)
	}
	if err == nil && high != "" {
		l.high, err = l.bound(high)
	}
	if err != nil {
		return Limit{}, badLimit(text, err)
	}
	if l.low.IsZero() && l.high.IsZero() || !l.low.IsZero() && !l.high.IsZero() && l.low.number.Cmp(&l.high.number) > 0 {
		return Limit{}, badLimit(text, nil)
	}
	// Without blanks, so that the unit can follow behind one (MarshalText).
	l.source = strings.ReplaceAll(l.source, " ", "")
	return l, nil
}

func (l *Limit) has(rest *string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		after, found := strings.CutPrefix(l.source, prefix)
		if found {
			*rest = after
			return true
		}
	}
	return false
}

func (l *Limit) bound(text string) (Quantity, error) {
	text = strings.Trim(text, " ")
	q, err := ParseCanonical(text, l.unit)
	if err != nil {
		return Quantity{}, err
	}
	if q.qualifier != Exactly || q.Decimals() > maxDecimals {
		return Quantity{}, badLimit(text, nil)
	}
	l.decimals = max(l.decimals, q.Decimals())
	l.unrounded = l.unrounded || strings.ContainsAny(text, "eE")
	return q, nil
}

func badLimit(text string, cause error) error {
	if e, ok := cause.(*Error); ok && e.Code == CodeUnknownUnit {
		return e
	}
	return fail(CodeBadLimit, "{text} is not a limit", "write it as >=70, <=6.7, <5.00, =0 or 25.3..83.3", "text", quote(text))
}

// Verdict is the outcome of a judgement. It never says Pass and Undecided together; a value that fails a one- or
// two-sided limit has exactly one of Low and High set.
type Verdict struct {
	Pass      bool     // the reported value meets the limit
	Undecided bool     // a qualified value ("<10") that the limit cuts through: a person or a better test decides
	Reported  Quantity // the value rounded to the decimals of the limit: the number to print; qualified values as they are
	Low       bool     // below the lower bound
	High      bool     // above the upper bound: too pure fails as well
}

// Judge rounds the value once to the decimals of the limit, half up, and then compares (F22, I13): 69.6 against >=70
// is reported as 70 and passes, 6.75 against <=6.7 is 6.8 and fails. A limit ">0" or "=0" has no decimals, so 0.4 is
// judged as 0; write ">0.0" where tenths count.
//
// A qualified value is a bound and not rounded: it passes when every value it allows passes ("<5.00" against "<5.00"),
// fails when none does, and is Undecided otherwise. Errors: unit-mismatch (no conversion is made here), no-value, no-limit.
func (l Limit) Judge(q Quantity) (Verdict, error) {
	if l.IsZero() {
		return Verdict{}, fail(CodeNoLimit, "there is no limit to judge against", "set the limit in the specification")
	}
	if q.IsZero() {
		return Verdict{}, fail(CodeNoValue, "a value is missing", "enter the value first")
	}
	if q.unit != l.unit {
		return Verdict{}, fail(CodeUnitMismatch, "{value} is judged against a limit in {unit}", "convert the value to the unit of the limit",
			"value", q.String(), "unit", quote(string(l.unit)))
	}
	if q.qualifier != Exactly {
		return l.judgeBound(q), nil
	}
	reported := q
	if !l.unrounded {
		reported = q.Round(l.decimals)
	}
	v := Verdict{Reported: reported, Low: l.isLow(reported), High: l.isHigh(reported)}
	v.Pass = !v.Low && !v.High
	return v, nil
}

func (l Limit) isLow(q Quantity) bool {
	if l.low.IsZero() {
		return false
	}
	c := q.number.Cmp(&l.low.number)
	return c < 0 || c == 0 && l.openLow
}

func (l Limit) isHigh(q Quantity) bool {
	if l.high.IsZero() {
		return false
	}
	c := q.number.Cmp(&l.high.number)
	return c > 0 || c == 0 && l.openHigh
}

// judgeBound decides a qualified value: all values below (or above) its number.
func (l Limit) judgeBound(q Quantity) Verdict {
	strict := q.qualifier == Less || q.qualifier == Greater
	v := Verdict{Reported: q}
	if q.qualifier == Less || q.qualifier == AtMost {
		v.Low = beyond(q, l.low, -1, strict, l.openLow)
		v.Pass = l.low.IsZero() && !beyondAny(q, l.high, 1, strict, l.openHigh)
	} else {
		v.High = beyond(q, l.high, 1, strict, l.openHigh)
		v.Pass = l.high.IsZero() && !beyondAny(q, l.low, -1, strict, l.openLow)
	}
	v.Undecided = !v.Pass && !v.Low && !v.High
	return v
}

// beyond: every value that q allows lies outside of the bound; side is the direction of "outside".
func beyond(q, bound Quantity, side int, strict, open bool) bool {
	if bound.IsZero() {
		return false
	}
	c := q.number.Cmp(&bound.number) * side
	return c > 0 || c == 0 && (strict || open)
}

// beyondAny: some value that q allows, at its near end, lies outside of the bound. "<5.00" against "<5.00" has none.
func beyondAny(q, bound Quantity, side int, strict, open bool) bool {
	if bound.IsZero() {
		return false
	}
	c := q.number.Cmp(&bound.number) * side
	return c > 0 || c == 0 && open && !strict
}

// IsZero reports that there is no limit.
func (l Limit) IsZero() bool { return l.source == "" }

// Bounds tells whether the limit bounds each side that another one bounds.
func (l Limit) Bounds(other Limit) bool {
	return (other.low.IsZero() || !l.low.IsZero()) && (other.high.IsZero() || !l.high.IsZero())
}

// Unit is the unit of the limit.
func (l Limit) Unit() Unit { return l.unit }

// Decimals is the number of decimals to which values are rounded, and false when the limit is written with an exponent
// and values are compared unrounded.
func (l Limit) Decimals() (int, bool) { return l.decimals, !l.unrounded }

// Source is the text of the limit as it was written, without unit: ">=70".
func (l Limit) Source() string { return l.source }

// String is the source and the code of the unit: ">=70 %".
func (l Limit) String() string {
	return strings.TrimSuffix(l.source+" "+string(l.unit), " ")
}

// Format is the limit as shown to a person: "≥ 70 %", "25,3 – 83,3 % of WBC".
func (l Limit) Format(lang string) string {
	if l.IsZero() {
		return ""
	}
	var text string
	low, high := l.low.FormatNumber(lang), l.high.FormatNumber(lang)
	switch {
	case l.high.IsZero() && l.openLow:
		text = "> " + low
	case l.high.IsZero():
		text = "≥ " + low
	case l.low.IsZero() && l.openHigh:
		text = "< " + high
	case l.low.IsZero():
		text = "≤ " + high
	case strings.HasPrefix(l.source, "="):
		text = "= " + low
	default:
		text = low + " – " + high
	}
	return strings.TrimSuffix(text+" "+l.unit.Label(), " ")
}

// MarshalText writes String: source and unit, since a limit without its unit is not a limit (I13). Empty for no limit.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes: the unit follows the first blank behind the numbers; without one the
// limit is on a pure number.
func (l *Limit) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*l = Limit{}
		return nil
	}
	source, unit, _ := strings.Cut(string(text), " ")
	parsed, err := ParseLimit(source, Unit(unit))
	if err != nil {
		return err
	}
	*l = parsed
	return nil
}
