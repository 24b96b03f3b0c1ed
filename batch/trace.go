package batch

import (
	"maps"
	"slices"
	"strings"

	"rexbatch/chainofcustody/trace"
)

// trace is what the batch is connected with: its therapy event, donation, lots, devices and hands (AT-20, AT-21). What was used
// in a blinded step is left out, since it could tell the arm (I11); it stands in the sealed record.
func (b *Batch) trace() trace.Doc {
	d := trace.Doc{Of: trace.Node{Kind: trace.Batch, ID: b.Number}}
	add := func(kind trace.Kind, id, as, step string) {
		if id != "" {
			d.Links = append(d.Links, trace.Link{Node: trace.Node{Kind: kind, ID: id}, As: as, Step: step})
		}
	}
	add(trace.CoI, b.CoI.String(), "", "")
	add(trace.Batch, b.Parent, "parent", "")
	add(trace.Batch, b.ThawedAs, "thaw", "")
	if b.TakenOn != nil {
		add(trace.Batch, b.TakenOn.Batch, "taken-on", "")
	}
	if b.Thaws != nil {
		add(trace.Batch, b.Thaws.First, "thawed", "")
	}
	for _, child := range b.Children {
		add(trace.Batch, child, "child", "")
	}
	for _, st := range b.Steps() {
		for _, scans := range st.Scans {
			for _, container := range slices.Sorted(maps.Keys(scans)) {
				if din, _, ok := strings.Cut(container, "/"); ok {
					add(trace.Donation, din, "", "")
				}
			}
		}
		if st.Step.Blind {
			continue
		}
		for _, l := range st.Lots {
			add(trace.Lot, l.Lot, l.Material, st.Step.ID)
		}
		for _, u := range st.Devices {
			add(trace.Equipment, u.Device, u.Kind, st.Step.ID)
		}
	}
	for who := range b.hands {
		add(trace.Person, who, "", "")
	}
	for _, a := range b.Acts {
		add(trace.Person, a.Signature.Account, string(a.Act), "")
	}
	return d
}
