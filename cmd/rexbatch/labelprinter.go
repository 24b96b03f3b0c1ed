package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

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
	sending *atomic.Int32 // labels on their way now
}

var (
	_ batch.Printer = labelPrinter{}
	_ web.Printers  = labelPrinter{}
)

// Printers implements web.Printers.
func (p labelPrinter) Printers() []web.Printer {
	out := []web.Printer{}
	for _, area := range slices.Sorted(maps.Keys(p.areas)) {
		one := p.areas[area]
		out = append(out, web.Printer{Area: area, Address: one.setting.Address, DPI: one.setting.DPI, Asks: one.setting.Status, Sending: int(one.sending.Load())})
	}
	return out
}

// Ask implements web.Printers.
func (p labelPrinter) Ask(ctx context.Context, area string) string {
	to := p.areas[area]
	if !to.setting.Status {
		return web.SilentPrinter
	}
	said, err := to.Device.Ask(ctx, printing.Timeouts{Dial: time.Second, Write: time.Second, Answer: 2 * time.Second})
	var fault *printing.Fault
	if errors.As(err, &fault) {
		return string(fault.Cause)
	}
	return string(said.Bars())
}

// plain takes out what begins a command of ZPL.
var plain = strings.NewReplacer("^", "", "~", "")

// Test implements web.Printers.
func (p labelPrinter) Test(ctx context.Context, area string) error {
	to := p.areas[area]
	name := area
	if name == "" {
		name = "-"
	}
	return to.Print(ctx, []byte("^XA^CI28^FO30,30^A0N,40,40^FDrexbatch^FS^FO30,90^A0N,30,30^FD"+plain.Replace(name)+"  "+to.setting.Address+"^FS^FO30,140^BY2^BXN,6,200^FDTEST^FS^XZ\n"))
}

func newLabelPrinter(s spool, settings []printerSetting) labelPrinter {
	p := labelPrinter{spool: s, areas: map[string]areaPrinter{}}
	for _, setting := range settings {
		p.areas[setting.Area] = areaPrinter{
			&printing.Printer{Device: printing.Device{Address: setting.Address, Asks: setting.Status}, Policy: printing.Patient, Wait: printing.Sleep}, setting, &atomic.Int32{},
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
	to.sending.Add(1)
	defer to.sending.Add(-1)
	return to.Print(ctx, zpl)
}

// printWaiting prints what a former process left in the queue: which labels wait follows from the ledger. When the program ends
// before all are found, the next one finds them.
func printWaiting(ctx context.Context, plant *web.Plant) error {
	var faults []error
	for item, err := range plant.Batches.Worklists(ctx) {
		var b *batch.Batch
		if err == nil {
			b, err = plant.Batches.Load(ctx, item.Number)
		}
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return fmt.Errorf("labels that wait: %w", err)
		}
		for _, st := range b.Steps() {
			if st.Queued() {
				faults = append(faults, printStep(ctx, plant, b.Number, st.Step.ID))
			}
		}
	}
	return errors.Join(faults...)
}

// printStep prints what waits of a step; nobody can ask for the same beside it. It ends with ctx: what is not printed then
// stays in the queue.
func printStep(ctx context.Context, plant *web.Plant, number, step string) error {
	done, err := plant.Spool.Begin(ctx, plant.LabelsKey(number, step), func(beside context.Context) error {
		beside, stop := context.WithCancel(beside)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		return plant.Batches.PrintQueued(beside, people.System("printer"), number, step)
	})
	if err != nil {
		return err
	}
	return <-done
}
