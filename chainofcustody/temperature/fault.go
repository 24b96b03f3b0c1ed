package temperature

import (
	"fmt"
	"strings"

	"rexbatch/internal/quantity"
)

// The codes of the errors of this package (*quantity.Error), beside those of package quantity.
const (
	CodeMissingInput = "missing-input"
	CodeImpossible   = "impossible-input" // inputs that cannot be true together
	CodeUnknownFile  = "unknown-file"     // no format knows it
	CodeBrokenFile   = "broken-file"      // a format knows it, and it does not hold together
	CodeTooLarge     = "too-large"
	CodeZone         = "unknown-zone" // the file's times cannot be placed
)

func warn(code, text string, args ...string) Warning {
	w := Warning{Code: code, Args: map[string]string{}}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		w.Args[args[i]] = args[i+1]
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	w.Text = strings.NewReplacer(pairs...).Replace(text)
	return w
}

// broken is an error at a line of a file.
func broken(line int, what string, args ...string) error {
	return quantity.NewError("I14", CodeBrokenFile, "line {line}: "+what, "read the logger out again; the file is kept as it is",
		append(args, "line", fmt.Sprint(line))...)
}

func kinetic(code, what, next string, args ...string) error {
	return quantity.NewError("F13", code, what, next, args...)
}

func crossing(code, what, next string, args ...string) error {
	return quantity.NewError("F15", code, what, next, args...)
}
