// Package trace finds everything that is connected with a patient's identity, a donation, a batch, a lot, a person, a device,
// a courier or a box, forward and back (AT-20, AT-24; Reg. (EC) 1394/2007 Art. 15).
//
// Each hub, a therapy event or a batch, has one small document that names what touched it: a view, derived from the
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
	"slices"
	"strings"

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
)

// Kinds are all of them, in the order in which they are shown.
var Kinds = []Kind{CoI, Donation, Batch, Certificate, Lot, Equipment, Box, Courier, Person}

var rank = func() map[Kind]int {
	out := map[Kind]int{}
	for i, k := range Kinds {
		out[k] = i
	}
	return out
}()

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
	return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), strings.Compare(a.ID, b.ID), strings.Compare(a.As, b.As), strings.Compare(a.Step, b.Step))
}

// Edge connects a hub with a thing.
type Edge struct {
	Hub Node
	Link
}

// Graph is what was found.
type Graph struct {
	Root  Node
	Hubs  []Node // therapy events and batches, in order
	Edges []Edge // in order of hub, then of link
}

// maxHubs bounds an answer; more than this is a question to narrow.
const maxHubs = 20_000

// Find is everything that is connected with a node; a graph without hubs when nothing is.
func Find(ctx context.Context, log ledger.Reader, root Node) (Graph, error) {
	g := Graph{Root: root}
	found := map[Node]Doc{}
	coi := map[string]bool{}
	if root.Kind == CoI {
		coi[root.ID] = true
	}
	err := each(ctx, log, []string{root.ID}, func(d Doc) {
		if d.names(root) {
			found[d.Of] = d
			if id, ok := d.coi(); ok {
				coi[id] = true
			}
		}
	})
	if err != nil {
		return Graph{}, err
	}
	if len(found) > 0 && (root.Kind != CoI || len(coi) > 1) {
		var only []string // few are looked for in the bytes, many by reading each
		if len(coi) <= 8 {
			for id := range coi {
				only = append(only, id)
			}
		}
		err = each(ctx, log, only, func(d Doc) {
			if id, ok := d.coi(); ok && coi[id] {
				found[d.Of] = d
			}
		})
		if err != nil {
			return Graph{}, err
		}
	}
	if len(found) > maxHubs {
		return Graph{}, ledger.Refuse(ledger.Invalid, "AT-24", "trace-too-wide", "{n} batches and treatments are connected with {id}", "look for one of them", "n", fmt.Sprint(len(found)), "id", root.ID)
	}
	for hub, d := range found {
		g.Hubs = append(g.Hubs, hub)
		for _, l := range d.Links {
			g.Edges = append(g.Edges, Edge{hub, l})
		}
	}
	g.sort()
	return g, nil
}

// Add connects further things with hubs of the graph.
func (g *Graph) Add(edges ...Edge) {
	hubs := make(map[Node]bool, len(g.Hubs))
	for _, h := range g.Hubs {
		hubs[h] = true
	}
	for _, e := range edges {
		if hubs[e.Hub] {
			g.Edges = append(g.Edges, e)
		}
	}
	g.sort()
	g.Edges = slices.Compact(g.Edges)
}

func (g *Graph) sort() {
	hub := func(a, b Node) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), strings.Compare(a.ID, b.ID))
	}
	slices.SortFunc(g.Hubs, hub)
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(hub(a.Hub, b.Hub), compareLinks(a.Link, b.Link)) })
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

// each calls see with the documents whose bytes contain one of the texts, or with all when there are none.
func each(ctx context.Context, log ledger.Reader, texts []string, see func(Doc)) error {
	needles := make([][]byte, 0, len(texts))
	for _, t := range texts {
		quoted, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("trace: %w", err)
		}
		needles = append(needles, quoted)
	}
	for doc, err := range log.Views(ctx, Prefix) {
		if err != nil {
			return fmt.Errorf("trace: %w", err)
		}
		if len(needles) > 0 && !slices.ContainsFunc(needles, func(n []byte) bool { return bytes.Contains(doc.Data, n) }) {
			continue
		}
		var d Doc
		err = json.Unmarshal(doc.Data, &d)
		if err != nil {
			return fmt.Errorf("trace %s: %w", doc.Key, err)
		}
		see(d)
	}
	return nil
}

// names tells whether the document speaks of a node.
func (d Doc) names(n Node) bool {
	return d.Of == n || slices.ContainsFunc(d.Links, func(l Link) bool { return l.Node == n })
}

// coi is the therapy event to which the hub belongs.
func (d Doc) coi() (string, bool) {
	if d.Of.Kind == CoI {
		return d.Of.ID, true
	}
	i := slices.IndexFunc(d.Links, func(l Link) bool { return l.Kind == CoI })
	if i < 0 {
		return "", false
	}
	return d.Links[i].ID, true
}
