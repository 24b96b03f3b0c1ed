package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
)

// onCopy reads a copy of one plant's log, so that it works beside a running server.
func onCopy(dir string, read func(*bolt.Log) error) (err error) {
	temp, err := os.MkdirTemp("", "rexbatch-copy-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	err = verify.Copy(dir, temp)
	if err != nil {
		return err
	}
	log, err := bolt.Open(temp, bolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return read(log)
}

// writePrivate replaces a file so that after a power failure the old or the new one is there, whole. The content is never
// readable by more people than mode says, not even for a moment.
func writePrivate(path string, content []byte, mode fs.FileMode) error {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		path = real
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(f.Name())))
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// removeIfThere removes a file; one that is not there is fine.
func removeIfThere(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
