package release

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"rexbatch/internal/ledger"
)

// proofFormat names the form of a Proof; another form would have another name.
const proofFormat = "rexbatch-proof/1"

// Proof lets anyone show, with the server switched off, that the ledger knows a certificate: the register's entry
// with the SHA-256 of the PDF, its inclusion in the tree, and the signed head of that tree. The key has to be
// known from elsewhere (the plant publishes it); the one in the proof only says which is meant.
type Proof struct {
	Format      string          `json:"format"`
	Certificate string          `json:"certificate"`
	PDF         ledger.Digest   `json:"pdf_sha256"`
	Key         string          `json:"log_key"`    // sumdb/note verifier key
	Checkpoint  string          `json:"checkpoint"` // C2SP checkpoint
	Position    uint64          `json:"position"`   // of the entry in the log
	Entry       string          `json:"entry"`      // base64 of the exact bytes
	Inclusion   []ledger.Digest `json:"inclusion"`  // RFC 6962 audit path
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
		raw, err := ledger.Encode(e)
		if err != nil {
			return fail(err)
		}
		checkpoint, err := log.Checkpoint(ctx)
		if err != nil {
			return fail(err)
		}
		head, err := ledger.OpenCheckpoint(checkpoint, log.Key())
		if err != nil {
			return fail(err)
		}
		path, err := log.Inclusion(ctx, e.Seq, head.Size)
		if err != nil {
			return fail(err)
		}
		return Proof{
			Format: proofFormat, Certificate: number, PDF: ref.PDF, Key: log.Key(), Checkpoint: string(checkpoint),
			Position: e.Seq, Entry: base64.StdEncoding.EncodeToString(raw), Inclusion: path,
		}, nil
	}
	return fail(ledger.ErrNotFound)
}

// Check tells whether the proof shows that the log with that key knows a PDF of that digest; the error says
// what does not hold.
func (p Proof) Check(key string, pdf ledger.Digest) error {
	if p.Format != proofFormat {
		return fmt.Errorf("proof: unknown format %q", p.Format)
	}
	head, err := ledger.OpenCheckpoint([]byte(p.Checkpoint), key)
	if err != nil {
		return fmt.Errorf("proof: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(p.Entry)
	if err != nil {
		return fmt.Errorf("proof: entry: %w", err)
	}
	path := make(tlog.RecordProof, len(p.Inclusion))
	for i, d := range p.Inclusion {
		path[i] = tlog.Hash(d)
	}
	err = tlog.CheckRecord(path, int64(head.Size), tlog.Hash(head.Root), int64(p.Position), tlog.RecordHash(raw))
	if err != nil {
		return fmt.Errorf("proof: the entry is not in the log: %w", err)
	}
	entry, err := ledger.Decode(p.Position, raw)
	if err != nil {
		return fmt.Errorf("proof: entry: %w", err)
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

// Known tells whether a log's register knows a PDF of that digest; ErrNotFound when it does not. It reads the
// register, which has one line a certificate.
func Known(ctx context.Context, log ledger.Reader, pdf ledger.Digest) (RegisterEntry, error) {
	for head, err := range log.Streams(ctx, registerPrefix) {
		if err != nil {
			return RegisterEntry{}, err
		}
		for e, err := range log.Stream(ctx, head.Stream, 0) {
			if err != nil {
				return RegisterEntry{}, err
			}
			line, err := registerEntry(e)
			if err != nil {
				return RegisterEntry{}, err
			}
			if line.PDF == pdf {
				return line, nil
			}
		}
	}
	return RegisterEntry{}, ledger.ErrNotFound
}
