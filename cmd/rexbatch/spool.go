package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"rexbatch/batch"
)

// spool is a printer that is a folder: one file for each label, which whoever drives the real printer takes away. A file
// has its name when it is whole and on disk. It is named after container and serial, so a label that is printed again
// after a failure does not lie there twice.
type spool struct{ dir string }

var _ batch.Printer = spool{}

// spooledLabel is what stands in a file of the spool.
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
}

// Print implements batch.Printer.
func (s spool) Print(_ context.Context, job batch.PrintJob) error {
	text, err := json.MarshalIndent(spooledLabel(job), "", "  ")
	if err != nil {
		return fmt.Errorf("label of %s: %w", job.Container, err)
	}
	err = os.MkdirAll(s.dir, 0o700)
	if err == nil {
		err = syncDir(filepath.Dir(s.dir))
	}
	if err != nil {
		return fmt.Errorf("spool of labels: %w", err)
	}
	return writePrivate(filepath.Join(s.dir, s.name(job)), append(text, '\n'), 0o600)
}

func (s spool) name(job batch.PrintJob) string {
	return unsafe.ReplaceAllString(fmt.Sprintf("%s.%s.%d.json", job.Batch, job.Container, job.Serial), "-")
}
