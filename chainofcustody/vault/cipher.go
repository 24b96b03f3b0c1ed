package vault

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// block is the length to whose multiple a text is padded before it is sealed, so that a length does not tell a name.
const block = 512

var errSealed = errors.New("what is stored is not what was sealed, or the key is another one")

// seal encrypts a text for a use and a place: XChaCha20-Poly1305 with a random nonce, which comes first (docs/adr/0012).
func seal(key, plain []byte, rand io.Reader, use ...string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	padded := make([]byte, (len(plain)/block+1)*block)
	copy(padded, plain)
	padded[len(plain)] = 0x80 // ISO/IEC 7816-4
	nonce := make([]byte, aead.NonceSize())
	_, err = io.ReadFull(rand, nonce)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead.Seal(nonce, nonce, padded, bound(use)), nil
}

// unseal decrypts what seal made for the same use and place.
func unseal(key, sealed []byte, use ...string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	n := aead.NonceSize()
	if len(sealed) < n {
		return nil, errSealed
	}
	padded, err := aead.Open(nil, sealed[:n], sealed[n:], bound(use))
	if err != nil {
		return nil, errSealed
	}
	for i := len(padded) - 1; i >= 0; i-- {
		if padded[i] == 0x80 {
			return padded[:i], nil
		}
		if padded[i] != 0 {
			break
		}
	}
	return nil, errSealed
}

// bound is what a sealed text belongs to. No part holds the separator.
func bound(use []string) []byte { return []byte("rexbatch vault 1\x00" + strings.Join(use, "\x00")) }
