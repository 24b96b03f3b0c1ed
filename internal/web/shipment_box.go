package web

import (
	"context"
	"fmt"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type boxFileIn struct {
	ShipmentPath
	File string `path:"file" enum:"label.png,label.pdf,label-203.zpl,label-300.zpl"`
}

func (a *api) boxLabelFile(ctx context.Context, at *desk.Desk, in *boxFileIn) (*text, error) {
	file, err := at.BoxLabelFile(ctx, in.Shipment, in.File)
	if err != nil {
		return nil, err
	}
	return &text{ContentType: file.Type, ContentDisposition: fmt.Sprintf("inline; filename=%q", in.Shipment+"-"+in.File), Body: file.Content}, nil
}

type boxPrintIn struct {
	ShipmentPath
	Body struct {
		Reason string        `json:"reason,omitempty" example:"smudged" doc:"Of a reprint"`
		Second *secondPerson `json:"second,omitempty" doc:"Who stands by at a reprint"`
		Role   string        `json:"role,omitempty" example:"logistics"`
	}
}

func (a *api) boxLabelPrint(ctx context.Context, at *desk.Desk, in *boxPrintIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Spool.Wait(ctx, string(id), func(ctx context.Context) error {
			return at.Plant.Batches.PrintBox(ctx, by, id, in.Body.Reason, in.Body.Second.signer(at, by))
		})
	})
}
