package vault

import (
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rexbatch/internal/ledger"
)

// Identity is who a patient is. It prints and logs as a placeholder, whatever prints it.
type Identity struct {
	Number  string // of the patient at their hospital
	Family  string // family names
	Given   string // given names
	Birth   string // date of birth, YYYY-MM-DD
	Country string // ISO 3166-1 alpha-2 of the hospital
}

const hidden = "[patient]"

// String hides the patient.
func (Identity) String() string { return hidden }

// GoString hides the patient.
func (Identity) GoString() string { return hidden }

// LogValue hides the patient.
func (Identity) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the patient from encoders: who means to tell the fields names them.
func (Identity) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// maxIdentifier bounds each identifier, in characters.
const maxIdentifier = 80

// checked is the identity with blanks trimmed and letters composed, or what is wrong with it. No refusal repeats what was
// typed: refusals may be logged.
func (id Identity) checked(now time.Time) (Identity, error) {
	var faults ledger.Refusals
	for _, f := range []struct {
		text  *string
		wrong *ledger.Refusal
	}{
		{&id.Number, ledger.Refuse(ledger.Invalid, "AT-13", "identity-number", "the hospital number is empty, longer than 80 characters, or cannot be printed", "enter it as it stands in the hospital's record")},
		{&id.Family, ledger.Refuse(ledger.Invalid, "AT-13", "identity-family", "the family names are empty, longer than 80 characters, or cannot be printed", "enter them as they stand in the hospital's record")},
		{&id.Given, ledger.Refuse(ledger.Invalid, "AT-13", "identity-given", "the given names are empty, longer than 80 characters, or cannot be printed", "enter them as they stand in the hospital's record")},
	} {
		*f.text = norm.NFC.String(strings.Join(strings.Fields(*f.text), " "))
		if !printable(*f.text) {
			faults = append(faults, f.wrong)
		}
	}
	id.Birth, id.Country = strings.TrimSpace(id.Birth), strings.ToUpper(strings.TrimSpace(id.Country))
	born, err := time.Parse(time.DateOnly, id.Birth)
	if err != nil || born.After(now) || born.Before(now.AddDate(-130, 0, 0)) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-13", "birth-date", "this is no date of birth", "enter year, month and day"))
	}
	if len(id.Country) != 2 || strings.Trim(id.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-13", "country", "a country is two letters, such as ES or DE", "choose the country of the hospital"))
	}
	return id, faults.Err()
}

// printable tells whether an identifier has a letter or digit, can be printed, and is within its bounds.
func printable(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxIdentifier || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// parts are the words of a name or number as they are compared: without marks, case and punctuation. The German ways of
// writing an umlaut are one.
func parts(s string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ReplaceAll(s, "ß", "ss")) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(umlauts.Replace(b.String()))
}

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// particles of family names are not compared.
var particles = map[string]bool{"de": true, "del": true, "la": true, "las": true, "los": true, "el": true, "y": true, "von": true, "van": true, "der": true, "den": true, "zu": true, "da": true, "do": true, "dos": true, "di": true}

// first is the first word that is no particle.
func first(words []string) string {
	for _, w := range words {
		if !particles[w] {
			return w
		}
	}
	return strings.Join(words, " ")
}

// sameNumber is what two spellings of one hospital number have in common.
func (id Identity) sameNumber() string { return strings.Join(parts(id.Number), "") }

// sameName is what patients have in common who could be mixed up by their names: first family name, first given name and
// year of birth (scenario 6).
func (id Identity) sameName() string {
	return first(parts(id.Family)) + "|" + first(parts(id.Given)) + "|" + id.Birth[:4]
}

// tellsIn tells whether a text that is to stand in the record tells who the patient is.
func (id Identity) tellsIn(text string) bool {
	words := map[string]bool{}
	for _, w := range parts(text) {
		words[w] = true
	}
	for _, w := range append(parts(id.Family), parts(id.Given)...) {
		if len(w) > 2 && !particles[w] && words[w] {
			return true
		}
	}
	plain := strings.Join(parts(text), "")
	tells := []string{id.sameNumber(), strings.TrimFunc(id.sameNumber(), func(r rune) bool { return !unicode.IsDigit(r) })}
	if born, err := time.Parse(time.DateOnly, id.Birth); err == nil {
		tells = append(tells, born.Format("20060102"), born.Format("02012006"), born.Format("212006"), born.Format("020106"))
	}
	return slices.ContainsFunc(tells, func(s string) bool { return len(s) > 3 && strings.Contains(plain, s) })
}
