// Package trace finds everything that is connected with a patient's identity, a donation, a batch, a lot, a person, a device,
// a courier or a box, forward and back (AT-20, AT-24; Reg. (EC) 1394/2007 Art. 15).
//
// Each hub, a therapy event, a batch or a shipment, has one small document that names what touched it: a view, derived from the
// entries of its stream alone. A search reads the documents in order and keeps those that name what is looked for; then those
// of the same therapy events. It goes on through hubs only: two batches that used one lot are both found from the lot, and
// neither from the other, or everything would be connected with everything.
//
// A document holds no name of a patient, no value and nothing from a blinded step, so it does not tell the trial arm (I11, I12).
package trace

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
)

// Kind is the sort of a node.
type Kind string

// The kinds of nodes.
const (
	CoI         Kind = "coi"
	Donation    Kind = "donation"
	Batch       Kind = "batch"
	Lot         Kind = "lot"
	Equipment   Kind = "equipment"
	Person      Kind = "person"
	Courier     Kind = "courier"
	Box         Kind = "box"
	Certificate Kind = "certificate"
	Shipment    Kind = "shipment"
)

// Kinds are all of them, in the order in which they are shown.
var Kinds = []Kind{CoI, Donation, Batch, Shipment, Certificate, Lot, Equipment, Box, Courier, Person}

var rank = func() map[Kind]int {
	out := map[Kind]int{}
	for i, k := range Kinds {
		out[k] = i
	}
	return out
}()

// Subject is a patient's number in the trial. It is looked for, and is no node of what is found: no document names it.
const Subject Kind = "subject"

// Sought are the kinds that can be looked for.
var Sought = append([]Kind{Subject}, Kinds...)

// Node is one thing.
type Node struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// Link says that a hub and a thing touched, and how: a material, a kind of device, a side of a handoff.
type Link struct {
	Node
	As   string `json:"as,omitempty"`
	Step string `json:"step,omitempty"` // of the recipe, where it was in a step
	// When it was, in UTC, where that is told: not before Earliest and not after Latest; and when the server learned of it.
	Earliest string `json:"earliest,omitempty"`
	Latest   string `json:"latest,omitempty"`
	Known    string `json:"known,omitempty"`
}

// At is the link with when it was, and when the server learned of it.
func (l Link) At(earliest, latest, known time.Time) Link {
	l.Earliest, l.Latest, l.Known = stamp(earliest), stamp(latest), stamp(known)
	return l
}

// stamp keeps times in their order as texts; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// Doc is what one hub is linked to.
type Doc struct {
	Of    Node   `json:"of"`
	Links []Link `json:"links"`
}

// Prefix is that of the documents' keys.
const Prefix = "trace/"

// View is the document of a hub, as it is stored: its links in order, none twice.
func (d Doc) View() (map[string][]byte, error) {
	slices.SortFunc(d.Links, compareLinks)
	d.Links = slices.Compact(d.Links)
	doc, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("trace of %s: %w", d.Of.ID, err)
	}
	return map[string][]byte{key(d.Of): doc}, nil
}

func key(n Node) string { return Prefix + string(n.Kind) + "/" + n.ID }

func compareLinks(a, b Link) int {
	return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), strings.Compare(a.ID, b.ID), strings.Compare(a.As, b.As), strings.Compare(a.Step, b.Step),
		strings.Compare(a.Latest, b.Latest), strings.Compare(a.Earliest, b.Earliest), strings.Compare(a.Known, b.Known))
}

// Edge connects a hub with a thing.
type Edge struct {
	Hub Node
	Link
}

// Graph is what was found.
type Graph struct {
	Root  Node
	Hubs  []Node // therapy events, batches and shipments, in order
	Edges []Edge // in order of hub, then of link
	// Wide says that so many hubs are connected with the root that of each only the root itself and its own backbone is told: treatment, donation,
	// batch, shipment, certificate. The other things of a hub are found from the hub.
	Wide bool
}

const (
	maxHubs = 40_000 // more than this is a question to narrow
	maxFull = 500    // hubs of which everything is told
)

// backbone are the kinds that are told of every hub.
var backbone = map[Kind]bool{CoI: true, Donation: true, Batch: true, Shipment: true, Certificate: true}

// Find is everything that is connected with a node; a graph without hubs when nothing is. Every document is looked at once, in its bytes; only
// those that belong to the answer are read. Where the root is what several nodes belong to, these are looked for in its place.
func Find(ctx context.Context, log ledger.Reader, root Node, of ...Node) (Graph, error) {
	if len(of) == 0 {
		of = []Node{root}
	}
	keys, err := belonging(ctx, log, of)
	if err != nil {
		return Graph{}, err
	}
	if len(keys) > maxHubs {
		return Graph{}, ledger.Refuse(ledger.Invalid, "AT-24", "trace-too-wide", "{n} batches and treatments are connected with {id}", "look for one of them", "n", fmt.Sprint(len(keys)), "id", root.ID)
	}
	g := Graph{Root: root, Wide: len(keys) > maxFull}
	found, needle := make(map[Node]Doc, len(keys)), begin(root)
	for doc, err := range documents(ctx, log, keys, g.Wide) {
		if err != nil {
			return Graph{}, fmt.Errorf("trace %s: %w", doc.Key, err)
		}
		data := doc.Data
		if g.Wide {
			data = backboneOf(data, needle)
		}
		var d Doc
		err = json.Unmarshal(data, &d)
		if err != nil {
			return Graph{}, fmt.Errorf("trace %s: %w", doc.Key, err)
		}
		found[d.Of] = d
		g.Hubs = append(g.Hubs, d.Of)
	}
	slices.SortFunc(g.Hubs, compareHubs)
	for _, hub := range g.Hubs {
		for _, l := range found[hub].Links {
			g.Edges = append(g.Edges, Edge{hub, l})
		}
	}
	return g, nil
}

// documents are those of the keys: many of them in one reading of all, few of them each by itself.
func documents(ctx context.Context, log ledger.Reader, keys []string, many bool) iter.Seq2[ledger.Document, error] {
	return func(yield func(ledger.Document, error) bool) {
		if !many {
			for _, key := range keys {
				data, err := log.View(ctx, key)
				if !yield(ledger.Document{Key: key, Data: data}, err) {
					return
				}
			}
			return
		}
		wanted := make(map[string]bool, len(keys))
		for _, key := range keys {
			wanted[key] = true
		}
		for doc, err := range log.Views(ctx, Prefix) {
			if (err != nil || wanted[doc.Key]) && !yield(doc, err) {
				return
			}
		}
	}
}

// belonging are the keys of the documents that name one of the nodes, and of those of the same therapy events.
func belonging(ctx context.Context, log ledger.Reader, roots []Node) ([]string, error) {
	needles := make([][]byte, len(roots))
	for i, root := range roots {
		needles[i] = begin(root)
	}
	var out []string
	keys, coi := map[string][]string{}, map[string]bool{}
	for doc, err := range log.Views(ctx, Prefix) {
		if err != nil {
			return nil, fmt.Errorf("trace: %w", err)
		}
		of := coiOf(doc.Data)
		if of != "" {
			keys[of] = append(keys[of], doc.Key)
		}
		switch {
		case !slices.ContainsFunc(needles, func(n []byte) bool { return bytes.Contains(doc.Data, n) }):
		case of != "":
			coi[of] = true
		default:
			out = append(out, doc.Key)
		}
	}
	for of := range coi {
		out = append(out, keys[of]...)
	}
	return out, nil
}

// begin is how a node, or a link to it, begins in a stored document.
func begin(n Node) []byte {
	text, err := json.Marshal(n)
	if err != nil {
		return nil // two texts are always JSON
	}
	return text[:len(text)-1]
}

// besides is how a link begins that is no backbone, in the order in which links are stored. No text in a document can look so:
// its quotes are escaped.
var besides = func() [][]byte {
	var out [][]byte
	for _, k := range Kinds {
		if !backbone[k] {
			out = append(out, []byte(`{"kind":"`+string(k)+`"`))
		}
	}
	return out
}()

// backboneOf is a stored document with the links that are told of a hub in a wide answer: they stand first, in the order of kinds; and
// those to the root, which begin with the needle, wherever they stand.
func backboneOf(data, needle []byte) []byte {
	end := -1
	for _, begins := range besides { // the first kind that there is stands first
		end = bytes.Index(data, begins)
		if end >= 0 {
			break
		}
	}
	if end < 0 {
		return data
	}
	if data[end-1] == ',' {
		end--
	}
	out, rest := slices.Clone(data[:end]), data[end:]
	for {
		i := bytes.Index(rest, needle)
		if i < 0 {
			break
		}
		link := object(rest[i:])
		if out[len(out)-1] != '[' {
			out = append(out, ',')
		}
		out, rest = append(out, link...), rest[i+len(link):]
	}
	return append(out, ']', '}')
}

// object is a stored link to its own end: a name may have a brace in it.
func object(data []byte) []byte {
	quoted := false
	for i := 0; i < len(data); i++ {
		switch {
		case quoted && data[i] == '\\':
			i++
		case data[i] == '"':
			quoted = !quoted
		case data[i] == '}' && !quoted:
			return data[:i+1]
		}
	}
	return data
}

// How a document begins that belongs to a therapy event: it is of one, or its first link is to one, as View puts it.
var (
	ofCoI    = []byte(`{"of":{"kind":"coi","id":"`)
	linksCoI = []byte(`"links":[{"kind":"coi","id":"`)
)

// coiOf is the therapy event of a stored document, without reading the rest; empty for none.
func coiOf(data []byte) string {
	rest, ok := bytes.CutPrefix(data, ofCoI)
	if !ok {
		_, rest, ok = bytes.Cut(data, linksCoI)
	}
	id, _, ends := bytes.Cut(rest, []byte{'"'})
	if !ok || !ends {
		return ""
	}
	return string(id)
}

// Add connects further things with hubs of the graph.
func (g *Graph) Add(edges ...Edge) {
	more := map[Node][]Link{}
	for _, e := range edges {
		more[e.Hub] = append(more[e.Hub], e.Link)
	}
	had := map[Node][]Link{}
	for _, e := range g.Edges {
		if more[e.Hub] != nil {
			had[e.Hub] = append(had[e.Hub], e.Link)
		}
	}
	all := make([]Edge, 0, len(g.Edges)+len(edges))
	old := g.Edges
	for _, hub := range g.Hubs {
		n := 0
		for n < len(old) && old[n].Hub == hub {
			n++
		}
		own := old[:n]
		old = old[n:]
		if more[hub] == nil {
			all = append(all, own...)
			continue
		}
		links := append(had[hub], more[hub]...)
		slices.SortFunc(links, compareLinks)
		for _, l := range slices.Compact(links) {
			all = append(all, Edge{hub, l})
		}
	}
	g.Edges = all
}

func compareHubs(a, b Node) int {
	return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), strings.Compare(a.ID, b.ID))
}

// Nodes are all things of the graph, each once, in order of kind and id.
func (g Graph) Nodes() []Node {
	out := slices.Clone(g.Hubs)
	for _, e := range g.Edges {
		out = append(out, e.Node)
	}
	slices.SortFunc(out, func(a, b Node) int { return compareLinks(Link{Node: a}, Link{Node: b}) })
	return slices.Compact(out)
}
