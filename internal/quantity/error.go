package quantity

import "strings"

// The codes of Error. They are stable: message catalogues translate by them.
const (
	CodeNotANumber     = "not-a-number"        // the text is not a number of the accepted form
	CodeAmbiguous      = "ambiguous-number"    // "1.234": thousands in one country, decimals in another
	CodeThousands      = "thousands-separator" // "1.234,5", "1 234", "1,234,567"
	CodeTooLong        = "too-long"            // more characters than any real value has
	CodeOutOfRange     = "out-of-range"        // outside of 1e-30 to 1e30
	CodeUnknownUnit    = "unknown-unit"        // not a code of the unit table
	CodeUnitMismatch   = "unit-mismatch"       // the units of the operands do not fit
	CodeNoConversion   = "no-conversion"       // the table lists no conversion between these units
	CodeQualified      = "qualified-operand"   // arithmetic on "<5.00" would invent a number
	CodeNoValue        = "no-value"            // the operand is the zero Quantity
	CodeDivisionByZero = "division-by-zero"
	CodeBadLimit       = "bad-limit" // the text of a limit cannot be read
	CodeNoLimit        = "no-limit"  // judged against the zero Limit
)

// Error says why a text is no value, or why two values cannot be combined.
type Error struct {
	Rule string            // the requirement behind it: "I13", or the formula: "F03"
	Code string            // one of the Code constants, or a code of the package that made it
	What string            // English: what is wrong
	Next string            // English: what to do now
	Args map[string]string // the values that the message names
}

// Error gives the rule and what is wrong.
func (e *Error) Error() string { return e.Rule + ": " + e.What }

// NewError makes an Error. The placeholders {name} in what and next are filled from the name, value pairs args.
func NewError(rule, code, what, next string, args ...string) *Error {
	e := &Error{Rule: rule, Code: code, Args: make(map[string]string, len(args)/2)}
	var pairs []string
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	// One pass: a value that itself contains braces (it may have been typed by anyone) is not filled again.
	fill := strings.NewReplacer(pairs...)
	e.What, e.Next = fill.Replace(what), fill.Replace(next)
	return e
}

func fail(code, what, next string, args ...string) error {
	return NewError("I13", code, what, next, args...)
}
