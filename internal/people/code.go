package people

import (
	"encoding/base32"
	"strings"

	"rexbatch/internal/ledger"
)

// A code opens something and is shown once: printed on a badge, or typed at a terminal. It is a mark that says what
// it is for, random letters and digits, and a check character. The hyphens of the mark are the canary of a keyboard
// layout: a scanner that types through another layout than its own turns them into something else; that Y and Z
// have changed places is found by the check character (screens, rule 6).
type codeKind struct {
	mark  string
	bytes int // of randomness
}

var (
	badgeCode    = codeKind{"RB-B-", 17}
	terminalCode = codeKind{"RB-T-", 10} // valid for an hour only
)

// codeAlphabet has no I, L, O and U, which are misread.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var codeEncoding = base32.NewEncoding(codeAlphabet).WithPadding(base32.NoPadding)

func (d *Directory) newCode(kind codeKind) (string, error) {
	random, err := d.random(kind.bytes)
	if err != nil {
		return "", err
	}
	return kind.code(random), nil
}

func (k codeKind) code(random []byte) string {
	body := codeEncoding.EncodeToString(random)
	return k.mark + body + string(checkOf(body))
}

// checkOf is the check character of body: a sum over GF(32) in which each place has its own weight, so that every
// single wrong character and every exchange of two is found, up to 30 characters.
func checkOf(body string) byte {
	sum := 0
	for i := range len(body) {
		sum = timesAlpha(sum) ^ strings.IndexByte(codeAlphabet, body[i])
	}
	return codeAlphabet[timesAlpha(sum)]
}

// timesAlpha multiplies by a primitive element of GF(32) with the polynomial x⁵+x²+1.
func timesAlpha(v int) int {
	v <<= 1
	if v >= 32 {
		v ^= 0b100101
	}
	return v
}

// parse brings what was typed or scanned to the form in which the code was made. It refuses what was misread
// and what came through another keyboard layout. It repeats neither: part of a secret is in it.
func (k codeKind) parse(raw string) (string, error) {
	s := strings.ToUpper(strings.TrimSpace(raw))
	if strings.HasPrefix(s, "]") && len(s) > 3 {
		s = s[3:] // the symbology identifier that some scanners put in front
	}
	body, ok := strings.CutPrefix(s, k.mark)
	if !ok && otherLayout(k.mark, s) {
		return "", ledger.Refuse(ledger.Invalid, "CS-67", "code-layout",
			"The scanner types with another keyboard layout than this terminal.", "Set the scanner to the layout of the terminal, then scan again.")
	}
	body = strings.NewReplacer("-", "", " ", "", "I", "1", "L", "1", "O", "0").Replace(body)
	last := codeEncoding.EncodedLen(k.bytes)
	if !ok || len(body) != last+1 || strings.Trim(body, codeAlphabet) != "" || checkOf(body[:last]) != body[last] {
		return "", ledger.Refuse(ledger.Invalid, "CS-67", "code-misread",
			"This code was not read whole, or it is of another kind.", "Scan it again, or type it as it is printed.")
	}
	return k.mark + body, nil
}

// Masked is a scanned text as it may be kept: of a code that opens something only its mark, also where it came through
// another keyboard layout.
func Masked(raw string) string {
	s := strings.ToUpper(strings.TrimSpace(raw))
	if strings.HasPrefix(s, "]") && len(s) > 3 {
		s = s[3:]
	}
	for _, k := range []codeKind{badgeCode, terminalCode} {
		if strings.HasPrefix(s, k.mark) || otherLayout(k.mark, s) {
			return k.mark + "…"
		}
	}
	return raw
}

// otherLayout says whether s begins like the mark but for the hyphens.
func otherLayout(mark, s string) bool {
	got, want := []rune(s), []rune(mark)
	if len(got) < len(want) {
		return false
	}
	for i, r := range want {
		if (r == '-') == (got[i] == r) {
			return false
		}
		if r != '-' && got[i] != r {
			return false
		}
	}
	return true
}
