package pages

import (
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/quantity"
)

// shown is a value as the person reads it: approved wording of choices, the plant's clock, the language's numbers.
func (v *visit) shown(f *mbr.Field, value batch.Value) string {
	if value.Sealed != "" {
		return v.T("value.sealed")
	}
	if q, ok := value.Quantity(); ok {
		return v.quantity(rounded(f, q))
	}
	if f == nil {
		return value.Text
	}
	switch f.Type {
	case mbr.TypeBool:
		return v.word("bool", value.Text)
	case mbr.TypeEnum:
		return f.OptionName(value.Text, v.lang)
	case mbr.TypeMulti:
		return v.several(f, value.Text)
	case mbr.TypeScan:
		return printed(value.Text)
	case mbr.TypeDate:
		t, err := time.Parse(time.DateOnly, value.Text)
		if err == nil {
			return day(t)
		}
	case mbr.TypeDateTime, mbr.TypeComputed:
		t, err := value.Time()
		if err == nil {
			return moment(t, v.zone())
		}
	}
	return value.Text
}

func (v *visit) several(f *mbr.Field, codes string) string {
	parts := strings.Split(codes, ",")
	for i, code := range parts {
		parts[i] = f.OptionName(strings.TrimSpace(code), v.lang)
	}
	return strings.Join(parts, ", ")
}

// printed is an identifier as it stands on the label, in groups and with its check character.
func printed(id string) string {
	container, err := isbt128.ParseContainerID(id)
	if err == nil {
		return container.Print()
	}
	coi, err := isbt128.ParseCoI(id)
	if err == nil {
		return coi.Print()
	}
	return id
}

// limitText is what a field expects, in words, before anything is entered (screens, rule 4).
func (v *visit) limitText(f *mbr.Field) string {
	switch {
	case !f.Limit.IsZero():
		return v.limit(f.Limit)
	case f.Type == mbr.TypeBool && f.Expect != "":
		return v.word("bool", f.Expect)
	case f.Type == mbr.TypeEnum && f.Expect != "":
		return f.OptionName(f.Expect, v.lang)
	}
	return ""
}

// large is the power of ten from which a computed number is shown with its leading digits alone, and leading is
// how many of them: nobody reads ten digits of a cell count.
const (
	large   = 6
	leading = 4
)

// rounded is a computed number as it is shown: in the decimals of the recipe. A number that its limit refuses
// keeps its digits, so that it never looks like one that passes. The record holds all of them.
func rounded(f *mbr.Field, q quantity.Quantity) quantity.Quantity {
	if f == nil || f.Type != mbr.TypeComputed || q.Qualifier() != quantity.Exactly {
		return q
	}
	decimals := f.Decimals
	if n, ok := f.Limit.Decimals(); ok && !f.Limit.IsZero() {
		decimals = max(decimals, n)
	}
	d := q.Decimal()
	magnitude := int(d.Exponent) + int(d.NumDigits()) - 1
	if magnitude >= large && (f.Limit.IsZero() || beyond(f.Limit, q) == "") {
		decimals = leading - 1 - magnitude
	}
	return q.Round(decimals)
}
