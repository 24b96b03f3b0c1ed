package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rexbatch/cmd/rexbatch/scenario"
)

type runCommand struct {
	Scenario string `arg:"" help:"Scenario file (YAML)."`
	Server   string `required:"" placeholder:"URL" help:"Address of the server."`
	Out      string `required:"" placeholder:"DIR" help:"Directory for the certificate, its proof and what is needed to check them."`
	Accounts string `placeholder:"FILE" help:"Passwords (JSON, mode 0600); otherwise those that serve, demo and run keep for this server on this machine."`
}

// Help implements kong's HelpProvider.
func (runCommand) Help() string {
	return "Every person signs in for themselves; everything goes through the HTTP API. The exit status is 0 when the " +
		"outcome that the scenario expects came true, 1 when it did not.\n\n" +
		"Example: rexbatch run testdata/scenarios/seville-fresh.yaml --server http://127.0.0.1:8080 --out out"
}

// Run plays the scenario.
func (c *runCommand) Run(ctx context.Context, a *App) error {
	s, err := scenario.Load(os.DirFS(filepath.Dir(c.Scenario)), filepath.Base(c.Scenario))
	if err != nil {
		return usage(err.Error(), "see testdata/scenarios for examples")
	}
	accounts, err := accountsOf(c.Server, c.Accounts)
	if err != nil {
		return err
	}
	result, err := a.play(ctx, s, c.Server, c.Out, accounts)
	if err != nil {
		return err
	}
	return a.judge(result)
}

// play plays a scenario with progress on standard output.
func (a *App) play(ctx context.Context, s *scenario.Scenario, server, out string, accounts *scenario.Accounts) (scenario.Result, error) {
	err := os.MkdirAll(out, 0o755)
	if err != nil {
		return scenario.Result{}, usage(err.Error(), "name a directory that can be written with --out")
	}
	progress := newProgress(a.Stdout, a.Clock)
	result, err := scenario.Play(ctx, s, scenario.Stage{
		Server: server, Out: out, Accounts: accounts, Clock: a.Clock, Progress: progress,
	})
	err = errors.Join(err, progress.end())
	if err != nil {
		return result, hint(fmt.Errorf("scenario %s: %w", s.Name, err), playHint(err))
	}
	return result, nil
}

func playHint(err error) string {
	var problem *scenario.Problem
	if errors.As(err, &problem) && problem.Next != "" {
		return problem.Next
	}
	if errors.Is(err, fs.ErrPermission) {
		return "check who may write there"
	}
	return "check that the server runs at that address, and that the accounts are its own"
}

// judge prints what came of it; the exit status tells whether it is what was expected.
func (a *App) judge(r scenario.Result) error {
	for _, f := range r.Files {
		err := a.printf("wrote %s\n", f)
		if err != nil {
			return err
		}
	}
	if len(r.Faults) > 0 {
		return a.answer(false, outcome{Fault: fmt.Sprintf("%s: %s", r.Scenario, r.Faults[0])}, "")
	}
	return a.printf("%s: as expected: %s (batch %s, %d steps, %s)\n", r.Scenario, r.Summary, r.Batch, r.Steps, short(r.Took))
}
