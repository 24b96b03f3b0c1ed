package material

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Delivery is what is known of a lot when it comes into the plant (AT-21).
type Delivery struct {
	Material    string            `json:"material"` // key of the recipe's material list, e.g. "gradient-medium"
	Name        string            `json:"name"`     // as it stands on the goods
	Supplier    string            `json:"supplier"`
	SupplierLot string            `json:"supplier_lot"`
	Expiry      time.Time         `json:"expiry"`   // last moment at which it may be used, UTC
	Quantity    quantity.Quantity `json:"quantity"` // received
	OpenFor     quantity.Quantity `json:"open_for"` // how long it may be used after opening, in min, h or d; no value: until its expiry
}

// Bounds of a delivery.
const (
	maxText     = 120
	maxMaterial = 40
	maxReason   = 500
	minReason   = 5
	maxDecimals = 6
	maxOpenFor  = 10 * 365 * 24 * time.Hour
)

// largest is beyond any delivery: what is more is a slip.
var largest = quantity.New(1, 9, "").Decimal()

// counted are the units in which materials are received and used.
var counted = []quantity.Unit{"pcs", "mL", "L", "uL", "g", "mg", "kg"}

// Units are the units in which a lot can be counted.
func Units() []quantity.Unit { return append([]quantity.Unit(nil), counted...) }

// ParseExpiry reads an expiry as it stands on goods: a point in time with its offset, a day ("2027-03-31"), or a month
// ("2027-03"). A day and a month mean their last second in the plant's zone.
func ParseExpiry(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	t, err := time.Parse(time.RFC3339, text)
	if err == nil && plausible(t) {
		return t.UTC(), nil
	}
	t, err = time.Parse(time.DateOnly, text)
	if err == nil && plausible(t) {
		return lastSecond(t, zone), nil
	}
	t, err = time.Parse("2006-01", text)
	if err == nil && plausible(t) {
		return lastSecond(t.AddDate(0, 1, -1), zone), nil
	}
	return time.Time{}, ledger.Refuse(ledger.Invalid, "AT-21", "lot-expiry", "an expiry is a day such as 2027-03-31, a month such as 2027-03, or a point in time with its offset, not {got}",
		"enter the expiry as it stands on the goods", "got", legible(text))
}

func plausible(t time.Time) bool { return t.Year() >= 2000 && t.Year() <= 2100 }

func lastSecond(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, zone).UTC()
}

// check returns the delivery with blanks around its texts cut off, or every refusal that stands against it.
func (d Delivery) check(now time.Time) (Delivery, error) {
	var faults ledger.Refusals
	for _, f := range []struct {
		name string
		text *string
	}{{"name", &d.Name}, {"supplier", &d.Supplier}, {"supplier_lot", &d.SupplierLot}} {
		*f.text = strings.TrimSpace(*f.text)
		faults = append(faults, checkText(f.name, *f.text)...)
	}
	if !isMaterial(d.Material) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-21", "lot-material", "{got} is not the code of a material",
			"use the code of the recipe's material list: small letters, digits and hyphens", "got", legible(d.Material)))
	}
	faults = append(faults, ledger.RefusalsOf(checkQuantity("quantity", d.Quantity))...)
	if !d.OpenFor.IsZero() {
		window, err := d.OpenFor.Duration()
		if err != nil || window <= 0 || window > maxOpenFor {
			faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-21", "lot-open-for", "{got} is no time for which an opened lot may be used",
				"enter a time in min, h or d, or nothing", "got", d.OpenFor.String()))
		}
	}
	d.Expiry = d.Expiry.UTC().Truncate(time.Second)
	if !d.Expiry.After(now) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-21", "lot-expired-already", "the delivery expired at {expiry}",
			"check the date; do not receive expired goods", "expiry", stamp(d.Expiry)))
	}
	return d, faults.Err()
}

// isMaterial tells whether a text has the form of a material's key.
func isMaterial(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '-')) {
			return false
		}
	}
	return s != "" && len(s) <= maxMaterial
}

func checkText(name, text string) ledger.Refusals {
	if text == "" || utf8.RuneCountInString(text) > maxText || !utf8.ValidString(text) {
		return ledger.Refusals{ledger.Refuse(ledger.Invalid, "AT-21", "lot-text", "{part} of a lot has 1 to {max} characters", "enter it as it stands on the goods", "part", name, "max", strconv.Itoa(maxText))}
	}
	return printable(name, text)
}

func printable(name, text string) ledger.Refusals {
	err := paper.Printable(text)
	if err != nil {
		return ledger.Refusals{ledger.Refuse(ledger.Invalid, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})", "use letters, digits and common signs", "field", name, "why", err.Error())}
	}
	return nil
}

// checkQuantity takes a plain number above zero, in a unit in which materials are counted.
func checkQuantity(name string, q quantity.Quantity) error {
	known := false
	for _, u := range counted {
		known = known || q.Unit() == u
	}
	if q.IsZero() || !known || q.Qualifier() != quantity.Exactly || q.Sign() <= 0 || q.Decimals() > maxDecimals || q.Decimal().Cmp(largest) > 0 {
		return ledger.Refuse(ledger.Invalid, "AT-21", "lot-quantity", "{part} is an exact number above zero with at most 6 decimals, in pcs or a unit of volume or mass, not {got}",
			"enter number and unit", "part", name, "got", q.String())
	}
	return nil
}

// checkReason takes the reason that a person gives: it stands in the record for ever (CS-12).
func checkReason(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < minReason || len(text) > maxReason || !utf8.ValidString(text) {
		return "", ledger.Refuse(ledger.Invalid, "CS-12", "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	return text, printable("reason", text).Err()
}

// stamp is a point in time in a refusal.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
