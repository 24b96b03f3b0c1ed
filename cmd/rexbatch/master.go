package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"rexbatch/batch/mbr"
)

// maxMaster is the largest master batch record that is read; the compiler has a bound of its own.
const maxMaster = 16 << 20

type masterCommand struct {
	Check masterCheckCommand `cmd:"" help:"Read a master batch record as a compiler does."`
	Diff  masterDiffCommand  `cmd:"" help:"Say what another version of a master batch record changes."`
}

// Help implements kong's HelpProvider.
func (masterCommand) Help() string {
	return "Example: rexbatch master check rex-001.yaml"
}

type masterCheckCommand struct {
	File   string `arg:"" help:"The master batch record, a YAML file."`
	Strict bool   `help:"Do not hold with warnings either."`
	JSON   bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (masterCheckCommand) Help() string {
	return "Names every fault with its place, what is wrong and what to do; docs/recipe.md lists the codes. An error stands against the approval of " +
		"the version; a warning is for the reviewer.\n\n" +
		"Example: rexbatch master check rex-001.yaml"
}

// checked is the outcome of a check.
type checked struct {
	File     string       `json:"file"`
	Errors   int          `json:"errors"`
	Warnings int          `json:"warnings"`
	Faults   []mbr.Fault  `json:"faults"`
	Summary  *mbr.Summary `json:"summary,omitempty"` // nil when the recipe cannot be executed
}

// Run checks one file.
func (c *masterCheckCommand) Run(_ context.Context, a *App) error {
	file, err := readLimited(c.File, maxMaster)
	if err != nil {
		return usage(err.Error(), "name a master batch record, e.g. rexbatch master check rex-001.yaml")
	}
	recipe, faults := mbr.Compile(file)
	out := checked{File: c.File, Faults: faults}
	for _, f := range faults {
		if f.Severity == mbr.Error {
			out.Errors++
		} else {
			out.Warnings++
		}
	}
	if recipe != nil {
		s := recipe.Summary()
		out.Summary = &s
	}
	if c.JSON {
		out.Faults = append([]mbr.Fault{}, faults...)
		err = a.printJSON(out)
	} else {
		err = a.printFaults(out, file)
	}
	if err == nil && (out.Errors > 0 || c.Strict && out.Warnings > 0) {
		err = errFault
	}
	return err
}

func (a *App) printFaults(out checked, file []byte) error {
	var errs []error
	for _, f := range out.Faults {
		errs = append(errs, a.printf("%s", f.Show(filepath.Base(out.File), file)))
	}
	if out.Summary != nil {
		errs = append(errs, a.printf("%s\n", summaryLine(*out.Summary)))
	}
	return errors.Join(append(errs, a.printf("%s: %s, %s\n", filepath.Base(out.File), plural(out.Errors, "error"), plural(out.Warnings, "warning")))...)
}

func summaryLine(s mbr.Summary) string {
	line := fmt.Sprintf("%s version %d: %s, %s, %s, %s", s.Recipe, s.Version, plural(s.Steps, "step"), plural(s.Fields, "field"),
		plural(s.Conditions, "condition"), plural(s.Clocks, "clock"))
	var rates []string
	for _, site := range slices.Sorted(maps.Keys(s.Signatures)) {
		rates = append(rates, fmt.Sprintf("%d at %s", s.Signatures[site], site))
	}
	if len(rates) > 0 {
		line += ", signatures per hour " + strings.Join(rates, " and ")
	}
	return line + ", " + plural(s.Demo, "demo number") + " left"
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
