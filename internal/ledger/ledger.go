// Package ledger is the record itself: an append-only log of entries, one per site.
//
// Every fact is one immutable entry. Entries belong to streams (one aggregate each) and stand in one
// order in the log. The exact bytes of each entry are a leaf of an RFC 6962 Merkle tree, whose signed head
// (a C2SP checkpoint) lets anyone prove an entry, and that an older log is a prefix of a newer one.
//
// An engine (package bolt here; others may follow) makes an Append durable in one transaction or not at all.
// Views and secrets ride in the same transaction but are not part of the record: views are derived from the
// entries and can be rebuilt; secrets (password hashes, sessions, wrapped keys) can be replaced and destroyed.
//
// The package does not know what the entries mean.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// StreamAppend is what one stream receives. Without Drafts it only guards: the append is refused when the stream is not
// at Expected, for decisions that rest on a stream which they do not change. A stream stands in an Append once.
type StreamAppend struct {
	Stream   string
	Expected uint64 // the version on which the decision was made; 0 for a stream that must not exist yet
	Drafts   []Draft
}

// Append is one atomic addition to the log: all of it becomes durable, or none.
type Append struct {
	Author  Author
	Streams []StreamAppend
	Blobs   [][]byte          // kept by their SHA-256
	Views   map[string][]byte // derived documents to store; nil removes one
	Secrets map[string][]byte // documents outside the record; nil destroys one
	// Within is the time for which the append was decided, where another time would make it another one: a limit that
	// runs out is kept or not. The zero value is any time.
	Within Window
}

// Window is a span of time, both ends included. A zero end is open.
type Window struct{ From, Until time.Time }

// Holds tells whether a time is in the window.
func (w Window) Holds(at time.Time) bool {
	return !at.Before(w.From) && (w.Until.IsZero() || !at.After(w.Until))
}

// Narrow is what two windows have in common.
func (w Window) Narrow(other Window) Window {
	if other.From.After(w.From) {
		w.From = other.From
	}
	if w.Until.IsZero() || !other.Until.IsZero() && other.Until.Before(w.Until) {
		w.Until = other.Until
	}
	return w
}

// UpTo is the window on one side of a moment that a time stands on: up to it, itself included, or after it. Times of
// entries have microseconds.
func UpTo(moment, at time.Time) Window {
	if at.After(moment) {
		return Window{From: moment.Truncate(time.Microsecond).Add(time.Microsecond)}
	}
	return Window{Until: moment}
}

// Receipt says where an Append came to stand.
type Receipt struct {
	Entries []Entry // as stored, in order, with Seq, Leaf, Time and Version
	Time    time.Time
}

// Head is the tree over the first Size entries.
type Head struct {
	Size uint64
	Root Digest
}

// Document is a stored view or secret.
type Document struct {
	Key  string
	Data []byte
}

// Reader reads what is durable. Iterators yield copies and hold no lock or transaction between two
// yields, so a slow reader never blocks the writer. Each entry is checked against its leaf hash as it is read.
type Reader interface {
	// Entries yields the log from position from, in order, up to the size at the time of the call.
	Entries(ctx context.Context, from uint64) iter.Seq2[Entry, error]
	// Stream yields one stream's entries with Version > after, in order. An unknown stream yields nothing.
	Stream(ctx context.Context, stream string, after uint64) iter.Seq2[Entry, error]
	// Streams yields the names of the streams with a prefix, and their versions, in order of name.
	Streams(ctx context.Context, prefix string) iter.Seq2[StreamHead, error]
	// Claim returns the position of the entry that holds the key; ErrNotFound when it is free.
	Claim(ctx context.Context, key string) (uint64, error)
	// Entry returns one entry; ErrNotFound beyond the end.
	Entry(ctx context.Context, seq uint64) (Entry, error)
	// Blob returns the bytes with that digest, checked; ErrNotFound when there are none.
	Blob(ctx context.Context, d Digest) ([]byte, error)
	// View returns a derived document; ErrNotFound when there is none.
	View(ctx context.Context, key string) ([]byte, error)
	// Views yields the derived documents with a key prefix, in order of key.
	Views(ctx context.Context, prefix string) iter.Seq2[Document, error]
	// Secret returns a document outside the record; ErrNotFound when there is none.
	Secret(ctx context.Context, key string) ([]byte, error)
	// Secrets yields the documents outside the record with a key prefix, in order of key.
	Secrets(ctx context.Context, prefix string) iter.Seq2[Document, error]
}

// StreamHead is a stream's name and its newest version.
type StreamHead struct {
	Stream  string
	Version uint64
}

// Writer appends. An Append without streams changes views or secrets only.
type Writer interface {
	// Append makes a durable or returns *ConflictError (a stream has moved on), *TimeError (its entries would stand at
	// a time for which it was not decided), *ClaimError (a key is taken), or another error; in every error case nothing of it is stored. When it returns nil the
	// entries survive kill -9 and power loss (I1). The one exception is a disk that fails while a commit
	// is ending: the error says that the outcome is unknown, and the log takes nothing more until reopened.
	// An error that wraps ErrInvalid says that a is out of bounds, frees a claim that nobody holds, or names
	// a blob that is neither stored nor in a.
	Append(ctx context.Context, a Append) (Receipt, error)
}

// Prover speaks for the log to an outsider.
type Prover interface {
	// Origin is the log's name, e.g. "rexbatch/ES-SVQ/3f9a…".
	Origin() string
	// Key is the public key that signs checkpoints, in sumdb/note form.
	Key() string
	// Head is the tree over everything durable now.
	Head(ctx context.Context) (Head, error)
	// Checkpoint signs the current head as a C2SP checkpoint and keeps it as the newest.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Inclusion proves that entry seq is in the tree of that size.
	Inclusion(ctx context.Context, seq, size uint64) ([]Digest, error)
	// Consistency proves that the tree of size old is a prefix of the tree of size new.
	Consistency(ctx context.Context, old, new uint64) ([]Digest, error)
}

// Log is one site's record, as an engine provides it. Package ledgertest says what an engine must do.
type Log interface {
	Reader
	Writer
	Prover
	// ReplaceViews makes the stored views exactly docs, in one transaction (reindex).
	ReplaceViews(ctx context.Context, docs map[string][]byte) error
	Close() error
}

// ErrNotFound is returned where the thing asked for does not exist.
var ErrNotFound = errors.New("ledger: not found")

// ErrClosed is returned after Close.
var ErrClosed = errors.New("ledger: closed")

// ConflictError says that a stream has moved on since the decision was made: reload, decide again.
type ConflictError struct {
	Stream           string
	Expected, Actual uint64
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("ledger: stream %s is at version %d, the decision was made at %d", e.Stream, e.Actual, e.Expected)
}

// TimeError says that the entries would get a time for which the append was not decided: decide again.
type TimeError struct {
	At     time.Time
	Within Window
}

func (e *TimeError) Error() string {
	return fmt.Sprintf("ledger: at %s, the append was decided for %s to %s", e.At, e.Within.From, e.Within.Until)
}

// ClaimError says that a key which may be taken once is taken.
type ClaimError struct {
	Key    string
	Holder uint64 // position of the entry that holds it
}

func (e *ClaimError) Error() string {
	return fmt.Sprintf("ledger: %s is already taken by entry %d", e.Key, e.Holder)
}

// ErrInvalid is wrapped by every error about an Append that is out of bounds: too large, an empty or
// unprintable name, an author who is not complete. Nothing was queued or stored.
var ErrInvalid = errors.New("ledger: not acceptable")

// CorruptError says that what is stored is not what was written (I2).
type CorruptError struct {
	Seq    uint64 // position of the entry; of no meaning when What speaks of something else
	Stream string // the entry's stream, empty when it cannot be known
	What   string // what is wrong
}

func (e *CorruptError) Error() string {
	if e.Stream == "" {
		return fmt.Sprintf("ledger: corrupt at entry %d: %s", e.Seq, e.What)
	}
	return fmt.Sprintf("ledger: corrupt at entry %d (%s): %s", e.Seq, e.Stream, e.What)
}

// BlobReader returns the bytes of a blob of the log, checked: what an entry pins, such as its recipe, is found there.
type BlobReader func(d Digest) ([]byte, error)

// Projection derives the view documents of one kind of stream. The documents of a stream depend on
// that stream's entries alone, so reindex and verify can rebuild them one stream at a time.
type Projection struct {
	Prefix string // of the streams it reads, e.g. "batch/"
	Views  func(blobs BlobReader, entries iter.Seq2[Entry, error]) (map[string][]byte, error)
}
