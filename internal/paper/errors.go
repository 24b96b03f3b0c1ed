package paper

import "fmt"

// TextError says that a text cannot be printed exactly as it is.
type TextError struct {
	Text   string // the whole text, possibly invalid UTF-8
	Rune   rune   // the first character that cannot be printed; U+FFFD for bytes that are not UTF-8
	Where  string // field or section, empty when called through Printable
	Reason string // why, in words for a person
}

// Error names the character, the place and the reason.
func (e *TextError) Error() string {
	where := ""
	if e.Where != "" {
		where = " in " + e.Where
	}
	return fmt.Sprintf("character %U%s cannot be printed: %s: %q", e.Rune, where, e.Reason, e.Text)
}

// LayoutError says that something does not fit on the paper or that the library below failed.
type LayoutError struct {
	Where  string // field or section
	Reason string // what does not fit
}

// Error names the place and the reason.
func (e *LayoutError) Error() string { return fmt.Sprintf("lay out %s: %s", e.Where, e.Reason) }
