// Package plantid holds the identifiers of a plant that has no ISBT 128 licence: their alphabet, their check character
// and the text of their labels.
//
// The parts are those of ISBT 128 (facility, year, sequence, division), so one record fits both, but nothing of it can be
// taken for an identifier that ICCBBA gave out: a facility code of a plant begins with 0 and ends with three letters, while
// a facility number of ICCBBA never begins with 0 and ends with two digits. The two differ in at least three places, so no
// single slip and no swap of neighbours leads from one scheme into the other.
//
// The check character is a weighted sum over the field of 32 elements. It finds every single wrong character, every swap of
// two characters wherever they stand within 31 places, and every pair of equal neighbours that was mistyped as another pair;
// ISO 7064 mod 37-2 finds the first two kinds for neighbours only and needs a 37th character. The alphabet leaves out the
// letters I, L, O and U, which are mistaken for 1, 0 and V (as Crockford's base 32 does).
package plantid

import (
	"fmt"
	"strings"
)

// Alphabet holds the 32 characters in the order of their values.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Prefix begins the text of every code that carries identifiers of this scheme.
const Prefix = "RB:"

// MaxText is the longest text that has a check character. Up to 31 characters, the check character with them, every swap is found.
const MaxText = 64

// Check gives the check character of a text of the alphabet. It is at the end of what is printed and typed.
func Check(text string) (byte, error) {
	if text == "" || len(text) > MaxText {
		return 0, fmt.Errorf("plant identifier: %d characters, 1 to %d have a check character", len(text), MaxText)
	}
	sum := 0
	for i := range len(text) {
		v := strings.IndexByte(Alphabet, text[i])
		if v < 0 {
			return 0, fmt.Errorf("plant identifier: %q at character %d is not of the alphabet %s", text[i:i+1], i+1, Alphabet)
		}
		sum = double(sum ^ v)
	}
	return Alphabet[sum], nil
}

// double multiplies by x in GF(32) = GF(2)[x]/(x⁵+x²+1). x is primitive, so its first 31 powers all differ: that is why
// swaps are found at every distance below 31.
func double(v int) int {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

// IsFacility tells whether five characters are a facility code of this scheme: 0, one of the alphabet, three letters of it.
func IsFacility(s string) bool {
	if len(s) != 5 || s[0] != '0' || !In(s[1]) {
		return false
	}
	for i := 2; i < 5; i++ {
		if !In(s[i]) || s[i] <= '9' {
			return false
		}
	}
	return true
}

// In tells whether a character is one of the alphabet.
func In(c byte) bool { return strings.IndexByte(Alphabet, c) >= 0 }

// Label is the text of a code: "RB:" + the parts with "/" between them + "/" and the check character over all parts.
// Empty when a part is empty or not of the alphabet.
func Label(parts ...string) string {
	for _, p := range parts {
		if p == "" {
			return ""
		}
	}
	check, err := Check(strings.Join(parts, ""))
	if err != nil {
		return ""
	}
	return Prefix + strings.Join(parts, "/") + "/" + string(check)
}

// ParseLabel takes the text of a code apart and checks it; the parts are those that Label was given.
func ParseLabel(text string) ([]string, error) {
	body, found := strings.CutPrefix(text, Prefix)
	parts := strings.Split(body, "/")
	if !found || len(parts) < 2 || len(parts[len(parts)-1]) != 1 {
		return nil, fmt.Errorf("plant identifier: no code of this scheme")
	}
	parts, got := parts[:len(parts)-1], parts[len(parts)-1]
	for _, p := range parts {
		if p == "" {
			return nil, fmt.Errorf("plant identifier: a part is empty")
		}
	}
	want, err := Check(strings.Join(parts, ""))
	if err != nil {
		return nil, err
	}
	if got[0] != want {
		return nil, fmt.Errorf("plant identifier: the check character does not fit")
	}
	return parts, nil
}
