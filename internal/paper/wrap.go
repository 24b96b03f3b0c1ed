package paper

import (
	"fmt"
	"strings"
)

// line is one line of text in its final style.
type line struct {
	text  string
	style Style
	boxed string // set on the last line of a text only

	indent float64 // millimetres to the right, to align decimal marks
}

// wrap breaks a text into lines that are no wider than limit. It breaks at spaces; a word that is wider than
// a whole line breaks after a joint such as "-" or "/", or else anywhere, so that nothing is ever lost.
func (d *Document) wrap(t Text, limit float64, where string) []line {
	s := d.pass(t.S, where, true)
	boxed := d.clean(t.Boxed, where)
	limit -= boxWidth(boxed, t.Style)
	var out []line
	for _, paragraph := range strings.Split(s, "\n") {
		lines, err := breakLine(paragraph, t.Style, limit)
		if err != nil {
			d.fail(&LayoutError{Where: where, Reason: err.Error()})
			return nil
		}
		for _, l := range lines {
			out = append(out, line{text: l, style: t.Style})
		}
	}
	out[len(out)-1].boxed = boxed
	return out
}

func breakLine(s string, style Style, limit float64) ([]string, error) {
	var out []string
	current := ""
	for _, word := range strings.Split(s, " ") {
		candidate := word
		if current != "" {
			candidate = current + " " + word
		}
		if width(candidate, style) <= limit {
			current = candidate
			continue
		}
		if current != "" {
			out = append(out, current)
		}
		for width(word, style) > limit {
			n := splitWord(word, style, limit)
			if n == 0 {
				return nil, fmt.Errorf("a column of %.1f mm is too narrow for %q", limit, word)
			}
			out = append(out, word[:n])
			word = word[n:]
		}
		current = word
	}
	return append(out, current), nil
}

// splitWord is the number of bytes of a too wide word that fit on one line, 0 when not even one character does.
func splitWord(word string, style Style, limit float64) int {
	fits, joint := 0, 0
	for i, r := range word {
		end := i + len(string(r))
		if width(word[:end], style) > limit {
			break
		}
		fits = end
		if strings.ContainsRune("-/_.,:;@+=", r) {
			joint = end
		}
	}
	if joint > fits/2 {
		return joint // a joint very early in the line would waste it
	}
	return fits
}

// fit makes one line smaller, down to the floor, so that it is no wider than limit.
func (d *Document) fit(t Text, limit float64, where string) line {
	l := line{text: d.clean(t.S, where), style: t.Style, boxed: d.clean(t.Boxed, where)}
	natural := l.width()
	if natural > limit {
		l.style.shrink = max(limit/natural*0.999, shrinkFloor)
		if l.width() > limit {
			d.fail(&LayoutError{Where: where, Reason: fmt.Sprintf("%q is wider than %.1f mm", t.S, limit)})
		}
	}
	return l
}

// shrinkFloor is the smallest factor for a line that must not wrap; 7 pt becomes 5.25 pt at worst.
const shrinkFloor = 0.75

func (l line) width() float64 { return l.indent + width(l.text, l.style) + boxWidth(l.boxed, l.style) }

// boxWidth is the width of a framed check character with the gap before it.
func boxWidth(boxed string, style Style) float64 {
	if boxed == "" {
		return 0
	}
	return boxGap + 2*boxPad + width(boxed, style)
}

const (
	boxGap = 1.0
	boxPad = 0.7
)

// stack is the height of a cell's texts at the given width, with the lines to draw.
func (d *Document) stack(c Cell, limit float64, where string) ([]line, float64) {
	var out []line
	height := 0.0
	for _, t := range c {
		for _, l := range d.wrap(t, limit, where) {
			out = append(out, l)
			height += l.style.leading()
		}
	}
	return out, height
}
