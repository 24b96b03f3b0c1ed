// Package phonetest is a phone for tests, as the browser of a real one behaves. Nothing of it is in a program.
package phonetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
)

// Handset signs the exact bytes that it wrote, with a key of its own and a counter.
type Handset struct {
	ID   string
	Pair *ecdsa.PrivateKey
	N    uint64
	Prev string
}

// New makes a phone that is enrolled under an id.
func New(t testing.TB, id string) *Handset {
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return &Handset{ID: id, Pair: pair}
}

// Public is its key as it is enrolled (PKIX).
func (h *Handset) Public(t testing.TB) []byte {
	der, err := x509.MarshalPKIXPublicKey(&h.Pair.PublicKey)
	require.NoError(t, err)
	return der
}

// Key is its public key.
func (h *Handset) Key(t testing.TB) phone.Key {
	key, err := phone.ParseKey(h.Public(t))
	require.NoError(t, err)
	return key
}

// Sign makes the envelope of a payload.
func (h *Handset) Sign(t testing.TB, payload []byte) phone.Envelope {
	sum := sha256.Sum256(payload)
	r, s, err := ecdsa.Sign(rand.Reader, h.Pair, sum[:])
	require.NoError(t, err)
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return phone.Envelope{Phone: h.ID, Payload: payload, Signature: signature}
}

// Write makes the next event; what it says is in the documents, the later ones over the earlier.
func (h *Handset) Write(t testing.TB, said ...map[string]any) phone.Envelope {
	h.N++
	doc := map[string]any{"v": 1, "phone": h.ID, "n": h.N, "prev": h.Prev, "at": "2026-10-08T10:00:00.123Z"}
	for _, more := range said {
		maps.Copy(doc, more)
	}
	payload, err := json.Marshal(doc)
	require.NoError(t, err)
	h.Prev = ledger.DigestOf(payload).String()
	return h.Sign(t, payload)
}
