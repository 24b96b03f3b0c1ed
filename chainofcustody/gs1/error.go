package gs1

import "strconv"

// Error says why a text is not the GS1 data that it should be.
type Error struct {
	Code string // one of the Code constants
	What string // English: what is wrong, with the text in question
}

// The codes of Error. They are stable: message catalogues translate by them.
const (
	CodeLength    = "gs1-length"    // not the number of characters that the element has
	CodeCharacter = "gs1-character" // a character that may not stand there
	CodeCheck     = "gs1-check"     // the check digit does not fit: mistyped or misread
	CodeUnknown   = "gs1-unknown"   // an application identifier that is not in the table
	CodeStructure = "gs1-structure" // not an element string
	CodeTwice     = "gs1-twice"     // one identifier with two values
	CodeExcluded  = "gs1-excluded"  // two identifiers that exclude each other, or one without the one it needs
	CodeTime      = "gs1-time"      // no such date or time
)

// Error gives what is wrong.
func (e *Error) Error() string { return "GS1: " + e.What }

func fail(code, what string) error { return &Error{Code: code, What: what} }

// quote makes a text from outside safe to show: control characters escaped, length bounded.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}
