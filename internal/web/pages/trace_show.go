package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
)

// maxTraceRows bounds the table of the page; the file has them all.
const maxTraceRows = 1000

// tracePage is what is connected with one thing: as a graph, as a table, and as a file.
type tracePage struct {
	frame
	Of    string
	Kinds []choice
	Found bool
	Wide  bool // only the backbone of each treatment is told
	Root  traceNode
	Count []traceCount
	Graph template.HTML
	Rows  []traceRow
	More  int
	File  string // path of the CSV

	Exports []traceExport // for other systems; none where many treatments are connected
}

// traceExport is a file that one of the things has.
type traceExport struct{ Name, Of, Link string }

// maxTraceExports bounds how many files are offered: a lot or a person is connected with many treatments.
const maxTraceExports = 6

// traceNode is a thing as it is shown.
type traceNode struct {
	Kind, ID, Name string
	Link           string // page of the thing, or its own trace
}

type traceCount struct {
	Kind string
	N    int
}

type traceRow struct {
	Hub, To  traceNode
	As, Step string
	When     string // where it is told: when it was, and how exactly that is known
	Told     string // when the server learned of it
}

// traceShow is GET /trace.
func (v *visit) traceShow() error {
	p := tracePage{frame: v.frame("trace", v.T("trace.title")), Of: v.QueryParam("of")}
	kind := v.QueryParam("kind")
	for _, k := range trace.Sought {
		p.Kinds = append(p.Kinds, choice{Code: string(k), Name: v.T("trace.kind." + string(k)), Chosen: string(k) == kind})
	}
	if p.Of == "" {
		return v.render(http.StatusOK, "trace", p)
	}
	g, err := v.plant().Release.Trace(v.ctx(), p.Of, trace.Kind(kind))
	if refused := ledger.RefusalsOf(err); refused != nil {
		p.Problems = v.refused(refused, nil)
		return v.render(http.StatusOK, "trace", p)
	}
	if err != nil {
		return err
	}
	p.Found, p.Wide, p.Root = true, g.Wide, v.traceNode(g.Root)
	p.File = "/trace/csv?" + url.Values{"of": {p.Of}, "kind": {string(g.Root.Kind)}}.Encode()
	p.Exports = v.traceExports(g)
	count := map[trace.Kind]int{}
	for _, n := range g.Nodes() {
		count[n.Kind]++
	}
	for _, k := range trace.Kinds {
		if count[k] > 0 {
			p.Count = append(p.Count, traceCount{v.T("trace.kind." + string(k)), count[k]})
		}
	}
	p.Graph = v.drawTrace(g)
	for _, e := range g.Edges[:min(len(g.Edges), maxTraceRows)] {
		p.Rows = append(p.Rows, v.traceRow(e))
	}
	p.More = len(g.Edges) - len(p.Rows)
	return v.render(http.StatusOK, "trace", p)
}

// traceExports are the files of the treatments and batches that were found.
func (v *visit) traceExports(g trace.Graph) []traceExport {
	var out []traceExport
	for _, h := range g.Hubs {
		switch h.Kind {
		case trace.CoI:
			out = append(out, traceExport{v.T("trace.epcis"), v.traceNode(h).Name, "/trace/epcis?" + url.Values{"coi": {h.ID}}.Encode()})
		case trace.Batch:
			out = append(out, traceExport{v.T("trace.fhir"), h.ID, "/trace/fhir?" + url.Values{"batch": {h.ID}}.Encode()})
		}
	}
	if len(out) > maxTraceExports {
		return nil
	}
	return out
}

func (v *visit) traceRow(e trace.Edge) traceRow {
	out := traceRow{Hub: v.traceNode(e.Hub), To: v.traceNode(e.Node), As: v.traceAs(e.Link), Step: e.Step}
	if known, err := time.Parse(time.RFC3339, e.Known); err == nil {
		m := chainofcustody.Moment{Earliest: instant(e.Earliest), Latest: instant(e.Latest)}
		out.When, out.Told = strings.TrimSpace(v.when(m)+" "+v.bounds(m)), moment(known, v.zone())
	}
	return out
}

// instant is a moment of a link; the zero time where none is told.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// traceAs says how two things touched, in the reader's language: materials and kinds of devices as the recipe calls them.
func (v *visit) traceAs(l trace.Link) string {
	switch {
	case l.As == "":
		return ""
	case l.Kind == trace.Lot:
		return v.materialName(l.As)
	case l.Kind == trace.Equipment:
		return v.kindName(l.As)
	}
	for _, catalogue := range []string{"trace.as.", "party.", "act.", "decision."} {
		word, ok := v.lookup(catalogue + slug(l.As))
		if ok {
			return word
		}
	}
	return l.As
}

func (v *visit) traceNode(n trace.Node) traceNode {
	out := traceNode{
		Kind: v.T("trace.kind." + string(n.Kind)), ID: n.ID, Name: n.ID,
		Link: "/trace?" + url.Values{"of": {n.ID}, "kind": {string(n.Kind)}}.Encode(),
	}
	switch n.Kind {
	case trace.CoI:
		if c, err := isbt128.ParseCoI(n.ID); err == nil {
			out.Name = unchecked(c.Print())
		}
	case trace.Donation:
		if d, err := isbt128.ParseDIN(n.ID); err == nil {
			out.Name = unchecked(d.Print())
		}
	case trace.Person, trace.Courier:
		out.Name = v.full(n.ID)
	}
	return out
}

// unchecked is a printed identifier without its check character, which stands on the label alone (ID-12).
func unchecked(printed string) string { return printed[:len(printed)-2] }
