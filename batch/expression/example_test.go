package expression_test

import (
	"errors"
	"fmt"
	"strings"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

func Example() {
	scope := expression.Scope{
		"S29.viability": {Kind: expression.Number, Unit: "%"},
		"S31.branch":    {Kind: expression.Text, Codes: []string{"full", "low_dose", "stop"}},
	}
	condition, err := expression.Compile(`S29.viability < q("75 %") || S31.branch == "low_dose"`, scope, expression.Type{Kind: expression.Bool})
	if err != nil {
		panic(err)
	}
	captured := map[string]expression.Value{
		"S29.viability": {Kind: expression.Number, Number: quantity.MustParse("74.9", "%")},
	}
	result, err := condition.Eval(func(ref string) (expression.Value, bool) {
		v, ok := captured[ref]
		return v, ok
	})
	fmt.Println(condition.References(), result.Bool, err)
	// Output: [S29.viability S31.branch] true <nil>
}

func ExampleCompile_faults() {
	scope := expression.Scope{
		"S27.volume": {Kind: expression.Number, Unit: "mL"},
		"S31.branch": {Kind: expression.Text, Codes: []string{"full", "low_dose", "stop"}},
	}
	source := `S27.volume > 0.5 && S31.branch == "ful"`
	_, err := expression.Compile(source, scope, expression.Type{Kind: expression.Bool})
	var faults expression.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			fmt.Println(source)
			fmt.Println(strings.Repeat(" ", f.From) + strings.Repeat("^", f.To-f.From) + " " + f.Fix)
		}
	}
	// Output:
	// S27.volume > 0.5 && S31.branch == "ful"
	//              ^^^ write q("0.5 mL")
	// S27.volume > 0.5 && S31.branch == "ful"
	//                                   ^^^^^ did you mean "full"?
}
