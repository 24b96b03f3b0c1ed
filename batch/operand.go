package batch

import (
	"time"

	"rexbatch/batch/expression"
	"rexbatch/batch/mbr"
)

// asOperand makes a value of the record one that expressions work with; false when there is none.
func asOperand(of mbr.FieldType, v Value) (expression.Value, bool) {
	if v.IsZero() {
		return expression.Value{}, false
	}
	if q, ok := v.Quantity(); ok {
		return expression.Value{Kind: expression.Number, Number: q}, true
	}
	switch of {
	case mbr.TypeBool:
		return expression.Value{Kind: expression.Bool, Bool: v.Text == "true"}, true
	case mbr.TypeMulti:
		return expression.Value{Kind: expression.Texts, Texts: chosen(v)}, true
	case mbr.TypeDate:
		t, err := time.Parse(time.DateOnly, v.Text)
		return expression.Value{Kind: expression.Time, Time: t}, err == nil
	case mbr.TypeDateTime, mbr.TypeComputed:
		t, err := v.Time()
		return expression.Value{Kind: expression.Time, Time: t}, err == nil
	default:
		return expression.Value{Kind: expression.Text, Text: v.Text}, true
	}
}
