package verify

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Copy copies what is needed to read a log (checkpoint, public key, database) from dir into the directory to, also
// beside a running server. The copy is one consistent state; it has no signing key, so it can only be read.
func Copy(dir, to string) error {
	// The checkpoint first: read after the database it could be newer than the copy of it.
	for _, name := range []string{"checkpoint", "log.pub"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), content, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy log: %w", err)
		}
	}
	db, release, err := openDB(filepath.Join(dir, "ledger.db"))
	if err != nil {
		return fmt.Errorf("copy log: %w", err)
	}
	err = errors.Join(copyWhole(filepath.Join(to, "ledger.db"), db), release())
	if err != nil {
		return fmt.Errorf("copy log: %w", err)
	}
	return nil
}

func copyWhole(path string, from io.ReaderAt) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, io.NewSectionReader(from, 0, 1<<62))
	return errors.Join(err, f.Close())
}
