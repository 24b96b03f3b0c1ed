package isbt128

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// The Single European Code (Dir. 2006/86/EC Annex VII, inserted by Dir. (EU) 2015/565) has 40 characters and no check
// character. Its two sequences are stored apart (ID-1): marrow that goes to a manufacturer needs the donation sequence
// only, at least in its documents (Art. 10(1); ID-2).

const secRule = "Dir. 2006/86 Annex VII"

// DonationSequence is the donation identification sequence, 21 characters: country, tissue establishment, donation number.
type DonationSequence struct{ code string }

// ProductSequence is the product identification sequence, 19 characters: coding system, product, split, expiry date.
type ProductSequence struct{ code string }

// SEC is a whole Single European Code (DS 038).
type SEC struct {
	donation DonationSequence
	product  ProductSequence
}

// CodingSystem is the table that a product number of a SEC comes from.
type CodingSystem byte

// The coding systems of Annex VII.
const (
	EUTC         CodingSystem = 'E'
	ISBTProducts CodingSystem = 'A'
	Eurocode     CodingSystem = 'B'
)

var (
	donationSets = func() []func(byte) bool {
		result := sets(strings.Repeat("X", 21))
		result[0], result[1] = letter, letter
		return result
	}()
	productSequenceSets = func() []func(byte) bool {
		result := sets("XXXXXXXXXXXnnnnnnnn")
		result[0] = func(c byte) bool { return c == 'E' || c == 'A' || c == 'B' }
		return result
	}()
)

// NewDonationSequence joins an ISO country code, the number of the tissue establishment in the EU compendium (6) and the
// donation number (13, which may be a DIN).
func NewDonationSequence(country, establishment, donation string) (DonationSequence, error) {
	if len(country) != 2 || len(establishment) != 6 || len(donation) != 13 {
		return DonationSequence{}, fail(secRule, CodeLength, "{text} is not country (2), tissue establishment (6) and donation (13)", "copy all characters from the documents",
			"text", quote(country+" "+establishment+" "+donation))
	}
	return ParseDonationSequence(country + establishment + donation)
}

// ParseDonationSequence reads the 21 characters. The country has to be one; that the establishment stands in the EU
// compendium is not known here.
func ParseDonationSequence(s string) (DonationSequence, error) {
	err := shape(secRule, "a donation identification sequence", s, donationSets)
	if err != nil {
		return DonationSequence{}, err
	}
	region, err := language.ParseRegion(s[:2])
	if s[:2] != northernIreland && (err != nil || !region.IsCountry() || region.String() != s[:2]) {
		return DonationSequence{}, fail(secRule, CodeRange, "{country} is not the code of a country", "compare with the documents", "country", quote(s[:2]))
	}
	return DonationSequence{s}, nil
}

// northernIreland takes part in the Union's rules of tissues and has a code outside of ISO 3166.
const northernIreland = "XI"

// String is the 21 characters, empty for the zero DonationSequence.
func (d DonationSequence) String() string { return d.code }

// IsZero reports that there is no donation sequence.
func (d DonationSequence) IsZero() bool { return d.code == "" }

// Country is the ISO code of the country.
func (d DonationSequence) Country() string { return cut(d.code, 0, 2) }

// Establishment is the number of the tissue establishment.
func (d DonationSequence) Establishment() string { return cut(d.code, 2, 8) }

// Donation is the unique donation number.
func (d DonationSequence) Donation() string { return cut(d.code, 8, 21) }

// MarshalText writes String.
func (d DonationSequence) MarshalText() ([]byte, error) { return []byte(d.code), nil }

// UnmarshalText reads what MarshalText writes.
func (d *DonationSequence) UnmarshalText(text []byte) error {
	return unmarshal(d, text, ParseDonationSequence)
}

// NewProductSequence joins coding system, product number (7; shorter ones, as ISBT's five, get leading zeros), split number
// (3) and the expiry date in the zone of t; the zero time is "no expiry", 00000000.
func NewProductSequence(system CodingSystem, product, split string, expiry time.Time) (ProductSequence, error) {
	date := "00000000"
	if !expiry.IsZero() {
		date = expiry.Format("20060102")
	}
	if len(product) < 7 {
		product = strings.Repeat("0", 7-len(product)) + product
	}
	if len(product) != 7 || len(split) != 3 {
		return ProductSequence{}, fail(secRule, CodeLength, "{text} is not product (7) and split (3)", "copy all characters from the documents",
			"text", quote(product+" "+split))
	}
	return ParseProductSequence(string(system) + product + split + date)
}

// ParseProductSequence reads the 19 characters; the date has to exist, or be 00000000.
func ParseProductSequence(s string) (ProductSequence, error) {
	err := shape(secRule, "a product identification sequence", s, productSequenceSets)
	if err != nil {
		return ProductSequence{}, err
	}
	if date := s[11:]; date != "00000000" {
		_, err = time.Parse("20060102", date)
		if err != nil {
			return ProductSequence{}, fail(secRule, CodeTime, "{date} is not a date", "compare with the printed expiry", "date", quote(date))
		}
	}
	return ProductSequence{s}, nil
}

// String is the 19 characters, empty for the zero ProductSequence.
func (p ProductSequence) String() string { return p.code }

// IsZero reports that there is no product sequence.
func (p ProductSequence) IsZero() bool { return p.code == "" }

// System is the coding system of the product number; 0 for the zero ProductSequence.
func (p ProductSequence) System() CodingSystem {
	if p.IsZero() {
		return 0
	}
	return CodingSystem(p.code[0])
}

// Product is the product number.
func (p ProductSequence) Product() string { return cut(p.code, 1, 8) }

// Split is the split number.
func (p ProductSequence) Split() string { return cut(p.code, 8, 11) }

// Expiry is the expiry date as a calendar day at midnight UTC; false when the code says there is none.
func (p ProductSequence) Expiry() (time.Time, bool) {
	day, err := time.Parse("20060102", cut(p.code, 11, 19))
	return day, err == nil
}

// MarshalText writes String.
func (p ProductSequence) MarshalText() ([]byte, error) { return []byte(p.code), nil }

// UnmarshalText reads what MarshalText writes.
func (p *ProductSequence) UnmarshalText(text []byte) error {
	return unmarshal(p, text, ParseProductSequence)
}

// NewSEC joins the two sequences.
func NewSEC(donation DonationSequence, product ProductSequence) (SEC, error) {
	if donation.IsZero() || product.IsZero() {
		return SEC{}, fail(secRule, CodeMissing, "a Single European Code needs both sequences", "enter donation and product sequence")
	}
	return SEC{donation, product}, nil
}

// ParseSEC reads the 40 characters of the stored and scanned form.
func ParseSEC(s string) (SEC, error) {
	if len(s) != 40 {
		return SEC{}, fail(secRule, CodeLength, "{text} is not a Single European Code of 40 characters", "scan again, or enter all characters", "text", quote(s))
	}
	donation, err := ParseDonationSequence(s[:21])
	if err != nil {
		return SEC{}, err
	}
	product, err := ParseProductSequence(s[21:])
	if err != nil {
		return SEC{}, err
	}
	return SEC{donation, product}, nil
}

// ParseSECPrinted reads the eye-readable form: "SEC" and the two sequences, with blanks or a line end between them.
func ParseSECPrinted(s string) (SEC, error) {
	if len(s) > 60 {
		return SEC{}, fail(secRule, CodeLength, "{text} is not a printed Single European Code", "type it as printed", "text", quote(s))
	}
	parts := strings.Fields(s)
	if len(parts) != 3 || parts[0] != "SEC" || len(parts[1]) != 21 {
		return SEC{}, fail(secRule, CodeStructure, "{text} is not a printed Single European Code", "type SEC, the donation sequence and the product sequence", "text", quote(s))
	}
	return ParseSEC(parts[1] + parts[2])
}

// String is the 40 characters, empty for the zero SEC.
func (s SEC) String() string { return s.donation.code + s.product.code }

// IsZero reports that there is no code.
func (s SEC) IsZero() bool { return s.donation.IsZero() }

// Donation is the donation identification sequence.
func (s SEC) Donation() DonationSequence { return s.donation }

// Product is the product identification sequence.
func (s SEC) Product() ProductSequence { return s.product }

// Print is the eye-readable form: preceded by SEC, the sequences separated by one blank (Art. 10a).
func (s SEC) Print() string {
	if s.IsZero() {
		return ""
	}
	return "SEC " + s.donation.code + " " + s.product.code
}

// Structure is the code as a structure of a label.
func (s SEC) Structure() Structure { return Structure{"&,4", s.String()} }

// MarshalText writes String.
func (s SEC) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *SEC) UnmarshalText(text []byte) error { return unmarshal(s, text, ParseSEC) }

func cut(s string, from, to int) string {
	if s == "" {
		return ""
	}
	return s[from:to]
}
