package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Digest is a SHA-256 value: of a blob, of a document, or an RFC 6962 leaf or node.
type Digest [sha256.Size]byte

// DigestOf hashes plain bytes (a blob or a document), not a Merkle leaf.
func DigestOf(b []byte) Digest { return sha256.Sum256(b) }

// ParseDigest reads 64 hexadecimal digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(d) {
		return d, fmt.Errorf("digest %q is not 64 hexadecimal digits", s)
	}
	copy(d[:], raw)
	return d, nil
}

// String is the digest as 64 lower-case hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Digest) UnmarshalText(b []byte) error {
	v, err := ParseDigest(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Author is who makes an entry: one authenticated person in one role at one terminal (I3).
type Author struct {
	Account  string `json:"account"`  // username, never reused
	Role     string `json:"role"`     // the role in which the person acts here
	Terminal string `json:"terminal"` // shop-floor terminal, phone or API client
}

// Entry is one fact of the record: signed-in, server-timed, immutable.
type Entry struct {
	Seq     uint64          // position in the site's log, from 0; not part of the hashed bytes, the tree fixes it
	Leaf    Digest          // RFC 6962 leaf hash of the exact stored bytes
	Time    time.Time       // server time, UTC, microseconds; never decreases along the log
	Stream  string          // e.g. "batch/SVQ26000001K"
	Version uint64          // position in the stream, from 1
	Author  Author          // I3
	Type    string          // e.g. "batch.step-completed"
	Takes   []string        // claims taken by this entry
	Frees   []string        // claims given back by this entry
	Blobs   []Digest        // blobs this entry speaks of
	Data    json.RawMessage // the fact itself

	Origin string // site of the log it stands in, of an entry that was carried here; empty for those of this log
}

// Draft is an entry that a decision wants; the ledger adds author, time, version and position.
type Draft struct {
	Type  string
	Data  any      // marshalled with encoding/json; must be deterministic
	Takes []string // claims to take; an entry's Frees come before its Takes
	Frees []string // claims to give back; somebody must hold them
	Blobs []Digest // blobs it names; each must be stored, or be in the same Append
}
