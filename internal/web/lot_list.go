package web

import (
	"context"

	"rexbatch/batch/material"
	"rexbatch/internal/web/desk"
)

func (a *api) lots() {
	register(a, "GET /harvests", "harvests", "Harvests by hospital: clots, low volume, few cells", a.harvestList)
	register(a, "GET /lots", "lots", "Lots of materials; what ends first stands first (AT-20)", a.lotList)
	register(a, "POST /lots", "receive-lot", "Take a delivery in, into quarantine (AT-21)", a.lotReceive, makes)
	register(a, "GET /lots/{lot}", "lot", "A lot with every batch and patient it went to (AT-20, AT-24)", a.lotShow)
	register(a, "POST /lots/{lot}/release", "release-lot", "Free a lot from quarantine", a.lotRelease)
	register(a, "POST /lots/{lot}/block", "block-lot", "Take a lot out of use, e.g. because of a recall", a.lotBlock)
	register(a, "POST /lots/{lot}/unblock", "unblock-lot", "Bring a blocked lot back to where it was", a.lotUnblock)
	register(a, "POST /lots/{lot}/clear", "clear-lot", "Say that a lot which an alarm pointed out was looked at", a.lotClear)
	register(a, "POST /lots/{lot}/open", "open-lot", "Open a package: its time after opening begins", a.lotOpen)
	register(a, "POST /lots/{lot}/discard", "discard-lot", "Throw a part of a lot away", a.lotDiscard)
}

type lotsIn struct {
	Material    string `query:"material" example:"gradient-medium" doc:"Code of the recipe's material list"`
	SupplierLot string `query:"supplier_lot" example:"10331275" doc:"As a recall by the supplier names it"`
	Text        string `query:"q" doc:"Part of number, material, name, supplier or supplier lot; or a scanned number"`
}

type lotsOut struct {
	Lots []lotLineOut `json:"lots"`
}

func (a *api) lotList(ctx context.Context, at *desk.Desk, in *lotsIn) (*answer[lotsOut], error) {
	found, err := at.Plant.Batches.Materials().Find(ctx, material.Filter{Material: in.Material, SupplierLot: in.SupplierLot, Text: in.Text})
	if err != nil {
		return nil, err
	}
	out := lotsOut{Lots: []lotLineOut{}}
	for _, i := range found {
		out.Lots = append(out.Lots, lotLine(i, a.Clock()))
	}
	return &answer[lotsOut]{Body: out}, nil
}
