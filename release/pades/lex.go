package pades

import (
	"bytes"
	"fmt"
	"strconv"
)

// parser reads the object syntax of ISO 32000-1, 7.2 and 7.3. It is stricter
// than a viewer: comments, duplicate keys and generations other than 0 are
// refused, because this program never writes them.
type parser struct {
	b      []byte
	pos    int
	budget int // values that may still be made, over the whole file
}

func (p *parser) fail(format string, args ...any) error {
	return fmt.Errorf("%w: byte %d: %s", ErrUnreadable, p.pos, fmt.Sprintf(format, args...))
}

func isSpace(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (p *parser) space() {
	for p.pos < len(p.b) && isSpace(p.b[p.pos]) {
		p.pos++
	}
}

// take consumes s when it comes next.
func (p *parser) take(s string) bool {
	if len(p.b)-p.pos >= len(s) && string(p.b[p.pos:p.pos+len(s)]) == s {
		p.pos += len(s)
		return true
	}
	return false
}

// keyword consumes s when it comes next and ends there.
func (p *parser) keyword(s string) bool {
	start := p.pos
	if p.take(s) && p.atEnd() {
		return true
	}
	p.pos = start
	return false
}

func (p *parser) atEnd() bool {
	return p.pos >= len(p.b) || isSpace(p.b[p.pos]) || isDelimiter(p.b[p.pos])
}

// uint reads an unsigned decimal of at most ten digits.
func (p *parser) uint() (int, bool) {
	start := p.pos
	for p.pos < len(p.b) && isDigit(p.b[p.pos]) && p.pos-start < 10 {
		p.pos++
	}
	n, err := strconv.ParseInt(string(p.b[start:p.pos]), 10, 64)
	if err != nil || n > maxFile || !p.atEnd() {
		p.pos = start
		return 0, false
	}
	return int(n), true
}

func (p *parser) value(depth int) (value, error) {
	if depth > maxDepth {
		return nil, p.fail("nested deeper than %d", maxDepth)
	}
	p.budget--
	if p.budget < 0 {
		return nil, fmt.Errorf("%w: more than %d values", ErrTooLarge, maxValues)
	}
	p.space()
	if p.pos >= len(p.b) {
		return nil, p.fail("file ends inside an object")
	}
	switch c := p.b[p.pos]; {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literal()
	case c == '[':
		return p.array(depth)
	case p.take("<<"):
		return p.dict(depth)
	case c == '<':
		return p.hexString()
	case isDigit(c):
		if r, ok := p.ref(); ok {
			return r, nil
		}
		return p.number()
	case c == '+' || c == '-' || c == '.':
		return p.number()
	case p.keyword("true"):
		return true, nil
	case p.keyword("false"):
		return false, nil
	case p.keyword("null"):
		return nil, nil
	}
	return nil, p.fail("no PDF object starts with %q", p.b[p.pos])
}

func (p *parser) ref() (ref, bool) {
	start := p.pos
	n, ok := p.uint()
	if ok && n > 0 {
		p.space()
		g, ok := p.uint()
		p.space()
		if ok && g == 0 && p.keyword("R") {
			return ref(n), true
		}
	}
	p.pos = start
	return 0, false
}

func (p *parser) number() (value, error) {
	start, digits, dots := p.pos, 0, 0
	for ; p.pos < len(p.b); p.pos++ {
		c := p.b[p.pos]
		switch {
		case isDigit(c):
			digits++
		case c == '.' && dots == 0:
			dots++
		case (c == '+' || c == '-') && p.pos == start:
		default:
			if !p.atEnd() {
				return nil, p.fail("malformed number")
			}
			return p.finishNumber(start, digits)
		}
	}
	return p.finishNumber(start, digits)
}

func (p *parser) finishNumber(start, digits int) (value, error) {
	if digits == 0 || digits > 20 {
		return nil, p.fail("malformed number")
	}
	return number(p.b[start:p.pos]), nil
}

func (p *parser) name() (name, error) {
	p.pos++
	var out []byte
	for !p.atEnd() {
		c := p.b[p.pos]
		p.pos++
		if c == '#' {
			hi, lo := p.nibble(p.pos), p.nibble(p.pos+1)
			if hi < 0 || lo < 0 || hi|lo == 0 {
				return "", p.fail("malformed name")
			}
			c = byte(hi<<4 | lo)
			p.pos += 2
		}
		if len(out) == 127 {
			return "", p.fail("name longer than 127 bytes")
		}
		out = append(out, c)
	}
	return name(out), nil
}

func (p *parser) nibble(i int) int {
	if i >= len(p.b) {
		return -1
	}
	return nibble(p.b[i])
}

func nibble(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (p *parser) literal() (value, error) {
	start := p.pos
	p.pos++
	var out []byte
	for open := 1; p.pos < len(p.b); {
		c := p.b[p.pos]
		p.pos++
		switch c {
		case '(':
			open++
		case ')':
			open--
			if open == 0 {
				return str{b: out, start: start, end: p.pos}, nil
			}
		case '\r': // 7.3.4.2: any end of line inside a string is one line feed
			p.take("\n")
			c = '\n'
		case '\\':
			out = p.escape(out)
			continue
		}
		out = append(out, c)
	}
	return nil, p.fail("string does not end")
}

// escape reads what follows a backslash (ISO 32000-1, table 3).
func (p *parser) escape(out []byte) []byte {
	if p.pos >= len(p.b) {
		return out
	}
	c := p.b[p.pos]
	if c >= '0' && c <= '7' {
		v := 0
		for i := 0; i < 3 && p.pos < len(p.b) && p.b[p.pos] >= '0' && p.b[p.pos] <= '7'; i++ {
			v = v<<3 | int(p.b[p.pos]-'0')
			p.pos++
		}
		return append(out, byte(v))
	}
	p.pos++
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch c {
	case '\n':
		return out
	case '\r':
		p.take("\n")
		return out
	}
	return append(out, c)
}

func (p *parser) hexString() (value, error) {
	start := p.pos
	n := bytes.IndexByte(p.b[start:], '>')
	if n < 0 {
		return nil, p.fail("string does not end")
	}
	out := make([]byte, 0, n/2)
	high := -1
	for _, c := range p.b[start+1 : start+n] {
		v := nibble(c)
		switch {
		case v < 0 && isSpace(c):
		case v < 0:
			return nil, p.fail("malformed hexadecimal string")
		case high < 0:
			high = v
		default:
			out = append(out, byte(high<<4|v))
			high = -1
		}
	}
	if high >= 0 {
		return nil, p.fail("odd number of hexadecimal digits")
	}
	p.pos = start + n + 1
	return str{b: out, hex: true, start: start, end: p.pos}, nil
}

func (p *parser) array(depth int) (value, error) {
	p.pos++
	out := array{}
	for {
		p.space()
		if p.take("]") {
			return out, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (p *parser) dict(depth int) (value, error) {
	out := &dict{}
	var seen map[name]bool
	for {
		p.space()
		if p.take(">>") {
			return out, nil
		}
		if p.pos >= len(p.b) || p.b[p.pos] != '/' {
			return nil, p.fail("dictionary key expected")
		}
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		// The set is made only for large dictionaries; most have a few keys.
		if seen == nil && len(out.entries) == 16 {
			seen = make(map[name]bool)
			for _, e := range out.entries {
				seen[e.key] = true
			}
		}
		if seen[key] || seen == nil && out.has(key) {
			return nil, p.fail("duplicate key /%s", key)
		}
		if seen != nil {
			seen[key] = true
		}
		if len(out.entries) == maxKeys {
			return nil, fmt.Errorf("%w: dictionary of more than %d keys", ErrTooLarge, maxKeys)
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out.entries = append(out.entries, entry{key, v})
	}
}
