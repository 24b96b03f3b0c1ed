package expression

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

// Source is the text as it was written.
func (e *Expression) Source() string { return e.source }

// References are what the expression names, has(…) included, in the order in which they first appear.
func (e *Expression) References() []string { return slices.Clone(e.refs) }

// Formulas are the formulas that it calls, in the same order; the record keeps their versions (AT-55).
func (e *Expression) Formulas() []formula.ID { return slices.Clone(e.formulas) }

// Eval computes the result from the values of the record; false from values means that there is none yet. A result that is a number is
// in the unit that Compile was asked for, unrounded.
//
// Errors: *MissingError, *UndecidableError, *quantity.Error (what cannot be computed, such as a division by zero or a sum with
// "<5"), and an error where a value is not of the type that the scope gave it.
func (e *Expression) Eval(values func(ref string) (Value, bool)) (Value, error) {
	out, _, err := e.program.Eval(record{e, values})
	if err == nil {
		var v Value
		v, err = e.read(out)
		if err == nil {
			return v, nil
		}
	}
	var missing *MissingError
	var undecidable *UndecidableError
	var impossible *quantity.Error
	switch {
	case errors.As(err, &missing):
		return Value{}, missing
	case errors.As(err, &undecidable):
		return Value{}, undecidable
	case errors.As(err, &impossible):
		return Value{}, impossible
	}
	return Value{}, fmt.Errorf("expression %q: %w", e.source, err)
}

// record gives CEL the values that it asks for, and only those.
type record struct {
	of     *Expression
	values func(ref string) (Value, bool)
}

// Parent is nothing: there is one record.
func (r record) Parent() interpreter.Activation { return nil }

// ResolveName gives a value, whether there is one, or the error that there is none.
func (r record) ResolveName(name string) (any, bool) {
	ref, asked := strings.CutPrefix(name, presencePrefix)
	t, known := r.of.types[ref]
	if !known {
		return nil, false
	}
	v, ok := r.values(ref)
	ok = ok && v.Kind != 0 && (v.Kind != Number || !v.Number.IsZero())
	if asked {
		return types.Bool(ok), true
	}
	if !ok {
		return types.WrapErr(&MissingError{Ref: ref}), true
	}
	given, err := t.write(ref, v)
	if err != nil {
		return types.WrapErr(err), true
	}
	return given, true
}

// write makes a value of the record one of CEL. The static check is worth what its types are, so they are held here.
func (t Type) write(name string, v Value) (ref.Val, error) {
	if v.Kind != t.Kind || v.Kind == Number && v.Number.Unit() != t.Unit {
		return nil, fmt.Errorf("%s is %s and has to be %s", name, Type{Kind: v.Kind, Unit: v.Number.Unit()}, t)
	}
	switch v.Kind {
	case Bool:
		return types.Bool(v.Bool), nil
	case Text:
		return types.String(v.Text), nil
	case Texts:
		return types.NewStringList(types.DefaultTypeAdapter, v.Texts), nil
	case Number:
		return number{v.Number}, nil
	case Time:
		if year := v.Time.UTC().Year(); year < 1 || year > 9999 {
			return nil, fmt.Errorf("%s is not in the years 1 to 9999", name)
		}
		return types.Timestamp{Time: v.Time.UTC()}, nil
	}
	return types.Duration{Duration: v.Duration}, nil
}

// read makes a result of CEL a value of the wanted type.
func (e *Expression) read(out ref.Val) (Value, error) {
	v := Value{Kind: e.result.Kind}
	switch out := out.(type) {
	case types.Bool:
		v.Bool = bool(out)
	case types.String:
		v.Text = string(out)
	case number:
		var err error
		v.Number, err = out.In(e.result.Unit)
		return v, err
	case types.Timestamp:
		v.Time = out.Time.UTC()
	case types.Duration:
		v.Duration = out.Duration
	default:
		native, err := out.ConvertToNative(texts)
		if err != nil {
			return Value{}, err
		}
		v.Texts = slices.Clone(native.([]string))
	}
	return v, nil
}

var texts = reflect.TypeFor[[]string]()

func asSpan(span time.Duration, err error) ref.Val {
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Duration{Duration: span}
}
