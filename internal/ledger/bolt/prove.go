package bolt

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	bbolt "go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"

	"rexbatch/internal/ledger"
)

// tilesOf reads tiles within a transaction.
func tilesOf(tx *bbolt.Tx) ledger.TileReader {
	return func(level int, n uint64) ([]byte, error) {
		v, ok := get(tx.Bucket(bucketTiles), tileKey(level, n))
		if !ok {
			return nil, ledger.ErrNotFound
		}
		return v, nil
	}
}

// Origin implements ledger.Prover.
func (l *Log) Origin() string { return l.origin }

// Key implements ledger.Prover.
func (l *Log) Key() string { return l.key }

// Head implements ledger.Prover. It is computed from memory.
func (l *Log) Head(ctx context.Context) (ledger.Head, error) {
	tree, _ := l.snapshot()
	root, err := tree.Root()
	if err != nil {
		return ledger.Head{}, err
	}
	return ledger.Head{Size: tree.Size(), Root: root}, ctx.Err()
}

// Inclusion implements ledger.Prover; ErrNotFound when the log has no such entry or never had that size.
func (l *Log) Inclusion(ctx context.Context, seq, size uint64) ([]ledger.Digest, error) {
	tree, _ := l.snapshot()
	var proof []ledger.Digest
	err := l.view(ctx, func(tx *bbolt.Tx) error {
		if seq >= size || size > tree.Size() {
			return fmt.Errorf("inclusion of entry %d in %d entries: %w", seq, size, ledger.ErrNotFound)
		}
		e, err := entryAt(tx, seq)
		if err != nil {
			return err
		}
		proof, err = tree.Inclusion(seq, size, e.Leaf, tilesOf(tx))
		return err
	})
	return proof, err
}

// Consistency implements ledger.Prover; ErrNotFound when the log never had one of the sizes.
func (l *Log) Consistency(ctx context.Context, old, new uint64) ([]ledger.Digest, error) {
	tree, _ := l.snapshot()
	var proof []ledger.Digest
	err := l.view(ctx, func(tx *bbolt.Tx) error {
		var err error
		proof, err = tree.Consistency(old, new, tilesOf(tx))
		return err
	})
	return proof, err
}

// Checkpoint implements ledger.Prover. It signs outside of any commit (performance.md, fact 5). A log that was
// opened for reading returns the newest checkpoint there is, or ErrNotFound.
func (l *Log) Checkpoint(ctx context.Context) ([]byte, error) {
	l.checkpointMu.Lock()
	defer l.checkpointMu.Unlock()
	if l.readOnly {
		if l.checkpoint == nil {
			return nil, fmt.Errorf("checkpoint: %w", ledger.ErrNotFound)
		}
		return bytes.Clone(l.checkpoint), ctx.Err()
	}
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", l.origin, head.Size, base64.StdEncoding.EncodeToString(head.Root[:]))
	if bytes.HasPrefix(l.checkpoint, []byte(text+"\n")) {
		return bytes.Clone(l.checkpoint), nil
	}
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	err = writeFile(filepath.Join(l.dir, checkpointFile), signed, 0o644)
	if err != nil {
		return nil, fmt.Errorf("keep checkpoint: %w", err)
	}
	l.checkpoint = signed
	return bytes.Clone(signed), nil
}

// loadCheckpoint refuses a log that does not extend what it has signed: entries were removed or changed,
// or an older copy of the database was put in place.
func (l *Log) loadCheckpoint() error {
	signed, err := os.ReadFile(filepath.Join(l.dir, checkpointFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	head, err := ledger.OpenCheckpoint(signed, l.key)
	if err != nil {
		return fmt.Errorf("the newest checkpoint: %w", err)
	}
	if head.Size > l.state.tree.Size() {
		return &ledger.CorruptError{Seq: l.state.tree.Size(), What: fmt.Sprintf("the log has %d entries, its newest checkpoint %d: entries are missing", l.state.tree.Size(), head.Size)}
	}
	return l.db.View(func(tx *bbolt.Tx) error {
		root, err := l.state.tree.RootAt(head.Size, tilesOf(tx))
		if err != nil {
			return err
		}
		if root != head.Root {
			return &ledger.CorruptError{Seq: head.Size, What: "the entries before this one are not those that the newest checkpoint signed"}
		}
		l.checkpoint = signed
		return nil
	})
}
