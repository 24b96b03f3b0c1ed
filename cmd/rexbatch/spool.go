package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rexbatch/batch"
	"rexbatch/internal/paper"
)

// spool is a printer that is a folder: whoever drives the real printer takes the files of a label away. They are the label
// as PDF and as ZPL, with its accompanying document, and what it is, as JSON. The JSON file comes last: where it lies, the
// others are whole and on disk. Files are named after container and serial, so a label that is printed again after a failure
// does not lie there twice.
type spool struct{ dir string }

var _ batch.Printer = spool{}

// spooledLabel is what stands in the JSON file of a label.
type spooledLabel struct {
	Site      string `json:"site"`
	Area      string `json:"area,omitempty"` // work area to which the label belongs
	Batch     string `json:"batch"`
	CoI       string `json:"coi"`
	Container string `json:"container"` // as people read it
	Code      string `json:"code"`      // what the Data Matrix says
	Kind      string `json:"kind"`
	Text      string `json:"text"`
	Serial    int    `json:"serial"`
	Template  string `json:"template"`
	Pages     int    `json:"pages"` // the label, and its accompanying document where it has one

	Warnings []string `json:"warnings,omitempty"` // of the material, to be printed large
}

// spoolDots are the dots for each millimetre of the ZPL in the folder: those of a printer of 203 dpi.
const spoolDots = 8

// Print implements batch.Printer.
func (s spool) Print(_ context.Context, job batch.PrintJob) error {
	err := os.MkdirAll(s.dir, 0o700)
	if err == nil {
		err = syncDir(filepath.Dir(s.dir))
	}
	if err != nil {
		return fmt.Errorf("spool of labels: %w", err)
	}
	pdf, pdfErr := job.Label.PDF()
	zpl, zplErr := job.Label.ZPL(spoolDots, paper.Drawn)
	text, err := json.MarshalIndent(spooledLabel{
		Site: job.Site, Area: job.Area, Batch: job.Batch, CoI: job.CoI, Container: job.Container, Code: job.Code, Kind: job.Kind, Text: job.Text,
		Serial: job.Serial, Warnings: job.Warnings, Template: job.Label.Template, Pages: len(job.Label.Sheets),
	}, "", "  ")
	err = errors.Join(pdfErr, zplErr, err)
	if err != nil {
		return fmt.Errorf("label of %s: %w", job.Container, err)
	}
	for _, file := range []struct {
		ending  string
		content []byte
	}{{"pdf", pdf}, {"zpl", zpl}, {"json", append(text, '\n')}} {
		err = writePrivate(filepath.Join(s.dir, s.name(job)+"."+file.ending), file.content, 0o600)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s spool) name(job batch.PrintJob) string {
	return unsafe.ReplaceAllString(fmt.Sprintf("%s.%s.%d", job.Batch, job.Container, job.Serial), "-")
}
