package expression

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"rexbatch/internal/quantity"
)

// numberType is the type of every number for CEL. Its unit is not part of it: that is the task of the checker.
var numberType = cel.OpaqueType("number")

// number is a quantity as a value of CEL.
type number struct{ quantity.Quantity }

// ConvertToNative is not needed: results are read by their static type.
func (n number) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("a number does not become %s", to)
}

// ConvertToType is not needed: there are no conversions in recipes.
func (n number) ConvertToType(to ref.Type) ref.Val {
	return types.NewErr("a number does not become %s", to.TypeName())
}

// Equal compares as numbers: 1.20 and 1.2 are equal. CEL calls it for ==.
func (n number) Equal(other ref.Val) ref.Val {
	return compare(n, other, func(a, b number) (bool, bool) {
		if a.Qualifier() == quantity.Exactly && b.Qualifier() == quantity.Exactly {
			return a.Decimal().Cmp(b.Decimal()) == 0, true
		}
		return false, allBelow(a, b, true) || allBelow(b, a, true)
	})
}

// Type is numberType.
func (n number) Type() ref.Type { return numberType }

// Value is the quantity.
func (n number) Value() any { return n.Quantity }

// A relation tells whether it holds between two numbers in one unit, and whether that is decided at all.
type relation func(a, b number) (holds, decided bool)

func isLess(a, b number) (holds, decided bool) {
	holds = allBelow(a, b, true)
	return holds, holds || allBelow(b, a, false)
}

func isAtMost(a, b number) (holds, decided bool) {
	holds = allBelow(a, b, false)
	return holds, holds || allBelow(b, a, true)
}

func isGreater(a, b number) (holds, decided bool) { return isLess(b, a) }
func isAtLeast(a, b number) (holds, decided bool) { return isAtMost(b, a) }

// allBelow tells whether every number that a allows is below every number that b allows; not strictly: or equal to it.
// "<5" allows all below 5, ">=5" allows 5 and all above.
func allBelow(a, b number, strictly bool) bool {
	endless := a.Qualifier() == quantity.Greater || a.Qualifier() == quantity.AtLeast ||
		b.Qualifier() == quantity.Less || b.Qualifier() == quantity.AtMost
	if endless {
		return false
	}
	apart := a.Qualifier() == quantity.Less || b.Qualifier() == quantity.Greater // the ends are not allowed themselves
	c := a.Decimal().Cmp(b.Decimal())
	return c < 0 || c == 0 && (apart || !strictly)
}

// compare brings both into the unit of the first and asks the relation.
func compare(x, y ref.Val, by relation) ref.Val {
	a, b, err := pair(x, y)
	if err != nil {
		return types.WrapErr(err)
	}
	holds, decided := by(a, b)
	if !decided {
		return types.WrapErr(&UndecidableError{A: a.String(), B: b.String()})
	}
	return types.Bool(holds)
}

// pair is both numbers in the unit of the first.
func pair(x, y ref.Val) (a, b number, err error) {
	a, isA := x.(number)
	b, isB := y.(number)
	if !isA || !isB {
		return a, b, fmt.Errorf("%s and %s are not both numbers", x.Type().TypeName(), y.Type().TypeName())
	}
	if a.Unit() != b.Unit() {
		b.Quantity, err = b.In(a.Unit())
	}
	return a, b, err
}
