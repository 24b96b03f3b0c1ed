package temperature

import (
	"strings"
	"time"

	"rexbatch/internal/quantity"
)

// section is a line of a Berlinger text file with the lines that are indented below it. A line is "Key: value", or several
// such pairs parted by commas: "Min T: +3.2, TS Min T: 07:10".
type section struct {
	line   int
	indent int
	pairs  []pair
	sub    []*section
}

type pair struct{ key, value string }

// row is a line of a table: it begins with a tab.
type row struct {
	line  int
	under string // key of the section it stands in: "Data"
	cells []string
}

// outline reads the lines of a file into a tree and its tables. It takes any text; what it makes of a strange one is for
// the format to refuse.
func outline(file []byte) (*section, []row) {
	top := &section{indent: -1}
	path := []*section{top}
	var rows []row
	for number, text := range lines(file) {
		if strings.HasPrefix(text, "\t") {
			under := path[min(1, len(path)-1)]
			rows = append(rows, row{line: number, under: under.key(), cells: strings.Split(text[1:], "\t")})
			continue
		}
		content := strings.TrimLeft(text, " ")
		if content == "" {
			continue
		}
		s := &section{line: number, indent: len(text) - len(content), pairs: pairs(content)}
		for len(path) > 1 && path[len(path)-1].indent >= s.indent {
			path = path[:len(path)-1]
		}
		parent := path[len(path)-1]
		parent.sub = append(parent.sub, s)
		if len(path) < maxDepth {
			path = append(path, s)
		}
	}
	return top, rows
}

const maxDepth = 12

// lines yields the lines of a text with their numbers from 1, without their ends.
func lines(file []byte) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		number := 0
		for text := range strings.SplitSeq(string(file), "\n") {
			number++
			if !yield(number, strings.TrimSuffix(text, "\r")) {
				return
			}
		}
	}
}

func pairs(content string) []pair {
	var out []pair
	for part := range strings.SplitSeq(content, ",") {
		key, value, found := strings.Cut(part, ":")
		if !found && len(out) > 0 { // a comma within a value
			out[len(out)-1].value += "," + part
			continue
		}
		out = append(out, pair{strings.TrimSpace(key), strings.TrimSpace(value)})
	}
	return out
}

func (s *section) key() string {
	if len(s.pairs) == 0 {
		return ""
	}
	return s.pairs[0].key
}

// at is the section below by its keys; nil when there is none. It may be asked of nil.
func (s *section) at(keys ...string) *section {
	for _, key := range keys {
		if s == nil {
			return nil
		}
		var next *section
		for _, sub := range s.sub {
			if sub.key() == key {
				next = sub
				break
			}
		}
		s = next
	}
	return s
}

// find is the value of a pair of the section's own line, or of a line directly below it.
func (s *section) find(key string) (value string, line int) {
	if s == nil {
		return "", 0
	}
	for _, in := range append([]*section{s}, s.sub...) {
		for _, p := range in.pairs {
			if p.key == key {
				return p.value, in.line
			}
		}
	}
	return "", s.line
}

// fields reads the values of a section; the first error stays.
type fields struct {
	of  *section
	err error
}

func (f *fields) text(key string) string {
	value, _ := f.of.find(key)
	return value
}

func (f *fields) fail(line int, what string, args ...string) {
	if f.err == nil {
		f.err = broken(line, what, args...)
	}
}

// degrees is a temperature; none when the file states none.
func (f *fields) degrees(key string) quantity.Quantity {
	return f.number(key, Unit)
}

func (f *fields) number(key string, unit quantity.Unit) quantity.Quantity {
	value, line := f.of.find(key)
	if value == "" {
		return quantity.Quantity{}
	}
	q, err := plain(value, unit)
	if err != nil {
		f.fail(line, "{key} is {value}, which is no number", "key", key, "value", value)
	}
	return q
}

// minutes is a number of whole minutes; zero when the file states none.
func (f *fields) minutes(key string) time.Duration {
	value, line := f.of.find(key)
	if value == "" {
		return 0
	}
	return time.Duration(f.count(key, value, line)) * time.Minute
}

// maxCount bounds a whole number of a file; ten years have five million minutes.
const maxCount = 10_000_000

func (f *fields) count(key, value string, line int) int {
	q, err := plain(value, "n")
	n := 0
	if err == nil {
		n, err = q.Int()
	}
	if err != nil || n < 0 || n > maxCount {
		f.fail(line, "{key} is {value}, which is no number of this kind", "key", key, "value", value)
		return 0
	}
	return n
}

// time is a moment; zero when the file states none.
func (f *fields) time(key string) time.Time {
	value, line := f.of.find(key)
	if value == "" {
		return time.Time{}
	}
	t, err := moment(value)
	if err != nil {
		f.fail(line, "{key} is {value}, which is no time", "key", key, "value", value)
	}
	return t
}

func moment(value string) (time.Time, error) {
	t, err := time.Parse(stamp, value)
	if err == nil && (t.Year() < 2000 || t.Year() > 2199) {
		err = broken(0, "the year of {value} is not of this century", "value", value)
	}
	return t.UTC(), err
}

// Bounds of a reading: what lies beyond is a slip of the file, and would make texts of any length.
var hottest = constant("1000")

const maxDecimals = 6

// plain reads a number as devices print it: with a sign, a decimal point, nothing else.
func plain(value string, unit quantity.Unit) (quantity.Quantity, error) {
	q, err := quantity.ParseCanonical(strings.TrimPrefix(value, "+"), unit)
	if err != nil {
		return quantity.Quantity{}, err
	}
	if q.Qualifier() != quantity.Exactly {
		return quantity.Quantity{}, broken(0, "{value} is a bound and not a number", "value", value)
	}
	if unit != Unit {
		return q, nil
	}
	if q.Decimal().Cmp(hottest) > 0 || q.Decimals() > maxDecimals {
		return quantity.Quantity{}, broken(0, "{value} is no temperature that a logger measures", "value", value)
	}
	return q, checkReading("F15", q)
}
