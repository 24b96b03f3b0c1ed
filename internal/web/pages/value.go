package pages

import (
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
)

// shown is a value as the person reads it: approved wording of choices, the plant's clock, the language's numbers.
func (v *visit) shown(f *batch.Field, value batch.Value) string {
	if value.Sealed != "" {
		return v.T("value.sealed")
	}
	if q, ok := value.Quantity(); ok {
		return v.quantity(q)
	}
	if f == nil {
		return value.Text
	}
	switch f.Type {
	case batch.TypeBool:
		return v.word("bool", value.Text)
	case batch.TypeEnum:
		return f.OptionName(value.Text, v.lang)
	case batch.TypeMulti:
		return v.several(f, value.Text)
	case batch.TypeScan:
		return printed(value.Text)
	case batch.TypeDate:
		t, err := time.Parse(time.DateOnly, value.Text)
		if err == nil {
			return day(t)
		}
	case batch.TypeDateTime, batch.TypeComputed:
		t, err := value.Time()
		if err == nil {
			return moment(t, v.zone())
		}
	}
	return value.Text
}

func (v *visit) several(f *batch.Field, codes string) string {
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
func (v *visit) limitText(f *batch.Field) string {
	switch {
	case !f.Limit.IsZero():
		return v.limit(f.Limit)
	case f.Type == batch.TypeBool && f.Expect != "":
		return v.word("bool", f.Expect)
	case f.Type == batch.TypeEnum && f.Expect != "":
		return f.OptionName(f.Expect, v.lang)
	}
	return ""
}
