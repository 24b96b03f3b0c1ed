package web

import (
	"context"

	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/web/desk"
)

func (a *api) traces() {
	register(a, "GET /trace", "trace", "Everything that is connected with an identity, lot, person, device, courier or certificate, forward and back (AT-20, AT-24)", a.traceShow)
}

type traceIn struct {
	Of   string `query:"of" required:"true" example:"L-SVQ26-00017-K" doc:"A scan, an identifier with or without its check character, a lot, a certificate number, a device's tag, an account or a trial subject number"`
	Kind string `query:"kind" enum:",subject,coi,donation,batch,shipment,lot,equipment,person,courier,box,certificate" doc:"What it is, where that cannot be seen from it"`
}

// traceOut is a graph: hubs are therapy events, batches and shipments, and each edge ties one of them to a thing.
type traceOut struct {
	Root  trace.Node   `json:"root"`
	Hubs  []trace.Node `json:"hubs"`
	Edges []traceEdge  `json:"edges"`
	Wide  bool         `json:"wide,omitempty" doc:"More than 500 hubs: of each only what was looked for and its treatment, donation, batch, shipment and certificates"`
}

type traceEdge struct {
	Hub  trace.Node `json:"hub"`
	To   trace.Node `json:"to"`
	As   string     `json:"as,omitempty" doc:"The material, the kind of device, the party of a handoff, the act or the decision"`
	Step string     `json:"step,omitempty"`
	When *momentOut `json:"when,omitempty" doc:"Of what was reported on the way and acknowledged: between which moments it was"`
	Told string     `json:"told,omitempty" doc:"When the server learned of it"`
}

func (a *api) traceShow(ctx context.Context, at *desk.Desk, in *traceIn) (*answer[traceOut], error) {
	g, err := at.Plant.Release.Trace(ctx, in.Of, trace.Kind(in.Kind))
	if err != nil {
		return nil, err
	}
	out := traceOut{Root: g.Root, Hubs: g.Hubs, Wide: g.Wide, Edges: make([]traceEdge, 0, len(g.Edges))}
	for _, e := range g.Edges {
		edge := traceEdge{Hub: e.Hub, To: e.Node, As: e.As, Step: e.Step, Told: e.Known}
		if e.Known != "" {
			edge.When = &momentOut{e.Earliest, e.Latest}
		}
		out.Edges = append(out.Edges, edge)
	}
	return &answer[traceOut]{Body: out}, nil
}
