package expression

import (
	"strconv"
	"strings"
	"time"

	"rexbatch/internal/quantity"
)

// Kind is what sort of value a reference holds or an expression gives. The zero Kind is no value.
type Kind uint8

// The kinds of value.
const (
	Bool     Kind = iota + 1
	Text          // free text, an id, a lot, or the code of a choice
	Texts         // several of them: a field where more than one option can be chosen
	Number        // a decimal with its unit
	Time          // a point in time
	Duration      // a span of time
)

var kinds = [...]string{"nothing", "yes or no", "a text", "a list of texts", "a number", "a point in time", "a span of time"}

// String names the kind for a message.
func (k Kind) String() string {
	if int(k) >= len(kinds) {
		return kinds[0]
	}
	return kinds[k]
}

// Type is the static type of a reference or of a whole expression.
type Type struct {
	Kind  Kind
	Unit  quantity.Unit // of a Number; "" is a pure number
	Codes []string      // the options of Text or Texts; nil for free text
}

// String names the type for a message: "a number in mL".
func (t Type) String() string {
	switch {
	case t.Kind == Number && t.Unit != "":
		return "a number in " + string(t.Unit)
	case t.Kind == Number:
		return "a pure number"
	case t.Kind == Text && t.Codes != nil:
		return "one of " + list(t.Codes)
	case t.Kind == Texts && t.Codes != nil:
		return "a list out of " + list(t.Codes)
	}
	return t.Kind.String()
}

func list(codes []string) string {
	quoted := make([]string, len(codes))
	for i, code := range codes {
		quoted[i] = strconv.Quote(code)
	}
	return strings.Join(quoted, ", ")
}

// Scope is every reference that an expression may name, with its type: "S29.viability", "param.dose_target", and This.
// Compile only reads it.
type Scope map[string]Type

// This is the reference to the value of the field that a check belongs to.
const This = "this"

// Value is one value of the record, or the result of an expression: the part that Kind names is set.
type Value struct {
	Kind     Kind
	Bool     bool
	Text     string
	Texts    []string
	Number   quantity.Quantity
	Time     time.Time // years 1 to 9999
	Duration time.Duration
}
