package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// token is what an identifier looks like to who compares it without knowing it: a keyed hash (HMAC-SHA-256).
type token [sha256.Size]byte

// kept is what a key file holds, wrapped with the master key. The tokens are in it, and not beside it, so that they are
// destroyed with the key: hospital numbers are few enough to be tried out by who has the master key.
type kept struct {
	Key    []byte `json:"key"`    // of the patient's identifiers
	Number token  `json:"number"` // of the hospital number, the blind index
	Name   token  `json:"name"`   // of name and year of birth (scenario 6)
}

// keyring is the folder of key files: one for each patient, and one that tells whether the master key is the right one.
type keyring struct {
	dir, site string
	keys      derived
	rand      io.Reader

	mu     sync.Mutex
	tokens map[holder]kept // without the keys; follows the folder
}

// holder is a patient's key file: a correction of what is known of the patient comes with a new key.
type holder struct {
	subject    string
	generation int // from 1
}

const (
	keySuffix = ".key"
	checkFile = "check"
	checkText = "rexbatch patient vault 1"
)

func openKeyring(dir, site string, keys derived, rand io.Reader) (*keyring, error) {
	r := &keyring{dir: dir, site: site, keys: keys, rand: rand, tokens: map[holder]kept{}}
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, err
	}
	left, err := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
	if err != nil {
		return nil, err
	}
	for _, file := range left { // of a write that a crash broke off: wrapped, and nobody's
		err = shredFile(file)
		if err != nil {
			return nil, err
		}
	}
	return r, r.check()
}

// check holds the master key against the folder; a folder without any key is given its mark.
func (r *keyring) check() error {
	path := filepath.Join(r.dir, checkFile)
	sealed, err := os.ReadFile(path)
	if err == nil {
		plain, err := unseal(r.keys.wrap, sealed, checkFile, r.site)
		if err != nil || string(plain) != checkText {
			return ErrWrongMaster
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	holders, err := r.holders()
	if err != nil {
		return err
	}
	if len(holders) > 0 {
		return fmt.Errorf("%s is missing beside the keys of patients: restore the whole folder", path)
	}
	sealed, err = seal(r.keys.wrap, []byte(checkText), r.rand, checkFile, r.site)
	if err != nil {
		return err
	}
	return writeNew(path, sealed)
}

// path of a patient's key. A subject number may hold characters that a file name cannot.
func (r *keyring) path(h holder) string {
	return filepath.Join(r.dir, fmt.Sprintf("%s-%d%s", hex.EncodeToString([]byte(h.subject)), h.generation, keySuffix))
}

// holders are the key files, in order of name.
func (r *keyring) holders() ([]holder, error) {
	files, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, err
	}
	var out []holder
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), keySuffix)
		if !ok {
			continue
		}
		subject, generation, _ := strings.Cut(name, "-")
		raw, err := hex.DecodeString(subject)
		n, bad := strconv.Atoi(generation)
		if err != nil || bad != nil {
			return nil, fmt.Errorf("%s in the folder of the patient vault is no key", f.Name())
		}
		out = append(out, holder{string(raw), n})
	}
	return out, nil
}

// put keeps a patient's key. It is an error when there is one.
func (r *keyring) put(h holder, k kept) error {
	plain, err := json.Marshal(k)
	if err != nil {
		return err
	}
	sealed, err := seal(r.keys.wrap, plain, r.rand, "key", r.site, h.subject, strconv.Itoa(h.generation))
	clear(plain)
	if err != nil {
		return err
	}
	return writeNew(r.path(h), sealed)
}

// errNoKey says that a patient has no key.
var errNoKey = errors.New("there is no key")

func (r *keyring) get(h holder) (kept, error) {
	sealed, err := os.ReadFile(r.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return kept{}, errNoKey
	}
	if err != nil {
		return kept{}, err
	}
	plain, err := unseal(r.keys.wrap, sealed, "key", r.site, h.subject, strconv.Itoa(h.generation))
	if err != nil {
		return kept{}, fmt.Errorf("key of %s: %w", h.subject, err)
	}
	var k kept
	err = json.Unmarshal(plain, &k)
	clear(plain)
	if err != nil {
		return kept{}, fmt.Errorf("key of %s: %w", h.subject, err)
	}
	return k, nil
}

// all are the tokens of every patient who has a key, by subject. Only files that came since are read.
func (r *keyring) all() (map[string]kept, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	holders, err := r.holders()
	if err != nil {
		return nil, err
	}
	now, out := make(map[holder]kept, len(holders)), make(map[string]kept, len(holders))
	for _, h := range holders {
		k, known := r.tokens[h]
		if !known {
			k, err = r.get(h)
			if errors.Is(err, errNoKey) { // destroyed at this moment
				continue
			}
			if err != nil {
				return nil, err
			}
			clear(k.Key)
			k.Key = nil
		}
		now[h], out[h.subject] = k, k
	}
	r.tokens = now
	return out, nil
}

// shred destroys a patient's key: overwritten, then removed. A patient without one is fine.
func (r *keyring) shred(h holder) error {
	r.mu.Lock()
	delete(r.tokens, h)
	r.mu.Unlock()
	return shredFile(r.path(h))
}

// shredFile overwrites a file in place before it is removed. A file system that writes elsewhere, and a flash disk, may
// keep the old blocks for a while; what stood in them is still wrapped (docs/operating.md).
func shredFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// tokenOf makes a token of what is the same in two spellings.
func (r *keyring) tokenOf(use, same string) token {
	mac := hmac.New(sha256.New, r.keys.index)
	mac.Write([]byte(use + "\x00" + same))
	var t token
	mac.Sum(t[:0])
	return t
}

// is compares without telling by its time how much is the same.
func (t token) is(o token) bool { return hmac.Equal(t[:], o[:]) }
