package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// maxDeviceFile is the largest device file that is read; flow cytometry has the largest ones.
const maxDeviceFile = 256 << 20

type readCommand struct {
	File       string `arg:"" help:"The file, as the device wrote it."`
	JSON       bool   `help:"Print what was understood as JSON."`
	Low        string `default:"2" placeholder:"DEGREES" help:"Lower end of the lane, in degrees Celsius (temperature loggers)."`
	High       string `default:"8" placeholder:"DEGREES" help:"Upper end of the lane, in degrees Celsius (temperature loggers)."`
	Activation string `placeholder:"KJ" help:"Activation energy of the mean kinetic temperature in kJ/mol; that of the device, or 83.144."`
	PDF        string `name:"pdf" placeholder:"FILE" help:"The device's own PDF of the same run, to be compared (Q-tag)."`
}

// Help implements kong's HelpProvider.
func (readCommand) Help() string {
	return "Prints what is understood of a device file, without a server: " + strings.Join(kindNames(), ", ") + ". Nothing is kept. A file that " +
		"is not known, or that does not hold together, is status 1.\n\n" +
		"Example: rexbatch read logger.txt --low 2 --high 8"
}

// fileKind is one family of device files. A new one joins by a line in fileKinds.
type fileKind struct {
	name    string   // as a person calls it
	formats []string // that are tried
	// read says what the file means, or errNotThisKind.
	read func(c *readCommand, file []byte) (understood, error)
}

// understood is what was understood of a file: the same facts for JSON and for people.
type understood struct {
	facts any
	lines []string
	fault error // what was compared does not agree
}

// errNotThisKind says that no format of the kind knows the file.
var errNotThisKind = errors.New("not of this kind")

// fileKinds are the kinds, in the order in which they are tried.
var fileKinds = []fileKind{loggerKind}

func kindNames() []string {
	var names []string
	for _, k := range fileKinds {
		names = append(names, k.name)
	}
	return names
}

// Run tries each kind of file.
func (c *readCommand) Run(_ context.Context, a *App) error {
	file, err := readLimited(c.File, maxDeviceFile)
	if err != nil {
		return usage(err.Error(), "name a file that a device wrote, e.g. rexbatch read logger.txt")
	}
	var tried []string
	for _, kind := range fileKinds {
		u, err := kind.read(c, file)
		if errors.Is(err, errNotThisKind) {
			tried = append(tried, fmt.Sprintf("%s (%s)", kind.name, strings.Join(kind.formats, ", ")))
			continue
		}
		if err != nil {
			return c.refuse(a, kind.name, err)
		}
		if c.JSON {
			return errors.Join(a.printJSON(u.facts), u.fault)
		}
		for _, line := range append([]string{fmt.Sprintf("%s: %s", c.File, kind.name), "sha256 " + ledger.DigestOf(file).String()}, u.lines...) {
			err = a.printf("%s\n", line)
			if err != nil {
				return err
			}
		}
		return u.fault
	}
	what := fmt.Sprintf("%s is no device file that is known here; tried: %s", c.File, strings.Join(tried, "; "))
	return c.fault(a, what, "choose the file that the device itself wrote", map[string]any{"file": c.File, "tried": tried})
}

// refuse says why a file of a known kind cannot be used. What the person asked for may be wrong as well.
func (c *readCommand) refuse(a *App, kind string, err error) error {
	var wrong *usageError
	var q *quantity.Error
	switch {
	case errors.As(err, &wrong):
		return err
	case errors.As(err, &q):
		return c.fault(a, fmt.Sprintf("%s: %s: %s", c.File, kind, q.What), q.Next, map[string]any{"file": c.File, "kind": kind, "rule": q.Rule, "code": q.Code})
	default:
		return err
	}
}

func (c *readCommand) fault(a *App, what, next string, facts any) error {
	return a.answer(c.JSON, outcome{Fault: what, Hint: next, Facts: facts}, "")
}
