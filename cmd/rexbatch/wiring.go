package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/master"
	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/release"
	"rexbatch/templates"
)

// serverAuthor is who writes what no person does.
var serverAuthor = people.System("server")

// passwordCost is what a hash of a password costs a server that starts. Tests of the command line play days of work by
// dozens of people and take a lower one.
var passwordCost = people.DefaultCost

// wire puts the rooms of one plant together over its log.
func wire(ctx context.Context, profile *release.Plant, log ledger.Log, keys release.Keys, printer labelPrinter, clock func() time.Time) (*web.Plant, error) {
	directory, err := people.Open(log, people.Options{
		Site: profile.Site, Zone: profile.Location, Clock: clock, Printable: paper.Printable, Statement: templates.Accountability,
		Cost: passwordCost,
	})
	if err != nil {
		return nil, err
	}
	key, err := loadBlindingKey(ctx, log, batch.SealKeySize)
	if err != nil {
		return nil, err
	}
	seal, err := batch.NewSeal(key, rand.Reader)
	if err != nil {
		return nil, err
	}
	library, recipe, spec, err := masterData(func(d ledger.Digest) ([]byte, error) { return log.Blob(ctx, d) })
	if err != nil {
		return nil, err
	}
	thaw, thawSpec, err := readMasters(library, "mbr/rex-001-thaw.yaml", "spec/demo-thaw-p1.yaml")
	if err != nil {
		return nil, err
	}
	layouts, err := label.Load(templates.Labels)
	if err != nil {
		return nil, err
	}
	custody := &chainofcustody.Book{Log: log, Site: profile.Site, FIN: profile.FIN, Clock: clock}
	batches := &batch.Book{
		Log: log, Site: profile.Site, Zone: profile.Location, Prefix: profile.BatchPrefix, Custody: custody,
		Library: library, Recipe: recipe, Spec: spec, ThawRecipe: thaw, ThawSpec: thawSpec, Seal: seal, Clock: clock,
		Layouts: layouts, LabelPlant: profile.Labels(),
		Language: profile.Language, Trained: directory.Training, TerminalArea: areaOf(directory), Printer: printer,
		Lanes: profile.Lanes(), Processing: profile.ProcessingTime(), AnswerWithin: profile.AnswerTime(), Person: directory.Person,
	}
	return &web.Plant{
		Profile: profile, Log: log, People: directory, Custody: custody, Batches: batches,
		Release: &release.Book{Batches: batches, Plant: profile, Keys: keys, Clock: clock}, Printers: printer,
	}, nil
}

// areaOf tells in which work area a terminal stands. One that the plant does not know stands in none.
func areaOf(directory *people.Directory) func(context.Context, string) (string, error) {
	return func(ctx context.Context, terminal string) (string, error) {
		t, err := directory.Terminal(ctx, terminal)
		var refused *ledger.Refusal
		if errors.As(err, &refused) && refused.Kind == ledger.Missing {
			return "", nil
		}
		return t.Area, err
	}
}

// masterData reads the effective recipe and specification; versions that running batches have pinned are looked
// up with blob.
func masterData(blob func(ledger.Digest) ([]byte, error)) (*batch.Library, *mbr.Recipe, *qc.Specification, error) {
	library := batch.NewLibrary(blob)
	recipe, spec, err := readMasters(library, "mbr/rex-001.yaml", "spec/demo-p1.yaml")
	return library, recipe, spec, err
}

// readMasters reads a recipe and the specification by which its batches are judged.
func readMasters(library *batch.Library, recipeFile, specFile string) (*mbr.Recipe, *qc.Specification, error) {
	file, err := templates.MBR.ReadFile(recipeFile)
	if err != nil {
		return nil, nil, fmt.Errorf("master batch record: %w", err)
	}
	recipe, err := library.AddRecipe(file)
	if err != nil {
		return nil, nil, err
	}
	file, err = templates.Specifications.ReadFile(specFile)
	if err != nil {
		return nil, nil, fmt.Errorf("specification: %w", err)
	}
	spec, err := library.AddSpecification(file)
	if err != nil {
		return nil, nil, err
	}
	return recipe, spec, mbr.CheckSpecification(recipe, spec)
}

// projections derive the views of every room from entries, for reindex and verify.
func projections() []ledger.Projection {
	return []ledger.Projection{area.Projection(), batch.Projection(), chainofcustody.Projection(), equipment.Projection(), master.Projection(), material.Projection(), people.Projection(), people.PassProjection(), people.TerminalProjection(), release.Projection(), shipment.Projection()}
}
