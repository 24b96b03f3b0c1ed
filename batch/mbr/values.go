package mbr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rexbatch/internal/quantity"
)

// isNumber tells whether a field holds a number.
func (f *Field) isNumber() bool {
	return f.Type == TypeDecimal || f.Type == TypeInt || f.Type == TypeComputed && f.Result != ResultTime
}

// isTime tells whether a field holds a point in time.
func (f *Field) isTime() bool {
	return f.Type == TypeDateTime || f.Type == TypeComputed && f.Result == ResultTime
}

func isOneOf[T comparable](v T, of []T) bool { return slices.Contains(of, v) }

// limit reads the limit of a field in its unit.
func (c *compiler) limit(o *object, f *Field) {
	s := o.text("limit")
	if s == "" {
		return
	}
	limit, err := quantity.ParseLimit(s, f.Unit)
	if err == nil {
		f.Limit = limit
		return
	}
	low, high, isRange := strings.Cut(s, "..")
	a, errLow := quantity.ParseCanonical(strings.TrimSpace(low), f.Unit)
	b, errHigh := quantity.ParseCanonical(strings.TrimSpace(high), f.Unit)
	if isRange && errLow == nil && errHigh == nil {
		c.fault("MBR203", o.spot("limit"), fmt.Sprintf("nothing can meet %s: %s is above %s", s, a, b), fmt.Sprintf("write %s..%s", b.Number(), a.Number()))
		return
	}
	c.fault("MBR202", o.spot("limit"), fmt.Sprintf("%q is no limit", s), `write it as ">=70", "<=6.7", "<5.00", "=0" or "25.3..83.3"`)
}

// checkValues holds that each field asks for something that can be given, and that its limit can be met and missed.
func (c *compiler) checkValues(f *Field) {
	o := c.of(f)
	switch f.Type {
	case TypeEnum, TypeMulti:
		c.checkOptions(o, f)
	case TypeBool:
		if f.Expect != "" && f.Expect != "true" && f.Expect != "false" {
			c.fault("MBR206", o.spot("expect"), fmt.Sprintf("%s expects %q, and is true or false", f.Ref(), f.Expect), `write expect: "true" or expect: "false"`)
		}
	case TypeScan:
		if f.Expect == "" {
			c.fault("MBR006", o.at, fmt.Sprintf("%s is a scan and has to say what it expects", f.Ref()), "write expect: and a kind of container, coi or wristband")
		}
	default:
		if f.Expect != "" {
			c.fault("MBR207", o.spot("expect"), fmt.Sprintf("%s is %s: nothing compares it with what is expected", f.Ref(), f.Type), "write a limit or a check")
		}
	}
	if len(f.Options) > 0 && f.Type != TypeEnum && f.Type != TypeMulti {
		c.fault("MBR212", o.spot("options"), fmt.Sprintf("%s is %s and has no options", f.Ref(), f.Type), "make it enum or multi, or leave the options out")
	}
	if f.Each && f.Type != TypeScan {
		c.fault("MBR212", o.spot("each"), fmt.Sprintf("%s is no scan: each has no meaning", f.Ref()), "leave each out")
	}
	if f.Beyond != "" && !o.has("limit") && f.Expect == "" && len(f.Checks) == 0 {
		c.fault("MBR217", o.spot("beyond"), fmt.Sprintf("%s has no limit, expectation or check: nothing is beyond it", f.Ref()), "write a limit, or leave beyond out")
	}
	c.checkNumber(o, f)
	c.checkCapture(o, f)
}

func (c *compiler) checkOptions(o *object, f *Field) {
	if len(f.Options) == 0 {
		c.fault("MBR210", o.at, fmt.Sprintf("%s offers nothing to choose", f.Ref()), "write options: [{code: …, name: {…}}, …]")
		return
	}
	for i, option := range f.Options {
		at := o.item("options", i)
		c.name(option.Code, formOfList, at.spot("code"), "an option", "left")
		if slices.Contains(f.Codes()[:i], option.Code) {
			c.fault("MBR102", at.spot("code"), fmt.Sprintf("%s has the option %q already", f.Ref(), option.Code), "give each option its own code")
		}
	}
	if f.Type == TypeEnum && len(f.Options) == 1 {
		c.fault("MBR211", o.spot("options"), fmt.Sprintf("%s has one option: there is nothing to choose", f.Ref()), "write the other options, or make it bool")
	}
	if f.Expect != "" && !hasOption(f, f.Expect) {
		c.fault("MBR206", o.spot("expect"), fmt.Sprintf("%s expects %q, which is not an option", f.Ref(), f.Expect), meant(f.Expect, f.Codes()))
	}
}

func hasOption(f *Field, code string) bool { return slices.Contains(f.Codes(), code) }

// maxPlaces is how many decimals a field may show.
const maxPlaces = 9

// checkNumber holds that a number has its unit and decimals (I13), and nothing else has.
func (c *compiler) checkNumber(o *object, f *Field) {
	if c.broken[f] {
		return
	}
	if !f.isNumber() {
		for _, key := range []string{"unit", "decimals", "limit"} {
			if o.has(key) && o.get(key) != nil {
				c.fault("MBR215", o.spot(key), fmt.Sprintf("%s holds no number: %s has no meaning", f.Ref(), key), "make it decimal or int, or leave "+key+" out")
			}
		}
		return
	}
	if f.Unit == "" {
		c.fault("MBR214", o.at, fmt.Sprintf("%s is a number without a unit (I13)", f.Ref()), `write unit: and its unit; a count is "n", a factor x, a quotient ratio`)
	}
	if f.Decimals < 0 || f.Decimals > maxPlaces || f.Type == TypeInt && f.Decimals != 0 {
		c.fault("MBR213", o.spot("decimals"), fmt.Sprintf("%s cannot have %d decimals", f.Ref(), f.Decimals), fmt.Sprintf("write 0 to %d decimals; an int has none", maxPlaces))
		return
	}
	if f.Limit.IsZero() {
		return
	}
	c.checkDecimals(o, f)
	c.checkReach(o, f)
}

// checkDecimals holds that a value is captured as finely as its limit is written, since a value is judged in the decimals of
// its limit (F22).
func (c *compiler) checkDecimals(o *object, f *Field) {
	decimals, rounded := f.Limit.Decimals()
	captured := f.Type == TypeInt || o.has("decimals")
	if rounded && captured && decimals > f.Decimals {
		c.fault("MBR208", o.spot("limit"), fmt.Sprintf("the limit %s has %d decimals, %s captures %d", f.Limit.Source(), decimals, f.Ref(), f.Decimals),
			"write the limit as finely as the value is captured, or capture it as finely as it is judged")
	}
}

// checkReach holds that values can meet the limit, and that the unit can have the values of the limit.
func (c *compiler) checkReach(o *object, f *Field) {
	low, high, openLow, openHigh := bounds(f.Limit)
	at, unit := o.spot("limit"), string(f.Unit)
	// Computed values may leave these bounds: a recovery is above 100 %, what is left is below zero when too much was taken.
	typed := f.Type != TypeComputed
	if typed && !mayBeNegative(f.Unit) && high != nil && (high.Sign() < 0 || high.Sign() == 0 && openHigh) {
		c.fault("MBR203", at, fmt.Sprintf("nothing can meet %s: no value in %s is below zero", f.Limit, unit), "mend the limit")
		return
	}
	if strings.HasPrefix(unit, "%") && typed {
		c.checkShare(at, f, low, high, openLow)
	}
	if f.Type != TypeInt || low == nil || high == nil {
		return
	}
	first, last := low.Round(0), high.Round(0)
	for _, step := range []int64{-1, 0, 1} {
		n, err := first.Add(quantity.New(step, 0, f.Unit))
		if err == nil && within(n, *low, *high, openLow, openHigh) {
			return
		}
	}
	c.fault("MBR203", at, fmt.Sprintf("nothing can meet %s: there is no whole number between %s and %s", f.Limit, first.Number(), last.Number()), "mend the limit, or make the field decimal")
}

func within(n, low, high quantity.Quantity, openLow, openHigh bool) bool {
	a, errLow := n.Cmp(low)
	b, errHigh := n.Cmp(high)
	return errLow == nil && errHigh == nil && (a > 0 || a == 0 && !openLow) && (b < 0 || b == 0 && !openHigh)
}

// checkShare holds a limit on a percentage against 0 to 100.
func (c *compiler) checkShare(at place, f *Field, low, high *quantity.Quantity, openLow bool) {
	full := quantity.New(100, 0, f.Unit)
	above := func(q *quantity.Quantity) int {
		if q == nil {
			return -1
		}
		n, err := q.Cmp(full)
		if err != nil {
			return -1
		}
		return n
	}
	switch {
	case above(low) > 0 || above(low) == 0 && openLow:
		c.fault("MBR203", at, fmt.Sprintf("nothing can meet %s: a share is at most 100 %%", f.Limit), "mend the limit")
	case above(high) > 0 && f.Unit != "%":
		c.fault("MBR204", at, fmt.Sprintf("%s reaches beyond 100 %%, which no share does", f.Limit), "end the limit at 100")
	case low != nil && low.Sign() < 0:
		c.fault("MBR204", at, fmt.Sprintf("%s begins below 0 %%, which no share does", f.Limit), "begin the limit at 0")
	case above(high) > 0:
		c.fault("MBR205", at, fmt.Sprintf("%s reaches beyond 100 %%: is this a share?", f.Limit), "end the limit at 100, unless a value above it has a meaning here")
	}
}

// mayBeNegative are the units in which a value below zero has a meaning.
func mayBeNegative(u quantity.Unit) bool { return u == "degC" || u == "Pa" || u == "" || u == "ratio" }

// bounds are the two sides of a limit; nil where a side is open to infinity.
func bounds(l quantity.Limit) (low, high *quantity.Quantity, openLow, openHigh bool) {
	text := l.Source()
	side := func(s string) *quantity.Quantity {
		q, err := quantity.ParseCanonical(s, l.Unit())
		if err != nil {
			return nil
		}
		return &q
	}
	if a, b, isRange := strings.Cut(text, ".."); isRange {
		return side(a), side(b), false, false
	}
	number := strings.TrimLeft(text, "<>=≤≥")
	inclusive := strings.ContainsAny(text, "=≤≥")
	switch {
	case strings.HasPrefix(text, ">"), strings.HasPrefix(text, "≥"):
		return side(number), nil, !inclusive, false
	case strings.HasPrefix(text, "<"), strings.HasPrefix(text, "≤"):
		return nil, side(number), false, !inclusive
	default:
		return side(number), side(number), false, false
	}
}

// ways are how a value of each type can be captured; a type that is not here takes any but computed.
var ways = map[FieldType][]Captured{
	TypeScan: {ByScan}, TypeLot: {ByScan, ByTyping}, TypeDevice: {ByScan, ByTyping}, TypeComputed: {ByFormula}, TypeFile: {FromFile},
}

func (c *compiler) checkCapture(o *object, f *Field) {
	if f.Captured == "" || !isOneOf(f.Captured, waysOfCapture) || !isOneOf(f.Type, fieldTypes) {
		return
	}
	allowed, limited := ways[f.Type]
	if limited && !isOneOf(f.Captured, allowed) || !limited && f.Captured == ByFormula {
		c.fault("MBR218", o.spot("captured"), fmt.Sprintf("%s is %s and cannot be %s", f.Ref(), f.Type, f.Captured), "leave captured out, or change the type")
	}
}

func keys[K ~string, V any](m map[K]V) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, string(k))
	}
	return out
}
