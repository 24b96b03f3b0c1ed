package people

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"rexbatch/internal/ledger"
)

const (
	credentialPrefix = "credential/" // of secrets
	saltBytes        = 16
	keyBytes         = 32
	maxPassword      = 512 // bytes; longer input is never a password
)

// Cost is what one password hash takes: argon2id passes, memory and lanes.
type Cost struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultCost is about a quarter of a second of one core.
var DefaultCost = Cost{Time: 2, Memory: 64 * 1024, Threads: 2}

// check bounds a cost, so that neither an option nor a damaged hash can exhaust the memory.
func (c Cost) check() error {
	if c.Time < 1 || c.Time > 16 || c.Threads < 1 || c.Threads > 16 || c.Memory < 8*uint32(c.Threads) || c.Memory > 1<<20 {
		return fmt.Errorf("argon2id cost t=%d, m=%d KiB, p=%d is out of bounds", c.Time, c.Memory, c.Threads)
	}
	return nil
}

// credential is the secret "credential/<username>".
type credential struct {
	Hash    string    `json:"hash"`             // PHC string
	Expires time.Time `json:"expires,omitzero"` // of an issued password; zero for never
}

func (c credential) expired(now time.Time) bool { return !c.Expires.IsZero() && now.After(c.Expires) }

func (d *Directory) credential(ctx context.Context, username string) (credential, error) {
	var c credential
	doc, err := d.log.Secret(ctx, credentialPrefix+username)
	if err != nil {
		return c, fmt.Errorf("read credential of %s: %w", username, err)
	}
	err = json.Unmarshal(doc, &c)
	if err != nil {
		// The cause would quote the document.
		return c, fmt.Errorf("read credential of %s: it is damaged", username)
	}
	return c, nil
}

// newCredential hashes a password into the secret to be stored. It waits for the pool.
func (d *Directory) newCredential(ctx context.Context, lane lane, password string, expires time.Time) ([]byte, error) {
	salt, err := d.random(saltBytes)
	if err != nil {
		return nil, err
	}
	var key []byte
	err = d.pool.do(ctx, lane, func() { key = derive(d.opt.Cost, password, salt, keyBytes) })
	if err != nil {
		return nil, err
	}
	doc, err := json.Marshal(credential{Hash: phc(d.opt.Cost, salt, key), Expires: expires})
	if err != nil {
		return nil, fmt.Errorf("encode credential: %w", err)
	}
	return doc, nil
}

// matches says whether the password has that hash. It waits for the pool.
func (d *Directory) matches(ctx context.Context, lane lane, hash, password string) (bool, error) {
	cost, salt, want, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	var got []byte
	err = d.pool.do(ctx, lane, func() { got = derive(cost, password, salt, uint32(len(want))) })
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// burn does the work of matches for an account that cannot sign in, so that time does not tell why (CS-63).
func (d *Directory) burn(ctx context.Context, lane lane, password string) error {
	return d.pool.do(ctx, lane, func() { derive(d.opt.Cost, password, make([]byte, saltBytes), keyBytes) })
}

// derive normalises first: keyboards and systems compose "ñ" and "ü" differently. What is too long counts as empty,
// which nobody's password is.
func derive(c Cost, password string, salt []byte, n uint32) []byte {
	if len(password) > maxPassword {
		password = ""
	}
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, c.Time, c.Memory, c.Threads, n)
}

// phc writes the hash in the format of the Password Hashing Competition, as other tools read it.
func phc(c Cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, c.Memory, c.Time, c.Threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errPHC = errors.New("a stored password hash is not an argon2id PHC string")

func parsePHC(s string) (Cost, []byte, []byte, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return Cost{}, nil, nil, errPHC
	}
	var c Cost
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads)
	if err != nil || c.check() != nil {
		return Cost{}, nil, nil, errPHC
	}
	salt, err := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return Cost{}, nil, nil, errPHC
	}
	key, err := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err != nil || len(key) < 16 || len(key) > 64 || phc(c, salt, key) != s {
		return Cost{}, nil, nil, errPHC
	}
	return c, salt, key, nil
}

// costOf is the cost a stored hash was made with; zero when it cannot be read.
func costOf(hash string) Cost {
	c, _, _, err := parsePHC(hash)
	if err != nil {
		return Cost{}
	}
	return c
}

// busy is the answer when a password could not be checked in time.
func busy() error {
	return ledger.Refuse(ledger.Busy, "CS-47", "passwords-busy",
		"Too many passwords are being checked at this moment.", "Wait a few seconds, then try again.")
}
