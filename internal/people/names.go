package people

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rexbatch/internal/ledger"
)

const (
	maxName     = 80  // characters of a full name: what fits beside a signature on paper
	maxReason   = 500 // characters
	maxTerminal = 64  // characters
)

var (
	usernames = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)
	languages = regexp.MustCompile(`^[a-z]{2}$`)
	// reserved are authors that are no person.
	reserved = []string{systemAccount}
)

// fold brings what was typed at a sign-in to the form in which usernames are kept. Phones capitalise the first letter.
func fold(username string) string { return strings.ToLower(strings.TrimSpace(username)) }

func checkUsername(username string) error {
	if !usernames.MatchString(username) || slices.Contains(reserved, username) {
		return ledger.Refuse(ledger.Invalid, "CS-74", "username-invalid",
			"{username} cannot be a username.",
			"Use 3 to 32 lower-case letters a-z, digits, dot, hyphen or underscore, beginning with a letter.",
			"username", printed(username))
	}
	return nil
}

// checkHospital refuses a hospital's code that could not be compared or printed.
func checkHospital(code string) error {
	if len(code) > 32 || strings.ContainsFunc(code, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ledger.Refuse(ledger.Invalid, "CS-74", "hospital-code",
			"A hospital is named by up to 32 visible ASCII characters without blanks.", "Use the number of the hospital in the trial, e.g. 3401.")
	}
	return nil
}

// checkName refuses a full name that could not stand beside a signature, on a screen or on paper (CS-48, CS-72).
func (d *Directory) checkName(name string) error {
	refuse := func(why string) error {
		return ledger.Refuse(ledger.Invalid, "CS-72", "name-unprintable",
			"This full name cannot be printed beside a signature: {why}.",
			"Enter the name as it stands in the passport, in letters that can be printed.", "why", why)
	}
	why := textFault(name, maxName)
	if why != "" {
		return refuse(why)
	}
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return refuse("it has no letter")
	}
	err := d.opt.Printable(name)
	if err != nil {
		return refuse(err.Error())
	}
	return nil
}

// Why is the ground of a change of access: it stands in the entry beside who, whom and when (CS-16).
type Why struct {
	Reason   string // always needed
	Approver string // who approved the request, as the site writes it; optional
}

func (w Why) check() error {
	why := textFault(w.Reason, maxReason)
	if why == "" && utf8.RuneCountInString(w.Reason) < 3 {
		why = "it says nothing"
	}
	if why == "" && w.Approver != "" {
		why = textFault(w.Approver, maxName)
	}
	if why != "" {
		return ledger.Refuse(ledger.Invalid, "CS-16", "reason-missing",
			"A change of access needs a reason: {why}.", "Write why, and who approved it.", "why", why)
	}
	return nil
}

// checkOptional is check where no reason is needed.
func (w Why) checkOptional() error {
	if w == (Why{}) {
		return nil
	}
	return w.check()
}

func checkTerminal(terminal string) error {
	why := textFault(terminal, maxTerminal)
	if why != "" {
		return ledger.Refuse(ledger.Invalid, "I3", "terminal-unknown",
			"This terminal is not known by name: {why}.", "Register the terminal, then sign in again.", "why", why)
	}
	return nil
}

func checkLang(lang string) error {
	if !languages.MatchString(lang) {
		return ledger.Refuse(ledger.Invalid, "CS-66", "language-invalid",
			"{lang} is not a language code.", "Use two letters, for example es, de or en.", "lang", printed(lang))
	}
	return nil
}

// textFault says why s may not stand in the record as one line of text, or "". IsPrint leaves out controls and the
// invisible format characters that could reorder or hide what is shown.
func textFault(s string, most int) string {
	switch {
	case !utf8.ValidString(s):
		return "it is not valid UTF-8"
	case strings.TrimSpace(s) == "":
		return "it is empty"
	case strings.TrimSpace(s) != s:
		return "it begins or ends with a space"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("it is longer than %d characters", most)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "it has a character that cannot be printed"
	}
	return ""
}

// printed makes input from outside safe to show in a refusal.
func printed(s string) string {
	if len(s) > 2*maxTerminal {
		s = s[:2*maxTerminal]
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
