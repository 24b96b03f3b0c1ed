package mbr

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a master batch record file. Without them a small file could ask for a deep recursion of the parser.
const (
	maxMaster = 4 << 20
	maxNested = 40   // objects and lists inside each other
	maxColumn = 2000 // how far to the right a line may nest
	maxLine   = 20000
)

// place is a part of the file: line and column from 1, length in characters.
type place struct{ line, column, length int }

// parse reads the file as YAML and gives its one top object. Positions come from the tokens.
func (c *compiler) parse(file []byte) *ast.MappingNode {
	top := place{1, 1, 1}
	if len(file) > maxMaster {
		c.fault("MBR001", top, fmt.Sprintf("the file has %d bytes, at most %d are read", len(file), maxMaster), "split what is not part of the recipe into other files")
		return nil
	}
	if !utf8.Valid(file) {
		line := bytes.Count(file[:invalid(file)], []byte("\n")) + 1
		c.fault("MBR001", place{line, 1, 1}, "the file is not UTF-8", "save it as UTF-8")
		return nil
	}
	c.lines = strings.Split(string(file), "\n")
	tokens := lexer.Tokenize(string(file))
	depth := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth = max(0, depth-1)
		}
		if depth > maxNested || tk.Position.Column > maxLine || tk.Position.Column > maxColumn && depth == 0 {
			c.fault("MBR001", startOf(tk), "this is nested too deeply for a recipe", "write it as docs/recipe.md shows")
			return nil
		}
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var wrong yaml.Error
	if errors.As(err, &wrong) && wrong.GetToken() != nil {
		c.fault("MBR001", startOf(wrong.GetToken()), "the file is not YAML: "+wrong.GetMessage(), "mend the form of this line")
		return nil
	}
	if err != nil {
		c.fault("MBR001", top, "the file is not YAML: "+err.Error(), "mend its form")
		return nil
	}
	var body ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			c.fault("MBR001", c.placeOf(doc.Body), "a second document begins in the file", "write one recipe in one file")
			return nil
		}
		body = doc.Body
	}
	m, ok := mapping(body)
	if !ok {
		c.fault("MBR001", top, "the file holds no recipe", "begin with recipe, version and title as docs/recipe.md shows")
		return nil
	}
	return m
}

func invalid(file []byte) int {
	for i := 0; i < len(file); {
		r, size := utf8.DecodeRune(file[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(file)
}

// mapping gives an object also where it was written with a single key.
func mapping(n ast.Node) (*ast.MappingNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n, true
	case *ast.MappingValueNode:
		return &ast.MappingNode{BaseNode: n.BaseNode, Start: n.Start, Values: []*ast.MappingValueNode{n}}, true
	default:
		return nil, false
	}
}

func startOf(tk *token.Token) place {
	return place{max(1, tk.Position.Line), max(1, tk.Position.Column), max(1, utf8.RuneCountInString(strings.TrimSpace(tk.Value)))}
}

// placeOf is where a value stands: the first line of a text, the first key of an object.
func (c *compiler) placeOf(n ast.Node) place {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return c.placeOf(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return c.placeOf(n.Key)
	case *ast.LiteralNode:
		return startOf(n.Start)
	}
	at := startOf(n.GetToken())
	rest := c.from(at)
	at.length = max(1, min(at.length, utf8.RuneCountInString(rest)))
	if n.GetToken().Type == token.DoubleQuoteType || n.GetToken().Type == token.SingleQuoteType {
		at.length = quoted(rest)
	}
	return at
}

// from is the rest of a line.
func (c *compiler) from(at place) string {
	if at.line < 1 || at.line > len(c.lines) {
		return ""
	}
	line := []rune(strings.TrimSuffix(c.lines[at.line-1], "\r"))
	return string(line[min(len(line), max(0, at.column-1)):])
}

// quoted is the length of the quoted text with which a line goes on, with its quotes; to the end of the line when it does
// not end there.
func quoted(rest string) int {
	runes := []rune(rest)
	for i := 1; i < len(runes); i++ {
		switch {
		case runes[0] == '"' && runes[i] == '\\':
			i++
		case runes[0] == '\'' && runes[i] == '\'' && i+1 < len(runes) && runes[i+1] == '\'':
			i++
		case runes[i] == runes[0]:
			return i + 1
		}
	}
	return max(1, len(runes))
}

// inside is the place of a part of a text, given by its bytes: an expression names its own faults so.
func (c *compiler) inside(n ast.Node, text string, from, to int) place {
	at := c.placeOf(n)
	from, to = max(0, min(from, len(text))), max(0, min(to, len(text)))
	part := text[from:max(from, to)]
	length := max(1, utf8.RuneCountInString(part))
	switch n.GetToken().Type {
	case token.StringType:
		if rest := c.from(at); strings.HasPrefix(rest, text) {
			return place{at.line, at.column + utf8.RuneCountInString(text[:from]), length}
		}
	case token.SingleQuoteType, token.DoubleQuoteType:
		rest := []rune(c.from(at))
		written := written(rest)
		first, last := utf8.RuneCountInString(text[:from]), utf8.RuneCountInString(text[:max(from, to)])
		if last < len(written) {
			return place{at.line, at.column + written[first], max(1, written[last]-written[first])}
		}
	}
	// A text of several lines: the first line on which the part stands.
	for line := at.line; part != "" && line <= min(len(c.lines), at.line+strings.Count(text, " ")+strings.Count(text, "\n")+1); line++ {
		if i := strings.Index(c.lines[line-1], part); i >= 0 {
			return place{line, utf8.RuneCountInString(c.lines[line-1][:i]) + 1, length}
		}
	}
	return at
}

// written gives for each character of a quoted text, and for its end, how far behind the quote it is written.
func written(rest []rune) []int {
	var at []int
	if len(rest) == 0 {
		return at
	}
	quote := rest[0]
	for i := 1; i < len(rest); i++ {
		at = append(at, i)
		switch {
		case quote == '\'' && rest[i] == '\'' && i+1 < len(rest) && rest[i+1] == '\'':
			i++
		case rest[i] == quote:
			return at
		case quote == '"' && rest[i] == '\\' && i+1 < len(rest):
			i += 1 + map[rune]int{'x': 2, 'u': 4, 'U': 8}[rest[i+1]]
		}
	}
	return at
}
