package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/epcis"
	"rexbatch/chainofcustody/foreign"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/release"
)

type exportCommand struct {
	EPCIS exportEPCISCommand `cmd:"" name:"epcis" help:"Custody events as EPCIS 2.0 (JSON-LD)."`
	FHIR  exportFHIRCommand  `cmd:"" name:"fhir" help:"The final product of a batch as a bundle of FHIR R5."`
}

// Help implements kong's HelpProvider.
func (exportCommand) Help() string { return "Example: rexbatch export epcis --data data --site ES-SVQ" }

// exported is where an export comes from and goes to.
type exported struct {
	Data string `required:"" placeholder:"DIR" help:"Data directory; a server may be running on it."`
	Site string `required:"" placeholder:"SITE" help:"Plant, e.g. ES-SVQ."`
	Out  string `placeholder:"FILE" help:"Where the document is written; standard output when not given."`
}

type exportEPCISCommand struct {
	exported
	CoI string `name:"coi" placeholder:"COI" help:"One therapy event; all of the plant when not given."`
}

// Help implements kong's HelpProvider.
func (exportEPCISCommand) Help() string {
	return "Writes every custody event of the plant's record, and those that were imported: the same facts give the same bytes. No text that a person typed, " +
		"no account and nothing from a blinded step is in it.\n\n" +
		"Example: rexbatch export epcis --data data --site ES-SVQ --coi CHA999926000001 --out custody.epcis.json"
}

// Run exports custody events.
func (c *exportEPCISCommand) Run(ctx context.Context, a *App) error {
	coi := ""
	if c.CoI != "" {
		parsed, err := isbt128.ParseCoI(c.CoI)
		if err != nil {
			return usage(err.Error(), "write the fifteen characters of the Chain of Identity, without check character")
		}
		coi = parsed.String()
	}
	return c.write(ctx, a, func(k *release.Book) ([]byte, error) { return k.EPCIS(ctx, coi) })
}

type exportFHIRCommand struct {
	exported
	Batch string `arg:"" help:"Number of the batch."`
}

// Help implements kong's HelpProvider.
func (exportFHIRCommand) Help() string {
	return "Example: rexbatch export fhir SVQ2600001X --data data --site ES-SVQ --out product.fhir.json"
}

// Run exports a product.
func (c *exportFHIRCommand) Run(ctx context.Context, a *App) error {
	return c.write(ctx, a, func(k *release.Book) ([]byte, error) { return k.FHIR(ctx, c.Batch) })
}

// write makes an export of a copy of the plant's log.
func (c exported) write(ctx context.Context, a *App, of func(*release.Book) ([]byte, error)) error {
	var document []byte
	found, err := plantsIn(c.Data, func(dir string, profile *release.Plant) (bool, error) {
		if profile.Site != c.Site {
			return false, nil
		}
		return true, onCopy(dir, func(log *bolt.Log) (err error) {
			document, err = of(readingBook(ctx, log, profile, a))
			return err
		})
	})
	switch {
	case missing(err):
		return usage(err.Error(), "check the number and the plant")
	case err != nil:
		return err
	case !found:
		return usage("there is no plant "+c.Site+" in "+c.Data, "name one of its plants with --site")
	case c.Out == "":
		return a.printf("%s", document)
	}
	err = os.WriteFile(c.Out, document, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return a.printf("%s: SHA-256 %s\n", c.Out, ledger.DigestOf(document))
}

// readingBook reads a plant's log without people, keys or printers.
func readingBook(ctx context.Context, log *bolt.Log, profile *release.Plant, a *App) *release.Book {
	return &release.Book{
		Plant: profile, Clock: a.Clock,
		Batches: &batch.Book{
			Log: log, Site: profile.Site, Zone: profile.Location, Prefix: profile.BatchPrefix, Clock: a.Clock, Lanes: profile.Lanes(),
			Custody: &chainofcustody.Book{Log: log, Site: profile.Site, FIN: profile.FIN, Clock: a.Clock},
			Library: batch.NewLibrary(func(d ledger.Digest) ([]byte, error) { return log.Blob(ctx, d) }),
		},
	}
}

type importCommand struct {
	EPCIS importEPCISCommand `cmd:"" name:"epcis" help:"Custody events (EPCIS 2.0) that rexbatch exported elsewhere."`
	FHIR  importFHIRCommand  `cmd:"" name:"fhir" help:"A product (FHIR R5) that rexbatch exported elsewhere."`
}

// Help implements kong's HelpProvider.
func (importCommand) Help() string {
	return "Example: rexbatch import epcis custody.epcis.json --data data --site ES-SVQ --reason 'moved from the old server'"
}

// toImport is a document and why it is brought.
type toImport struct {
	atSite
	File   string `arg:"" help:"The document."`
	Reason string `required:"" help:"Why, as it stands in the record."`
	JSON   bool   `help:"Print the outcome as JSON."`
}

type importEPCISCommand struct{ toImport }

// Help implements kong's HelpProvider.
func (importEPCISCommand) Help() string {
	return "What is imported is evidence and moves nothing. A changed document is refused (status 1); one that was brought before changes nothing.\n\n" +
		"Example: rexbatch import epcis custody.epcis.json --data data --site ES-SVQ --reason 'moved from the old server'"
}

// Run imports custody events.
func (c *importEPCISCommand) Run(ctx context.Context, a *App) error {
	return c.take(ctx, a, func(k *release.Book, text []byte) (foreign.Result, error) {
		return k.ImportEPCIS(ctx, console, text, c.Reason)
	})
}

type importFHIRCommand struct{ toImport }

// Help implements kong's HelpProvider.
func (importFHIRCommand) Help() string {
	return "What is imported is evidence and moves nothing. A changed document is refused (status 1); one that was brought before changes nothing.\n\n" +
		"Example: rexbatch import fhir product.fhir.json --data data --site ES-SVQ --reason 'moved from the old server'"
}

// Run imports a product.
func (c *importFHIRCommand) Run(ctx context.Context, a *App) error {
	return c.take(ctx, a, func(k *release.Book, text []byte) (foreign.Result, error) {
		return k.ImportFHIR(ctx, console, text, c.Reason)
	})
}

func (c toImport) take(ctx context.Context, a *App, into func(*release.Book, []byte) (foreign.Result, error)) error {
	text, err := readLimited(c.File, epcis.MaxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return usage(err.Error(), "name the document that was exported")
	}
	if err != nil {
		return err
	}
	plant, err := c.plant(ctx, a)
	if err != nil {
		return err
	}
	result, err := into(plant.Release, text)
	if refused := ledger.RefusalsOf(err); refused != nil {
		return a.answer(c.JSON, outcome{Fault: strings.TrimSpace(refused[0].Error()), Hint: refused[0].Next}, "")
	}
	if err != nil {
		return err
	}
	return a.answer(c.JSON, outcome{Holds: true, Facts: result}, fmt.Sprintf("%s: %d new, %d known before, SHA-256 %s", c.File, result.New, result.Known, result.Document))
}
