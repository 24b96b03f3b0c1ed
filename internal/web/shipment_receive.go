package web

import (
	"context"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

type shipmentReceiveIn struct {
	ShipmentPath
	Body struct {
		Scans       []string           `json:"scans" doc:"The labels of the containers, as the reader gave them"`
		Box         string             `json:"box" example:"BOX-7"`
		Seals       []string           `json:"seals" example:"[\"A1\",\"A2\"]"`
		SealsOK     bool               `json:"seals_intact"`
		Leak        bool               `json:"leak"`
		Missing     []shipment.Element `json:"missing,omitempty" doc:"Elements of the label that are missing or differ: coi, subject_no, birth_year, din, site, collected_at"`
		OnCall      bool               `json:"on_call" doc:"It was delivered out of hours"`
		Volume      string             `json:"volume,omitempty" example:"85" doc:"As marked on the bag, in mL, as text"`
		Temperature string             `json:"temperature,omitempty" example:"5.1" doc:"That the logger shows when the box is opened, in °C, as text"`
		Condition   string             `json:"condition,omitempty" example:"few clots" doc:"Whatever else was seen"`
		Role        string             `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) shipmentReceive(ctx context.Context, at *desk.Desk, in *shipmentReceiveIn) (*answer[shipmentOut], error) {
	b := in.Body
	volume, err := quantity.ParseOptional(b.Volume, "mL")
	if err != nil {
		return nil, err
	}
	temperature, err := quantity.ParseOptional(b.Temperature, "degC")
	if err != nil {
		return nil, err
	}
	return onShipment(ctx, at, in.ShipmentPath, b.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.ReceiveShipment(ctx, by, id, b.Scans, shipment.Inspection{
			Box: b.Box, Seals: b.Seals, SealsOK: b.SealsOK, Leak: b.Leak, Missing: b.Missing, OnCall: b.OnCall,
			Volume: volume, Temperature: temperature, Condition: b.Condition,
		})
	})
}

type shipmentUnexpectedIn struct {
	Body struct {
		Scan  string `json:"scan" doc:"The label, as the reader gave it"`
		Place string `json:"place" example:"quarantine shelf Q1"`
		Role  string `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) shipmentUnexpected(ctx context.Context, at *desk.Desk, in *shipmentUnexpectedIn) (*answer[shipmentOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	id, err := at.Plant.Batches.UnexpectedArrival(ctx, by, in.Body.Scan, in.Body.Place, a.SiteOf)
	if err != nil {
		return nil, err
	}
	return shipmentNow(ctx, at, string(id))
}

type shipmentStoreIn struct {
	ShipmentPath
	Body struct {
		Place       string `json:"place" example:"fridge 2"`
		Temperature string `json:"temperature" example:"4.1" doc:"Of the store, in °C, as text"`
		Role        string `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) shipmentStore(ctx context.Context, at *desk.Desk, in *shipmentStoreIn) (*answer[shipmentOut], error) {
	q, err := quantity.Parse(in.Body.Temperature, "degC")
	if err != nil {
		return nil, err
	}
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.StoreShipment(ctx, by, id, in.Body.Place, q)
	})
}

type shipmentLoggerIn struct {
	ShipmentPath
	Body struct {
		Name string `json:"name" example:"RCPJ00010_02.txt"`
		File []byte `json:"file" doc:"The text file of the logger, base64"`
		PDF  []byte `json:"pdf,omitempty" doc:"The device's own PDF of the same run, base64"`
		Role string `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) shipmentLogger(ctx context.Context, at *desk.Desk, in *shipmentLoggerIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.ReadLogger(ctx, by, id, shipment.File{Name: in.Body.Name, Text: in.Body.File, PDF: in.Body.PDF})
	})
}

type shipmentTellIn struct {
	ShipmentPath
	Body struct {
		What string `json:"what" enum:"excursion,receipt,report"`
		Role string `json:"role,omitempty" example:"nurse"`
	}
}

func (a *api) shipmentTell(ctx context.Context, at *desk.Desk, in *shipmentTellIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.TellShipment(ctx, by, id, in.Body.What)
	})
}

type shipmentUnpackIn struct {
	ShipmentPath
	Body struct {
		Scans  []string `json:"scans" doc:"The labels of what is taken out, as the reader gave them"`
		Place  string   `json:"place" example:"ward 3"`
		Reason string   `json:"reason" example:"the courier does not come"`
		Role   string   `json:"role,omitempty" example:"nurse"`
	}
}

func (a *api) shipmentUnpack(ctx context.Context, at *desk.Desk, in *shipmentUnpackIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.UnpackShipment(ctx, by, id, in.Body.Scans, in.Body.Place, in.Body.Reason)
	})
}

type shipmentCancelIn struct {
	ShipmentPath
	Body struct {
		Reason string `json:"reason" example:"the courier does not come"`
		Role   string `json:"role,omitempty" example:"logistics"`
	}
}

func (a *api) shipmentCancel(ctx context.Context, at *desk.Desk, in *shipmentCancelIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.CancelShipment(ctx, by, id, in.Body.Reason)
	})
}

type shipmentCloseIn struct {
	ShipmentPath
	Body struct {
		Reason string `json:"reason,omitempty" doc:"Needed where the temperature is not known, or the chain is not whole"`
		Role   string `json:"role,omitempty" example:"logistics"`
	}
}

func (a *api) shipmentClose(ctx context.Context, at *desk.Desk, in *shipmentCloseIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.CloseShipment(ctx, by, id, in.Body.Reason)
	})
}
