package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/web"
	"rexbatch/release"
	"rexbatch/templates"
)

// A data directory:
//
//	format                     "rexbatch-data 1"
//	<SITE>/                    one plant's log (internal/ledger/bolt)
//	keys/                      the demonstration authority, and a folder of signing keys for each plant
//	vault/<SITE>/              the keys of patients' identifiers, wrapped with keys/vault.key or a passphrase (vault.go)
//	fellow-logs                keys of the logs of other plants, one on each line (sumdb/note); may be missing
//	spool/<SITE>/              labels to print, one file each
//	first-administrator.json   one-time passwords of the first administrators, until they are changed
//	demo-accounts.json         only in a demonstration: everybody's password
const (
	formatFile = "format"
	dataFormat = "rexbatch-data 1"
	keysDir    = "keys"
	spoolDir   = "spool"

	fellowLogsFile = "fellow-logs"
	caFile         = "ca.pem"
)

// dataDir is an open data directory with its plants.
type dataDir struct {
	path   string
	keys   *keys
	plants []*web.Plant
	first  map[string]firstAdministrator // of plants opened for the first time just now
	closer []func() error
}

// plantProfiles reads the plants that this program knows, in order of site.
func plantProfiles() ([]*release.Plant, error) {
	files, err := fs.Glob(templates.Plants, "plants/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("plants: %w", err)
	}
	var plants []*release.Plant
	for _, name := range files {
		file, err := templates.Plants.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("plants: %w", err)
		}
		p, err := release.LoadPlant(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		plants = append(plants, p)
	}
	slices.SortFunc(plants, func(a, b *release.Plant) int { return strings.Compare(a.Site, b.Site) })
	return plants, nil
}

// plantsIn asks each plant of a data directory in turn, until one says that it has what is looked for.
func plantsIn(data string, ask func(dir string, profile *release.Plant) (found bool, err error)) (found bool, err error) {
	dirs, fault, err := logsIn(data)
	if err != nil {
		return false, err
	}
	if fault != "" {
		return false, usage(fault, "name a data directory with --data")
	}
	profiles, err := plantProfiles()
	if err != nil {
		return false, err
	}
	for _, dir := range dirs {
		for _, profile := range profiles {
			if profile.Site != filepath.Base(dir) {
				continue
			}
			found, err = ask(dir, profile)
			if found || err != nil {
				return found, err
			}
		}
	}
	return false, nil
}

// isDataDir tells whether dir is a data directory of a format that this program knows. A missing or empty
// directory is none, without an error; one with something else in it is an error.
func isDataDir(dir string) (bool, error) {
	text, err := os.ReadFile(filepath.Join(dir, formatFile))
	if err == nil {
		if found := strings.TrimSpace(string(text)); found != dataFormat {
			return false, usage(fmt.Sprintf("%s has format %q, this program knows %q", dir, found, dataFormat),
				"use the program that wrote it, or choose another directory")
		}
		return true, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, usage(err.Error(), "name a directory")
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, usage(err.Error(), "name a directory")
	}
	if len(entries) > 0 {
		return false, usage(dir+" is not empty and not a data directory of rexbatch", "name an empty or a new directory with --data")
	}
	return false, nil
}

// createDataDir makes an empty data directory. Its format file comes last: what has one is whole.
func createDataDir(dir string) error {
	err := os.MkdirAll(filepath.Join(dir, keysDir), 0o700)
	if err != nil {
		return fmt.Errorf("create data directory: %w", err)
	}
	return writePrivate(filepath.Join(dir, formatFile), []byte(dataFormat+"\n"), 0o644)
}

// openDataDir opens the logs of all plants and wires their rooms; an empty or missing directory is made
// first. Only one process can have it open.
func openDataDir(ctx context.Context, dir string, clock func() time.Time) (*dataDir, error) {
	ready, err := isDataDir(dir)
	if err != nil {
		return nil, err
	}
	if !ready {
		err = createDataDir(dir)
		if err != nil {
			return nil, err
		}
	}
	d := &dataDir{path: dir, first: map[string]firstAdministrator{}}
	err = d.open(ctx, clock)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *dataDir) open(ctx context.Context, clock func() time.Time) error {
	profiles, err := plantProfiles()
	if err != nil {
		return err
	}
	d.keys, err = openKeys(filepath.Join(d.path, keysDir), clock())
	if err != nil {
		return err
	}
	printers, err := readPrinters(filepath.Join(d.path, printersFile))
	if err != nil {
		return err
	}
	for _, profile := range profiles {
		log, err := bolt.Open(filepath.Join(d.path, profile.Site), bolt.Options{Site: profile.Site, Clock: clock})
		if errors.Is(err, bolt.ErrInUse) {
			return hint(err, "stop the server that uses it first")
		}
		if err != nil {
			return err
		}
		d.closer = append(d.closer, log.Close)
		plant, err := wire(ctx, profile, log, d.keys, newLabelPrinter(spool{dir: filepath.Join(d.path, spoolDir, profile.Site)}, printers[profile.Site]), clock)
		if err != nil {
			return fmt.Errorf("plant %s: %w", profile.Site, err)
		}
		d.plants = append(d.plants, plant)
		username, password, created, err := plant.People.Bootstrap(ctx)
		if err != nil {
			return fmt.Errorf("plant %s: %w", profile.Site, err)
		}
		if created {
			d.first[profile.Site] = firstAdministrator{Username: username, Password: password}
		}
	}
	err = d.introduce()
	if err != nil {
		return err
	}
	return d.keepFirst(ctx)
}

// introduce lets each plant know the logs of the others: those of this directory, and those whose keys the administrator has
// entered.
func (d *dataDir) introduce() error {
	known := map[string][]string{}
	text, err := os.ReadFile(filepath.Join(d.path, fellowLogsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", fellowLogsFile, err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		site := ledger.SiteOf(ledger.OriginOf(line))
		if site == "" {
			return usage(fmt.Sprintf("%s: %q is no key of a log", fellowLogsFile, line), "write one key on each line, as GET /api/v1/ledger/key of the other plant gives it")
		}
		known[site] = append(known[site], line)
	}
	for _, p := range d.plants {
		known[p.Profile.Site] = append(known[p.Profile.Site], p.Log.Key())
	}
	for _, p := range d.plants {
		p.Batches.FellowLogs = func(site string) []string { return known[site] }
	}
	return nil
}

// plant finds a plant by its site.
func (d *dataDir) plant(site string) (*web.Plant, error) {
	var sites []string
	for _, p := range d.plants {
		if p.Profile.Site == site {
			return p, nil
		}
		sites = append(sites, p.Profile.Site)
	}
	return nil, usage("there is no plant "+site, "the plants are "+strings.Join(sites, ", "))
}

// Close closes the logs; each signs a last checkpoint. A second Close does nothing.
func (d *dataDir) Close() error {
	var errs []error
	if len(d.plants) > 0 {
		errs = append(errs, d.keepFirst(context.Background()))
		d.plants = nil
	}
	for _, do := range slices.Backward(d.closer) {
		errs = append(errs, do())
	}
	d.closer = nil
	return errors.Join(errs...)
}

// blindingKey is the secret of a plant's log that opens blinded content (I11); made at the first start.
const blindingKey = "blinding-key"

func loadBlindingKey(ctx context.Context, log ledger.Log, size int) ([]byte, error) {
	key, err := log.Secret(ctx, blindingKey)
	if err == nil {
		return key, nil
	}
	if !errors.Is(err, ledger.ErrNotFound) {
		return nil, fmt.Errorf("blinding key: %w", err)
	}
	key = make([]byte, size)
	_, err = rand.Read(key)
	if err != nil {
		return nil, fmt.Errorf("blinding key: %w", err)
	}
	_, err = log.Append(ctx, ledger.Append{Author: serverAuthor, Secrets: map[string][]byte{blindingKey: key}})
	if err != nil {
		return nil, fmt.Errorf("blinding key: %w", err)
	}
	return key, nil
}
