package verify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// ErrBusy says that a running server changed the ledger during every attempt to copy it.
var ErrBusy = errors.New("verify: the ledger changes faster than it can be copied; try again when it is quieter, or verify a backup")

// copyTries is how often a copy is taken before giving up.
const copyTries = 5

// openDB opens a database that no writer changes meanwhile: the file itself under a shared lock, or, when a
// running server holds the lock, a copy.
func openDB(path string) (db *os.File, release func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if err == nil {
		return f, f.Close, nil
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	copied, err := os.CreateTemp("", "rexbatch-verify-*")
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	release = func() error { return errors.Join(copied.Close(), os.Remove(copied.Name())) }
	err = errors.Join(snapshot(copied, f), f.Close())
	if err != nil {
		return nil, nil, errors.Join(err, release())
	}
	return copied, release, nil
}

// snapshot copies a database that is being written. bbolt never overwrites a page that the newest meta page leads to;
// so if the newest meta page is the same after the copy as before, the copy is whole.
func snapshot(to, from *os.File) error {
	for range copyTries {
		before, err := openPages(from)
		if err != nil {
			continue // the meta page itself was being written
		}
		err = to.Truncate(0)
		if err != nil {
			return err
		}
		_, err = to.Seek(0, io.SeekStart)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, io.NewSectionReader(from, 0, 1<<62))
		if err != nil {
			return err
		}
		after, err := openPages(from)
		if err == nil && after.txid == before.txid {
			return nil
		}
	}
	return ErrBusy
}
