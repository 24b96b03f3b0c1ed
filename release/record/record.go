// Package record prints the executed batch record as a PDF: everything that the ledger knows of a batch, for people who
// read on paper, for inspectors, and for the archive (CS-10, CS-11).
//
// The print shows nothing that is not an entry and leaves no entry out. The chapters about steps, exceptions, materials
// and custody are an order for the reader; the chapter with all entries is made from the entries alone, whatever their
// types, so nothing can be missing from it. Earlier values stay legible and are crossed out beside the ones that replaced
// them (DI-10). What is sealed from blinded roles stays sealed (I11).
//
// Fixed wording is in templates/record; words for codes are those of the pages (templates/lang). The same Source and Copy
// give the same bytes. Printing decides nothing, reads no clock and adds nothing to the ledger.
package record

import (
	"context"
	"fmt"
	"iter"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/release"
)

// Source is what is printed. Batch and Event are the states that follow from Entries.
type Source struct {
	Batch      *batch.Batch
	Event      *chainofcustody.TherapyEvent
	Entries    iter.Seq2[ledger.Entry, error] // of the batch and of its therapy event, in order of the log
	Names      func(account string) string    // the full name; the account itself where there is none
	Plant      *release.Plant
	Transports []Transport
	Checkpoint []byte // C2SP checkpoint of a tree that holds all entries; nil when there is none
}

// Copy is which print it is.
type Copy struct {
	Lang    string // "es" or "de": printed with English below; "en": English alone
	Name    string // of who prints; empty where no person does
	Account string
	At      time.Time
}

// Code is the content of the Data Matrix on the first page: the format mark RXR1, the batch number, the SHA-256 of the
// record as it is certified, the position of the newest entry, and the SHA-256 of all printed entries, separated by "|".
func Code(number string, record ledger.Digest, last uint64, entries ledger.Digest) string {
	return fmt.Sprintf("RXR1|%s|%s|%d|%s", number, record, last, entries)
}

// sheet is one record being printed.
type sheet struct {
	Source
	copy      Copy
	w         *words
	doc       *paper.Document
	log       *chronicle
	lines     []*line
	specified map[string]bool // fields that the specification judges, not the recipe
	done      int
	total     int
	tell      func(done, total int)
	context   context.Context
}

// Print prints the record. It calls progress, which may be nil, as it goes on: done of total parts. It fails when ctx ends,
// when an entry cannot be read, or with a *paper.LayoutError when something does not fit.
func Print(ctx context.Context, src Source, c Copy, progress func(done, total int)) ([]byte, error) {
	w, err := newWords(c.Lang)
	if err != nil {
		return nil, err
	}
	fail := func(err error) ([]byte, error) {
		return nil, fmt.Errorf("print record of %s: %w", src.Batch.Number, err)
	}
	log, err := read(ctx, src.Entries)
	if err != nil {
		return fail(err)
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	s := &sheet{
		Source: src, copy: c, w: w, log: log, specified: src.Batch.Spec.Fields(),
		tell: progress, context: ctx, total: len(log.entries) + len(src.Batch.Steps()) + 1,
	}
	s.doc = paper.New(paper.Options{
		Title: w.get("title").local + " " + src.Batch.Number, Author: src.Plant.Manufacturer, Created: c.At, Lang: w.lang,
	})
	s.frame()
	s.outline()
	for _, chapter := range []func(){
		s.front, s.contents, s.legend, s.overview, s.decisions, s.exceptions, s.changes, s.execution, s.supplies, s.custody,
		s.everyEntry, s.persons, s.coverage,
	} {
		chapter()
		if err := ctx.Err(); err != nil {
			return fail(err)
		}
	}
	s.pageNumbers()
	pdf, err := s.doc.Bytes()
	if err != nil {
		return fail(err)
	}
	if err := w.err(); err != nil {
		return fail(err)
	}
	s.advance(1)
	return pdf, nil
}

// advance tells that n more parts are done.
func (s *sheet) advance(n int) {
	s.done += n
	s.tell(s.done, s.total)
}
