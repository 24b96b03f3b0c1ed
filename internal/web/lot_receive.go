package web

import (
	"context"

	"rexbatch/batch/material"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

type receiveIn struct {
	Body struct {
		Material    string `json:"material" example:"gradient-medium" doc:"Code of the recipe's material list"`
		Name        string `json:"name" example:"Ficoll-Paque PREMIUM 1.077"`
		Supplier    string `json:"supplier" example:"Cytiva"`
		SupplierLot string `json:"supplier_lot" example:"10331275"`
		Expiry      string `json:"expiry" example:"2027-03-31" doc:"A day or a month means its end in the plant's zone; or a point in time with its offset"`
		Quantity    string `json:"quantity" example:"500" doc:"As text, so that its decimals are kept (I13)"`
		Unit        string `json:"unit" example:"mL"`
		OpenFor     string `json:"open_for,omitempty" example:"8" doc:"How long it may be used after opening; none: until its expiry"`
		OpenForUnit string `json:"open_for_unit,omitempty" example:"h" doc:"min, h or d"`
		Role        string `json:"role,omitempty" example:"logistics"`
	}
}

func (a *api) lotReceive(ctx context.Context, at *desk.Desk, in *receiveIn) (*answer[lotOut], error) {
	b, lots := in.Body, at.Plant.Batches.Materials()
	by, err := at.Acting(b.Role, anyRole)
	if err != nil {
		return nil, err
	}
	d := material.Delivery{Material: b.Material, Name: b.Name, Supplier: b.Supplier, SupplierLot: b.SupplierLot}
	d.Expiry, err = material.ParseExpiry(b.Expiry, lots.Zone)
	if err != nil {
		return nil, err
	}
	d.Quantity, err = quantity.Parse(b.Quantity, quantity.Unit(b.Unit))
	if err != nil {
		return nil, err
	}
	if b.OpenFor != "" {
		d.OpenFor, err = quantity.Parse(b.OpenFor, quantity.Unit(b.OpenForUnit))
		if err != nil {
			return nil, err
		}
	}
	n, err := lots.Receive(ctx, by, d)
	if err != nil {
		return nil, err
	}
	return a.lotNow(ctx, at, n)
}
