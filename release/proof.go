package release

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"rexbatch/internal/ledger"
)

// proofFormat names the form of a Proof; another form would have another name.
const proofFormat = "rexbatch-proof/1"

// Proof lets anyone show, with the server switched off, that the ledger knows a certificate: the register's entry
// with the SHA-256 of the PDF, proved to stand in the log. The key has to be known from elsewhere (the plant publishes
// it); the one in the proof only says which is meant.
type Proof struct {
	Format      string        `json:"format"`
	Certificate string        `json:"certificate"`
	PDF         ledger.Digest `json:"pdf_sha256"`
	ledger.EntryProof
}

// Proof makes the proof of a certificate against the log's newest head.
func (k *Book) Proof(ctx context.Context, number string) (Proof, error) {
	_, ref, err := k.Certificate(ctx, number)
	if err != nil {
		return Proof{}, err
	}
	fail := func(err error) (Proof, error) { return Proof{}, fmt.Errorf("proof of %s: %w", number, err) }
	log := k.Batches.Log
	for e, err := range log.Stream(ctx, RegisterStream(k.Plant.Site), ref.Register-1) {
		if err != nil {
			return fail(err)
		}
		proved, err := ledger.ProveEntry(ctx, log, e)
		if err != nil {
			return fail(err)
		}
		return Proof{Format: proofFormat, Certificate: number, PDF: ref.PDF, EntryProof: proved}, nil
	}
	return fail(ledger.ErrNotFound)
}

// Check tells whether the proof shows that the log with that key knows a PDF of that digest; the error says
// what does not hold.
func (p Proof) Check(key string, pdf ledger.Digest) error {
	if p.Format != proofFormat {
		return fmt.Errorf("proof: unknown format %q", p.Format)
	}
	entry, err := p.Open(key)
	if err != nil {
		return err
	}
	var line registered
	err = json.Unmarshal(entry.Data, &line)
	if err != nil || entry.Type != typeRegistered || !strings.HasPrefix(entry.Stream, registerPrefix) {
		return fmt.Errorf("proof: entry %d is no register entry", p.Position)
	}
	if line.Certificate != p.Certificate {
		return fmt.Errorf("proof: the register entry is for certificate %s, not %s", line.Certificate, p.Certificate)
	}
	if line.PDF != pdf {
		return fmt.Errorf("proof: the register entry is for a file with SHA-256 %s, this one has %s", line.PDF, pdf)
	}
	return nil
}

// Known tells whether a log's register knows a PDF of that digest, and whether it was recalled since; ErrNotFound when it
// does not. It reads the register, which has one line a certificate.
func Known(ctx context.Context, log ledger.Reader, pdf ledger.Digest) (RegisterEntry, error) {
	found := RegisterEntry{}
	for head, err := range log.Streams(ctx, registerPrefix) {
		if err != nil {
			return RegisterEntry{}, err
		}
		for e, err := range log.Stream(ctx, head.Stream, 0) {
			if err != nil {
				return RegisterEntry{}, err
			}
			line, err := registerEntry(e)
			switch {
			case err != nil:
				return RegisterEntry{}, err
			case found.Number == 0 && line.Decision != Recall && line.PDF == pdf:
				found = line
			case found.Number != 0 && line.Decision == Recall && line.Batch == found.Batch: // of every certificate of the batch
				found.Recalled = line.Number
			}
		}
	}
	if found.Number == 0 {
		return RegisterEntry{}, ledger.ErrNotFound
	}
	return found, nil
}
