package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rexbatch/internal/ledger/verify"
)

// ledgerFile is what a folder with one log has in it.
const ledgerFile = "ledger.db"

type verifyCommand struct {
	Dir        string `arg:"" help:"Data directory, or one plant's folder of it, or a copy of either."`
	Checkpoint string `placeholder:"FILE" help:"A checkpoint that was kept elsewhere; the log must extend it."`
	JSON       bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (verifyCommand) Help() string {
	return "Recomputes every hash, the tree, the checkpoint's signature, the order of versions and times, claims and views, " +
		"and names the first fault. The server may be running.\n\n" +
		"Example: rexbatch verify /var/lib/rexbatch"
}

// logReport is what was checked of one log.
type logReport struct {
	Dir        string `json:"dir"`
	Origin     string `json:"origin"`
	Entries    uint64 `json:"entries"`
	Streams    uint64 `json:"streams"`
	Claims     uint64 `json:"claims"`
	Views      uint64 `json:"views"`
	Blobs      uint64 `json:"blobs"`
	Root       string `json:"root"`
	Checkpoint uint64 `json:"checkpoint_size"`
}

// Run verifies every log in the directory, and stops at the first fault.
func (c *verifyCommand) Run(ctx context.Context, a *App) error {
	var kept []byte
	if c.Checkpoint != "" {
		var err error
		kept, err = os.ReadFile(c.Checkpoint)
		if err != nil {
			return usage(err.Error(), "name a file with a checkpoint")
		}
	}
	dirs, fault, err := logsIn(c.Dir)
	if err != nil {
		return err
	}
	if fault != "" {
		return a.answer(c.JSON, outcome{Fault: fault, Hint: "restore the missing ledger from a backup"}, "")
	}
	if kept != nil && len(dirs) > 1 {
		return usage("--checkpoint speaks of one log, "+c.Dir+" has several", "name the folder of the plant")
	}
	var reports []logReport
	for _, dir := range dirs {
		report, err := verify.Dir(ctx, dir, verify.Options{Projections: projections(), Checkpoint: kept})
		var found *verify.Fault
		if errors.As(err, &found) {
			return a.answer(c.JSON, outcome{
				Fault: filepath.Base(dir) + ": " + found.Error(), Facts: reports,
				Hint: "keep this copy as evidence, and compare it with a backup and with checkpoints kept elsewhere",
			}, "")
		}
		if err != nil {
			return err
		}
		reports = append(reports, reportOf(dir, report))
	}
	if c.JSON {
		return a.answer(true, outcome{Holds: true, Facts: reports}, "")
	}
	for _, r := range reports {
		err := a.printf("%s holds: %d entries in %d streams, %d claims, %d views, %d blobs, root %s\n",
			r.Origin, r.Entries, r.Streams, r.Claims, r.Views, r.Blobs, r.Root)
		if err == nil && r.Checkpoint == 0 && r.Entries > 0 {
			err = a.printf("%s has no signed checkpoint: it is whole in itself, but nothing shows that it is the one that was written\n", r.Origin)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func reportOf(dir string, r verify.Report) logReport {
	return logReport{
		Dir: dir, Origin: r.Origin, Entries: r.Entries, Streams: r.Streams, Claims: r.Claims, Views: r.Views, Blobs: r.Blobs,
		Root: r.Root.String(), Checkpoint: r.CheckpointSize,
	}
}

// logsIn finds the logs: dir itself when it is one, or those of all plants in a data directory. A data
// directory that lacks a plant's log has a fault.
func logsIn(dir string) (dirs []string, fault string, err error) {
	if _, err := os.Stat(filepath.Join(dir, ledgerFile)); err == nil {
		return []string{dir}, "", nil
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, "", usage(fmt.Sprintf("%s is no directory", dir), "name a data directory, e.g. rexbatch verify /var/lib/rexbatch")
	}
	_, err = os.Stat(filepath.Join(dir, formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", usage(dir+" is not a data directory: it has neither "+formatFile+" nor "+ledgerFile,
			"name a data directory, e.g. rexbatch verify /var/lib/rexbatch")
	}
	_, err = isDataDir(dir)
	if err != nil {
		return nil, "", err
	}
	profiles, err := plantProfiles()
	if err != nil {
		return nil, "", err
	}
	for _, p := range profiles {
		site := filepath.Join(dir, p.Site)
		if _, err := os.Stat(filepath.Join(site, ledgerFile)); err != nil {
			return nil, fmt.Sprintf("%s: the ledger is missing: there is no %s", p.Site, filepath.Join(site, ledgerFile)), nil
		}
		dirs = append(dirs, site)
	}
	return dirs, "", nil
}
