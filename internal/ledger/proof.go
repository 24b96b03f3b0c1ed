package ledger

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// EntryProof lets anyone show, with the server switched off, that an entry stands in a log: its exact bytes, its
// inclusion in the tree, and the signed head of that tree. The key has to be known from elsewhere; the one in the proof
// only says which is meant.
type EntryProof struct {
	Key        string   `json:"log_key"`    // sumdb/note verifier key
	Checkpoint string   `json:"checkpoint"` // C2SP checkpoint
	Position   uint64   `json:"position"`   // of the entry in the log
	Entry      string   `json:"entry"`      // base64 of the exact bytes
	Inclusion  []Digest `json:"inclusion"`  // RFC 6962 audit path
}

// ProveEntry makes the proof of an entry against the log's newest head.
func ProveEntry(ctx context.Context, log Log, e Entry) (EntryProof, error) {
	checkpoint, err := log.Checkpoint(ctx)
	if err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", e.Seq, err)
	}
	return ProveEntryAt(ctx, log, e, checkpoint)
}

// ProveEntryAt makes the proof of an entry against a head that the log has signed: many entries of one log need one.
func ProveEntryAt(ctx context.Context, log Prover, e Entry, checkpoint []byte) (EntryProof, error) {
	raw, err := Encode(e)
	if err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", e.Seq, err)
	}
	head, err := OpenCheckpoint(checkpoint, log.Key())
	if err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", e.Seq, err)
	}
	path, err := log.Inclusion(ctx, e.Seq, head.Size)
	if err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", e.Seq, err)
	}
	return EntryProof{Key: log.Key(), Checkpoint: string(checkpoint), Position: e.Seq, Entry: base64.StdEncoding.EncodeToString(raw), Inclusion: path}, nil
}

// Origin is the name of the log that the proof speaks of, as its key has it; empty where there is none.
func (p EntryProof) Origin() string { return OriginOf(p.Key) }

// OriginOf is the name of the log whose key it is, in sumdb/note form; empty for what is no key.
func OriginOf(key string) string {
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return ""
	}
	return verifier.Name()
}

// Open checks the proof against a log's key and returns the entry that it proves.
func (p EntryProof) Open(key string) (Entry, error) {
	head, err := OpenCheckpoint([]byte(p.Checkpoint), key)
	if err != nil {
		return Entry{}, fmt.Errorf("proof: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(p.Entry)
	if err != nil {
		return Entry{}, fmt.Errorf("proof: entry: %w", err)
	}
	path := make(tlog.RecordProof, len(p.Inclusion))
	for i, d := range p.Inclusion {
		path[i] = tlog.Hash(d)
	}
	err = tlog.CheckRecord(path, int64(head.Size), tlog.Hash(head.Root), int64(p.Position), tlog.RecordHash(raw))
	if err != nil {
		return Entry{}, fmt.Errorf("proof: the entry is not in the log: %w", err)
	}
	e, err := Decode(p.Position, raw)
	if err != nil {
		return Entry{}, fmt.Errorf("proof: entry: %w", err)
	}
	return e, nil
}
