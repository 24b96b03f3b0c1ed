package expression

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"rexbatch/internal/quantity"
)

// The names that the checker writes into a program. An author cannot: @ is no letter of CEL.
const (
	functionMultiply = "@multiply"
	functionDivide   = "@divide"
	functionNone     = "@none" // an input of a formula that is left out
	presencePrefix   = "@has:" // in front of a reference: whether it has a value
)

// presence is the macro has(S31.branch).
const presence = "has"

// language is CEL cut down to what recipes need, with our numbers. It is made once.
var language = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{
			DisableMacros: true,
			IncludeFunctions: []*env.Function{
				{Name: operators.LogicalAnd}, {Name: operators.LogicalOr}, {Name: operators.LogicalNot},
				{Name: operators.Conditional}, {Name: operators.Equals},
				{Name: operators.In, Overloads: []*env.Overload{{ID: overloads.InList}}},
			},
		})),
		cel.Macros(cel.GlobalMacro(presence, 1, asked)),
		cel.ParserExpressionSizeLimit(maxSource),
	}
	return cel.NewCustomEnv(append(append(options, functions()...), formulaFunctions()...)...)
})

// asked makes has(S31.branch) a reference of its own, so that the record is asked and not a value taken.
func asked(f cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	name, ok := qualified(args[0])
	if !ok {
		return nil, f.NewError(args[0].ID(), "has(…) takes the name of a field, as in has(S31.branch)")
	}
	return f.NewIdent(presencePrefix + name), nil
}

type binary = func(a, b ref.Val) ref.Val

func two(id string, a, b, result *cel.Type, run binary) cel.FunctionOpt {
	return cel.Overload(id, []*cel.Type{a, b}, result, cel.BinaryBinding(run))
}

func unary(id string, a, result *cel.Type, run func(ref.Val) ref.Val) cel.FunctionOpt {
	return cel.Overload(id, []*cel.Type{a}, result, cel.UnaryBinding(run))
}

func functions() []cel.EnvOption {
	span, at := cel.DurationType, cel.TimestampType
	options := []cel.EnvOption{
		cel.Function(operators.Add, two("add_number", numberType, numberType, numberType, arithmetic(quantity.Quantity.Add)),
			two("add_span", span, span, span, plus), two("add_time_span", at, span, at, plus), two("add_span_time", span, at, at, plus)),
		cel.Function(operators.Subtract, two("subtract_number", numberType, numberType, numberType, arithmetic(quantity.Quantity.Sub)),
			two("subtract_span", span, span, span, minus), two("subtract_time_span", at, span, at, minus), two("subtract_time", at, at, span, minus)),
		cel.Function(operators.Negate, unary("negate_number", numberType, numberType, negate), unary("negate_span", span, span, negate)),
		cel.Function("abs", unary("abs_number", numberType, numberType, absolute), unary("abs_span", span, span, absolute)),
		cel.Function("q", unary("q_text", cel.StringType, numberType, func(v ref.Val) ref.Val { return asNumber(readNumber(string(v.(types.String)))) })),
		cel.Function("duration", unary("duration_text", cel.StringType, span, func(v ref.Val) ref.Val { return asSpan(readDuration(string(v.(types.String)))) })),
		cel.Function("d", unary("d_text", cel.StringType, span, func(v ref.Val) ref.Val { return asSpan(readSpan(string(v.(types.String)))) }),
			unary("d_number", numberType, span, func(v ref.Val) ref.Val { return asSpan(v.(number).Duration()) })),
		cel.Function("minutes", unary("minutes_span", span, numberType, minutes)),
		cel.Function("round", two("round_number", numberType, cel.IntType, numberType, func(a, b ref.Val) ref.Val {
			return number{a.(number).Round(int(b.(types.Int)))}
		})),
		cel.Function("to", two("to_number", numberType, cel.StringType, numberType, func(a, b ref.Val) ref.Val {
			return asNumber(a.(number).In(quantity.Unit(b.(types.String))))
		})),
		scaled(functionMultiply, quantity.Quantity.Mul), scaled(functionDivide, quantity.Quantity.Div),
	}
	options = append(options, cel.Function(functionNone, cel.Overload("none", nil, numberType, cel.FunctionBinding(func(...ref.Val) ref.Val { return number{} }))))
	for name, by := range map[string]relation{
		operators.Less: isLess, operators.LessEquals: isAtMost, operators.Greater: isGreater, operators.GreaterEquals: isAtLeast,
	} {
		run := ordering(by)
		options = append(options, cel.Function(name, two(name+"_number", numberType, numberType, cel.BoolType, run),
			two(name+"_time", at, at, cel.BoolType, run), two(name+"_span", span, span, cel.BoolType, run)))
	}
	kinds := map[string]*cel.Type{"number": numberType, "span": span, "time": at}
	for name, run := range map[string]binary{"min": pick(isAtMost), "max": pick(isAtLeast), "sum": total} {
		var found []cel.FunctionOpt
		for kind, t := range kinds {
			if name == "sum" && t == at {
				continue
			}
			args := []*cel.Type{t}
			for n := 2; n <= maxOperands; n++ {
				args = append(args, t)
				found = append(found, cel.Overload(fmt.Sprintf("%s_%s_%d", name, kind, n), args[:n:n], t, cel.FunctionBinding(inTurn(run))))
			}
		}
		options = append(options, cel.Function(name, found...))
	}
	return options
}

// scaled is × or ÷ with the unit of the result, which the checker found.
func scaled(name string, op operation) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_number", []*cel.Type{numberType, numberType, cel.StringType}, numberType,
		cel.FunctionBinding(func(args ...ref.Val) ref.Val {
			return asNumber(op(args[0].(number).Quantity, args[1].(number).Quantity, quantity.Unit(args[2].(types.String))))
		})))
}

func arithmetic(op func(a, b quantity.Quantity) (quantity.Quantity, error)) binary {
	return func(x, y ref.Val) ref.Val {
		a, b, err := pair(x, y)
		if err != nil {
			return types.WrapErr(err)
		}
		return asNumber(op(a.Quantity, b.Quantity))
	}
}

func plus(a, b ref.Val) ref.Val  { return a.(traits.Adder).Add(b) }
func minus(a, b ref.Val) ref.Val { return a.(traits.Subtractor).Subtract(b) }

// total is + on two values of one kind.
func total(a, b ref.Val) ref.Val {
	if _, ok := a.(number); ok {
		return arithmetic(quantity.Quantity.Add)(a, b)
	}
	return plus(a, b)
}

func negate(v ref.Val) ref.Val {
	n, ok := v.(number)
	if !ok {
		return v.(traits.Negater).Negate()
	}
	return asNumber(quantity.New(0, 0, n.Unit()).Sub(n.Quantity))
}

func absolute(v ref.Val) ref.Val {
	switch v := v.(type) {
	case number:
		if v.Qualifier() == quantity.Exactly && v.Sign() >= 0 {
			return v
		}
	case types.Duration:
		if v.Duration >= 0 {
			return v
		}
	}
	return negate(v)
}

func minutes(v ref.Val) ref.Val {
	nanoseconds := quantity.New(v.(types.Duration).Nanoseconds(), 0, "")
	return asNumber(nanoseconds.Div(quantity.New(6, 10, "1/min"), "min"))
}

// ordering compares numbers by the relation, which knows bounds, and times by their order.
func ordering(by relation) binary {
	return func(a, b ref.Val) ref.Val {
		if _, ok := a.(number); ok {
			return compare(a, b, by)
		}
		c, ok := a.(traits.Comparer).Compare(b).(types.Int)
		if !ok {
			return types.NewErr("%s and %s have no order", a.Type().TypeName(), b.Type().TypeName())
		}
		holds, _ := by(number{quantity.New(int64(c), 0, "")}, number{quantity.New(0, 0, "")})
		return types.Bool(holds)
	}
}

// pick keeps the first of two values where the relation holds, and otherwise takes the second, in the unit of the first.
func pick(by relation) binary {
	return func(a, b ref.Val) ref.Val {
		switch ordering(by)(a, b) {
		case types.True:
			return a
		case types.False:
			if n, ok := a.(number); ok {
				return asNumber(b.(number).In(n.Unit()))
			}
			return b
		}
		return ordering(by)(a, b)
	}
}

// inTurn applies an operation from left to right.
func inTurn(run binary) func(...ref.Val) ref.Val {
	return func(args ...ref.Val) ref.Val {
		result := args[0]
		for _, arg := range args[1:] {
			result = run(result, arg)
			if types.IsError(result) {
				return result
			}
		}
		return result
	}
}

func asNumber(q quantity.Quantity, err error) ref.Val {
	if err != nil {
		return types.WrapErr(err)
	}
	return number{q}
}
