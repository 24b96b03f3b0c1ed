package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rexbatch/cmd/rexbatch/scenario"
	"rexbatch/internal/people"
	"rexbatch/testdata"
)

// demoScenarios are what the demonstration plays: one batch of each plant.
var demoScenarios = []string{"seville-fresh", "frankfurt-fresh"}

// demoInspectors read each demonstration plant, and take no part in what is played.
var demoInspectors = map[string]struct{ username, name string }{
	"ES-SVQ": {"amparo", "Amparo Gutiérrez Solano"},
	"DE-FRA": {"ingrid", "Dr. Ingrid Wöhler"},
}

type demoCommand struct {
	Data string `placeholder:"DIR" help:"Data directory: empty, or of an earlier demonstration; otherwise a new temporary one."`
	Out  string `placeholder:"DIR" default:"rexbatch-demo" help:"Directory for certificates, what is needed to check them, and accounts.txt."`
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	Exit bool   `help:"Stop when both batches are certified."`
}

// Help implements kong's HelpProvider.
func (demoCommand) Help() string {
	return "Everything in it is made up: persons, values, keys. Not for clinical use.\n\n" +
		"Example: rexbatch demo --out out --addr 127.0.0.1:8080"
}

// Run starts a server, plays a batch of each plant, and keeps serving.
func (c *demoCommand) Run(ctx context.Context, a *App) error {
	dir, err := c.prepare()
	if err != nil {
		return err
	}
	a.level = slog.LevelWarn
	s, err := a.startServer(ctx, dir, c.Addr, vaultKey{})
	if err != nil {
		return err
	}
	err = a.printf("DEMONSTRATION, NOT FOR CLINICAL USE\nserving %s from %s\n", s.url, dir)
	if err != nil {
		return err
	}
	accounts, err := scenario.LoadAccounts(filepath.Join(dir, demoAccountsFile))
	if err != nil {
		return err
	}
	var names map[string]map[string]scenario.Person
	names, err = c.playAll(ctx, a, s, accounts)
	if errors.Is(ctx.Err(), context.Canceled) { // a signal is a way to stop, not a failure
		return errors.Join(s.stop(), a.printf("stopped\n"))
	}
	if err != nil {
		return err
	}
	err = c.tell(a, s, accounts, names)
	if err != nil {
		return err
	}
	if c.Exit {
		return s.stop()
	}
	err = a.printf("serving %s until interrupted\n", s.url)
	return errors.Join(err, s.wait(ctx))
}

// prepare makes the data directory, or takes one of an earlier demonstration: nobody's real record is played with.
func (c *demoCommand) prepare() (string, error) {
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "rexbatch-demo-*")
		if err != nil {
			return "", fmt.Errorf("data directory: %w", err)
		}
		c.Data = dir
	}
	ready, err := isDataDir(c.Data)
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.Data, demoAccountsFile)
	if ready {
		_, err = os.Stat(path)
		if err != nil {
			return "", usage(c.Data+" is not of a demonstration", "name an empty or a new directory with --data")
		}
		return c.Data, nil
	}
	err = createDataDir(c.Data)
	if err != nil {
		return "", err
	}
	// It is here before the first log, so that rememberFirst puts the passwords in it.
	return c.Data, writePrivate(path, []byte("{}\n"), 0o600)
}

func (c *demoCommand) playAll(ctx context.Context, a *App, s *server, accounts *scenario.Accounts) (map[string]map[string]scenario.Person, error) {
	names := map[string]map[string]scenario.Person{}
	for _, name := range demoScenarios {
		play, err := scenario.Load(testdata.Scenarios, "scenarios/"+name+".yaml")
		if err != nil {
			return nil, err
		}
		if i, ok := demoInspectors[play.Site]; ok {
			play.People[i.username] = scenario.Person{Name: i.name, Roles: []string{string(people.Inspector)}}
		}
		names[play.Site] = play.People
		result, err := a.play(ctx, play, s.url, c.Out, accounts)
		if err != nil {
			return nil, err
		}
		err = a.judge(result)
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// tell prints what to open, who can sign in with which password, and which files there are.
func (c *demoCommand) tell(a *App, s *server, accounts *scenario.Accounts, names map[string]map[string]scenario.Person) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (DEMONSTRATION, NOT FOR CLINICAL USE)\n", s.url)
	for _, site := range slices.Sorted(maps.Keys(accounts.Sites)) {
		fmt.Fprintf(&text, "\n%s\n", site)
		for _, username := range slices.Sorted(maps.Keys(accounts.Sites[site])) {
			who, ok := names[site][username]
			if !ok {
				who = scenario.Person{Name: "administrator", Roles: []string{"admin"}}
			}
			fmt.Fprintf(&text, "  %-12s %s  %s (%s)\n", username, accounts.Sites[site][username], who.Name, strings.Join(who.Roles, ", "))
		}
	}
	file := filepath.Join(c.Out, "accounts.txt")
	err := writePrivate(file, []byte(text.String()), 0o600)
	if err != nil {
		return err
	}
	files, err := fs.Glob(os.DirFS(c.Out), "*")
	if err != nil {
		return err
	}
	err = a.printf("\n%s\nfiles in %s: %s\n", text.String(), c.Out, strings.Join(files, ", "))
	return errors.Join(err, a.printf("check one: rexbatch certificate verify %s/NAME.pdf\n", c.Out))
}
