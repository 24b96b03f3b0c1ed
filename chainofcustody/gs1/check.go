package gs1

import (
	"fmt"
	"strings"
)

// check holds a value against its definition, component by component.
func (d definition) check(e Element) error {
	rest := e.Value
	var date string
	for i, c := range d.components {
		if rest == "" && c.optional {
			return nil
		}
		length := c.max
		if c.min < c.max {
			length = min(c.max, len(rest))
		}
		if len(rest) < length || length < c.min || i == len(d.components)-1 && len(rest) > length {
			return fail(CodeLength, fmt.Sprintf("(%s) %s has %d characters, its format is %s", e.AI, quote(e.Value), len(e.Value), d.format()))
		}
		part := rest[:length]
		rest = rest[length:]
		for j := range len(part) {
			if !in(c.set, part[j]) {
				return fail(CodeCharacter, fmt.Sprintf("%s may not stand in (%s) %s", quote(part[j:j+1]), e.AI, quote(e.Value)))
			}
		}
		err := c.holds(e, part, &date)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c component) holds(e Element, part string, date *string) error {
	switch c.check {
	case "csum":
		return key("("+e.AI+")", part, len(part))
	case "date0", "date":
		*date = part
		if c.check == "date" && part[4:] == "00" || !calendar(part) {
			return fail(CodeTime, fmt.Sprintf("(%s) %s is not a date YYMMDD", e.AI, quote(e.Value)))
		}
	case "hour":
		never := e.AI == "4324" || e.AI == "4325" // 9999: no time is stated
		if part[:2] > "23" || len(part) == 4 && part[2:] > "59" {
			if !never || part != "9999" {
				return fail(CodeTime, fmt.Sprintf("(%s) %s has no such time", e.AI, quote(e.Value)))
			}
		}
	case "minute":
		if part > "59" {
			return fail(CodeTime, fmt.Sprintf("(%s) %s has no such time", e.AI, quote(e.Value)))
		}
	case "minus":
		if part != "-" {
			return fail(CodeCharacter, fmt.Sprintf("(%s) %s may end with a minus sign only", e.AI, quote(e.Value)))
		}
	}
	return nil
}

// format is a definition as the specifications write it: "N6+N4".
func (d definition) format() string {
	var out []string
	for _, c := range d.components {
		length := fmt.Sprint(c.max)
		if c.min < c.max {
			length = ".." + length
		}
		text := strings.ToUpper(string(c.set)) + length
		if c.optional {
			text = "[" + text + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, "+")
}

func in(set, c byte) bool {
	upper, lower := c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z'
	switch set {
	case 'n':
		return digit(c)
	case 'y':
		return digit(c) || upper || strings.IndexByte("#-/", c) >= 0
	case 'z':
		return digit(c) || upper || lower || strings.IndexByte("-_=", c) >= 0
	default:
		return digit(c) || upper || lower || strings.IndexByte("!\"%&'()*+,-./:;<=>?_", c) >= 0
	}
}
