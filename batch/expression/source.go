package expression

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"
)

// text is the source of an expression with what is needed to underline a part of it. CEL counts in code points, faults are
// told in bytes.
type text struct {
	source  string
	runes   []rune
	bytes   []int       // byte offset of each rune, and of the end
	partner map[int]int // opening bracket to closing one and back
	info    *ast.SourceInfo
}

func newText(source string) *text {
	t := &text{source: source, runes: []rune(source)}
	at := 0
	for _, r := range t.runes {
		t.bytes = append(t.bytes, at)
		at += utf8.RuneLen(r)
	}
	t.bytes = append(t.bytes, at)
	return t
}

// parsed takes the positions of what was parsed, and pairs the brackets that are not inside of a literal or a comment.
func (t *text) parsed(root ast.Expr, info *ast.SourceInfo) {
	t.info, t.partner = info, map[int]int{}
	quoted := make([]bool, len(t.runes)+1)
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.LiteralKind {
			from, to := t.token(e)
			for i := from; i < to; i++ {
				quoted[i] = true
			}
		}
	}))
	var open []int
	for i := 0; i < len(t.runes); i++ {
		switch r := t.runes[i]; {
		case quoted[i]:
		case r == '/' && i+1 < len(t.runes) && t.runes[i+1] == '/':
			for i < len(t.runes) && t.runes[i] != '\n' {
				i++
			}
		case strings.ContainsRune("([{", r):
			open = append(open, i)
		case strings.ContainsRune(")]}", r) && len(open) > 0:
			t.partner[open[len(open)-1]], t.partner[i] = i, open[len(open)-1]
			open = open[:len(open)-1]
		}
	}
}

// token is the range, in runes, that CEL keeps for a node: its operator, bracket, dot, name or literal. A node that the checker put
// there has none: its range ends before it begins, so that it widens no other.
func (t *text) token(e ast.Expr) (from, to int) {
	r, ok := t.info.GetOffsetRange(e.ID())
	if !ok {
		return len(t.runes), 0
	}
	from = min(max(int(r.Start), 0), len(t.runes))
	return from, min(max(int(r.Stop), from), len(t.runes))
}

// span is the byte range of the whole of an expression.
func (t *text) span(e ast.Expr) (from, to int) {
	from, to = t.extent(e)
	if from > to {
		return 0, len(t.source)
	}
	for changed := true; changed; { // (a + b) * c begins before the a
		changed = false
		for i := from; i < to; i++ {
			other, ok := t.partner[i]
			if ok && (other < from || other >= to) {
				from, to, changed = min(from, other), max(to, other+1), true
				break
			}
		}
	}
	return t.bytes[from], t.bytes[to]
}

func (t *text) extent(e ast.Expr) (from, to int) {
	from, to = t.token(e)
	switch e.Kind() {
	case ast.SelectKind:
		left, _ := t.extent(e.AsSelect().Operand())
		for to < len(t.runes) && unicode.IsSpace(t.runes[to]) {
			to++
		}
		return left, min(to+utf8.RuneCountInString(e.AsSelect().FieldName()), len(t.runes))
	case ast.CallKind:
		call := e.AsCall()
		operands := call.Args()
		if call.IsMemberFunction() {
			operands = slices.Concat([]ast.Expr{call.Target()}, operands)
		}
		for _, o := range operands {
			left, right := t.extent(o)
			from, to = min(from, left), max(to, right)
		}
	}
	return t.called(e, from, to)
}

// called widens the range of a call to the name before its bracket.
func (t *text) called(e ast.Expr, from, to int) (int, int) {
	at, _ := t.token(e)
	if at >= len(t.runes) || t.runes[at] != '(' {
		return from, to
	}
	name := at
	for name > 0 && unicode.IsSpace(t.runes[name-1]) {
		name--
	}
	for name > 0 && isWord(t.runes[name-1]) {
		name--
	}
	return min(from, name), max(to, at+1)
}

// word is the byte range of the word, sign or space that begins at a rune.
func (t *text) word(at int) (from, to int) {
	from = min(max(at, 0), len(t.runes))
	to = from
	for to < len(t.runes) && isWord(t.runes[to]) {
		to++
	}
	if to == from && to < len(t.runes) {
		to++
	}
	return t.bytes[from], t.bytes[to]
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// offset is the rune at a line (from 1) and a column (from 0).
func (t *text) offset(line, column int) int {
	at := 0
	for ; line > 1 && at < len(t.runes); at++ {
		if t.runes[at] == '\n' {
			line--
		}
	}
	return at + column
}
