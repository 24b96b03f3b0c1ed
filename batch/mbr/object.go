package mbr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// object is a YAML object while a part of the recipe is read from it. It knows which keys were asked for, so that what
// is left over is a fault, and where each value stands, so that later checks can point at it.
type object struct {
	c       *compiler
	at      place // of its key, or of its first key
	entries map[string]entry
	known   []string // keys that the language has here
	parts   map[string][]*object
	wrong   bool // it is none, and that is a fault already
}

type entry struct {
	key   place
	value ast.Node
}

// object reads the keys of a node; at is where faults of the whole are shown.
func (c *compiler) object(n ast.Node, at place) *object {
	o := &object{c: c, at: at, entries: map[string]entry{}, parts: map[string][]*object{}}
	m, ok := mapping(n)
	if !ok {
		if n != nil && n.Type() != ast.NullType {
			c.wrongType(n, "an object with keys, such as {id: …}")
			o.wrong = true
		}
		return o
	}
	for _, v := range m.Values {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			c.fault("MBR002", c.placeOf(v.Key), "this is no key of a recipe", "write a plain word as the key; anchors, merges and tags are not part of the language")
			continue
		}
		name, at := key.Value, c.placeOf(key)
		if _, twice := o.entries[name]; twice {
			c.fault("MBR004", at, fmt.Sprintf("the key %q stands here twice", name), "keep one of them")
			continue
		}
		o.entries[name] = entry{at, v.Value}
	}
	return o
}

// wrongType says that a value is of another sort than the language has there.
func (c *compiler) wrongType(n ast.Node, want string) {
	switch n.Type() {
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		c.fault("MBR002", c.placeOf(n), "anchors, aliases, merges and tags are not part of the language", "write the value out: what is approved stands where it is read")
	default:
		c.fault("MBR005", c.placeOf(n), "this has to be "+want, "write "+want)
	}
}

// get is the value of a key; nil when there is none, or an empty one.
func (o *object) get(key string) ast.Node {
	if !slices.Contains(o.known, key) {
		o.known = append(o.known, key)
	}
	e, ok := o.entries[key]
	if !ok || e.value.Type() == ast.NullType {
		return nil
	}
	return e.value
}

// has tells whether a key is written.
func (o *object) has(key string) bool {
	_, ok := o.entries[key]
	return ok
}

// spot is where the value of a key stands, or its key when the value is an object or a list; the whole when there is none.
func (o *object) spot(key string) place {
	e, ok := o.entries[key]
	if !ok {
		return o.at
	}
	switch e.value.Type() {
	case ast.MappingType, ast.MappingValueType, ast.SequenceType, ast.NullType:
		return e.key
	default:
		return o.c.placeOf(e.value)
	}
}

// element is where an element of a list of texts stands.
func (o *object) element(key string, i int) place {
	e, ok := o.entries[key]
	if !ok {
		return o.at
	}
	if list, ok := e.value.(*ast.SequenceNode); ok && i < len(list.Values) {
		return o.c.placeOf(list.Values[i])
	}
	return o.spot(key)
}

// part is where a part of a text stands.
func (o *object) part(key, text string, from, to int) place {
	if e, ok := o.entries[key]; ok {
		return o.c.inside(e.value, text, from, to)
	}
	return o.at
}

// text reads a text; empty when there is none.
func (o *object) text(key string) string {
	n := o.get(key)
	if n == nil {
		return ""
	}
	return o.c.word(n)
}

// need reads a text that has to be there.
func (o *object) need(key string) string {
	s := o.text(key)
	if s == "" && (!o.has(key) || o.get(key) == nil) {
		o.c.fault("MBR006", o.at, fmt.Sprintf("%q is missing", key), fmt.Sprintf("write %s: …", key))
	}
	return s
}

// word reads a scalar that has to be text.
func (c *compiler) word(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		c.fault("MBR005", c.placeOf(n), fmt.Sprintf("%s has to be text", n.GetToken().Value), fmt.Sprintf("write it in quotes: %q", n.GetToken().Value))
		return n.GetToken().Value
	default:
		c.wrongType(n, "a text")
		return ""
	}
}

// truth reads true or false.
func (o *object) truth(key string) (value, given bool) {
	n := o.get(key)
	if n == nil {
		return false, false
	}
	b, ok := n.(*ast.BoolNode)
	if !ok {
		o.c.wrongType(n, "true or false")
		return false, false
	}
	return b.Value, true
}

func (o *object) flag(key string) bool {
	value, _ := o.truth(key)
	return value
}

// number reads a whole number.
func (o *object) number(key string) (value int, given bool) {
	n := o.get(key)
	if n == nil {
		return 0, false
	}
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		o.c.wrongType(n, "a whole number without quotes")
		return 0, false
	}
	value, err := strconv.Atoi(strings.TrimPrefix(i.GetToken().Value, "+"))
	if err != nil || value > 1_000_000 || value < -1_000_000 {
		o.c.fault("MBR005", o.spot(key), fmt.Sprintf("%s is no whole number of a recipe", i.GetToken().Value), "write a plain whole number below a million")
		return 0, false
	}
	return value, true
}

// nodes are the elements of a list.
func (o *object) nodes(key string) []ast.Node {
	n := o.get(key)
	if n == nil {
		return nil
	}
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		o.c.wrongType(n, "a list, such as [a, b]")
		return nil
	}
	return list.Values
}

// words are the elements of a list of texts.
func (o *object) words(key string) []string {
	var out []string
	for _, n := range o.nodes(key) {
		out = append(out, o.c.word(n))
	}
	return out
}

// list are the objects of a list, each once: asking again gives the same ones.
func (o *object) list(key string) []*object {
	if parts, ok := o.parts[key]; ok {
		return parts
	}
	for _, n := range o.nodes(key) {
		o.parts[key] = append(o.parts[key], o.c.object(n, o.c.placeOf(n)))
	}
	return o.parts[key]
}

// child is the object under a key; nil when there is none.
func (o *object) child(key string) *object {
	n := o.get(key)
	if n == nil {
		return nil
	}
	if o.parts[key] == nil {
		o.parts[key] = []*object{o.c.object(n, o.spot(key))}
	}
	return o.parts[key][0]
}

// item is an element of a list of objects that was read; the list itself when there is no such element.
func (o *object) item(key string, i int) *object {
	if parts := o.parts[key]; i >= 0 && i < len(parts) {
		return parts[i]
	}
	return &object{c: o.c, at: o.spot(key)}
}

// named is an entry whose key is an id, such as a parameter.
type named struct {
	id string
	*object
}

// members are the objects under ids, in the order in which they are written.
func (o *object) members() []named {
	var out []named
	for id, e := range o.entries {
		o.known = append(o.known, id)
		out = append(out, named{id, o.c.object(e.value, e.key)})
	}
	slices.SortFunc(out, func(a, b named) int { return a.at.compare(b.at) })
	return out
}

// wording reads an approved text in each language (screens rule 20).
func (o *object) wording(key string) Text {
	n := o.get(key)
	if n == nil {
		o.c.fault("MBR801", o.at, fmt.Sprintf("the text %q is missing", key), fmt.Sprintf("write %s: {en: …, es: …, de: …}", key))
		return Text{}
	}
	return o.c.languages(o.c.object(n, o.spot(key)))
}

// languages reads the languages of a text.
func (c *compiler) languages(o *object) Text {
	t := Text{}
	if o.wrong {
		return t
	}
	for _, lang := range languages {
		t[lang] = o.text(lang)
		if strings.TrimSpace(t[lang]) == "" {
			c.fault("MBR801", o.spot(lang), fmt.Sprintf("there is no text in %q", lang), "give the approved text in each of "+strings.Join(languages, ", "))
		}
	}
	o.done()
	c.texts = append(c.texts, wording{t, o})
	return t
}

// done reports the keys that nobody asked for.
func (o *object) done() {
	for key, e := range o.entries {
		if !slices.Contains(o.known, key) {
			o.c.fault("MBR003", e.key, fmt.Sprintf("there is no key %q here", key), meant(key, o.known))
		}
	}
}

func (p place) compare(o place) int {
	if p.line != o.line {
		return p.line - o.line
	}
	return p.column - o.column
}
