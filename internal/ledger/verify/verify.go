// Package verify checks a ledger's data directory with the server switched off, or beside a running one.
//
// It is a second opinion: it reads the database file's pages itself and shares no code with the engine that writes them,
// except for the meaning of an entry's bytes (ledger.Decode). It changes nothing. What it finds first it names (I2).
//
// It reads the log once, in order. Memory does not grow with the number of entries, only with claims held, blobs and
// views (some tens of bytes each).
package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rexbatch/internal/ledger"
)

// Options says what to check beyond the directory itself.
type Options struct {
	// Projections recompute the views. With none, views are counted but not compared.
	Projections []ledger.Projection
	// Progress is called now and then, from one goroutine, with entries checked and in all.
	Progress func(done, total uint64)
	// Checkpoint is one that was kept elsewhere. The log must have signed it, and must extend it.
	Checkpoint []byte
}

// Report says what was checked.
type Report struct {
	Origin         string
	Entries        uint64
	Streams        uint64
	Claims         uint64 // held now
	Views          uint64
	ViewsChecked   bool // compared with the projections
	Secrets        uint64
	Blobs          uint64
	Bytes          int64 // of the database file
	Root           ledger.Digest
	CheckpointSize uint64 // of the checkpoint in the directory
	HasCheckpoint  bool
	Duration       time.Duration
	Fault          *Fault // the first thing wrong; nil when all is well
}

// Fault is what is wrong, and where. It is an error.
type Fault struct {
	Seq    uint64
	HasSeq bool // Seq is known
	Stream string
	What   string
}

func (f *Fault) Error() string {
	switch {
	case f.HasSeq && f.Stream != "":
		return fmt.Sprintf("entry %d (%s): %s", f.Seq, f.Stream, f.What)
	case f.HasSeq:
		return fmt.Sprintf("entry %d: %s", f.Seq, f.What)
	case f.Stream != "":
		return f.Stream + ": " + f.What
	}
	return f.What
}

func fault(format string, args ...any) error { return &Fault{What: fmt.Sprintf(format, args...)} }

func faultAt(seq uint64, stream, format string, args ...any) error {
	return &Fault{Seq: seq, HasSeq: true, Stream: stream, What: fmt.Sprintf(format, args...)}
}

// Dir checks the data directory of one log. It returns a *Fault, which is also in the report, when something is wrong
// with the record; any other error means that the check could not be made (no such directory, ErrBusy, ctx ended).
func Dir(ctx context.Context, dir string, opt Options) (Report, error) {
	start := time.Now()
	c := &checker{ctx: ctx, dir: dir, opt: opt}
	// The checkpoint first: read after the database it could be newer than the copy of it.
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	db, release, err := openDB(filepath.Join(dir, "ledger.db"))
	if err != nil {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	info, err := db.Stat()
	if err == nil {
		c.report.Bytes = info.Size()
		err = c.run(db, signed)
	}
	var f *Fault
	if errors.Is(err, errPages) && !errors.As(err, &f) {
		err = &Fault{What: err.Error()}
	}
	if errors.As(err, &f) {
		c.report.Fault, err = f, f
	}
	c.report.Duration = time.Since(start)
	return c.report, joined(err, release())
}

// joined leaves err as it is when the file could be let go of.
func joined(err, release error) error {
	if release == nil {
		return err
	}
	return errors.Join(err, release)
}
