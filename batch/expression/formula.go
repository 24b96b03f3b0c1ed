package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

// expiry is the one formula that gives a point in time.
const expiry formula.ID = "F11"

// maxSeries is how many points in time F11 takes behind its inputs: one for each material limit.
const maxSeries = 8

// callable are the formulas that give one value from named ones, by the name of their function.
var callable = func() map[string]formula.Definition {
	found := map[string]formula.Definition{}
	for _, d := range formula.All() {
		if d.Function == "" || d.ID == expiry {
			found[string(d.ID)] = d
		}
	}
	return found
}()

// inputs are those of a call with that many values: a series takes all that are left.
func inputs(d formula.Definition, n int) []formula.Param {
	params := slices.Clone(d.Inputs)
	for len(params) > 0 && params[len(params)-1].Series && len(params) < n {
		params = append(params, params[len(params)-1])
	}
	return params[:min(n, len(params))]
}

// arity is how many values a formula takes.
func arity(d formula.Definition) (least, most int) {
	most = len(d.Inputs)
	for i, p := range d.Inputs {
		if !p.Optional {
			least = i + 1
		}
		if p.Series {
			most += maxSeries - 1
		}
	}
	return least, most
}

// formula checks a call of F02 and the like: values in the order of the definition.
func (c *checker) formula(e ast.Expr, d formula.Definition, args []ast.Expr) Type {
	if !slices.Contains(c.formulas, d.ID) {
		c.formulas = append(c.formulas, d.ID)
	}
	least, most := arity(d)
	good := len(args) >= least && len(args) <= most
	if !good {
		c.fault(e, CodeArguments, "write it as "+signature(d), "%s takes %d to %d values, not %d", d.ID, least, most, len(args))
	}
	params := inputs(d, len(args))
	units, at := map[string]quantity.Unit{}, map[string]ast.Expr{}
	for i, arg := range args[:len(params)] {
		p := params[i]
		if isNull(arg) && p.Optional && !p.Time {
			arg.SetKindCase(c.factory.NewCall(arg.ID(), functionNone))
			continue
		}
		t := c.operand(arg, Type{Unit: p.Unit})
		kind := Number
		if p.Time {
			kind = Time
		}
		if !c.wants(arg, t, kind) {
			good = false
			continue
		}
		at[p.Name] = arg
		if kind == Number {
			units[p.Name] = t.Unit
		}
	}
	if !good {
		return unknown
	}
	unit, err := d.ResultUnit(units)
	if err != nil {
		return c.badInput(e, d, at, err)
	}
	if d.ID == expiry {
		return Type{Kind: Time}
	}
	return Type{Kind: Number, Unit: unit}
}

func (c *checker) badInput(e ast.Expr, d formula.Definition, at map[string]ast.Expr, err error) Type {
	why, fix := err.Error(), "write it as "+signature(d)
	var q *quantity.Error
	if errors.As(err, &q) {
		why, fix = q.What, q.Next
		if arg, ok := at[q.Args["input"]]; ok {
			e = arg
		}
	}
	return c.fault(e, CodeUnits, fix, "%s: %s", d.ID, why)
}

func isNull(e ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.NullValue
}

func signature(d formula.Definition) string {
	var names []string
	for _, p := range d.Inputs {
		names = append(names, p.Name)
	}
	return fmt.Sprintf("%s(%s)", d.ID, strings.Join(names, ", "))
}

// formulaFunctions declares every callable formula, once for each number of values that it takes.
func formulaFunctions() []cel.EnvOption {
	var options []cel.EnvOption
	for name, d := range callable {
		var overloads []cel.FunctionOpt
		least, most := arity(d)
		for n := least; n <= most; n++ {
			var args []*cel.Type
			for _, p := range inputs(d, n) {
				if p.Time {
					args = append(args, cel.TimestampType)
				} else {
					args = append(args, numberType)
				}
			}
			result, run := numberType, computed(d)
			if d.ID == expiry {
				result, run = cel.TimestampType, expires
			}
			overloads = append(overloads, cel.Overload(fmt.Sprintf("%s_%d", name, n), args, result, cel.FunctionBinding(run)))
		}
		options = append(options, cel.Function(name, overloads...))
	}
	return options
}

func computed(d formula.Definition) func(...ref.Val) ref.Val {
	return func(args ...ref.Val) ref.Val {
		values := map[string]quantity.Quantity{}
		for i, p := range inputs(d, len(args)) {
			if n, ok := args[i].(number); ok {
				values[p.Name] = n.Quantity
			}
		}
		return asNumber(formula.Compute(d.ID, values))
	}
}

// expires is F11.
func expires(args ...ref.Val) ref.Val {
	var spans []time.Duration
	var times []time.Time
	for _, arg := range args {
		switch v := arg.(type) {
		case number:
			span, err := v.Duration()
			if err != nil {
				return types.WrapErr(err)
			}
			spans = append(spans, span)
		case types.Timestamp:
			times = append(times, v.Time)
		}
	}
	if len(spans) != 2 || len(times) < 2 {
		return types.NewErr("%s takes two points and two spans of time", expiry)
	}
	at, err := formula.Expiry(times[0], spans[0], times[1], spans[1], times[2:])
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Timestamp{Time: at}
}
