package main

// How this program speaks. What was asked for goes to standard output, one fact a line, so that it can be piped.
// What is wrong goes to standard error, begins with "rexbatch:", has no capital and no final period, and is
// followed by what to do next. The first fault of a check is the exception: it is the answer, so it is on standard output,
// in one line. --json gives the same facts as one JSON document.

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

func (a *App) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(a.Stdout, format, args...)
	return err
}

// complain writes an error and its hint to standard error; there is nobody to tell if that fails.
func (a *App) complain(what, next string) {
	text := "rexbatch: " + oneLine(what) + "\n"
	if next != "" {
		text += "rexbatch: hint: " + next + "\n"
	}
	_, err := io.WriteString(a.Stderr, text)
	if err != nil {
		return
	}
}

// oneLine keeps a fault in one line, whatever stands in it.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), "; ") }

func isBreak(r rune) bool { return r == '\n' || r == '\r' }

func (a *App) printJSON(v any) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// outcome is the answer of a check, as --json gives it.
type outcome struct {
	Holds bool   `json:"holds"`
	Fault string `json:"fault,omitempty"`
	Hint  string `json:"hint,omitempty"`
	Facts any    `json:"facts,omitempty"`
}

// answer prints the outcome of a check: as JSON, or the fault in one line, or the line that says it holds.
func (a *App) answer(asJSON bool, o outcome, line string) error {
	var err error
	switch {
	case asJSON:
		err = a.printJSON(o)
	case o.Holds:
		err = a.printf("%s\n", line)
	default:
		err = a.printf("%s\n", oneLine(o.Fault))
		if o.Hint != "" {
			a.complain("does not hold", o.Hint)
		}
	}
	if err == nil && !o.Holds {
		err = errFault
	}
	return err
}

// width is the width of the terminal that w is; 0 when it is none, so that nothing there moves.
func width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return 0
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return n
}
