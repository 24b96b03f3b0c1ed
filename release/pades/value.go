package pades

import (
	"bytes"
	"slices"
	"strconv"
)

// value is one PDF object of ISO 32000-1, 7.3: nil (null), bool, number, name,
// str, array, *dict or ref.
type value any

// number keeps its digits, so that what is written back is what was read.
type number string

// name is kept decoded, without the slash.
type name string

// ref is an indirect reference; the generation is always 0 in our files.
type ref int

type array []value

// str is a string with the place of its token in the file: /Contents must be
// compared with the gap in /ByteRange byte by byte.
type str struct {
	b          []byte
	hex        bool
	start, end int
}

type entry struct {
	key name
	val value
}

// dict keeps the order of its keys; the parser refuses duplicates, because two
// readers may each take another one.
type dict struct{ entries []entry }

// all is nil for a value that is no dictionary: what is read from a file may be
// anything at every place.
func (d *dict) all() []entry {
	if d == nil {
		return nil
	}
	return d.entries
}

func (d *dict) get(k name) value {
	for _, e := range d.all() {
		if e.key == k {
			return e.val
		}
	}
	return nil
}

func (d *dict) has(k name) bool {
	return slices.ContainsFunc(d.all(), func(e entry) bool { return e.key == k })
}

// with returns a copy in which k has the value v.
func (d *dict) with(k name, v value) *dict {
	out := &dict{entries: slices.Clone(d.entries)}
	for i := range out.entries {
		if out.entries[i].key == k {
			out.entries[i].val = v
			return out
		}
	}
	out.entries = append(out.entries, entry{k, v})
	return out
}

// only reports the first key that is not among the allowed ones.
func (d *dict) only(allowed ...name) (name, bool) {
	for _, e := range d.all() {
		if !slices.Contains(allowed, e.key) {
			return e.key, false
		}
	}
	return "", true
}

func (d *dict) name(k name) name { n, _ := d.get(k).(name); return n }
func (d *dict) dict(k name) *dict {
	sub, _ := d.get(k).(*dict)
	return sub
}

// integer returns the value of a number without fraction.
func integer(v value) (int, bool) {
	n, ok := v.(number)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(string(n), 10, 32)
	return int(i), err == nil
}

func float(v value) (float64, bool) {
	n, ok := v.(number)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n), 64)
	return f, err == nil
}

func num(i int) number { return number(strconv.Itoa(i)) }

// points writes a length with a thousandth of a point, more than any printer.
func points(f float64) number {
	return number(strconv.FormatFloat(f, 'f', 3, 64))
}

func makeDict(kv ...any) *dict {
	d := &dict{}
	for i := 0; i+1 < len(kv); i += 2 {
		d.entries = append(d.entries, entry{name(kv[i].(string)), kv[i+1]})
	}
	return d
}

// same compares by meaning: where a string stands and how it is spelled do not
// count, and neither does the order of keys.
func same(a, b value) bool {
	switch x := a.(type) {
	case str:
		y, ok := b.(str)
		return ok && bytes.Equal(x.b, y.b)
	case array:
		y, ok := b.(array)
		return ok && slices.EqualFunc(x, y, same)
	case *dict:
		y, ok := b.(*dict)
		if !ok || len(x.entries) != len(y.entries) {
			return false
		}
		at := make(map[name]value, len(y.entries)) // a hostile file may sort them otherwise
		for _, e := range y.entries {
			at[e.key] = e.val
		}
		for _, e := range x.entries {
			v, ok := at[e.key]
			if !ok || !same(e.val, v) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case str, array, *dict:
		return false
	}
	return a == b
}

// refs calls yield for every reference inside v.
func refs(v value, yield func(ref)) {
	switch x := v.(type) {
	case ref:
		yield(x)
	case array:
		for _, e := range x {
			refs(e, yield)
		}
	case *dict:
		for _, e := range x.entries {
			refs(e.val, yield)
		}
	}
}

// remap copies v with every reference replaced.
func remap(v value, to func(ref) ref) value {
	switch x := v.(type) {
	case ref:
		return to(x)
	case array:
		out := make(array, len(x))
		for i, e := range x {
			out[i] = remap(e, to)
		}
		return out
	case *dict:
		out := &dict{entries: make([]entry, len(x.entries))}
		for i, e := range x.entries {
			out.entries[i] = entry{e.key, remap(e.val, to)}
		}
		return out
	}
	return v
}

const hexDigits = "0123456789abcdef"

// appendValue writes v so that parsing it gives v again.
func appendValue(dst []byte, v value) []byte {
	switch x := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, x)
	case number:
		return append(dst, x...)
	case name:
		return appendName(dst, x)
	case ref:
		dst = strconv.AppendInt(dst, int64(x), 10)
		return append(dst, " 0 R"...)
	case str:
		return appendString(dst, x)
	case array:
		dst = append(dst, '[')
		for i, e := range x {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = appendValue(dst, e)
		}
		return append(dst, ']')
	case *dict:
		dst = append(dst, "<<"...)
		for i, e := range x.entries {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(appendName(dst, e.key), ' ')
			dst = appendValue(dst, e.val)
		}
		return append(dst, ">>"...)
	}
	return dst
}

func appendName(dst []byte, n name) []byte {
	dst = append(dst, '/')
	for i := range len(n) {
		c := n[i]
		if c < '!' || c > '~' || c == '#' || isDelimiter(c) {
			dst = append(dst, '#', hexDigits[c>>4], hexDigits[c&15])
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// appendString escapes everything that is not printable ASCII: a raw carriage
// return would be read back as a line feed (ISO 32000-1, 7.3.4.2).
func appendString(dst []byte, s str) []byte {
	if s.hex {
		dst = append(dst, '<')
		for _, c := range s.b {
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		}
		return append(dst, '>')
	}
	dst = append(dst, '(')
	for _, c := range s.b {
		switch {
		case c == '(' || c == ')' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ' || c > '~':
			dst = append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, ')')
}
