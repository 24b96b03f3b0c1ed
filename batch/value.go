package batch

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Value is what a field holds. Exactly one of the three is set: a number with unit, decimals and qualifier
// (I13), a text (also codes, dates and identifiers), or bytes sealed from blinded roles (I11).
type Value struct {
	Number *quantity.Quantity `json:"number,omitempty"`
	Text   string             `json:"text,omitempty"`
	Sealed string             `json:"sealed,omitempty"`
}

// IsZero tells whether nothing was captured.
func (v Value) IsZero() bool { return v.Number == nil && v.Text == "" && v.Sealed == "" }

// String is the value in its canonical form.
func (v Value) String() string {
	switch {
	case v.Number != nil:
		return v.Number.String()
	case v.Sealed != "":
		return "sealed"
	default:
		return v.Text
	}
}

// Quantity is the value as a number; false when it is none.
func (v Value) Quantity() (quantity.Quantity, bool) {
	if v.Number == nil {
		return quantity.Quantity{}, false
	}
	return *v.Number, true
}

// Time reads a datetime value.
func (v Value) Time() (time.Time, error) {
	t, err := time.Parse(time.RFC3339, v.Text)
	if err != nil {
		return time.Time{}, fmt.Errorf("not a point in time: %w", err)
	}
	return t.UTC(), nil
}

// Input is what a person typed or a device read into a field.
type Input struct {
	Text      string
	Unit      string    // as stated by the sender; empty means the unit shown beside the field
	Performed time.Time // of a late entry: when it was done; zero where nobody says
	Ground    Ground    // of a correction: why a failed result is replaced
	Scanned   bool      // read by a scanner: the code of a lot or a device
}

func (in Input) source() Origin {
	if in.Scanned {
		return Scanned
	}
	return Typed
}

// maxText bounds a typed text.
const maxText = 500

// Parse checks an input against the field's type and makes it a value. Numbers keep unit, decimals and
// qualifier; a point in time without offset is read in zone, and refused where that time happens twice or never.
func Parse(f *mbr.Field, in Input, zone *time.Location) (Value, error) {
	text := strings.TrimSpace(in.Text)
	if text == "" {
		return Value{}, refuseValue(f, "DI-8", "empty-value", "nothing was entered for {field}", "enter a value")
	}
	if len(text) > maxText || !utf8.ValidString(text) {
		return Value{}, refuseValue(f, "DI-8", "text-bounds", "{field} takes at most 500 bytes of UTF-8 text", "shorten the text")
	}
	err := paper.Printable(text)
	if err != nil {
		return Value{}, refuseValue(f, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})", "use letters, digits and common signs", "why", err.Error())
	}
	if in.Unit != "" && in.Unit != string(f.Unit) {
		return Value{}, refuseValue(f, "I13", "wrong-unit", "{field} is recorded in {unit}, not in {got}", "enter the value in {unit}", "unit", string(f.Unit), "got", in.Unit)
	}
	switch f.Type {
	case mbr.TypeDecimal, mbr.TypeInt:
		return parseNumber(f, text)
	case mbr.TypeBool:
		return choose(f, text, []string{"true", "false"})
	case mbr.TypeEnum:
		return choose(f, text, f.Codes())
	case mbr.TypeMulti:
		for _, code := range strings.Split(text, ",") {
			_, err := choose(f, strings.TrimSpace(code), f.Codes())
			if err != nil {
				return Value{}, err
			}
		}
		return Value{Text: text}, nil
	case mbr.TypeDateTime:
		return parseTime(f, text, zone)
	case mbr.TypeDate:
		_, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return Value{}, refuseValue(f, "DI-9", "bad-date", "{field} is a date such as 2026-11-22, not {got}", "enter year-month-day", "got", text)
		}
		return Value{Text: text}, nil
	case mbr.TypeScan:
		return Value{}, refuseValue(f, "I4", "scan-only", "{field} is scanned, never typed", "scan the label")
	case mbr.TypeComputed:
		return Value{}, refuseValue(f, "AT-55", "computed-only", "{field} is computed, never typed", "enter the values from which it is computed")
	default:
		return Value{Text: text}, nil
	}
}

func parseNumber(f *mbr.Field, text string) (Value, error) {
	q, err := quantity.Parse(text, f.Unit)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", f.Ref(), err)
	}
	if f.Type == mbr.TypeInt && (q.Decimals() > 0 || q.Qualifier() != quantity.Exactly) {
		return Value{}, refuseValue(f, "I13", "not-whole", "{field} is a whole number, not {got}", "enter a whole number", "got", text)
	}
	return Value{Number: &q}, nil
}

func choose(f *mbr.Field, text string, codes []string) (Value, error) {
	if !slices.Contains(codes, text) {
		return Value{}, refuseValue(f, "DI-8", "not-an-option", "{field} is one of {options}, not {got}", "choose one of them", "options", strings.Join(codes, ", "), "got", text)
	}
	return Value{Text: text}, nil
}

func parseTime(f *mbr.Field, text string, zone *time.Location) (Value, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	if err == nil && (t.Year() < 2000 || t.Year() > 2100) {
		return Value{}, refuseValue(f, "DI-9", "bad-time", "{field} is a point in time such as 2026-11-22T14:05+01:00, not {got}", "enter date and time", "got", text)
	}
	if err == nil {
		return Value{Text: t.UTC().Format(time.RFC3339)}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		t, err = time.ParseInLocation(layout, text, zone)
		if err != nil || t.Year() < 2000 || t.Year() > 2100 {
			continue
		}
		if t.Format(layout) != text || t.Add(time.Hour).Format(layout) == text || t.Add(-time.Hour).Format(layout) == text {
			return Value{}, refuseValue(f, "DI-9", "clock-change", "{got} happens twice or never in {zone}", "add the offset, e.g. +01:00", "got", text, "zone", zone.String())
		}
		return Value{Text: t.UTC().Format(time.RFC3339)}, nil
	}
	return Value{}, refuseValue(f, "DI-9", "bad-time", "{field} is a point in time such as 2026-11-22T14:05+01:00, not {got}", "enter date and time", "got", text)
}

func refuseValue(f *mbr.Field, rule, code, what, next string, args ...string) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, rule, code, what, next, append(args, "field", f.Ref())...)
}
