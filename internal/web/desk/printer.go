package desk

import (
	"context"
	"fmt"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
)

// Printers are the label printers of a plant, as the program was set up with them (printers.yaml).
type Printers interface {
	// Printers lists them by their work areas.
	Printers() []Printer
	// Ask says why a printer cannot print now, in the words of internal/printing; empty when it can. A printer that answers no
	// questions is "silent".
	Ask(ctx context.Context, area string) string
	// Test prints a page that shows where the printer stands; it names no batch.
	Test(ctx context.Context, area string) error
}

// Printer is one of them.
type Printer struct {
	Area    string `json:"area" doc:"Work area; empty: steps that are done in none"`
	Address string `json:"address" example:"10.1.2.3:9100"`
	DPI     int    `json:"dpi" example:"300"`
	Asks    bool   `json:"asks" doc:"It answers what state it is in"`
	Sending int    `json:"sending" doc:"Labels that are on their way to it now"`
}

// Silent is the state of a printer that answers no questions.
const Silent = "silent"

// Waiting is the labels of a step that are not known to be on paper.
type Waiting struct {
	Area   string           `json:"area"`
	Batch  string           `json:"batch"`
	Step   string           `json:"step"`
	State  batch.LabelState `json:"state" enum:"queued,sending,unknown,failed"`
	Labels int              `json:"labels"`
	Why    string           `json:"why,omitempty" doc:"What the printer said last"`
}

// Waiting are the labels of the plant that are not known to be on paper, by batch and step: what the record says, so that it is the same
// after a restart.
func (d *Desk) Waiting(ctx context.Context) ([]Waiting, error) {
	out := []Waiting{}
	for item, err := range d.Plant.Batches.Worklists(ctx) {
		if err != nil {
			return nil, err
		}
		b, err := d.Plant.Batches.Load(ctx, item.Number)
		if err != nil {
			return nil, err
		}
		for _, st := range b.Steps() {
			for _, state := range []batch.LabelState{batch.Sending, batch.Queued, batch.Unknown, batch.Failed} {
				w := Waiting{Area: b.Areas[st.Step.Area], Batch: b.Number, Step: st.Step.ID, State: state}
				for _, l := range st.Prints {
					if l.State == state {
						w.Labels, w.Why = w.Labels+1, l.Why
					}
				}
				if w.Labels > 0 {
					out = append(out, w)
				}
			}
		}
	}
	return out, nil
}

// PrinterNow is a printer with what it said last; empty when it can print, or was not asked yet.
type PrinterNow struct {
	Printer
	Said string
}

// PrintingNow is how printing stands: the printers, and the labels that are not known to be on paper. Version grows with each change.
type PrintingNow struct {
	Printers []PrinterNow
	Waiting  []Waiting
	Version  uint64
}

// PrintingNow is how printing stands with those labels, from what the printers said last.
func (d *Desk) PrintingNow(waiting []Waiting) PrintingNow {
	out := PrintingNow{Waiting: waiting}
	if d.Plant.Printers != nil {
		said := d.Plant.Board.Said()
		for _, p := range d.Plant.Printers.Printers() {
			out.Printers = append(out.Printers, PrinterNow{p, said[p.Area]})
		}
	}
	out.Version = d.Plant.Board.Note(fmt.Sprintf("%+v", out), d.deps.Clock())
	return out
}

// AskPrinters asks each printer of the plant what it says about itself now. One that prints is left alone: it may take one connection.
func (d *Desk) AskPrinters(ctx context.Context) {
	if d.Plant.Printers == nil {
		return
	}
	var areas []string
	for _, p := range d.Plant.Printers.Printers() {
		if p.Sending == 0 {
			areas = append(areas, p.Area)
		}
	}
	d.Plant.Board.Ask(ctx, areas, d.Plant.Printers.Ask)
}

// TestPrinter prints a test page on the printer of an area.
func (d *Desk) TestPrinter(ctx context.Context, area string) error {
	if d.Plant.Printers != nil {
		for _, p := range d.Plant.Printers.Printers() {
			if p.Area != area {
				continue
			}
			err := d.Plant.Printers.Test(ctx, area)
			if err != nil {
				return ledger.Refuse(ledger.Unmet, "LB-1", "printer-failed", "the printer did not print: {why}", "look at the printer, then try again", "why", err.Error())
			}
			return nil
		}
	}
	return ledger.Refuse(ledger.Missing, "LB-1", "no-area-printer", "the area {area} has no label printer", "name one in printers.yaml, then start again", "area", area)
}
