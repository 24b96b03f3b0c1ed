package formula

import (
	"slices"
	"strconv"
	"strings"

	"rexbatch/internal/quantity"
)

// ID names a formula: "F02".
type ID string

// Param is an input that a formula asks for.
type Param struct {
	Name     string
	Unit     quantity.Unit   // other units that In converts are accepted too
	Also     []quantity.Unit // accepted as they are, without conversion: percentages of another base
	Like     string          // the unit is that of this other input, in place of Unit
	Optional bool
	Time     bool // a point in time and not a number (F11)
	Series   bool // many values and not one (F13)
}

// Definition describes one formula in its version.
type Definition struct {
	ID         ID
	Version    int    // stored with every value that was computed
	Title      string // English
	Expression string // as a person would write it
	Source     string // where it comes from
	Inputs     []Param
	Result     quantity.Unit
	Like       string // the unit of the result is that of this input, in place of Result
	Function   string // the Go function to call where the formula is not one number from named numbers; Compute refuses then

	compute func(*numbers) decimal
}

// HasInput reports whether the formula has an input of that name.
func (d Definition) HasInput(name string) bool {
	return slices.ContainsFunc(d.Inputs, func(p Param) bool { return p.Name == name })
}

// Input is one input of a computation as the record keeps it: which value, from which field, at which place of the ledger.
type Input struct {
	Name  string            `json:"name"`
	Value quantity.Quantity `json:"value"`
	Ref   string            `json:"ref,omitempty"`   // "S29.tnc_conc_1"
	Entry uint64            `json:"entry,omitempty"` // position in the ledger
}

// Result is a computed value with all that it was computed from (AT-55).
type Result struct {
	ID      ID                `json:"formula"`
	Version int               `json:"version"`
	Value   quantity.Quantity `json:"value"`
	Inputs  []Input           `json:"inputs"`
}

// The codes of the errors that this package makes (*quantity.Error with the formula's id as its rule), beside those of
// package quantity.
const (
	CodeUnknownFormula = "unknown-formula"
	CodeNotOneNumber   = "not-one-number" // the formula has a function of its own
	CodeUnknownInput   = "unknown-input"
	CodeMissingInput   = "missing-input"
	CodeNegativeInput  = "negative-input"
	CodeImpossible     = "impossible-input" // inputs that cannot be true together
	CodeNoCells        = "no-cells-counted"
)

// Lookup finds a formula in its current version.
func Lookup(id ID) (Definition, bool) {
	for _, d := range definitions {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}

// All lists every formula, in order of their ids.
func All() []Definition {
	all := slices.Clone(definitions)
	slices.SortFunc(all, func(a, b Definition) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// Compute gives the result of a formula in full precision, unrounded. Every input that is not optional has to be there,
// by its name, as a plain number that is not negative and in a unit that converts. Errors are *quantity.Error.
func Compute(id ID, inputs map[string]quantity.Quantity) (quantity.Quantity, error) {
	d, ok := Lookup(id)
	if !ok {
		return quantity.Quantity{}, quantity.NewError(string(id), CodeUnknownFormula, "there is no formula {id}", "name one of the listed formulas", "id", string(id))
	}
	if d.compute == nil {
		return quantity.Quantity{}, d.fail(CodeNotOneNumber, "the formula is not one number computed from named numbers", "call {function}", "function", d.Function)
	}
	n, err := d.read(inputs)
	if err != nil {
		return quantity.Quantity{}, err
	}
	result := d.compute(n)
	if n.err != nil {
		return quantity.Quantity{}, n.err
	}
	unit := d.Result
	if d.Like != "" {
		unit = n.units[d.Like]
	}
	q, err := quantity.FromDecimal(tidy(result), unit)
	if err != nil {
		return quantity.Quantity{}, d.fail(quantity.CodeOutOfRange, "the result is not a number of this process", "check the inputs")
	}
	return q, nil
}

// Evaluate is Compute that keeps its inputs and the version of the formula beside the value, as the record needs it.
func Evaluate(id ID, inputs []Input) (Result, error) {
	values := make(map[string]quantity.Quantity, len(inputs))
	for _, in := range inputs {
		_, twice := values[in.Name]
		if twice {
			return Result{}, quantity.NewError(string(id), CodeUnknownInput, "the input {input} is given twice", "give each input once", "input", in.Name)
		}
		values[in.Name] = in.Value
	}
	q, err := Compute(id, values)
	if err != nil {
		return Result{}, err
	}
	d, _ := Lookup(id)
	return Result{ID: id, Version: d.Version, Value: q, Inputs: slices.Clone(inputs)}, nil
}

// read checks names, units and signs.
func (d Definition) read(inputs map[string]quantity.Quantity) (*numbers, error) {
	for name := range inputs {
		if !d.HasInput(name) {
			return nil, d.fail(CodeUnknownInput, "the formula has no input {input}", "correct the name", "input", name)
		}
	}
	n := &numbers{of: d, values: map[string]decimal{}, units: map[string]quantity.Unit{}}
	for _, p := range d.Inputs {
		q, given := inputs[p.Name]
		if !given || q.IsZero() {
			if p.Optional {
				continue
			}
			return nil, d.fail(CodeMissingInput, "the input {input} has no value", "enter it first", "input", p.Name)
		}
		if q.Qualifier() != quantity.Exactly {
			return nil, d.fail(quantity.CodeQualified, "the input {input} is {value}, a bound and not a number", "measure a number, or leave the result out",
				"input", p.Name, "value", q.String())
		}
		if q.Sign() < 0 {
			return nil, d.fail(CodeNegativeInput, "the input {input} is {value}", "check it: it cannot be below zero", "input", p.Name, "value", q.String())
		}
		converted, err := d.convert(p, q, n.units)
		if err != nil {
			return nil, err
		}
		n.values[p.Name], n.units[p.Name] = converted.Decimal(), converted.Unit()
	}
	return n, nil
}

func (d Definition) convert(p Param, q quantity.Quantity, units map[string]quantity.Unit) (quantity.Quantity, error) {
	unit, ok := p.reads(q.Unit(), units)
	if !ok {
		return quantity.Quantity{}, d.fail(quantity.CodeUnitMismatch, "the input {input} is {value} and has to be in {unit}", "enter it in {unit}",
			"input", p.Name, "value", q.String(), "unit", string(p.accepts(units)[0]))
	}
	return q.In(unit)
}

// accepts are the units that an input takes as they are; units are those in which the inputs before it are read.
func (p Param) accepts(units map[string]quantity.Unit) []quantity.Unit {
	if p.Like != "" {
		return []quantity.Unit{units[p.Like]}
	}
	return append([]quantity.Unit{p.Unit}, p.Also...)
}

// reads is the unit in which the formula reads an input that is given in that unit; false where none converts.
func (p Param) reads(given quantity.Unit, units map[string]quantity.Unit) (quantity.Unit, bool) {
	accepted := p.accepts(units)
	if slices.Contains(accepted, given) {
		return given, true
	}
	for _, unit := range accepted {
		_, err := quantity.New(1, 0, given).In(unit)
		if err == nil {
			return unit, true
		}
	}
	return "", false
}

// ResultUnit is the unit of the result for inputs in those units, known before there is any value (I13). Points in time and
// optional inputs that will not be given are left out. Errors: missing-input, unit-mismatch.
func (d Definition) ResultUnit(inputs map[string]quantity.Unit) (quantity.Unit, error) {
	units := map[string]quantity.Unit{}
	for _, p := range d.Inputs {
		given, ok := inputs[p.Name]
		if !ok && !p.Optional && !p.Time {
			return "", d.fail(CodeMissingInput, "the input {input} is not given", "give it", "input", p.Name)
		}
		if !ok {
			continue
		}
		unit, ok := p.reads(given, units)
		if !ok {
			return "", d.fail(quantity.CodeUnitMismatch, "the input {input} is in {given} and has to be in {unit}", "give it in {unit}",
				"input", p.Name, "given", strconv.Quote(string(given)), "unit", strconv.Quote(string(p.accepts(units)[0])))
		}
		units[p.Name] = unit
	}
	if d.Like != "" {
		return units[d.Like], nil
	}
	return d.Result, nil
}

func (d Definition) fail(code, what, next string, args ...string) error {
	return quantity.NewError(string(d.ID), code, what, next, args...)
}
