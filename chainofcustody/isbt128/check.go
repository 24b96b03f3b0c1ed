package isbt128

import (
	"strconv"
	"strings"

	"rexbatch/chainofcustody/plantid"
)

// alphabet gives the values of ISO/IEC 7064 mod 37-2: 0–9 are 0–9, A–Z 10–35, * 36.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"

// CheckCharacter gives the check character K of ISO/IEC 7064 mod 37-2 over s, which must consist of 0–9 and A–Z (ST-001
// appendix A). It finds every single wrong character and every swap of two neighbours.
func CheckCharacter(s string) (byte, error) {
	value, err := checkValue(s)
	if err != nil {
		return 0, err
	}
	return alphabet[value], nil
}

func checkValue(s string) (int, error) {
	if s == "" {
		return 0, fail("ISBT 128 ST-001", CodeLength, "there is nothing to compute a check character from", "give the identifier")
	}
	sum := 0
	for i := range len(s) {
		if !alphanumeric(s[i]) {
			return 0, badCharacter("ISBT 128 ST-001", s, i)
		}
		sum = (sum + valueOf(s[i])) * 2 % 37
	}
	return (38 - sum) % 37, nil
}

// checkOf is the check character that the scheme of an identifier has.
func checkOf(scheme Scheme, s string) (byte, error) {
	if scheme == Plant {
		return plantid.Check(s)
	}
	return CheckCharacter(s)
}

// mustCheck is for identifiers that have been checked already.
func mustCheck(scheme Scheme, s string) byte {
	c, err := checkOf(scheme, s)
	if err != nil {
		return 0
	}
	return c
}

func valueOf(c byte) int {
	if digit(c) {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

func digit(c byte) bool        { return c >= '0' && c <= '9' }
func letter(c byte) bool       { return c >= 'A' && c <= 'Z' }
func alphanumeric(c byte) bool { return digit(c) || letter(c) }

// notO excludes the letter O, which facility numbers do not use because it looks like zero.
func notO(c byte) bool { return alphanumeric(c) && c != 'O' }

// first is the set of the first character of a facility number: A–N, P–Z, 1–9.
func first(c byte) bool { return notO(c) && c != '0' }

// shape checks length and characters; each position has its set.
func shape(rule, name, s string, sets []func(byte) bool) error {
	if len(s) != len(sets) {
		return fail(rule, CodeLength, "{text} has {length} characters and {a} has {want}", "scan again, or enter all characters",
			"text", quote(s), "length", strconv.Itoa(len(s)), "a", name, "want", strconv.Itoa(len(sets)))
	}
	for i := range len(s) {
		if !sets[i](s[i]) {
			return badCharacter(rule, s, i)
		}
	}
	return nil
}

func badCharacter(rule, s string, at int) error {
	return fail(rule, CodeCharacter, "{character} may not be character {position} of {text}",
		"scan again; only 0-9 and A-Z in capitals are used, and no blanks",
		"character", quote(s[at:at+1]), "position", strconv.Itoa(at+1), "text", quote(s))
}

// sets builds the character sets of a structure, one per position: f first of a FIN, p rest of a FIN, n digit, X
// alphanumeric, anything else itself.
func sets(pattern string) []func(byte) bool {
	result := make([]func(byte) bool, len(pattern))
	for i := range len(pattern) {
		switch pattern[i] {
		case 'n':
			result[i] = digit
		case 'X':
			result[i] = alphanumeric
		case 'p':
			result[i] = notO
		case 'f':
			result[i] = first
		default:
			result[i] = func(c byte) bool { return c == pattern[i] }
		}
	}
	return result
}

// keyed takes apart what a person typed: the identifier in its groups, then the check character K (ID-12). One blank may
// stand between groups, as on the label; before group slash (0 for none) also a "/".
func keyed(rule, name, text string, groups []int, slash int) (string, error) {
	identifier, position := "", 0
	for i, size := range groups {
		if i > 0 && position < len(text) && (text[position] == ' ' || i == slash && text[position] == '/') {
			position++
		}
		if len(text)-position < size {
			return "", keyedLength(rule, name, text, groups)
		}
		identifier += text[position : position+size]
		position += size
	}
	if position < len(text) && text[position] == ' ' {
		position++
	}
	if len(text)-position != 1 {
		return "", keyedLength(rule, name, text, groups)
	}
	scheme := ISBT128
	if ofPlant(strings.TrimPrefix(identifier, "CH")) {
		scheme = Plant
	}
	check, err := checkOf(scheme, identifier)
	if err != nil {
		return "", fail(rule, CodeCharacter, "{text} is not {a}: {why}", "compare every character with the label and type it again, or scan it",
			"text", quote(text), "a", name, "why", err.Error())
	}
	if text[position] != check {
		return "", fail(rule, CodeCheck, "the check character of {text} does not fit", "compare every character with the label and type it again, or scan it",
			"text", quote(text))
	}
	return identifier, nil
}

func keyedLength(rule, name, text string, groups []int) error {
	want := 1
	for _, size := range groups {
		want += size
	}
	return fail(rule, CodeLength, "{text} is not {a} with its check character, {want} characters", "type all characters, the check character last",
		"text", quote(text), "a", name, "want", strconv.Itoa(want))
}
