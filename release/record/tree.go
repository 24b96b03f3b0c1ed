package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// node is a JSON value with the members of objects in the order in which they were written.
type node struct {
	key     string // within an object
	scalar  string
	quoted  bool // the scalar is a text
	members []node
	list    bool
	raw     json.RawMessage
}

// maxDepth is deeper than any entry goes; what is nested deeper is printed as it is written.
const maxDepth = 12

// parse reads an entry's data. Data is JSON, because the ledger marshalled it.
func parse(data []byte) (node, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	n, err := parseNext(d, data, 0)
	if err != nil {
		return node{}, err
	}
	_, err = d.Token()
	if !errors.Is(err, io.EOF) {
		return node{}, errors.New("more than one value")
	}
	return n, nil
}

func parseNext(d *json.Decoder, data []byte, depth int) (node, error) {
	start := d.InputOffset()
	token, err := d.Token()
	if err != nil {
		return node{}, err
	}
	var n node
	switch t := token.(type) {
	case json.Delim:
		n.list = t == '['
		for d.More() {
			key := ""
			if !n.list {
				name, err := d.Token()
				if err != nil {
					return node{}, err
				}
				key, _ = name.(string)
			}
			member, err := parseNext(d, data, depth+1)
			if err != nil {
				return node{}, err
			}
			member.key = key
			n.members = append(n.members, member)
		}
		_, err = d.Token()
		if err != nil {
			return node{}, err
		}
	case string:
		n.scalar, n.quoted = t, true
	case json.Number:
		n.scalar = t.String()
	case bool:
		n.scalar = "false"
		if t {
			n.scalar = "true"
		}
	}
	n.raw = bytes.TrimLeft(data[start:d.InputOffset()], " \t\r\n:,")
	if depth >= maxDepth && len(n.members) > 0 {
		n.scalar, n.members = string(n.raw), nil
	}
	return n, nil
}

// member finds a member of an object.
func (n node) member(key string) (node, bool) {
	for _, m := range n.members {
		if m.key == key && !n.list {
			return m, true
		}
	}
	return node{}, false
}

// only tells whether an object has members, and none but these.
func (n node) only(keys ...string) bool {
	if n.list || len(n.members) == 0 {
		return false
	}
	for _, m := range n.members {
		known := false
		for _, k := range keys {
			known = known || m.key == k
		}
		if !known {
			return false
		}
	}
	return true
}
