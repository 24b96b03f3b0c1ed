package phone

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The bounds of what a phone delivers.
const (
	maxPayload    = 8 << 10
	signatureSize = 64 // r and s of P-256 (IEEE P1363, as WebCrypto signs)
	prefix        = "RBH1."
	maxCode       = 6 << 10 // characters of a handoff code; a QR code holds 4,296
)

// Envelope is an event as a phone signed and delivers it: the exact bytes and the signature over them.
type Envelope struct {
	Phone     string `json:"phone" doc:"id of the enrolled phone"`
	Payload   []byte `json:"payload" doc:"the event, the exact bytes that were signed"`
	Signature []byte `json:"signature" doc:"ECDSA P-256 with SHA-256 over the payload, r and s, 64 bytes"`
}

// Digest names an event for ever: the SHA-256 of its bytes.
func (e Envelope) Digest() ledger.Digest { return ledger.DigestOf(e.Payload) }

// Key is the public key of an enrolled phone.
type Key struct{ public *ecdsa.PublicKey }

// ParseKey reads a key as a phone gave it when it was enrolled (PKIX).
func ParseKey(der []byte) (Key, error) {
	public, err := people.ParsePhoneKey(der)
	return Key{public}, err
}

// Open verifies an envelope by its phone's key and reads the event. What was not signed by that key is refused as
// forged, and nothing of it is read (I3).
func Open(e Envelope, key Key) (Event, error) {
	err := verify(e, key)
	if err != nil {
		return Event{}, err
	}
	event, err := parse(e.Payload)
	if err != nil {
		return Event{}, err
	}
	if event.Phone != e.Phone {
		return Event{}, refuseForm("it names another phone")
	}
	return event, nil
}

func verify(e Envelope, key Key) error {
	if len(e.Payload) == 0 || len(e.Payload) > maxPayload {
		return refuseForm("it is empty or longer than 8 KiB")
	}
	sum := sha256.Sum256(e.Payload)
	if key.public == nil || len(e.Signature) != signatureSize ||
		!ecdsa.Verify(key.public, sum[:], new(big.Int).SetBytes(e.Signature[:32]), new(big.Int).SetBytes(e.Signature[32:])) {
		return ledger.Refuse(ledger.Forbidden, "TR-10", "phone-forged",
			"this was not signed by the phone {phone}", "use the phone that was enrolled for the shipment", "phone", printable(e.Phone))
	}
	return nil
}

// Code is the envelope as the giver's phone shows it and the receiver's phone scans it.
func (e Envelope) Code() string {
	doc, err := json.Marshal(e)
	if err != nil {
		return "" // three plain fields always encode
	}
	return prefix + string(doc)
}

// ParseCode reads a giver's code.
func ParseCode(code string) (Envelope, error) {
	var e Envelope
	doc, ok := strings.CutPrefix(code, prefix)
	if !ok || len(code) > maxCode {
		return e, refuseForm("it is not the code of a handoff")
	}
	err := strict([]byte(doc), &e)
	if err != nil {
		return Envelope{}, refuseForm(err.Error())
	}
	return e, nil
}

func refuseForm(why string) error {
	return ledger.Refuse(ledger.Invalid, "TR-10", "phone-form", "what the phone delivered cannot be read: {why}", "update the page on the phone, then deliver again; nothing on it is lost", "why", why)
}

// printable shortens what a stranger sent for a message.
func printable(s string) string {
	out := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '·'
		}
		return r
	}, s[:min(len(s), 40)])
	return out
}
