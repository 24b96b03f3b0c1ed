package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// The exact bytes of an entry are one JSON object with its fields in one fixed order and no spaces:
//
//	{"v":1,"time":"2026-11-22T17:04:05.123456Z","stream":"batch/X","version":3,"by":"anna","role":"operator",
//	"at":"SVQ-07","type":"batch.step-completed","takes":["…"],"frees":["…"],"blobs":["hex"],"data":{…}}
//
// takes, frees and blobs are left out when empty. Any JSON reader can read it in thirty years. The time has a
// fixed place and width, so that it can be restamped without encoding again. Names escape only " and \.
const (
	timeLayout = "2006-01-02T15:04:05.000000Z"
	openTime   = `{"v":1,"time":"`
)

// Stored is an entry as an engine keeps it.
type Stored struct {
	Entry Entry
	// Value is the entry's leaf hash (32 bytes) followed by its exact bytes.
	Value []byte
}

// Bytes are the exact bytes of the entry: what the leaf hash covers.
func (s *Stored) Bytes() []byte { return s.Value[sha256.Size:] }

// Prepare turns an append into entries with their exact bytes, stamped with now (cut to microseconds), without
// Seq. It returns an error that wraps ErrInvalid when anything is out of bounds. It is the part of an append
// that needs no lock.
func Prepare(a Append, now time.Time) ([]Stored, error) {
	err := checkAppend(a)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, s := range a.Streams {
		n += len(s.Drafts)
	}
	if n > MaxEntries {
		return nil, invalid("%d entries in one append, at most %d", n, MaxEntries)
	}
	out := make([]Stored, 0, n)
	now = now.UTC().Truncate(time.Microsecond)
	for _, s := range a.Streams {
		for i, d := range s.Drafts {
			e := Entry{Time: now, Stream: s.Stream, Version: s.Expected + uint64(i) + 1, Author: a.Author,
				Type: d.Type, Takes: d.Takes, Frees: d.Frees, Blobs: d.Blobs}
			value, err := encodeDraft(&e, d.Data)
			if err != nil {
				return nil, err
			}
			out = append(out, Stored{Entry: e, Value: value})
		}
	}
	return out, nil
}

func checkAppend(a Append) error {
	seen := make(map[string]bool, len(a.Streams))
	for _, s := range a.Streams {
		err := checkName("stream", s.Stream)
		if err != nil {
			return err
		}
		if seen[s.Stream] {
			return invalid("stream %q stands twice in one append", s.Stream)
		}
		seen[s.Stream] = true
	}
	for _, b := range a.Blobs {
		if len(b) > MaxBlob {
			return invalid("a blob has %d bytes, at most %d", len(b), MaxBlob)
		}
	}
	err := checkDocuments("view", a.Views)
	if err != nil {
		return err
	}
	return checkDocuments("secret", a.Secrets)
}

// encodeDraft writes the data straight behind the header, so that an entry is one allocation.
func encodeDraft(e *Entry, data any) ([]byte, error) {
	err := e.check()
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	buf.Grow(1024)
	var leaf Digest
	buf.Write(leaf[:])
	buf.Write(appendHeader(buf.AvailableBuffer(), e))
	from := buf.Len()
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // "<5.00 EU/mL" stays readable
	err = enc.Encode(data)
	if err != nil {
		return nil, invalid("data of %s: %v", e.Type, err)
	}
	buf.Truncate(buf.Len() - 1) // the encoder's newline
	value := append(buf.Bytes(), '}')
	e.Data = json.RawMessage(value[from : len(value)-1 : len(value)-1])
	if !utf8.Valid(e.Data) {
		return nil, invalid("data of %s is not valid UTF-8", e.Type)
	}
	if n := len(value) - sha256.Size; n > MaxEntry {
		return nil, invalid("an entry %s of %s has %d bytes, at most %d", e.Type, e.Stream, n, MaxEntry)
	}
	e.Leaf = seal(value)
	return value, nil
}

// Encode gives the exact bytes of an entry, or an error that wraps ErrInvalid. Seq and Leaf are not part of them.
func Encode(e Entry) ([]byte, error) {
	err := e.check()
	if err != nil {
		return nil, err
	}
	if !json.Valid(e.Data) || !utf8.Valid(e.Data) {
		return nil, invalid("data of %s is not JSON", e.Type)
	}
	raw := appendHeader(make([]byte, 0, 512+len(e.Data)), &e)
	raw = append(append(raw, e.Data...), '}')
	if len(raw) > MaxEntry {
		return nil, invalid("an entry %s of %s has %d bytes, at most %d", e.Type, e.Stream, len(raw), MaxEntry)
	}
	return raw, nil
}

// Restamp gives the entry another time, in place, and hashes it again.
func (s *Stored) Restamp(t time.Time) {
	s.Entry.Time = t.UTC().Truncate(time.Microsecond)
	at := sha256.Size + len(openTime)
	var text [len(timeLayout) + 8]byte // AppendFormat writes more than it keeps, so not in place
	copy(s.Value[at:], appendTime(text[:0], s.Entry.Time))
	s.Entry.Leaf = seal(s.Value)
}

// seal computes the RFC 6962 leaf hash SHA-256(0x00 || bytes) of value[32:] and puts it in value[:32]. The
// zero byte borrows the last place of the hash, so nothing is copied.
func seal(value []byte) Digest {
	value[sha256.Size-1] = 0
	leaf := sha256.Sum256(value[sha256.Size-1:])
	copy(value, leaf[:])
	return leaf
}

func appendHeader(dst []byte, e *Entry) []byte {
	dst = append(dst, openTime...)
	dst = appendTime(dst, e.Time)
	dst = append(dst, `","stream":`...)
	dst = appendName(dst, e.Stream)
	dst = append(dst, `,"version":`...)
	dst = strconv.AppendUint(dst, e.Version, 10)
	dst = append(dst, `,"by":`...)
	dst = appendName(dst, e.Author.Account)
	dst = append(dst, `,"role":`...)
	dst = appendName(dst, e.Author.Role)
	dst = append(dst, `,"at":`...)
	dst = appendName(dst, e.Author.Terminal)
	dst = append(dst, `,"type":`...)
	dst = appendName(dst, e.Type)
	dst = appendNames(dst, `,"takes":[`, e.Takes)
	dst = appendNames(dst, `,"frees":[`, e.Frees)
	for i, d := range e.Blobs {
		if i == 0 {
			dst = append(dst, `,"blobs":["`...)
		} else {
			dst = append(dst, `,"`...)
		}
		dst = append(hex.AppendEncode(dst, d[:]), '"')
	}
	if len(e.Blobs) > 0 {
		dst = append(dst, ']')
	}
	return append(dst, `,"data":`...)
}

func appendNames(dst []byte, open string, names []string) []byte {
	if len(names) == 0 {
		return dst
	}
	dst = append(dst, open...)
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendName(dst, name)
	}
	return append(dst, ']')
}

func appendName(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

func appendTime(dst []byte, t time.Time) []byte { return t.UTC().AppendFormat(dst, timeLayout) }
