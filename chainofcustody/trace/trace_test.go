package trace

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/ledger"
)

// shelf is a reader that has documents and nothing else.
type shelf struct {
	ledger.Reader
	docs map[string][]byte
}

func (s shelf) View(_ context.Context, key string) ([]byte, error) {
	doc, ok := s.docs[key]
	if !ok {
		return nil, ledger.ErrNotFound
	}
	return doc, nil
}

func (s shelf) Views(context.Context, string) iter.Seq2[ledger.Document, error] {
	return func(yield func(ledger.Document, error) bool) {
		for key, doc := range s.docs {
			if !yield(ledger.Document{Key: key, Data: doc}, nil) {
				return
			}
		}
	}
}

// What is found in the bytes is what reading every document finds, whatever the identifiers look like. AT-24
func TestFind_FindsWhatReadingEverythingFinds(t *testing.T) {
	odd := []string{"a", "b", "ab", `a"`, `"a`, "<a>", "ä", "a}", `{"kind":"lot","id":"a"`, ",", ""}
	rapid.Check(t, func(t *rapid.T) {
		s, all := shelf{docs: map[string][]byte{}}, []Doc{}
		id := rapid.SampledFrom(odd)
		for i := range rapid.IntRange(0, 12).Draw(t, "hubs") {
			of := Node{Kind: rapid.SampledFrom([]Kind{CoI, Batch, Shipment}).Draw(t, "kind"), ID: fmt.Sprintf("H%d", i)}
			d := Doc{Of: of, Links: []Link{}}
			if of.Kind != CoI && rapid.Bool().Draw(t, "treated") {
				d.Links = append(d.Links, Link{Node: Node{CoI, fmt.Sprintf("H%d", rapid.IntRange(0, 12).Draw(t, "whose"))}})
			}
			for range rapid.IntRange(0, 6).Draw(t, "links") {
				d.Links = append(d.Links, Link{Node: Node{rapid.SampledFrom([]Kind{Donation, Lot, Equipment, Box, Courier, Person}).Draw(t, "to"), id.Draw(t, "id")}, As: id.Draw(t, "as")})
			}
			views, err := d.View()
			require.NoError(t, err)
			for k, v := range views {
				s.docs[k] = v
				var stored Doc
				require.NoError(t, json.Unmarshal(v, &stored))
				all = append(all, stored)
			}
		}
		root := Node{rapid.SampledFrom(Kinds).Draw(t, "root"), id.Draw(t, "of")}
		if rapid.Bool().Draw(t, "a hub") {
			root.ID = fmt.Sprintf("H%d", rapid.IntRange(0, 12).Draw(t, "which"))
		}
		g, err := Find(context.Background(), s, root)
		require.NoError(t, err)
		want := plainly(all, root)
		require.Equal(t, want, append([]Node{}, g.Hubs...))
		for _, d := range all {
			if !slices.Contains(want, d.Of) {
				continue
			}
			raw, err := json.Marshal(d)
			require.NoError(t, err)
			var narrow Doc
			require.NoError(t, json.Unmarshal(backboneOf(raw, begin(root)), &narrow), "%s", backboneOf(raw, begin(root)))
			kept := []Link{}
			for _, l := range d.Links {
				if backbone[l.Kind] || l.Node == root {
					kept = append(kept, l)
				}
			}
			require.Equal(t, kept, narrow.Links)
		}
	})
}

// plainly are the hubs that name a node, and those of the same therapy events, by reading all.
func plainly(all []Doc, root Node) []Node {
	whose := func(d Doc) string {
		if d.Of.Kind == CoI {
			return d.Of.ID
		}
		for _, l := range d.Links {
			if l.Kind == CoI {
				return l.ID
			}
		}
		return ""
	}
	out, coi := []Node{}, map[string]bool{}
	names := func(d Doc) bool {
		return d.Of == root || slices.ContainsFunc(d.Links, func(l Link) bool { return l.Node == root })
	}
	for _, d := range all {
		if names(d) {
			coi[whose(d)] = true
		}
	}
	for _, d := range all {
		if names(d) || whose(d) != "" && coi[whose(d)] {
			out = append(out, d.Of)
		}
	}
	slices.SortFunc(out, compareHubs)
	return out
}
