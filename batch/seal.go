package batch

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Seal hides what blinded steps hold (I11): values are encrypted before they become entries, bound to their
// batch and field. The key stands outside the record.
type Seal struct {
	aead cipher.AEAD
	rand io.Reader
}

// SealKeySize is the size of a sealing key in bytes.
const SealKeySize = chacha20poly1305.KeySize

// NewSeal makes a seal from a key.
func NewSeal(key []byte, rand io.Reader) (*Seal, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("blinding key: %w", err)
	}
	return &Seal{aead: aead, rand: rand}, nil
}

// Close encrypts a value for a field of a batch.
func (s *Seal) Close(batch, ref string, v Value) (Value, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return Value{}, fmt.Errorf("seal %s: %w", ref, err)
	}
	padded := make([]byte, (len(plain)/128+1)*128) // the length of a choice must not tell it
	copy(padded, plain)
	for i := len(plain); i < len(padded); i++ {
		padded[i] = ' '
	}
	nonce := make([]byte, s.aead.NonceSize())
	_, err = io.ReadFull(s.rand, nonce)
	if err != nil {
		return Value{}, fmt.Errorf("seal %s: %w", ref, err)
	}
	return Value{Sealed: base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, padded, []byte(batch+"/"+ref)))}, nil
}

// Open decrypts a sealed value of a field of a batch.
func (s *Seal) Open(batch, ref string, v Value) (Value, error) {
	raw, err := base64.StdEncoding.DecodeString(v.Sealed)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return Value{}, fmt.Errorf("open %s: not a sealed value", ref)
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, raw[:n], raw[n:], []byte(batch+"/"+ref))
	if err != nil {
		return Value{}, fmt.Errorf("open %s: %w", ref, err)
	}
	var out Value
	err = json.Unmarshal(plain, &out)
	if err != nil {
		return Value{}, fmt.Errorf("open %s: %w", ref, err)
	}
	return out, nil
}
