package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/cmd/rexbatch/scenario"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/templates"
	"rexbatch/testdata"
)

type masterDiffCommand struct {
	Old  string `arg:"" help:"The version that is in use."`
	New  string `arg:"" help:"The version that is to replace it."`
	Data string `placeholder:"DIR" help:"Data directory: names the batches that run by the old version."`
	JSON bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (masterDiffCommand) Help() string {
	return "Says what changes in meaning, step by step, and which tests, scenarios and running batches it touches. Form and comments have no meaning. " +
		"The server may be running.\n\n" +
		"Example: rexbatch master diff rex-001-v1.yaml rex-001-v2.yaml --data /var/lib/rexbatch"
}

// difference is what two versions differ in, and what that touches.
type difference struct {
	Old       string       `json:"old"`
	New       string       `json:"new"`
	Changes   []mbr.Change `json:"changes"`
	Tests     []string     `json:"tests"`     // attributes of the specification that judge a changed field
	Scenarios []string     `json:"scenarios"` // that enter a changed field, with the fields
	Batches   []string     `json:"batches"`   // that are not finished and have pinned the old version
}

// Run compares two files.
func (c *masterDiffCommand) Run(ctx context.Context, a *App) error {
	old, err := loadMaster(c.Old)
	if err != nil {
		return err
	}
	new, err := loadMaster(c.New)
	if err != nil {
		return err
	}
	d := difference{Old: old.Digest.String(), New: new.Digest.String(), Changes: mbr.Diff(old, new), Tests: []string{}, Scenarios: []string{}, Batches: []string{}}
	if d.Changes == nil {
		d.Changes = []mbr.Change{}
	}
	touched := mbr.Touched(d.Changes, old, new)
	d.Tests, err = testsOf(touched)
	if err != nil {
		return err
	}
	d.Scenarios, err = scenariosOf(touched)
	if err != nil {
		return err
	}
	if c.Data != "" {
		d.Batches, err = pinnedBy(ctx, c.Data, old.Digest)
		if err != nil {
			return err
		}
	}
	if c.JSON {
		return a.printJSON(d)
	}
	return a.printDifference(d, c.Data != "")
}

func loadMaster(name string) (*mbr.Recipe, error) {
	file, err := readLimited(name, maxMaster)
	if err != nil {
		return nil, usage(err.Error(), "name two master batch records")
	}
	r, err := mbr.Load(file)
	if err != nil {
		return nil, hint(fmt.Errorf("%s: %w", name, err), "rexbatch master check "+name+" shows each fault at its place")
	}
	return r, nil
}

func (a *App) printDifference(d difference, asked bool) error {
	if len(d.Changes) == 0 {
		return a.printf("no difference in meaning\n")
	}
	var errs []error
	for i, c := range d.Changes {
		if i == 0 || c.Step != d.Changes[i-1].Step {
			head := c.Step
			if head == "" {
				head = "recipe"
			}
			errs = append(errs, a.printf("%s\n", head))
		}
		errs = append(errs, a.printf("  %s\n", c))
	}
	list := func(what string, items []string) {
		for _, item := range items {
			errs = append(errs, a.printf("%s %s\n", what, item))
		}
	}
	list("touches test", d.Tests)
	list("touches scenario", d.Scenarios)
	if asked && len(d.Batches) == 0 {
		errs = append(errs, a.printf("no running batch has pinned the old version\n"))
	}
	list("stays with the old version: batch", d.Batches)
	return errors.Join(errs...)
}

// testsOf are the attributes of the specification that read one of the fields.
func testsOf(fields map[string]bool) ([]string, error) {
	file, err := templates.Specifications.ReadFile("spec/demo-p1.yaml")
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	spec, err := qc.Load(file)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, attribute := range spec.Attributes {
		read := []string{attribute.Field, attribute.DueFrom}
		for _, condition := range attribute.ValidIf {
			read = append(read, condition.Field)
		}
		read = slices.DeleteFunc(read, func(ref string) bool { return !fields[ref] })
		if len(read) > 0 {
			slices.Sort(read)
			out = append(out, fmt.Sprintf("%s of %s: %s", attribute.ID, spec.ID, strings.Join(slices.Compact(read), ", ")))
		}
	}
	return out, nil
}

// scenariosOf are the scenarios that enter one of the fields.
func scenariosOf(fields map[string]bool) ([]string, error) {
	names, err := fs.Glob(testdata.Scenarios, "scenarios/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("scenarios: %w", err)
	}
	out := []string{}
	for _, name := range names {
		s, err := scenario.Load(testdata.Scenarios, name)
		if err != nil {
			return nil, err
		}
		var entered []string
		for _, step := range slices.Sorted(maps.Keys(s.Values)) {
			for _, id := range slices.Sorted(maps.Keys(s.Values[step])) {
				if ref := step + "." + id; fields[ref] {
					entered = append(entered, ref)
				}
			}
		}
		if len(entered) > 0 {
			out = append(out, strings.TrimSuffix(path.Base(name), ".yaml")+": "+strings.Join(entered, ", "))
		}
	}
	return out, nil
}

// pinnedBy are the unfinished batches in a data directory that have pinned a version.
func pinnedBy(ctx context.Context, dir string, version ledger.Digest) ([]string, error) {
	dirs, fault, err := logsIn(dir)
	if err != nil {
		return nil, err
	}
	if fault != "" {
		return nil, hint(errors.New(fault), "restore the missing ledger from a backup")
	}
	out := []string{}
	for _, dir := range dirs {
		pinned, err := pinnedIn(ctx, dir, version)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(dir), err)
		}
		out = append(out, pinned...)
	}
	return out, nil
}

// pinnedIn reads a copy of one log, so that it works beside a running server.
func pinnedIn(ctx context.Context, dir string, version ledger.Digest) (numbers []string, err error) {
	temp, err := os.MkdirTemp("", "rexbatch-look-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	err = verify.Copy(dir, temp)
	if err != nil {
		return nil, err
	}
	log, err := bolt.Open(temp, bolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return batch.Pinned(ctx, log, version)
}
