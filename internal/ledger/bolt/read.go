package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rexbatch/internal/ledger"
)

// Iterators read in chunks: one short transaction each, and everything copied out before the first yield. So
// no reader keeps a transaction open, which would make the file grow and writers wait (performance.md, fact 7).
const (
	chunkItems = 256
	chunkBytes = 1 << 20
)

// view runs f in a short read transaction.
func (l *Log) view(ctx context.Context, f func(tx *bbolt.Tx) error) error {
	err := ctx.Err()
	if err != nil {
		return err
	}
	err = l.db.View(f)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ledger.ErrClosed
	}
	return err
}

// readEntry checks and decodes a stored value, which it copies.
func readEntry(seq uint64, value []byte) (ledger.Entry, error) {
	return ledger.DecodeStored(seq, bytes.Clone(value))
}

func entryAt(tx *bbolt.Tx, seq uint64) (ledger.Entry, error) {
	v, ok := get(tx.Bucket(bucketEntries), number(seq))
	if !ok {
		return ledger.Entry{}, &ledger.CorruptError{Seq: seq, What: "the entry is missing"}
	}
	return readEntry(seq, v)
}

// raw is a stored entry copied out of a transaction, not yet checked.
type raw struct {
	seq   uint64
	value []byte
}

// Entry implements ledger.Reader.
func (l *Log) Entry(ctx context.Context, seq uint64) (ledger.Entry, error) {
	tree, _ := l.snapshot()
	var value []byte
	err := l.view(ctx, func(tx *bbolt.Tx) error {
		if seq >= tree.Size() {
			return fmt.Errorf("entry %d: %w", seq, ledger.ErrNotFound)
		}
		v, ok := get(tx.Bucket(bucketEntries), number(seq))
		if !ok {
			return &ledger.CorruptError{Seq: seq, What: "the entry is missing"}
		}
		value = bytes.Clone(v)
		return nil
	})
	if err != nil {
		return ledger.Entry{}, err
	}
	return ledger.DecodeStored(seq, value)
}

// Entries implements ledger.Reader.
func (l *Log) Entries(ctx context.Context, from uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		tree, _ := l.snapshot()
		next, size := from, tree.Size()
		for next < size {
			var chunk []raw
			err := l.view(ctx, func(tx *bbolt.Tx) error {
				chunk = chunk[:0]
				c := tx.Bucket(bucketEntries).Cursor()
				total := 0
				for k, v := c.Seek(number(next)); k != nil && next < size; k, v = c.Next() {
					if !bytes.Equal(k, number(next)) {
						break
					}
					chunk = append(chunk, raw{next, bytes.Clone(v)})
					next, total = next+1, total+len(v)
					if len(chunk) == chunkItems || total > chunkBytes {
						return nil
					}
				}
				if len(chunk) == 0 {
					return &ledger.CorruptError{Seq: next, What: "the entry is missing"}
				}
				return nil
			})
			if !yieldEntries(chunk, "", err, yield) {
				return
			}
		}
	}
}

// yieldEntries checks and yields a chunk, then err if there is one. It is false when the iteration is over. stream is
// the one that was asked for, "" for any.
func yieldEntries(chunk []raw, stream string, err error, yield func(ledger.Entry, error) bool) bool {
	if err != nil {
		yield(ledger.Entry{}, err)
		return false
	}
	for _, r := range chunk {
		e, err := ledger.DecodeStored(r.seq, r.value)
		var corrupt *ledger.CorruptError
		if errors.As(err, &corrupt) && stream != "" {
			corrupt.Stream = stream
		}
		if err == nil && stream != "" && e.Stream != stream {
			err = &ledger.CorruptError{Seq: r.seq, Stream: stream, What: "the stream index points at an entry of " + e.Stream}
		}
		if err != nil {
			yield(ledger.Entry{}, err)
			return false
		}
		if !yield(e, nil) {
			return false
		}
	}
	return true
}

// Stream implements ledger.Reader.
func (l *Log) Stream(ctx context.Context, stream string, after uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		// First what is not in the bucket, then the bucket: an index written in between is seen
		// twice rather than not at all.
		l.mu.RLock()
		size, newest := l.state.tree.Size(), l.state.recent.runs[stream]
		l.mu.RUnlock()
		next, more := after+1, true
		for more {
			var chunk []raw
			err := l.view(ctx, func(tx *bbolt.Tx) error {
				var err error
				chunk, more, err = streamChunk(tx, stream, next, size, newest)
				return err
			})
			if !yieldEntries(chunk, stream, err, yield) {
				return
			}
			next += uint64(len(chunk))
		}
	}
}

// streamChunk copies the entries of a stream from version next on, from the bucket or from the recent run.
func streamChunk(tx *bbolt.Tx, stream string, next, size uint64, newest run) (chunk []raw, more bool, err error) {
	var seqs []uint64
	c := tx.Bucket(bucketStreams).Cursor()
	for k, v := c.Seek(streamKey(stream, next)); k != nil && len(seqs) < chunkItems; k, v = c.Next() {
		name, version, ok := splitStreamKey(k)
		if !ok || string(name) != stream {
			break
		}
		seq, err := numberAt(v, "a position in the stream index")
		if err != nil || version != next+uint64(len(seqs)) {
			return nil, false, &ledger.CorruptError{Seq: seq, Stream: stream, What: "the stream index is not in order"}
		}
		if seq >= size {
			break // appended after the iteration began
		}
		seqs = append(seqs, seq)
	}
	if at := next + uint64(len(seqs)) - newest.first; len(seqs) < chunkItems && newest.first > 0 && next+uint64(len(seqs)) >= newest.first && at < uint64(len(newest.seqs)) {
		run := newest.seqs[at:]
		seqs = append(seqs, run[:min(len(run), chunkItems-len(seqs))]...)
	}
	total := 0
	b := tx.Bucket(bucketEntries)
	for _, seq := range seqs {
		v, ok := get(b, number(seq))
		if !ok {
			return nil, false, &ledger.CorruptError{Seq: seq, Stream: stream, What: "the entry is missing"}
		}
		chunk = append(chunk, raw{seq, bytes.Clone(v)})
		total += len(v)
		if total > chunkBytes {
			return chunk, true, nil
		}
	}
	return chunk, len(seqs) == chunkItems, nil
}

// Streams implements ledger.Reader.
func (l *Log) Streams(ctx context.Context, prefix string) iter.Seq2[ledger.StreamHead, error] {
	return func(yield func(ledger.StreamHead, error) bool) {
		newest := l.recentHeads(prefix)
		from, more := []byte(prefix), true
		for more {
			var chunk []ledger.StreamHead
			err := l.view(ctx, func(tx *bbolt.Tx) error {
				var err error
				chunk, err = headChunk(tx, from, prefix)
				return err
			})
			if err != nil {
				yield(ledger.StreamHead{}, err)
				return
			}
			more = len(chunk) == chunkItems
			if more {
				from = append([]byte(chunk[len(chunk)-1].Stream), 1)
			}
			chunk, newest = mergeHeads(chunk, newest, more)
			for _, h := range chunk {
				if !yield(h, nil) {
					return
				}
			}
		}
	}
}

// recentHeads are the heads of the streams in memory, in order of name.
func (l *Log) recentHeads(prefix string) []ledger.StreamHead {
	l.mu.RLock()
	var heads []ledger.StreamHead
	for name, run := range l.state.recent.runs {
		if len(name) >= len(prefix) && name[:len(prefix)] == prefix {
			heads = append(heads, ledger.StreamHead{Stream: name, Version: run.head()})
		}
	}
	l.mu.RUnlock()
	slices.SortFunc(heads, func(a, b ledger.StreamHead) int { return bytes.Compare([]byte(a.Stream), []byte(b.Stream)) })
	return heads
}

// headChunk reads stream heads from the bucket, one seek for each stream.
func headChunk(tx *bbolt.Tx, from []byte, prefix string) ([]ledger.StreamHead, error) {
	var chunk []ledger.StreamHead
	c := tx.Bucket(bucketStreams).Cursor()
	for k, _ := c.Seek(from); k != nil && len(chunk) < chunkItems; {
		name, _, ok := splitStreamKey(k)
		if !ok {
			return nil, &ledger.CorruptError{What: "the stream index has a malformed key"}
		}
		if !bytes.HasPrefix(name, []byte(prefix)) {
			break
		}
		stream := string(name)
		head, err := indexedHead(tx, stream)
		if err != nil {
			return nil, err
		}
		chunk = append(chunk, ledger.StreamHead{Stream: stream, Version: head})
		k, _ = c.Seek(append([]byte(stream), 1))
	}
	return chunk, nil
}

// mergeHeads puts recent heads in their places, the newer version winning. With more to come, those behind
// the chunk are left for later.
func mergeHeads(chunk, newest []ledger.StreamHead, more bool) (merged, left []ledger.StreamHead) {
	for _, h := range chunk {
		for len(newest) > 0 && newest[0].Stream < h.Stream {
			merged, newest = append(merged, newest[0]), newest[1:]
		}
		if len(newest) > 0 && newest[0].Stream == h.Stream {
			h.Version, newest = max(h.Version, newest[0].Version), newest[1:]
		}
		merged = append(merged, h)
	}
	if more {
		return merged, newest
	}
	return append(merged, newest...), nil
}

// Claim implements ledger.Reader.
func (l *Log) Claim(ctx context.Context, key string) (uint64, error) {
	var seq uint64
	err := l.view(ctx, func(tx *bbolt.Tx) error {
		v, ok := get(tx.Bucket(bucketClaims), []byte(key))
		if !ok {
			return fmt.Errorf("claim %s: %w", key, ledger.ErrNotFound)
		}
		var err error
		seq, err = numberAt(v, "claim "+key)
		return err
	})
	return seq, err
}

// Blob implements ledger.Reader.
func (l *Log) Blob(ctx context.Context, d ledger.Digest) ([]byte, error) {
	data, err := l.document(ctx, bucketBlobs, "blob", string(d[:]), d.String())
	if err != nil {
		return nil, err
	}
	if ledger.DigestOf(data) != d {
		return nil, &ledger.CorruptError{What: "blob " + d.String() + " does not match its digest"}
	}
	return data, nil
}

// View implements ledger.Reader.
func (l *Log) View(ctx context.Context, key string) ([]byte, error) {
	return l.document(ctx, bucketViews, "view", key, key)
}

// Secret implements ledger.Reader.
func (l *Log) Secret(ctx context.Context, key string) ([]byte, error) {
	return l.document(ctx, bucketSecrets, "secret", key, key)
}

func (l *Log) document(ctx context.Context, bucket []byte, what, key, name string) ([]byte, error) {
	data := []byte{}
	err := l.view(ctx, func(tx *bbolt.Tx) error {
		v, ok := get(tx.Bucket(bucket), []byte(key))
		if !ok {
			return fmt.Errorf("%s %s: %w", what, name, ledger.ErrNotFound)
		}
		data = append(data, v...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Views implements ledger.Reader.
func (l *Log) Views(ctx context.Context, prefix string) iter.Seq2[ledger.Document, error] {
	return l.documents(ctx, bucketViews, prefix)
}

// Secrets implements ledger.Reader.
func (l *Log) Secrets(ctx context.Context, prefix string) iter.Seq2[ledger.Document, error] {
	return l.documents(ctx, bucketSecrets, prefix)
}

func (l *Log) documents(ctx context.Context, bucket []byte, prefix string) iter.Seq2[ledger.Document, error] {
	return func(yield func(ledger.Document, error) bool) {
		from, more := []byte(prefix), true
		for more {
			var chunk []ledger.Document
			err := l.view(ctx, func(tx *bbolt.Tx) error {
				chunk, more = documentChunk(tx.Bucket(bucket), from, prefix)
				return nil
			})
			if err != nil {
				yield(ledger.Document{}, err)
				return
			}
			for _, d := range chunk {
				from = append([]byte(d.Key), 0) // the next possible key
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

func documentChunk(b *bbolt.Bucket, from []byte, prefix string) (chunk []ledger.Document, more bool) {
	total := 0
	c := b.Cursor()
	for k, v := c.Seek(from); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
		chunk = append(chunk, ledger.Document{Key: string(k), Data: append([]byte{}, v...)})
		total += len(v)
		if len(chunk) == chunkItems || total > chunkBytes {
			return chunk, true
		}
	}
	return chunk, false
}
