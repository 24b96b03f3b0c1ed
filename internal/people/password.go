package people

import (
	_ "embed"
	"encoding/base32"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rexbatch/internal/ledger"
)

// minPassword is the least number of characters (CS-35).
const minPassword = 12

// common.txt has one word a line: what guessers try first in the languages of the plants, and names of this work.
//
//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(commonText) {
		words[word] = true
	}
	return words
}()

// checkPassword refuses a new password that is easily guessed (CS-35). No error repeats the password.
func checkPassword(password string, a account) error {
	why := passwordFault(password, a)
	if why == "" {
		return nil
	}
	return ledger.Refuse(ledger.Invalid, "CS-35", "password-weak",
		"This password is not accepted: {why}.",
		"Choose one of at least twelve characters that nobody could guess, for example four words that do not belong together.",
		"why", why)
}

func passwordFault(password string, a account) string {
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return "it has characters that cannot be typed again"
	}
	password = norm.NFC.String(password)
	if utf8.RuneCountInString(password) < minPassword {
		return "it has fewer than twelve characters"
	}
	if len(password) > maxPassword {
		return "it is too long"
	}
	plain := letters(password)
	distinct := map[rune]bool{}
	for _, r := range plain {
		distinct[r] = true
	}
	if len(distinct) < 5 {
		return "it repeats a few characters"
	}
	if isRun(plain) {
		return "it is a row of the keyboard or the alphabet"
	}
	if containsOwn(plain, a) {
		return "it contains the username or the name"
	}
	if guessable(plain) {
		return "it is one of the passwords that are tried first"
	}
	return ""
}

// containsOwn says whether part of the name or username is in the password, with accents or without: "müller",
// "muller", "mueller".
func containsOwn(plain string, a account) bool {
	for _, own := range append(strings.FieldsFunc(a.Name+" "+a.Username, notLetter), letters(a.Username)) {
		own = letters(own)
		if utf8.RuneCountInString(own) < 3 {
			continue
		}
		for _, spelt := range []string{own, unaccented(own), umlauts.Replace(own)} {
			if strings.Contains(plain, spelt) || strings.Contains(unaccented(plain), spelt) {
				return true
			}
		}
	}
	return false
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// guessable says whether nothing but common words, their repetition and figures make up the password.
func guessable(plain string) bool {
	if common[plain] {
		return true
	}
	return madeOf(strings.TrimFunc(undisguise(plain), notLetter)) || madeOf(strings.TrimFunc(plain, notLetter))
}

// madeOf says whether s is a chain of common words: "passwordpassword", "welcomeseville".
func madeOf(s string) bool {
	reached := make([]bool, len(s)+1)
	reached[0] = true
	for i := range s {
		for j := i + 3; reached[i] && j <= len(s); j++ {
			reached[j] = reached[j] || common[s[i:j]]
		}
	}
	return len(s) > 0 && reached[len(s)]
}

// isRun says whether s goes along one row, forwards or backwards, starting anywhere, as often as it likes.
func isRun(s string) bool {
	for _, row := range []string{"1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"} {
		long := strings.Repeat(row, 1+len(s)/len(row)+1)
		if strings.Contains(long, s) || strings.Contains(long, reversed(s)) {
			return true
		}
	}
	return false
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// letters is s in lower case with only its letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
}

// undisguise undoes the replacements that every guesser knows.
func undisguise(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t").Replace(s)
}

// oneTimeAlphabet leaves out the letters that are misread: i, l, o, u.
var oneTimeAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// oneTimePassword is 100 random bits in four groups of five: it is read from a screen and typed once (CS-35).
func (d *Directory) oneTimePassword() (string, error) {
	b, err := d.random(13)
	if err != nil {
		return "", err
	}
	s := oneTimeAlphabet.EncodeToString(b)
	return s[0:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:20], nil
}
