package gs1

import (
	"fmt"
	"strings"
)

// CheckDigit is the mod-10 check digit of the GS1 keys over digits: weights 3 and 1 from the right. It finds every single
// wrong digit, and every swap of neighbours but those whose digits differ by five.
func CheckDigit(digits string) (byte, error) {
	if digits == "" || len(digits) > 17 {
		return 0, fail(CodeLength, fmt.Sprintf("%s has %d digits, 1 to 17 have a check digit", quote(digits), len(digits)))
	}
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		if !digit(digits[i]) {
			return 0, fail(CodeCharacter, fmt.Sprintf("character %d of %s is not a digit", i+1, quote(digits)))
		}
		sum += weight * int(digits[i]-'0')
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10), nil
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// key checks that s has the digits of a key, the last one its check digit.
func key(name, s string, length int) error {
	if len(s) != length {
		return fail(CodeLength, fmt.Sprintf("%s has %d characters, %s has %d", quote(s), len(s), name, length))
	}
	want, err := CheckDigit(s[:length-1])
	if err != nil {
		return err
	}
	if s[length-1] != want {
		if !digit(s[length-1]) {
			return fail(CodeCharacter, fmt.Sprintf("character %d of %s is not a digit", length, quote(s)))
		}
		return fail(CodeCheck, fmt.Sprintf("the check digit of %s %s does not fit", name, quote(s)))
	}
	return nil
}

// with puts the check digit behind digits that have to fill a key of length digits.
func with(name, digits string, length int) (string, error) {
	if len(digits) != length-1 {
		return "", fail(CodeLength, fmt.Sprintf("%s has %d digits, %s has %d before its check digit", quote(digits), len(digits), name, length-1))
	}
	c, err := CheckDigit(digits)
	if err != nil {
		return "", err
	}
	return digits + string(c), nil
}

// GTIN is a Global Trade Item Number in its form of 14 digits, AI (01): a kind of product.
type GTIN struct{ code string }

// ParseGTIN reads 14 digits, or the 8, 12 or 13 of a shorter GTIN, which get leading zeros.
func ParseGTIN(s string) (GTIN, error) {
	whole := s
	if len(s) == 8 || len(s) == 12 || len(s) == 13 {
		whole = strings.Repeat("0", 14-len(s)) + s
	}
	err := key("a GTIN", whole, 14)
	if err != nil {
		return GTIN{}, err
	}
	return GTIN{whole}, nil
}

// NewGTIN makes a GTIN from its 13 digits without the check digit.
func NewGTIN(digits string) (GTIN, error) {
	code, err := with("a GTIN", digits, 14)
	return GTIN{code}, err
}

// String is the 14 digits, empty for the zero GTIN.
func (k GTIN) String() string { return k.code }

// IsZero reports that there is none.
func (k GTIN) IsZero() bool { return k.code == "" }

// Element is the number as AI (01).
func (k GTIN) Element() Element { return Element{"01", k.code} }

// SSCC is a Serial Shipping Container Code, AI (00): one shipper on its way.
type SSCC struct{ code string }

// ParseSSCC reads the 18 digits.
func ParseSSCC(s string) (SSCC, error) {
	err := key("an SSCC", s, 18)
	if err != nil {
		return SSCC{}, err
	}
	return SSCC{s}, nil
}

// NewSSCC makes the code of the n-th shipper of a company: extension digit (0–9), company prefix (4–12 digits), serial.
func NewSSCC(extension int, prefix string, n uint64) (SSCC, error) {
	room := 16 - len(prefix)
	serial := fmt.Sprintf("%0*d", max(room, 1), n)
	if extension < 0 || extension > 9 || len(prefix) < 4 || len(prefix) > 12 || len(serial) > room {
		return SSCC{}, fail(CodeLength, fmt.Sprintf("no SSCC of extension %d, prefix %s and serial %d", extension, quote(prefix), n))
	}
	code, err := with("an SSCC", fmt.Sprint(extension)+prefix+serial, 18)
	return SSCC{code}, err
}

// String is the 18 digits, empty for the zero SSCC.
func (k SSCC) String() string { return k.code }

// IsZero reports that there is none.
func (k SSCC) IsZero() bool { return k.code == "" }

// Element is the code as AI (00).
func (k SSCC) Element() Element { return Element{"00", k.code} }

// GLN is a Global Location Number: a place, AI (414), or a party, AI (417).
type GLN struct{ code string }

// ParseGLN reads the 13 digits.
func ParseGLN(s string) (GLN, error) {
	err := key("a GLN", s, 13)
	if err != nil {
		return GLN{}, err
	}
	return GLN{s}, nil
}

// String is the 13 digits, empty for the zero GLN.
func (k GLN) String() string { return k.code }

// IsZero reports that there is none.
func (k GLN) IsZero() bool { return k.code == "" }

// Location is the number as the identifier of a place, AI (414).
func (k GLN) Location() Element { return Element{"414", k.code} }

// Party is the number as the identifier of a party, AI (417).
func (k GLN) Party() Element { return Element{"417", k.code} }

// GSRN is a Global Service Relation Number: a recipient such as a patient with a wristband, AI (8018), or a provider such as
// a courier or nurse with a badge, AI (8017). It is a number without meaning and holds nothing of the person.
type GSRN struct{ code string }

// ParseGSRN reads the 18 digits.
func ParseGSRN(s string) (GSRN, error) {
	err := key("a GSRN", s, 18)
	if err != nil {
		return GSRN{}, err
	}
	return GSRN{s}, nil
}

// String is the 18 digits, empty for the zero GSRN.
func (k GSRN) String() string { return k.code }

// IsZero reports that there is none.
func (k GSRN) IsZero() bool { return k.code == "" }

// Recipient is the number as AI (8018).
func (k GSRN) Recipient() Element { return Element{"8018", k.code} }

// Provider is the number as AI (8017).
func (k GSRN) Provider() Element { return Element{"8017", k.code} }
