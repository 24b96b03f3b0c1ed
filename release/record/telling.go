package record

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// kind is what an entry is, in words: those of the pages, or the paper's own for other streams. A type that nobody has
// named yet stands for itself.
func (s *sheet) kind(e ledger.Entry) both {
	b, ok := s.w.code("entry." + strings.TrimPrefix(e.Type, typePrefix))
	if !ok && s.w.local.own["entry."+e.Type] != "" {
		return s.w.get("entry." + e.Type)
	}
	if !ok {
		return same(e.Type)
	}
	return b
}

// telling is everything that an entry says, one fact a line, whatever its type: names and values in words where the
// program knows them, and as they are written where it does not.
func (s *sheet) telling(e ledger.Entry) paper.Cell {
	root, err := parse(e.Data)
	if err != nil {
		return paper.Cell{{S: s.plain(string(e.Data)), Style: code}}
	}
	t := teller{sheet: s, step: scalarOf(root, "step"), field: scalarOf(root, "field")}
	t.members(root, nil)
	if root.scalar != "" {
		t.line(both{}, root.scalar)
	}
	for _, claim := range e.Takes {
		t.line(s.w.get("key.takes"), claim)
	}
	for _, claim := range e.Frees {
		t.line(s.w.get("key.frees"), claim)
	}
	for _, blob := range e.Blobs {
		t.line(s.w.get("key.blobs"), blob.String())
	}
	return t.out
}

func scalarOf(n node, key string) string {
	m, _ := n.member(key)
	return m.scalar
}

// teller writes the lines of one entry.
type teller struct {
	*sheet
	step, field string // of which the entry speaks
	out         paper.Cell
}

func (t *teller) line(label both, text string) {
	text = t.plain(strings.TrimSpace(text))
	if label.local != "" {
		text = label.inline() + ": " + text
	}
	t.out = append(t.out, paper.Text{S: text, Style: small})
}

// label names a key; within a list or an object the path stands before it.
func (t *teller) label(path []string) both {
	var out both
	for i, key := range path {
		b := same(strings.ReplaceAll(key, "_", " "))
		if t.w.local.own["key."+key] != "" {
			b = t.w.get("key." + key)
		}
		if i == 0 {
			out = b
			continue
		}
		out = both{out.local + " › " + b.local, out.english + " › " + b.english}
	}
	return out
}

func (t *teller) members(n node, path []string) {
	for i, m := range n.members {
		key := m.key
		if n.list {
			key = strconv.Itoa(i + 1)
		}
		t.tell(m, append(path[:len(path):len(path)], key))
	}
}

func (t *teller) tell(n node, path []string) {
	label := t.label(path)
	if text, ok := t.known(n); ok {
		t.line(label, text)
		return
	}
	switch {
	case len(n.members) > 0 && n.list && flat(n):
		var parts []string
		for _, m := range n.members {
			parts = append(parts, t.scalar(path[len(path)-1], m.scalar, m.quoted))
		}
		t.line(label, strings.Join(parts, ", "))
	case len(n.members) > 0:
		t.members(n, path)
	case n.scalar == "":
		t.line(label, "–")
	default:
		t.line(label, t.scalar(path[len(path)-1], n.scalar, n.quoted))
	}
}

// flat tells whether a list holds nothing but scalars.
func flat(n node) bool {
	for _, m := range n.members {
		if len(m.members) > 0 {
			return false
		}
	}
	return true
}

// known is an object that the whole program writes in one way: a value, a quantity, a signature, an input.
func (t *teller) known(n node) (string, bool) {
	switch {
	case n.only("number", "text", "sealed"):
		var v batch.Value
		if json.Unmarshal(n.raw, &v) == nil {
			return t.exact(t.fieldOf(t.step, t.field), v).inline(), true
		}
	case n.only("value", "unit"):
		var q quantity.Quantity
		if json.Unmarshal(n.raw, &q) == nil {
			return t.number(q), true
		}
	case n.only("name", "ref", "value", "entry"):
		var in batch.ComputedInput
		if json.Unmarshal(n.raw, &in) == nil && in.Ref != "" {
			return t.input(in), true
		}
	case n.only("account", "name", "role", "meaning", "digest", "at", "offset", "zone"):
		var sig people.Signature
		if json.Unmarshal(n.raw, &sig) == nil && sig.Account != "" {
			return t.signed(sig), true
		}
	}
	return "", false
}

// input is one value that went into a computed one, with the entry in which it stands.
func (s *sheet) input(in batch.ComputedInput) string {
	step, field, _ := strings.Cut(in.Ref, ".")
	text := in.Name + " = " + s.exact(s.fieldOf(step, field), in.Value).local + " (" + in.Ref
	if in.Entry != 0 {
		text += ", " + s.w.get("entry").local + " " + strconv.FormatUint(in.Entry, 10)
	}
	return text + ")"
}

// signed is a signature in one line: who, in which role, with which meaning, when, over what (I8, CS-48, CS-72).
func (s *sheet) signed(sig people.Signature) string {
	local := sig.Local()
	return strings.Join([]string{
		sig.Name + " (" + sig.Account + ")", s.w.word("role", sig.Role).inline(), s.w.word("meaning", sig.Meaning).inline(),
		day(local) + " " + local.Format("15:04:05") + " (" + sig.Offset + ", " + sig.Zone + ")", "SHA-256 " + sig.Digest.String(),
	}, "; ")
}

// vocabulary is where the words for the values of a key stand.
var vocabulary = map[string]string{
	"role": "role", "class": "class", "classification": "classification", "act": "act", "source": "origin", "kind": "kind", "expected": "kind",
	"party": "party", "to": "party", "holder": "party", "meaning": "meaning", "why": "why", "status": "status",
}

// accounts are the keys whose value is a username.
var accounts = map[string]bool{"account": true, "from": true, "performer": true, "by": true, "second": true}

// scalar is one plain value under a key.
func (t *teller) scalar(key, text string, quoted bool) string {
	if !quoted {
		if text == "true" || text == "false" {
			return t.w.word("bool", text).inline()
		}
		return text
	}
	switch {
	case key == "step":
		return t.stepName(text).inline()
	case key == "field" || key == "fields":
		return t.fieldName(t.fieldOf(t.step, text), text)
	case key == "material":
		return t.material(text)
	case key == "purpose":
		return t.purpose(text)
	case key == "outcome" && t.w.local.own["outcome."+text] != "":
		return t.w.get("outcome." + text).inline()
	case accounts[key]:
		return t.person(text)
	case vocabulary[key] != "":
		return t.w.word(vocabulary[key], text).inline()
	case key == "exception":
		return t.exceptionName(text)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err == nil {
		return t.moment(at)
	}
	return identifier(text)
}

// material is the recipe's name for a material; its code where it has none.
func (s *sheet) material(code string) string {
	m, ok := s.Batch.Recipe.Materials[code]
	if !ok {
		return code
	}
	return both{m.Name.In(s.w.lang), m.Name.In("en")}.inline()
}

// person is a full name with its username.
func (s *sheet) person(account string) string {
	name := s.Names(account)
	if name == account || name == "" {
		return account
	}
	return name + " (" + account + ")"
}

// stepName is the identifier of a step with its name.
func (s *sheet) stepName(id string) both {
	st, ok := s.Batch.Step(id)
	if !ok {
		return same(id)
	}
	return both{id + " " + st.Step.Name.In(s.w.lang), st.Step.Name.In("en")}
}

// fieldOf finds a field of the plant's variant; nil when there is none.
func (s *sheet) fieldOf(step, field string) *mbr.Field {
	st, ok := s.Batch.Step(step)
	if !ok {
		return nil
	}
	f, ok := st.Step.Field(field, s.Batch.Site)
	if !ok {
		return nil
	}
	return f
}

func (s *sheet) fieldName(f *mbr.Field, id string) string {
	if f == nil {
		return id
	}
	return both{f.Label.In(s.w.lang), f.Label.In("en")}.inline() + " (" + f.Ref() + ")"
}
