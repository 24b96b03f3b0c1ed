// Package bolt is the embedded engine of the ledger: one bbolt file and a signing key in one data directory.
//
// Invariants: an Append is one bbolt transaction with its entries, claims, views, secrets and blobs (I1);
// entries are only ever added (I2); concurrent appends share a commit without a timer or a goroutine (package
// comment of queue.go). Only one process may have a directory open for writing.
//
// The on-disk format has a version; a later program must read every earlier one. docs/ledger.md describes the
// life of an entry.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/mod/sumdb/note"

	"rexbatch/internal/ledger"
)

// initialMmap reserves address space, not memory or disk: until the file outgrows it, no commit has to
// wait for readers in order to map the file anew.
const initialMmap = 1 << 30

// ErrReadOnly is returned by what would change a log that was opened for reading.
var ErrReadOnly = errors.New("ledger: opened read-only")

// ErrInUse is wrapped by Open when another process holds the data directory.
var ErrInUse = errors.New("ledger: data directory is in use by another process")

// Options says how to open a data directory. The zero value opens an existing one for writing.
type Options struct {
	Site     string           // plant, e.g. "ES-SVQ": needed the first time, checked afterwards unless empty
	Clock    func() time.Time // nil means time.Now
	ReadOnly bool             // several processes may read one directory while none writes
	Timeout  time.Duration    // how long to wait for another process to let go; 0 means one second
}

// Log is an open data directory. It is safe for concurrent use.
type Log struct {
	dir      string
	db       *bbolt.DB
	clock    func() time.Time
	readOnly bool
	origin   string
	key      string // verifier key
	signer   note.Signer

	queue queue

	// broken is set by the leader when a commit ended in doubt: see commit. Guarded by leadership.
	broken error

	// mu guards state, what readers see. Held for moments only.
	mu    sync.RWMutex
	state state

	checkpointMu sync.Mutex
	checkpoint   []byte // newest, as in the file
}

// state is the part of the log that is kept in memory. It always describes what is durable.
type state struct {
	last   time.Time   // of the newest entry
	tree   ledger.Tree // right edge
	recent recent      // index of the entries that are not yet in the streams bucket
}

var _ ledger.Log = (*Log)(nil)

// Open opens the log in dir, and makes it when dir has none and Options.Site is given. It refuses, with nothing
// changed: a directory that another process holds (ErrInUse), an unknown format version, a missing or foreign
// key, and a log that does not extend its own newest checkpoint (*ledger.CorruptError).
func Open(dir string, opt Options) (*Log, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Timeout == 0 {
		opt.Timeout = time.Second
	}
	_, err := os.Stat(filepath.Join(dir, dbFile))
	if errors.Is(err, os.ErrNotExist) && !opt.ReadOnly {
		err = create(dir, opt.Site)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger in %s: %w", dir, err)
	}
	l := &Log{dir: dir, clock: opt.Clock, readOnly: opt.ReadOnly}
	l.db, err = bbolt.Open(filepath.Join(dir, dbFile), 0o600, &bbolt.Options{
		Timeout: opt.Timeout, ReadOnly: opt.ReadOnly, FreelistType: bbolt.FreelistMapType,
		InitialMmapSize: initialMmap, NoStatistics: true, OpenFile: openExisting,
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("open ledger in %s: %w", dir, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger in %s: %w", dir, err)
	}
	err = l.load(opt)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open ledger in %s: %w", dir, err), l.db.Close())
	}
	return l, nil
}

// openExisting never creates the file: a half-made one must not appear under its final name.
func openExisting(name string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag&^os.O_CREATE, perm)
}

func (l *Log) load(opt Options) error {
	err := l.db.View(l.loadMeta)
	if err != nil {
		return err
	}
	err = l.loadKeys(opt)
	if err != nil {
		return err
	}
	err = l.db.View(func(tx *bbolt.Tx) error {
		l.state, err = loadState(tx)
		return err
	})
	if err != nil {
		return err
	}
	return l.loadCheckpoint()
}

func (l *Log) loadMeta(tx *bbolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		return errors.New("ledger.db is not a rexbatch ledger")
	}
	if found := string(meta.Get(metaFormat)); found != format {
		return fmt.Errorf("ledger.db has format %q, this program knows %q", found, format)
	}
	for _, name := range buckets {
		if tx.Bucket(name) == nil {
			return &ledger.CorruptError{What: "bucket " + string(name) + " is missing"}
		}
	}
	l.origin, l.key = string(meta.Get(metaOrigin)), string(meta.Get(metaKey))
	return nil
}

// loadState reads the end of the log: the newest time, and what the stored tiles and index do not hold yet. It is
// bounded work, however long the log is.
func loadState(tx *bbolt.Tx) (state, error) {
	var s state
	size := uint64(0)
	k, v := tx.Bucket(bucketEntries).Cursor().Last()
	if k != nil {
		last, err := numberAt(k, "the newest entry's position")
		if err != nil {
			return s, err
		}
		e, err := readEntry(last, v)
		if err != nil {
			return s, err
		}
		size, s.last = last+1, e.Time
	}
	var err error
	s.tree, err = ledger.RestoreTree(size, tilesOf(tx), func(seq uint64) (ledger.Digest, error) {
		e, err := entryAt(tx, seq)
		return e.Leaf, err
	})
	if err != nil {
		return s, err
	}
	s.recent, err = loadRecent(tx, size)
	return s, err
}

// snapshot is what is durable now. The tree and the recent index may be read without a lock; only the
// maps of recent need l.mu.
func (l *Log) snapshot() (ledger.Tree, time.Time) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.state.tree, l.state.last
}

// Close waits for the commit in progress, refuses all other appends with ledger.ErrClosed, signs a last checkpoint and
// closes the file. A second Close does nothing.
func (l *Log) Close() error {
	if !l.queue.close() {
		return nil
	}
	var err error
	if !l.readOnly && l.broken == nil {
		_, err = l.Checkpoint(context.Background())
	}
	return errors.Join(err, l.db.Close())
}
