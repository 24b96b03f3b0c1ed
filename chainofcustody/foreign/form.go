package foreign

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"

	"github.com/google/uuid"

	"rexbatch/internal/ledger"
)

// Name is the name of a text by what it says: a UUID of version 8 (RFC 9562) over its SHA-256.
func Name(text []byte) string {
	sum := sha256.Sum256(text)
	var id uuid.UUID
	copy(id[:], sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id.String()
}

// Refuse says why a document is not taken (I14).
func Refuse(why string) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, "I14", "foreign-document", "the document cannot be taken: {why}", "ask the sender for the document as rexbatch exports it, and for its SHA-256", "why", why)
}

// Forged says that a document is not the one that its name names (I2).
func Forged(id string) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, "I2", "foreign-forged", "{id} is not what its identifier names: it was changed", "ask the sender for the document again, and tell QA", "id", id)
}

// Decode reads one JSON document without members that the form does not know, and with nothing behind it.
func Decode(text []byte, into any) error {
	if !utf8.Valid(text) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err != nil {
		return fmt.Errorf("it is not of the form that is read here: %w", err)
	}
	_, err = d.Token()
	if !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// Same holds that a document says what its own form, written again, says: nothing was lost by reading it, no member stands in it
// twice, none is written in another way. The order of members and the blanks between them are free.
func Same(text, again []byte) error {
	var packed, own bytes.Buffer
	err := errors.Join(json.Compact(&packed, text), json.Compact(&own, again))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	if packed.Len() != own.Len() {
		return errors.New("a member stands in it twice, is empty, or is written in another way than it is exported")
	}
	a, err := generic(text)
	if err != nil {
		return err
	}
	b, err := generic(again)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return errors.New("it says more, or something else, than is read here")
	}
	return nil
}

func generic(text []byte) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err := d.Decode(&v)
	if err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	return v, nil
}
