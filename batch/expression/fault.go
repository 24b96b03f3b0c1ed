package expression

import (
	"fmt"
	"strings"
)

// The codes of Fault. They are stable: message catalogues translate by them.
const (
	CodeTooLong          = "expression-too-long"
	CodeSyntax           = "expression-syntax"
	CodeUnknownReference = "expression-unknown-reference"
	CodeUnknownFunction  = "expression-unknown-function"
	CodeNotSupported     = "expression-not-supported" // a part of CEL that recipes do not have: loops, maps, text functions
	CodeBareNumber       = "expression-bare-number"   // 70 or 0.5 in place of q("70 %")
	CodeBadLiteral       = "expression-bad-literal"   // q("70 procent")
	CodeArguments        = "expression-arguments"     // a wrong number of arguments
	CodeKinds            = "expression-kinds"         // a text with a number
	CodeUnits            = "expression-units"         // mL + g
	CodeNotAnOption      = "expression-not-an-option" // a code that the field does not have
	CodeResult           = "expression-result"        // not what the place of the expression asks for
	CodeNotChecked       = "expression-not-checked"   // refused by CEL itself
)

// Fault is one thing that is wrong with the source of an expression.
type Fault struct {
	From, To int    // what to underline: byte offsets in the source, From <= To
	Code     string // one of the Code constants
	What     string // English: what is wrong
	Fix      string // English: what to do
}

// Error gives the place and what is wrong.
func (f *Fault) Error() string { return fmt.Sprintf("at %d: %s", f.From, f.What) }

// Faults is the error of Compile: all that is wrong, in order of the source.
type Faults []*Fault

// Error joins what is wrong.
func (f Faults) Error() string {
	var texts []string
	for _, fault := range f {
		texts = append(texts, fault.Error())
	}
	return strings.Join(texts, "; ")
}

// MissingError is the error of Eval when the result depends on a reference that has no value yet.
type MissingError struct{ Ref string }

// Error names the reference.
func (e *MissingError) Error() string { return e.Ref + " has no value" }

// UndecidableError is the error of Eval when the result depends on how a bound such as "<5.00 EU/mL" compares with a number
// that it does not decide. A person decides, or a better test (F22).
type UndecidableError struct{ A, B string } // the two values as they are written

// Error names both values.
func (e *UndecidableError) Error() string {
	return fmt.Sprintf("%s and %s cannot be compared: a bound is not a number", e.A, e.B)
}
