package pades

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
)

// DER tags that a CMS signature uses (ITU-T X.690, 8).
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagNull     = 0x05
	tagOID      = 0x06
	tagSequence = 0x30
	tagSet      = 0x31
	tagContext0 = 0xA0
	tagContext4 = 0xA4
)

// The CMS is put together by hand: encoding/asn1 ignores "explicit" on a
// RawValue without a word, and the result is rejected by others only.
func der(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := []byte{tag}
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, bytes.Join(parts, nil)...)
}

// derSet sorts its members, as DER demands (X.690, 11.6).
func derSet(tag byte, parts ...[]byte) []byte {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, bytes.Compare)
	return der(tag, parts...)
}

func derOID(oid asn1.ObjectIdentifier) []byte {
	body := []byte{byte(oid[0]*40 + oid[1])}
	for _, arc := range oid[2:] {
		var b []byte
		for b = []byte{byte(arc & 0x7F)}; arc > 0x7F; {
			arc >>= 7
			b = append(b, byte(arc&0x7F)|0x80)
		}
		slices.Reverse(b)
		body = append(body, b...)
	}
	return der(tagOID, body)
}

func derInteger(n *big.Int) []byte {
	b := n.Bytes() // serial numbers are positive: crypto/x509 refuses others
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return der(tagInteger, b)
}

// derReader takes DER apart, one element after the other.
type derReader struct{ b []byte }

func (r *derReader) empty() bool { return len(r.b) == 0 }

// next returns the content and the whole of the next element, which must have
// the given tag.
func (r *derReader) next(tag byte) (content, whole []byte, err error) {
	if len(r.b) < 2 || r.b[0] != tag {
		return nil, nil, fmt.Errorf("tag %02x expected", tag)
	}
	n, head := int(r.b[1]), 2
	if n >= 0x80 {
		size := n & 0x7F
		if size < 1 || size > 3 || len(r.b) < 2+size {
			return nil, nil, fmt.Errorf("length of tag %02x", tag)
		}
		n = 0
		for _, c := range r.b[2 : 2+size] {
			n = n<<8 | int(c)
		}
		head += size
	}
	if n > len(r.b)-head {
		return nil, nil, fmt.Errorf("tag %02x ends too early", tag)
	}
	content, whole = r.b[head:head+n], r.b[:head+n]
	r.b = r.b[head+n:]
	return content, whole, nil
}

// into opens the next element for reading.
func (r *derReader) into(tag byte) (*derReader, error) {
	content, _, err := r.next(tag)
	return &derReader{content}, err
}
