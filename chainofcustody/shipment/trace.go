package shipment

import (
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/trace"
)

// trace is what the shipment is connected with: whose material, in which box with which logger, and through whose hands (AT-20).
func (s *Shipment) trace() trace.Doc {
	d := trace.Doc{Of: trace.Node{Kind: trace.Shipment, ID: string(s.ID)}, Links: []trace.Link{}}
	add := func(kind trace.Kind, id, as string) {
		if id != "" {
			d.Links = append(d.Links, trace.Link{Node: trace.Node{Kind: kind, ID: id}, As: as})
		}
	}
	add(trace.CoI, s.Plan.CoI, "")
	add(trace.Batch, s.Plan.Batch, "")
	add(trace.Box, s.Plan.Box, "")
	add(trace.Equipment, s.Plan.Logger.Serial, "temperature-logger")
	packings := []Packing{s.Packing}
	for _, u := range s.Unpacked {
		packings = append(packings, u.Was)
		add(trace.Person, u.PackedBy.Account, "packed")
		add(trace.Person, u.By.Account, "unpacked")
	}
	for _, p := range packings {
		for _, c := range p.Containers {
			if din, _, ok := strings.Cut(c, "/"); ok {
				add(trace.Donation, din, "")
			}
		}
	}
	add(trace.Person, s.PlannedBy.Account, "planned")
	add(trace.Person, s.PackedBy.Account, "packed")
	add(trace.Person, s.CancelledBy.Account, "cancelled")
	for _, l := range s.Legs {
		for _, h := range []Holder{l.Giver, l.Receiver} {
			kind := trace.Person
			if h.Party == chainofcustody.Courier {
				kind = trace.Courier
			}
			add(kind, h.Account, string(h.Party))
		}
	}
	for _, r := range s.Reports {
		kind := trace.Person
		if r.By.Party == chainofcustody.Courier {
			kind = trace.Courier
		}
		d.Links = append(d.Links, trace.Link{Node: trace.Node{Kind: kind, ID: r.By.Account}, As: "reported-" + string(r.Kind)}.At(r.At.Earliest, r.At.Latest, r.Known))
	}
	for _, a := range s.Informed {
		d.Links = append(d.Links, trace.Link{Node: trace.Node{Kind: trace.Person, ID: a.Account}, As: "acknowledged-" + a.What}.At(a.At, a.At, a.At))
	}
	if s.Receipt != nil {
		add(trace.Person, s.Receipt.By.Account, "received")
	}
	return d
}
