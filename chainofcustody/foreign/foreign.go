// Package foreign keeps documents about custody and products that come from elsewhere: from another plant, or from the record of this
// plant before it was set up anew. They are evidence and move nothing: no container, batch or custody follows from them.
//
// A document is kept byte for byte under its SHA-256 with who brought it (I14). What in it is new is named in the
// entries; what was brought before, in whichever document, is not taken again, so bringing one twice changes nothing.
package foreign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// Format is the form of a document.
type Format string

// The forms that are read.
const (
	EPCIS Format = "epcis" // EPCIS 2.0, JSON-LD
	FHIR  Format = "fhir"  // FHIR R5, a bundle
)

const (
	typeImported = "foreign.document-imported"
	streamPrefix = "foreign/"
	claimPrefix  = "foreign/"

	perEntry = 200  // new things that one entry names
	perTime  = 1000 // entries of one append
)

// Stream is the stream of the documents of a form.
func Stream(f Format) string { return streamPrefix + string(f) }

type imported struct {
	Document ledger.Digest `json:"document"`
	Holds    []string      `json:"holds"` // identifiers of what is new in it
	Reason   string        `json:"reason"`
}

// Shelf is what a log keeps of documents of one form.
type Shelf struct {
	Documents []ledger.Digest // in the order in which they came
	Known     map[string]bool // identifiers of what is in them
	version   uint64
}

// Result is what became of a document.
type Result struct {
	Document ledger.Digest `json:"document"`
	New      int           `json:"new"`   // things that were not known before
	Known    int           `json:"known"` // things that were
}

// Load reads what is kept of a form.
func Load(ctx context.Context, log ledger.Reader, f Format) (*Shelf, error) {
	s := &Shelf{Known: map[string]bool{}}
	for e, err := range log.Stream(ctx, Stream(f), 0) {
		if err != nil {
			return nil, fmt.Errorf("foreign %s: %w", f, err)
		}
		var d imported
		err = json.Unmarshal(e.Data, &d)
		if err != nil || e.Type != typeImported {
			return nil, fmt.Errorf("foreign %s: entry %d of type %q: %w", f, e.Seq, e.Type, err)
		}
		s.version = e.Version
		if !slices.Contains(s.Documents, d.Document) {
			s.Documents = append(s.Documents, d.Document)
		}
		for _, id := range d.Holds {
			s.Known[id] = true
		}
	}
	return s, nil
}

// why is a reason of 5 to 500 characters.
func why(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < 5 || len(text) > 500 || paper.Printable(text) != nil {
		return "", ledger.Refuse(ledger.Invalid, "CS-12", "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	return text, nil
}

// Keep takes a document into the record with the identifiers of what it holds, and why it was brought. own tells what the plant's own
// record says already.
func Keep(ctx context.Context, log ledger.Log, by ledger.Author, f Format, text []byte, holds []string, reason string, own func(id string) bool) (Result, error) {
	result := Result{Document: ledger.DigestOf(text)}
	reason, err := why(reason)
	if err != nil {
		return Result{}, err
	}
	_, err = ledger.Decide(ctx, log, func(ctx context.Context) (ledger.Append, error) {
		shelf, err := Load(ctx, log, f)
		if err != nil {
			return ledger.Append{}, err
		}
		var fresh []string
		for _, id := range holds {
			if !shelf.Known[id] && !own(id) {
				fresh = append(fresh, id)
			}
		}
		result.New, result.Known = len(fresh), len(holds)-len(fresh)
		if len(fresh) == 0 {
			return ledger.Append{Author: by}, nil
		}
		var drafts []ledger.Draft
		for part := range slices.Chunk(fresh, perEntry) {
			d := ledger.Draft{Type: typeImported, Data: imported{result.Document, part, reason}, Blobs: []ledger.Digest{result.Document}}
			for _, id := range part {
				d.Takes = append(d.Takes, claimPrefix+string(f)+"/"+id)
			}
			drafts = append(drafts, d)
		}
		if len(drafts) > perTime {
			return ledger.Append{}, Refuse("it holds too much")
		}
		return ledger.Append{Author: by, Blobs: [][]byte{text}, Streams: []ledger.StreamAppend{{Stream: Stream(f), Expected: shelf.version, Drafts: drafts}}}, nil
	})
	return result, err
}
