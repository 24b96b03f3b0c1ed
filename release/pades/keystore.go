package pades

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// LoadOrCreateDemoCA keeps a DemoCA in dir: ca.pem, readable by all, and ca.key,
// PKCS #8, readable by the owner alone. The directory belongs to one process.
// The key is written and synced before the certificate; after a crash between
// the two the next call certifies the same key.
func LoadOrCreateDemoCA(dir string, now time.Time) (*DemoCA, error) {
	c, err := loadCertificate(dir, "ca")
	if errors.Is(err, fs.ErrNotExist) {
		key, err := loadOrMakeKey(dir, "ca")
		if err != nil {
			return nil, err
		}
		ca, err := selfSign(key, now)
		if err != nil {
			return nil, err
		}
		return ca, saveCertificate(dir, "ca", ca.Certificate)
	}
	if err != nil {
		return nil, err
	}
	// A lost key is not replaced: signatures made under this root would become
	// worthless without anybody having decided so.
	key, err := loadKey(dir, "ca")
	switch {
	case err != nil:
		return nil, err
	case !fits(c, key):
		return nil, fmt.Errorf("%w: ca.pem in %s has another key than ca.key; restore both, or move both away to start a new authority", ErrDemoCA, dir)
	case !c.IsCA || now.After(c.NotAfter):
		return nil, fmt.Errorf("%w: ca.pem in %s is no authority or expired at %s; move ca.pem and ca.key away to start a new one", ErrDemoCA, dir, c.NotAfter)
	}
	return &DemoCA{Certificate: c, key: key}, nil
}

// A user name becomes a file name, so it may not leave the directory, hide, or
// meet the authority's own files.
var userName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)

// LoadOrIssue keeps a person's key and certificate beside the authority's, as
// username.key and username.pem. The certificate is issued again, for the same
// key, when it has expired, names another subject or comes from another root.
func (ca *DemoCA) LoadOrIssue(dir, username, commonName, organisation, country string, now time.Time) (Signer, error) {
	if !userName.MatchString(username) || username == "ca" {
		return Signer{}, fmt.Errorf("%w: user name %q", ErrDemoCA, username)
	}
	key, err := loadOrMakeKey(dir, username)
	if err != nil {
		return Signer{}, err
	}
	c, err := loadCertificate(dir, username)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Signer{}, err
	}
	if err == nil && fits(c, key) && c.CheckSignatureFrom(ca.Certificate) == nil &&
		!now.Before(c.NotBefore) && !now.After(c.NotAfter) && c.Subject.CommonName == commonName &&
		first(c.Subject.Organization) == organisation && first(c.Subject.Country) == country {
		return Signer{Key: key, Certificate: c, Chain: []*x509.Certificate{ca.Certificate}}, nil
	}
	until := now.AddDate(personYears, 0, 0)
	if until.After(ca.Certificate.NotAfter) {
		until = ca.Certificate.NotAfter
	}
	s, err := ca.issueFor(key, commonName, organisation, country, now.Truncate(time.Second), until)
	if err != nil {
		return Signer{}, err
	}
	return s, saveCertificate(dir, username, s.Certificate)
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func fits(c *x509.Certificate, key crypto.Signer) bool {
	pub, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && pub.Equal(key.Public())
}

func loadOrMakeKey(dir, who string) (crypto.Signer, error) {
	key, err := loadKey(dir, who)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	key, err = newKey()
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("%w: key of %s: %w", ErrDemoCA, who, err)
	}
	return key, save(filepath.Join(dir, who+".key"), "PRIVATE KEY", raw, 0o600)
}

func loadKey(dir, who string) (crypto.Signer, error) {
	path := filepath.Join(dir, who+".key")
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDemoCA, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s can be read by others (mode %o); make it 0600", ErrDemoCA, path, info.Mode().Perm())
	}
	raw, err := load(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDemoCA, path, err)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: %s: key of type %T cannot sign", ErrDemoCA, path, parsed)
	}
	return key, nil
}

func loadCertificate(dir, who string) (*x509.Certificate, error) {
	path := filepath.Join(dir, who+".pem")
	raw, err := load(path, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDemoCA, path, err)
	}
	return c, nil
}

func saveCertificate(dir, who string, c *x509.Certificate) error {
	return save(filepath.Join(dir, who+".pem"), "CERTIFICATE", c.Raw, 0o644)
}

func load(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDemoCA, err)
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != kind || len(rest) != 0 {
		return nil, fmt.Errorf("%w: %s is not one PEM block %s", ErrDemoCA, path, kind)
	}
	return block.Bytes, nil
}

// save writes beside, syncs, renames, and syncs the directory: after a power cut
// there is the old file or the new one, whole.
func save(path, kind string, raw []byte, mode fs.FileMode) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".new-*") // 0600 from the beginning
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDemoCA, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrDemoCA, errors.Join(err, os.Remove(f.Name())))
		}
	}()
	err = errors.Join(pem.Encode(f, &pem.Block{Type: kind, Bytes: raw}), f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	err = os.Rename(f.Name(), path)
	if err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
