package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Master opens the key files of every patient. It is never stored with them: it is a file of its own, or follows from a
// passphrase.
type Master struct{ key [32]byte }

// ErrNoMaster says that there is no master key where one was looked for.
var ErrNoMaster = errors.New("there is no master key of the patient vault")

// ErrWrongMaster says that the vault was made with another master key.
var ErrWrongMaster = errors.New("this is not the master key with which the patient vault was made")

// MinPassphrase is the least number of characters of a passphrase.
const MinPassphrase = 16

// String hides the key.
func (Master) String() string { return "[master key]" }

// GoString hides the key.
func (Master) GoString() string { return "[master key]" }

// NewMasterFile makes a random master key in a file that must not exist, readable by its owner only.
func NewMasterFile(path string) (Master, error) {
	var m Master
	_, err := rand.Read(m.key[:])
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	err = writeNew(path, []byte(hex.EncodeToString(m.key[:])+"\n"))
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	return m, nil
}

// MasterFile reads a master key. The error wraps ErrNoMaster when there is no such file. A file that others can read is
// refused: it would protect nothing.
func MasterFile(path string) (Master, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Master{}, fmt.Errorf("%w: %s", ErrNoMaster, path)
	}
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Master{}, fmt.Errorf("master key %s has mode %04o: others can read it, it must be 0600", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != 32 {
		return Master{}, fmt.Errorf("master key %s is not 64 hexadecimal digits", path)
	}
	var m Master
	copy(m.key[:], raw)
	return m, nil
}

// stretching is how a passphrase becomes a master key (argon2id, RFC 9106).
type stretching struct {
	Salt    []byte `json:"salt"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
}

// MasterPassphrase derives the master key from a passphrase. Salt and cost stand in a file, which is made the first time;
// they are no secret, but without them the passphrase opens nothing.
func MasterPassphrase(passphrase, file string) (Master, error) {
	if utf8.RuneCountInString(passphrase) < MinPassphrase {
		return Master{}, fmt.Errorf("the passphrase of the patient vault is shorter than %d characters", MinPassphrase)
	}
	var s stretching
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s = stretching{Salt: make([]byte, 16), Time: 3, Memory: 64 << 10, Threads: 4}
		_, err = rand.Read(s.Salt)
		if err != nil {
			return Master{}, fmt.Errorf("passphrase: %w", err)
		}
		text, err = json.Marshal(s)
		if err == nil {
			err = writeNew(file, append(text, '\n'))
		}
	case err == nil:
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return Master{}, fmt.Errorf("passphrase: %s: %w", file, err)
	}
	if len(s.Salt) < 16 || s.Time < 1 || s.Time > 100 || s.Memory < 8<<10 || s.Memory > 4<<20 || s.Threads < 1 {
		return Master{}, fmt.Errorf("passphrase: %s holds no acceptable cost", file)
	}
	var m Master
	copy(m.key[:], argon2.IDKey([]byte(passphrase), s.Salt, s.Time, s.Memory, s.Threads, uint32(len(m.key))))
	return m, nil
}

// derived are the keys that follow from a master key for one plant: one that wraps data keys, one that makes tokens.
type derived struct{ wrap, index []byte }

func (m Master) derive(site string) (derived, error) {
	if m == (Master{}) {
		return derived{}, ErrNoMaster
	}
	var d derived
	for _, k := range []struct {
		to  *[]byte
		use string
	}{{&d.wrap, "wrap"}, {&d.index, "index"}} {
		key, err := hkdf.Key(sha256.New, m.key[:], nil, "rexbatch vault 1 "+k.use+" "+site, 32)
		if err != nil {
			return derived{}, fmt.Errorf("derive the keys of the vault: %w", err)
		}
		*k.to = key
	}
	return d, nil
}

// writeNew writes a file that must not exist, readable by its owner only, so that it is there whole after a power failure
// or not at all.
func writeNew(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix+"*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path) // unlike a rename, this does not replace
	}
	err = errors.Join(err, os.Remove(f.Name()))
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

const tempPrefix = ".new-"

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
