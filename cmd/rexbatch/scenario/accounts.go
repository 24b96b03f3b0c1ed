package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Accounts are the passwords that the player knows on one server. They are kept in a file that only its
// owner can read.
type Accounts struct {
	Server string                       `json:"server"`
	Sites  map[string]map[string]string `json:"sites"` // site → username → password

	path string
	mu   sync.Mutex
}

// NewAccounts are no accounts yet, to be kept in a file.
func NewAccounts(path, server string) *Accounts {
	return &Accounts{Server: server, Sites: map[string]map[string]string{}, path: path}
}

// LoadAccounts reads the file. It refuses one that others can read: the passwords in it are no longer secret.
func LoadAccounts(path string) (*Accounts, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others (mode %o)", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	a := NewAccounts(path, "")
	err = json.Unmarshal(text, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if a.Sites == nil {
		a.Sites = map[string]map[string]string{}
	}
	return a, nil
}

// Password is the password of a person at a site; false when it is not known.
func (a *Accounts) Password(site, username string) (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.Sites[site][username]
	return p, ok
}

// Set keeps a password, on disk when it returns.
func (a *Accounts) Set(site, username, password string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.Sites[site] == nil {
		a.Sites[site] = map[string]string{}
	}
	a.Sites[site][username] = password
	return a.save()
}

// save replaces the file, or the file that a link points at.
func (a *Accounts) save() error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("save accounts: %w", err)
	}
	path, err := filepath.EvalSymlinks(a.path)
	if errors.Is(err, fs.ErrNotExist) {
		path, err = a.path, os.MkdirAll(filepath.Dir(a.path), 0o700)
	}
	if err != nil {
		return fmt.Errorf("save accounts: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".accounts-*") // 0600 from the beginning
	if err != nil {
		return fmt.Errorf("save accounts: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save accounts: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
