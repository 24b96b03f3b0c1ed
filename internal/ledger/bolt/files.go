package bolt

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	bbolt "go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
)

var siteForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,31}$`)

// create makes a data directory. Power may fail at any moment: the key comes first, then the database under another
// name with everything in it, and only a complete one gets the name that Open looks for.
func create(dir, site string) error {
	if !siteForm.MatchString(site) {
		return fmt.Errorf("there is no ledger here, and to make one a site is needed (letters, digits and -), not %q", site)
	}
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return err
	}
	err = syncDir(filepath.Dir(filepath.Clean(dir)))
	if err != nil {
		return err
	}
	origin, key, err := createKeys(dir, site)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, dbFile+".new-*")
	if err != nil {
		return err
	}
	err = errors.Join(temp.Close(), createDB(temp.Name(), origin, key))
	if err == nil {
		err = publish(temp.Name(), filepath.Join(dir, dbFile))
	}
	return errors.Join(err, os.Remove(temp.Name()), syncDir(dir))
}

// createKeys makes the signing key, or takes over the one of a creation that was interrupted.
func createKeys(dir, site string) (origin, key string, err error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		err = generateKey(path, site)
		if err != nil {
			return "", "", err
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return "", "", err
	}
	signer, key, err := parseSigner(text)
	if err != nil {
		return "", "", err
	}
	if !strings.HasPrefix(signer.Name(), "rexbatch/"+site+"/") {
		return "", "", fmt.Errorf("log.key belongs to %s, not to site %s", signer.Name(), site)
	}
	return signer.Name(), key, writeFile(filepath.Join(dir, pubFile), []byte(key+"\n"), 0o644)
}

// generateKey writes a new signer key. Its name, which is the log's origin, carries a fingerprint of the public
// key, so that no two logs ever have one name.
func generateKey(path, site string) error {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(pub)
	name := "rexbatch/" + site + "/" + hex.EncodeToString(sum[:8])
	vkey, err := note.NewEd25519VerifierKey(name, pub)
	if err != nil {
		return err
	}
	fields := strings.SplitN(vkey, "+", 3) // name, hash, base64 of algorithm and key
	secret := append([]byte{1}, priv.Seed()...)
	skey := "PRIVATE+KEY+" + name + "+" + fields[1] + "+" + base64.StdEncoding.EncodeToString(secret)
	_, err = note.NewSigner(skey)
	if err != nil {
		return err
	}
	temp, err := writeTemp(path, []byte(skey+"\n"), 0o600)
	if err != nil {
		return err
	}
	err = publish(temp, path)
	return errors.Join(err, os.Remove(temp), syncDir(filepath.Dir(path)))
}

// parseSigner reads log.key and derives the verifier key from it.
func parseSigner(text []byte) (note.Signer, string, error) {
	skey := strings.TrimSpace(string(text))
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, "", errors.New("log.key is not a signer key")
	}
	fields := strings.SplitN(skey, "+", 5) // PRIVATE, KEY, name, hash, base64 (which may have a + itself)
	secret, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(secret) != 1+ed25519.SeedSize {
		return nil, "", errors.New("log.key is not an Ed25519 signer key")
	}
	pub := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey(signer.Name(), pub)
	return signer, key, err
}

// loadKeys checks that the files speak of the same log as the database.
func (l *Log) loadKeys(opt Options) error {
	if opt.Site != "" && !strings.HasPrefix(l.origin, "rexbatch/"+opt.Site+"/") {
		return fmt.Errorf("the ledger is %s, not of site %s", l.origin, opt.Site)
	}
	if l.readOnly {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(l.dir, keyFile))
	if err != nil {
		return fmt.Errorf("the log cannot sign without its key, restore log.key: %w", err)
	}
	signer, key, err := parseSigner(text)
	if err != nil {
		return err
	}
	if key != l.key {
		return fmt.Errorf("log.key is of %s, the ledger is %s", key, l.key)
	}
	l.signer = signer
	return nil
}

func createDB(path, origin, key string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			_, err := tx.CreateBucket(name)
			if err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		return errors.Join(meta.Put(metaFormat, []byte(format)), meta.Put(metaOrigin, []byte(origin)),
			meta.Put(metaKey, []byte(key)), meta.Put(metaIndexed, number(0)))
	})
	return errors.Join(err, db.Sync(), db.Close())
}

// publish gives a finished file its final name. A file that already has the name stays: another process
// was faster, and its log is as good.
func publish(temp, path string) error {
	err := os.Link(temp, path)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeFile replaces a file so that after a power failure either the old or the new one is there, whole.
func writeFile(path string, data []byte, perm os.FileMode) error {
	temp, err := writeTemp(path, data, perm)
	if err != nil {
		return err
	}
	err = os.Rename(temp, path)
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return syncDir(filepath.Dir(path))
}

// writeTemp writes and syncs a file beside path.
func writeTemp(path string, data []byte, perm os.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(perm), f.Sync(), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
