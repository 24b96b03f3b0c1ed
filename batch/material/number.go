package material

import (
	"fmt"
	"strconv"
	"strings"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// Number is a lot number that the plant gave to a delivery: "L-SVQ26-00017-K", that is the plant, the year, the
// sequence and a check character (ISO/IEC 7064 mod 37-2) over all of them. It is generated, and only NewNumber and
// ParseNumber make one, so a Number that is not zero is a valid one (AT-20).
type Number struct{ code string }

// The parts of a number.
const (
	maxPrefix   = 6
	maxSequence = 99999
	maxTyped    = 40 // bytes that are looked at
)

// NewNumber makes a lot number from the plant's prefix ("SVQ"), the year in two digits and a sequence of 1 to 99999.
func NewNumber(prefix string, year int, sequence uint64) (Number, error) {
	if !isPrefix(prefix) || year < 0 || year > 99 || sequence == 0 || sequence > maxSequence {
		return Number{}, fmt.Errorf("no lot number of prefix %q, year %d, sequence %d", prefix, year, sequence)
	}
	check, err := isbt128.CheckCharacter(fmt.Sprintf("L%s%02d%05d", prefix, year, sequence))
	if err != nil {
		return Number{}, fmt.Errorf("lot number: %w", err)
	}
	return Number{fmt.Sprintf("L-%s%02d-%05d-%c", prefix, year, sequence, check)}, nil
}

// ParseNumber reads a lot number that was scanned or typed. Small letters and missing hyphens are taken, since the check
// character shows every slip; so is the symbology identifier that some readers send first ("]d1"). A refusal of kind
// Invalid names what is wrong.
func ParseNumber(text string) (Number, error) {
	plain := strings.ToUpper(strings.TrimSpace(text[:min(len(text), maxTyped+1)]))
	if strings.HasPrefix(plain, "]") && len(plain) > 3 {
		plain = plain[3:]
	}
	plain = strings.NewReplacer("-", "", " ", "").Replace(plain)
	body, found := strings.CutPrefix(plain, "L")
	digits := len(body) - 8 // before them the prefix, behind them the check character
	if len(text) > maxTyped || !found || digits < 1 || !isPrefix(body[:digits]) {
		return Number{}, notNumber(text)
	}
	year, err := strconv.ParseUint(body[digits:digits+2], 10, 8)
	if err != nil {
		return Number{}, notNumber(text)
	}
	sequence, err := strconv.ParseUint(body[digits+2:digits+7], 10, 32)
	if err != nil {
		return Number{}, notNumber(text)
	}
	n, err := NewNumber(body[:digits], int(year), sequence)
	if err != nil {
		return Number{}, notNumber(text)
	}
	if n.code[len(n.code)-1] != body[len(body)-1] {
		return Number{}, ledger.Refuse(ledger.Invalid, "AT-20", "lot-check-character", "the check character of the lot number {number} does not fit",
			"compare every character with the label and type it again, or scan it", "number", legible(text))
	}
	return n, nil
}

func notNumber(text string) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, "AT-20", "lot-number", "{number} is not a lot number of the plant",
		"scan the lot's label, or type its number as L-SVQ26-00017 with the check character behind it", "number", legible(text))
}

// isPrefix takes capital letters only: what follows a prefix is the year, in digits.
func isPrefix(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != "" && len(s) <= maxPrefix
}

// legible makes what was typed or scanned safe to show: foreign characters become a middle dot, the length is bounded.
func legible(text string) string {
	text = text[:min(len(text), maxTyped)]
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '·'
		}
		return r
	}, text)
}

// String is the number as printed, scanned and stored; empty for the zero Number.
func (n Number) String() string { return n.code }

// IsZero reports that there is no number.
func (n Number) IsZero() bool { return n.code == "" }

// MarshalText writes String.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.code), nil }

// UnmarshalText reads what MarshalText writes.
func (n *Number) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = Number{}
		return nil
	}
	v, err := ParseNumber(string(text))
	if err != nil {
		return err
	}
	*n = v
	return nil
}
