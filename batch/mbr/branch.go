package mbr

import (
	"fmt"
	"strings"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

// Condition is an expression over the record (CEL, package expression): of a branch, a check or a computed value. Eval, References and
// Formulas are in condition.go.
type Condition struct {
	Source string

	compiled *expression.Expression // by Compile; nil in a recipe with faults
}

// Check is something that has to be true of a field's value beside its limit: a relation to other values.
type Check struct {
	That Condition // "this" is the value of the field
	Else Text      // what is wrong where it does not hold
}

// Beyond is what a value beyond its limit asks of the person.
type Beyond string

// What follows from a value beyond its limit. It is recorded in any case (AT-59).
const (
	Comment Beyond = "comment" // a comment, then the step can go on
	Block   Beyond = "block"   // the step cannot be completed with it
)

// Captured is how a value comes into a field.
type Captured string

// How a value is captured.
const (
	ByTyping   Captured = "typed"
	ByScan     Captured = "scanned"
	FromFile   Captured = "file" // of a device
	FromOrder  Captured = "order"
	ByFormula  Captured = "computed"
	FromLedger Captured = "counted" // by the system, from the record itself
)

// Gate is a step at which a person decides how the batch goes on.
type Gate struct {
	Field     string // enum field of the step
	Decisions []Decision
}

// Decision is what a choice at a gate means for the batch.
type Decision struct {
	Code string
	Then Then
}

// Then is where a decision leads.
type Then string

// Where a decision at a gate leads.
const (
	GoOn          Then = "continue"
	WithDeviation Then = "deviation" // go on under a deviation that opens by itself
	Hold          Then = "hold"      // nothing is done until QA lets it go on
	Reject        Then = "reject"    // the batch is not made any further; its material is disposed of
)

// Then finds what a choice at the gate means; false for a code that it does not know.
func (g *Gate) Then(code string) (Then, bool) {
	for _, d := range g.Decisions {
		if d.Code == code {
			return d.Then, true
		}
	}
	return "", false
}

// Repeat says from which step on the work is done again when this one was interrupted, and how often at most.
type Repeat struct {
	From  string
	Times int
}

// amount reads "150 mL", or the parameter that "param.name" names.
func (r *Recipe) amount(s string) (quantity.Quantity, error) {
	if id, ok := strings.CutPrefix(s, ParamPrefix); ok {
		p, known := r.Parameters[id]
		if !known {
			return quantity.Quantity{}, fmt.Errorf("unknown parameter %q", id)
		}
		return p.Value, nil
	}
	return ParseAmount(s)
}

// ParseAmount reads a number with its unit as recipes write it: "150 mL", "4 h".
func ParseAmount(s string) (quantity.Quantity, error) {
	number, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	if !ok {
		return quantity.Quantity{}, fmt.Errorf("%q is not a number and a unit, such as \"150 mL\"", s)
	}
	u, err := quantity.ParseUnit(strings.TrimSpace(unit))
	if err != nil {
		return quantity.Quantity{}, err
	}
	return quantity.ParseCanonical(number, u)
}

// Split says where a batch can go on as several (scenario 7 of the process).
type Split struct {
	After     string // the step after which it is split
	Volume    string // the field that holds the volume
	Tolerance string // by which shares and waste may differ from it, such as "0.5 mL"
}

// Locks tells whether a step of the plant's variant opens work areas of a kind for the batch.
func (r *Recipe) Locks(kind, site string) bool {
	for _, s := range r.Steps() {
		if s.Area == kind && s.Line == LineClear && s.Applies(site) {
			return true
		}
	}
	return false
}
