package isbt128

import (
	"strconv"
	"strings"
)

// The codes of Error. They are stable: message catalogues translate by them.
const (
	CodeLength    = "isbt-length"    // not the number of characters that the structure has
	CodeCharacter = "isbt-character" // a character that may not stand at that place
	CodeCheck     = "isbt-check"     // the check character or flag does not fit: mistyped or misread
	CodeRange     = "isbt-range"     // a number that the identifier cannot hold
	CodeMissing   = "isbt-missing"   // a part of which the identifier is made is not there
	CodeStructure = "isbt-structure" // not a structure that this package reads
	CodeCount     = "isbt-count"     // a compound message with another number of structures than it says
	CodeTwice     = "isbt-twice"     // a compound message with two of one structure
	CodeTime      = "isbt-time"      // no such date or time
	CodeLayout    = "isbt-layout"    // the scanner types with another keyboard layout than the computer
)

// Error says why a text is not the identifier or scan that it should be.
type Error struct {
	Rule string            // "ID-12" for typed identifiers, "ISBT 128 DS 001" and so on for the structures
	Code string            // one of the Code constants
	What string            // English: what is wrong
	Next string            // English: what to do now
	Args map[string]string // the values that the message names
}

// Error gives the rule and what is wrong.
func (e *Error) Error() string { return e.Rule + ": " + e.What }

// fail makes an Error; the placeholders {name} are filled from the name, value pairs args.
func fail(rule, code, what, next string, args ...string) error {
	e := &Error{Rule: rule, Code: code, Args: make(map[string]string, len(args)/2)}
	var pairs []string
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	fill := strings.NewReplacer(pairs...)
	e.What, e.Next = fill.Replace(what), fill.Replace(next)
	return e
}

// quote makes a text from outside safe to show: control characters escaped, length bounded.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}
