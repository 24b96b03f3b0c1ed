package record

import (
	"regexp"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// cipher is sealed content inside a text, such as the reason of a correction in a blinded step (I11).
var cipher = regexp.MustCompile(`sealed [A-Za-z0-9+/]{40,}={0,2}`)

// plain makes any text of an entry printable: what is sealed says so, and a character that no font has is written as its
// number, because a print must neither fail on a scanner's control character nor hide it.
func (s *sheet) plain(text string) string {
	text = cipher.ReplaceAllString(text, s.w.get("sealed").local)
	if paper.PrintableText(text) == nil {
		return text
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if paper.PrintableText(string(r)) == nil {
			b.WriteRune(r)
			continue
		}
		b.WriteString("<" + strings.TrimPrefix(quoted(r), "U+") + ">")
	}
	return b.String()
}

// shown is a value as it is read: approved wording of choices, the plant's clock, numbers with their unit.
func (s *sheet) shown(f *mbr.Field, v batch.Value) both {
	if v.Sealed != "" {
		return s.w.get("sealed")
	}
	if q, ok := v.Quantity(); ok {
		return same(s.number(reported(f, q)))
	}
	if f == nil {
		return same(s.plain(v.Text))
	}
	switch f.Type {
	case mbr.TypeBool:
		return s.w.word("bool", v.Text)
	case mbr.TypeEnum, mbr.TypeMulti:
		return both{options(f, v.Text, s.w.lang), options(f, v.Text, "en")}
	case mbr.TypeScan:
		return same(identifier(v.Text))
	case mbr.TypeDate:
		t, err := time.Parse(time.DateOnly, v.Text)
		if err == nil {
			return same(day(t))
		}
	case mbr.TypeDateTime, mbr.TypeComputed:
		t, err := v.Time()
		if err == nil {
			return same(s.moment(t))
		}
	}
	return same(s.plain(v.Text))
}

// exact is shown with every digit that the record holds.
func (s *sheet) exact(f *mbr.Field, v batch.Value) both {
	if q, ok := v.Quantity(); ok && v.Sealed == "" {
		return same(s.number(q))
	}
	return s.shown(f, v)
}

func options(f *mbr.Field, codes, lang string) string {
	parts := strings.Split(codes, ",")
	for i, code := range parts {
		parts[i] = f.OptionName(strings.TrimSpace(code), lang)
	}
	return strings.Join(parts, ", ")
}

// number is a quantity with the decimal mark and the unit of the language.
func (s *sheet) number(q quantity.Quantity) string { return s.w.in(q.Format(s.w.lang), q.Unit()) }

// reported is a computed number in the decimals of the recipe or of its limit, whichever are more; others as they are.
func reported(f *mbr.Field, q quantity.Quantity) quantity.Quantity {
	if f == nil || f.Type != mbr.TypeComputed || q.Qualifier() != quantity.Exactly {
		return q
	}
	decimals := f.Decimals
	if n, ok := f.Limit.Decimals(); ok && !f.Limit.IsZero() {
		decimals = max(decimals, n)
	}
	if q.Decimals() <= decimals {
		return q
	}
	return q.Round(decimals)
}

// canonical shows a value that was kept as its canonical text, such as that of an exception: "25.4 mL", "true".
func (s *sheet) canonical(f *mbr.Field, text string) both {
	if text == (batch.Value{Sealed: "x"}).String() {
		return s.w.get("sealed")
	}
	number, unit, _ := strings.Cut(text, " ")
	q, err := quantity.ParseCanonical(number, quantity.Unit(unit))
	if err == nil && (f == nil || f.Type == mbr.TypeDecimal || f.Type == mbr.TypeInt || f.Type == mbr.TypeComputed) {
		return s.shown(f, batch.Value{Number: &q})
	}
	return s.shown(f, batch.Value{Text: text})
}

// expected is what a field asks for: its limit, or the choice that raises no exception.
func (s *sheet) expected(f *mbr.Field) both {
	switch {
	case !f.Limit.IsZero():
		return same(s.w.in(f.Limit.Format(s.w.lang), f.Limit.Unit()))
	case f.Type == mbr.TypeScan && f.Expect != "":
		return s.w.word("kind", f.Expect)
	case f.Expect != "":
		return s.shown(f, batch.Value{Text: f.Expect})
	}
	return both{}
}

// identifier is an identifier as it stands on the label, in groups and with its check character.
func identifier(id string) string {
	if c, err := isbt128.ParseContainerID(id); err == nil {
		return c.Print()
	}
	if c, err := isbt128.ParseCoI(id); err == nil {
		return c.Print()
	}
	if d, err := isbt128.ParseDIN(id); err == nil {
		return d.Print()
	}
	return id
}
