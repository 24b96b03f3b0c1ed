package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rexbatch/release"
	"rexbatch/release/pades"
)

// keys gives each person a key and certificate of the demonstration authority. It implements release.Keys.
// On patients, keys live in tokens and certificates come from a qualified trust service provider.
type keys struct {
	dir string
	ca  *pades.DemoCA
	mu  sync.Mutex // two signatures of one person at once must not make two keys
}

var _ release.Keys = (*keys)(nil)

// openKeys opens the authority in dir, or makes it.
func openKeys(dir string, now time.Time) (*keys, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	ca, err := pades.LoadOrCreateDemoCA(dir, now)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return &keys{dir: dir, ca: ca}, nil
}

// Signer gives the person's key; it is made at the first signature. Usernames are unique at a plant, so each
// plant has its own folder.
func (k *keys) Signer(account, name string, plant *release.Plant, now time.Time) (pades.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	dir := filepath.Join(k.dir, plant.Site)
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return pades.Signer{}, fmt.Errorf("keys: %w", err)
	}
	country, _, _ := strings.Cut(plant.Site, "-") // a site begins with its ISO 3166-1 code
	return k.ca.LoadOrIssue(dir, account, cut(name), cut(plant.Manufacturer), country, now)
}

// Roots are the authorities that are trusted.
func (k *keys) Roots() *x509.CertPool { return k.ca.Pool() }

// PEM is the authority's certificate, for those who check signatures.
func (k *keys) PEM() ([]byte, error) { return os.ReadFile(filepath.Join(k.dir, caFile)) }

// cut shortens a name to what a certificate can hold (RFC 5280, A.1: 64), at a whole letter.
func cut(s string) string {
	for len(s) > 64 {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
