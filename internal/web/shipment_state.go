package web

import (
	"context"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/web/desk"
)

// shipmentOut is a shipment as its entries say, with what follows from them.
type shipmentOut struct {
	ID        shipment.ID             `json:"id" example:"SHP-SVQ2600001X"`
	Status    shipment.Status         `json:"status" enum:"planned,packed,in-transit,delivered,received,closed,cancelled"`
	Plan      shipment.Plan           `json:"plan" doc:"As it stands: a plant switch changes lane, destination and expiry"`
	Packing   shipment.Packing        `json:"packing"`
	PackedAt  string                  `json:"packed_at,omitempty"`
	Unpacked  []unpackedOut           `json:"unpacked" doc:"Packings that were undone before anything was handed over"`
	Cancelled *cancelledOut           `json:"cancelled,omitempty" doc:"It did not take place. A later status than cancelled says that phones show it handed over all the same"`
	Chain     []linkOut               `json:"chain" doc:"Who had the box, in the order in which it happened (I6)"`
	Flags     []flagOut               `json:"flags" doc:"What does not fit; nothing is closed by a guess"`
	Reports   []reportOut             `json:"reports" doc:"What phones told on the way (TR-10)"`
	Receipt   *receiptOut             `json:"receipt,omitempty"`
	Confirmed []shipment.Confirmation `json:"confirmed" doc:"The hospital's own statements of what is missing on the label"`
	Storage   *shipment.Storage       `json:"storage,omitempty"`
	Imports   []shipment.Import       `json:"imports" doc:"Logger files; a rejected one is kept as evidence (I14)"`
	Excursion *excursionOut           `json:"excursion,omitempty"`
	Switches  []shipment.Switch       `json:"switches"`
	Held      []shipment.Finding      `json:"held" doc:"What holds the material until QA decides (TR-2)"`
	Unread    []toldOut               `json:"unread" doc:"Sides that were told of something and have not acknowledged it"`
	Unplanned *shipment.Unplanned     `json:"unplanned,omitempty" doc:"It arrived at a plant that did not expect it"`
	Resolved  *shipment.Resolution    `json:"resolved,omitempty"`
	ClosedWhy string                  `json:"closed_why,omitempty"`
	Version   uint64                  `json:"version"`
}

type unpackedOut struct {
	shipment.Unpacking
	Seals    []string `json:"seals"`
	PackedAt string   `json:"packed_at"`
	PackedBy string   `json:"packed_by"`
	At       string   `json:"at"`
	By       string   `json:"by"`
}

type cancelledOut struct {
	At     string `json:"at"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type linkOut struct {
	Holder shipment.Holder `json:"holder"`
	From   momentOut       `json:"from"`
	To     momentOut       `json:"to"`
	Broken bool            `json:"broken,omitempty" doc:"It does not continue the one before: a leg is missing"`
}

type momentOut struct {
	Earliest string `json:"earliest,omitempty"`
	Latest   string `json:"latest,omitempty"`
}

type flagOut struct {
	Kind    shipment.Fault `json:"kind"`
	Detail  string         `json:"detail,omitempty"`
	Minutes int            `json:"minutes,omitempty"`
}

type reportOut struct {
	shipment.Report
	Received string `json:"received"`
}

type receiptOut struct {
	shipment.Inspection
	Problems []shipment.Finding `json:"problems"`
	At       string             `json:"at"`
	By       string             `json:"by"`
}

type excursionOut struct {
	What      string             `json:"what"`
	Figures   shipment.Figures   `json:"figures"`
	Viability string             `json:"viability" doc:"What the in-process control says of the cells, shown before QA decides"`
	Decision  *shipment.Decision `json:"decision,omitempty"`
}

type toldOut struct {
	Party string `json:"party"`
	What  string `json:"what"`
}

type shipmentListOut struct {
	Shipments []shipment.Sheet `json:"shipments"`
}

func shipmentState(s *shipment.Shipment, viability string) shipmentOut {
	out := shipmentOut{
		ID: s.ID, Status: s.Status(), Plan: s.Plan, Packing: s.Packing, PackedAt: utc(s.PackedAt), Chain: []linkOut{}, Flags: []flagOut{}, Reports: []reportOut{}, Unpacked: []unpackedOut{},
		Confirmed: append([]shipment.Confirmation{}, s.Confirmed...), Storage: s.Storage, Imports: append([]shipment.Import{}, s.Imports...), Switches: append([]shipment.Switch{}, s.Switches...),
		Held: append([]shipment.Finding{}, s.Held()...), Unread: []toldOut{}, Unplanned: s.Unplanned, Resolved: s.Resolved, ClosedWhy: s.ClosedWhy, Version: s.Version,
	}
	for _, u := range s.Unpacked {
		out.Unpacked = append(out.Unpacked, unpackedOut{u, u.Was.Seals, utc(u.PackedAt), u.PackedBy.Account, utc(u.At), u.By.Account})
	}
	if !s.CancelledAt.IsZero() {
		out.Cancelled = &cancelledOut{utc(s.CancelledAt), s.CancelledBy.Account, s.CancelledWhy}
	}
	chain := s.Chain()
	for _, l := range chain.Links {
		out.Chain = append(out.Chain, linkOut{l.Holder, momentOut{utc(l.From.Earliest), utc(l.From.Latest)}, momentOut{utc(l.To.Earliest), utc(l.To.Latest)}, l.Broken})
	}
	for _, f := range chain.Flags {
		out.Flags = append(out.Flags, flagOut{f.Kind, f.Detail, int(f.Span.Minutes())})
	}
	for _, r := range s.Reports {
		out.Reports = append(out.Reports, reportOut{r, utc(r.Known)})
	}
	for _, u := range s.Unread() {
		out.Unread = append(out.Unread, toldOut{u.Party, u.What})
	}
	if r := s.Receipt; r != nil {
		out.Receipt = &receiptOut{r.Inspection, append([]shipment.Finding{}, r.Problems...), utc(r.At), r.By.Account}
	}
	if x := s.Excursion; x != nil {
		out.Excursion = &excursionOut{x.What, x.Figures, viability, x.Decision}
	}
	return out
}

// shipmentNow is a shipment as it now stands, for those who may see it.
func shipmentNow(ctx context.Context, at *desk.Desk, text string) (*answer[shipmentOut], error) {
	id, err := shipment.ParseID(text)
	if err != nil {
		return nil, err
	}
	s, err := at.Plant.Batches.Shipments().Load(ctx, id)
	if err != nil {
		return nil, err
	}
	viability := ""
	if s.Excursion != nil && s.Plan.Batch != "" {
		b, err := at.Plant.Batches.Load(ctx, s.Plan.Batch)
		if err != nil {
			return nil, err
		}
		viability = b.Viability()
	}
	return &answer[shipmentOut]{shipmentState(s, viability)}, nil
}
