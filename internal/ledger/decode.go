package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// Decode reads the exact bytes of the entry at seq and computes its leaf hash. It accepts only what Encode writes:
// one field order, one way to write each name. Anything else is a *CorruptError. The entry's Data aliases raw.
func Decode(seq uint64, raw []byte) (Entry, error) {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(raw)
	var leaf Digest
	h.Sum(leaf[:0])
	return decode(seq, leaf, raw)
}

// DecodeStored reads a stored value (leaf hash and exact bytes), and returns a *CorruptError when they
// do not belong together (I2). It needs value for itself: the entry's Data aliases it.
func DecodeStored(seq uint64, value []byte) (Entry, error) {
	if len(value) < sha256.Size {
		return Entry{}, &CorruptError{Seq: seq, What: "the stored value is too short"}
	}
	kept := Digest(value[:sha256.Size])
	leaf := seal(value)
	e, err := decode(seq, leaf, value[sha256.Size:])
	if leaf != kept {
		// The name of the stream is a hint only: its bytes may be the changed ones.
		return Entry{}, &CorruptError{Seq: seq, Stream: e.Stream, What: "the bytes do not match their leaf hash"}
	}
	return e, err
}

func decode(seq uint64, leaf Digest, raw []byte) (Entry, error) {
	e := Entry{Seq: seq, Leaf: leaf}
	if len(raw) > MaxEntry {
		return e, &CorruptError{Seq: seq, What: fmt.Sprintf("%d bytes are too many for an entry", len(raw))}
	}
	s := scanner{rest: raw}
	s.literal(openTime)
	e.Time = s.time()
	s.literal(`","stream":`)
	e.Stream = s.name()
	s.literal(`,"version":`)
	e.Version = s.version()
	s.literal(`,"by":`)
	e.Author.Account = s.name()
	s.literal(`,"role":`)
	e.Author.Role = s.name()
	s.literal(`,"at":`)
	e.Author.Terminal = s.name()
	s.literal(`,"type":`)
	e.Type = s.name()
	e.Takes = s.names(`,"takes":[`)
	e.Frees = s.names(`,"frees":[`)
	for _, name := range s.names(`,"blobs":[`) {
		d, err := ParseDigest(name)
		if err != nil || d.String() != name {
			s.fail("a blob's digest")
		}
		e.Blobs = append(e.Blobs, d)
	}
	s.literal(`,"data":`)
	e.Data = s.data()
	if s.fault == "" {
		err := e.check()
		if err != nil {
			s.fault = err.Error()
		}
	}
	if s.fault != "" {
		return e, &CorruptError{Seq: seq, Stream: e.Stream, What: s.fault}
	}
	return e, nil
}

// scanner takes an entry apart from left to right; after the first fault it takes nothing more.
type scanner struct {
	rest  []byte
	fault string
}

func (s *scanner) fail(expected string) {
	if s.fault == "" {
		s.fault = "malformed entry: expected " + expected + fmt.Sprintf(" %d bytes before the end", len(s.rest))
	}
}

func (s *scanner) literal(want string) {
	if s.fault == "" && !s.skip(want) {
		s.fail(want)
	}
}

func (s *scanner) skip(want string) bool {
	rest, ok := bytes.CutPrefix(s.rest, []byte(want))
	if ok && s.fault == "" {
		s.rest = rest
	}
	return ok
}

func (s *scanner) time() time.Time {
	if s.fault != "" || len(s.rest) < len(timeLayout) {
		s.fail("a time")
		return time.Time{}
	}
	text := string(s.rest[:len(timeLayout)])
	t, err := time.Parse(timeLayout, text)
	if err != nil || t.Format(timeLayout) != text {
		s.fail("a time")
		return time.Time{}
	}
	s.rest = s.rest[len(timeLayout):]
	return t
}

func (s *scanner) version() uint64 {
	n := 0
	for n < len(s.rest) && n < 20 && s.rest[n] >= '0' && s.rest[n] <= '9' {
		n++
	}
	v, err := strconv.ParseUint(string(s.rest[:n]), 10, 64)
	if s.fault != "" || err != nil || s.rest[0] == '0' {
		s.fail("a version")
		return 0
	}
	s.rest = s.rest[n:]
	return v
}

// name takes a quoted name; only " and \ may be escaped, and they must be.
func (s *scanner) name() string {
	if s.fault != "" || len(s.rest) == 0 || s.rest[0] != '"' {
		s.fail("a name")
		return ""
	}
	var escaped []byte
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			text := string(s.rest[1:i])
			if escaped != nil {
				text = string(escaped)
			}
			s.rest = s.rest[i+1:]
			return text
		case c == '\\':
			if escaped == nil {
				escaped = append(make([]byte, 0, i+16), s.rest[1:i]...)
			}
			i++
			if i == len(s.rest) || s.rest[i] != '"' && s.rest[i] != '\\' {
				s.fail("a name")
				return ""
			}
			escaped = append(escaped, s.rest[i])
		case escaped != nil:
			escaped = append(escaped, c)
		}
	}
	s.fail("the end of a name")
	return ""
}

func (s *scanner) names(open string) []string {
	if s.fault != "" || !s.skip(open) {
		return nil
	}
	var names []string
	for {
		names = append(names, s.name())
		if s.skip("]") || s.fault != "" {
			return names
		}
		s.literal(",")
	}
}

func (s *scanner) data() json.RawMessage {
	n := len(s.rest) - 1
	if s.fault != "" || n < 1 || s.rest[n] != '}' || !json.Valid(s.rest[:n]) || !utf8.Valid(s.rest[:n]) {
		s.fail("JSON data and the closing brace")
		return nil
	}
	return json.RawMessage(s.rest[:n:n])
}
