package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type printersOut struct {
	Printers []printerOut   `json:"printers"`
	Waiting  []desk.Waiting `json:"waiting" doc:"Labels that are not known to be on paper, by batch and step"`
}

type printerOut struct {
	desk.Printer
	State string `json:"state" example:"paper-out" doc:"Why it cannot print now; empty when it can, silent when it answers no questions"`
}

func (a *api) printerList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[printersOut], error) {
	waiting, err := at.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	out := printersOut{Printers: []printerOut{}, Waiting: waiting}
	if p := at.Plant.Printers; p != nil {
		for _, one := range p.Printers() {
			out.Printers = append(out.Printers, printerOut{one, p.Ask(ctx, one.Area)})
		}
	}
	return &answer[printersOut]{Body: out}, nil
}

type printerTestIn struct {
	Area string `path:"area" example:"SVQ-A1"`
}

func (a *api) printerTest(ctx context.Context, at *desk.Desk, in *printerTestIn) (*answer[printersOut], error) {
	area := in.Area
	if area == "-" {
		area = ""
	}
	err := at.TestPrinter(ctx, area)
	if err != nil {
		return nil, err
	}
	return a.printerList(ctx, at, nil)
}
