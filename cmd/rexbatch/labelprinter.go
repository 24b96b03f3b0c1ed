package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/goccy/go-yaml"

	"rexbatch/batch"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/internal/printing"
	"rexbatch/internal/web"
)

// printersFile is where the label printers of the plants are named, in the data directory. Without it labels go to the
// folder only.
const printersFile = "printers.yaml"

// printerSetting is one printer of the file.
type printerSetting struct {
	Area    string       `yaml:"area"`    // work area; empty for steps that are done in none
	Address string       `yaml:"address"` // host or host:port, 9100 where none is stated
	DPI     int          `yaml:"dpi"`     // 203, 300 or 600
	Status  bool         `yaml:"status"`  // it answers ~HS
	ZPL     paper.ZPLWay `yaml:"zpl"`     // drawn (as dots) when not stated, or native
}

// readPrinters reads the printers of each plant. A label of a work area goes to the printer of that area or to none: on
// the printer of another area it would lie beside another patient's (I5).
func readPrinters(file string) (map[string][]printerSetting, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("printers: %w", err)
	}
	printers := map[string][]printerSetting{}
	err = yaml.UnmarshalWithOptions(text, &printers, yaml.Strict())
	if err != nil {
		return nil, hint(fmt.Errorf("%s: %w", file, err), "name for each plant its printers: area, address, dpi, status")
	}
	for site, all := range printers {
		seen := map[string]bool{}
		for i, p := range all {
			p.Address, err = printing.ParseAddress(p.Address)
			if p.ZPL == "" {
				p.ZPL = paper.Drawn
			}
			switch {
			case err != nil:
			case p.DPI != 203 && p.DPI != 300 && p.DPI != 600:
				err = fmt.Errorf("a label printer has 203, 300 or 600 dpi, not %d", p.DPI)
			case p.ZPL != paper.Drawn && p.ZPL != paper.Native:
				err = fmt.Errorf("zpl is drawn or native, not %q", p.ZPL)
			case seen[p.Area]:
				err = fmt.Errorf("the area %q has two printers", p.Area)
			}
			if err != nil {
				return nil, hint(fmt.Errorf("%s: %s: %w", file, site, err), "correct the file, then start again")
			}
			seen[p.Area], all[i] = true, p
		}
	}
	return printers, nil
}

// labelPrinter prints into the folder, which keeps every label as evidence, and on the printer of the work area.
type labelPrinter struct {
	spool spool
	areas map[string]areaPrinter
}

type areaPrinter struct {
	*printing.Printer
	setting printerSetting
}

var _ batch.Printer = labelPrinter{}

func newLabelPrinter(s spool, settings []printerSetting) labelPrinter {
	p := labelPrinter{spool: s, areas: map[string]areaPrinter{}}
	for _, setting := range settings {
		p.areas[setting.Area] = areaPrinter{
			&printing.Printer{Device: printing.Device{Address: setting.Address, Asks: setting.Status}, Policy: printing.Patient, Wait: printing.Sleep}, setting,
		}
	}
	return p
}

// Print implements batch.Printer.
func (p labelPrinter) Print(ctx context.Context, job batch.PrintJob) error {
	err := p.spool.Print(ctx, job)
	to, ok := p.areas[job.Area]
	if err != nil || !ok {
		return err
	}
	perMM := float64(to.setting.DPI) / 25.4
	if to.setting.DPI == 203 {
		perMM = spoolDots // printers of 203 dpi have 8 dots for each millimetre
	}
	zpl, err := job.Label.ZPL(perMM, to.setting.ZPL)
	if err != nil {
		return fmt.Errorf("label of %s: %w", job.Container, err)
	}
	return to.Print(ctx, zpl)
}

// printWaiting prints what a former process left in the queue: which labels wait follows from the ledger.
func printWaiting(ctx context.Context, plant *web.Plant) error {
	var faults []error
	for item, err := range plant.Batches.Worklists(ctx) {
		if err != nil {
			return fmt.Errorf("labels that wait: %w", err)
		}
		b, err := plant.Batches.Load(ctx, item.Number)
		if err != nil {
			return fmt.Errorf("labels that wait: %w", err)
		}
		for _, st := range b.Steps() {
			if st.Queued() {
				faults = append(faults, plant.Batches.Print(ctx, people.System("printer"), b.Number, st.Step.ID))
			}
		}
	}
	return errors.Join(faults...)
}
