package web

import (
	"context"
	"time"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type shipmentExcursionIn struct {
	ShipmentPath
	Body struct {
		Verdict   shipment.Verdict `json:"verdict" enum:"use,reject"`
		Reason    string           `json:"reason" example:"covered by the stability study"`
		Stability string           `json:"stability" example:"STAB-REX-003" doc:"The stability data that cover it, or none"`
		Password  string           `json:"password" doc:"Signs (I8)"`
	}
}

func (a *api) shipmentExcursion(ctx context.Context, at *desk.Desk, in *shipmentExcursionIn) (*answer[shipmentOut], error) {
	b, qa := in.Body, string(people.QA)
	return onShipment(ctx, at, in.ShipmentPath, qa, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.DecideExcursion(ctx, by, id, shipment.Decision{Verdict: b.Verdict, Reason: b.Reason, Stability: b.Stability}, at.Signer(qa, b.Password))
	})
}

type shipmentResolveIn struct {
	ShipmentPath
	Body struct {
		How      shipment.Way `json:"how" enum:"accepted,re-routed,taken-over,rejected"`
		Reason   string       `json:"reason" example:"the hospital confirmed the date of collection"`
		Password string       `json:"password" doc:"Signs (I8)"`
	}
}

func (a *api) shipmentResolve(ctx context.Context, at *desk.Desk, in *shipmentResolveIn) (*answer[shipmentOut], error) {
	b, qa := in.Body, string(people.QA)
	return onShipment(ctx, at, in.ShipmentPath, qa, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.ResolveShipment(ctx, by, id, b.How, b.Reason, at.Signer(qa, b.Password))
	})
}

type shipmentSwitchIn struct {
	ShipmentPath
	Body struct {
		Site     string    `json:"site" example:"DE-FRA" doc:"The plant that takes the material"`
		Lane     string    `json:"lane" example:"cold-2-8" doc:"Of that plant"`
		Arrival  time.Time `json:"arrival"`
		Reason   string    `json:"reason" example:"the clean room in Seville is down"`
		Password string    `json:"password" doc:"Signs for this plant (I8)"`
		Username string    `json:"username" doc:"QA of the other plant, who signs at this terminal"`
		Second   string    `json:"second_password"`
	}
}

// shipmentSwitch: QA of the other plant is known to that plant's own directory; both sign over the same.
func (a *api) shipmentSwitch(ctx context.Context, at *desk.Desk, in *shipmentSwitchIn) (*answer[shipmentOut], error) {
	b, qa := in.Body, string(people.QA)
	return onShipment(ctx, at, in.ShipmentPath, qa, func(by ledger.Author, id shipment.ID) error {
		s, err := at.Plant.Shipments().Load(ctx, id)
		if err != nil {
			return err
		}
		sw, other, err := at.SwitchTo(ctx, s, desk.Elsewhere{Site: b.Site, Lane: b.Lane, Reason: b.Reason, Arrival: b.Arrival})
		if err != nil {
			return err
		}
		theirs := at.BesideOf(other, b.Username, b.Second, people.QA)
		return at.Plant.Batches.SwitchPlant(ctx, by, id, sw, at.Signer(qa, b.Password), theirs)
	})
}

type shipmentLabelIn struct {
	ShipmentPath
	Body struct {
		Elements  []shipment.Element `json:"elements" doc:"What is missing on the label and is confirmed here"`
		Statement string             `json:"statement" example:"collected on 22 NOV 2026 at 08:40"`
		Role      string             `json:"role,omitempty" example:"nurse"`
		Password  string             `json:"password" doc:"Signs (I8)"`
	}
}

func (a *api) shipmentLabel(ctx context.Context, at *desk.Desk, in *shipmentLabelIn) (*answer[shipmentOut], error) {
	b := in.Body
	return onShipment(ctx, at, in.ShipmentPath, b.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.ConfirmLabel(ctx, by, id, b.Elements, b.Statement, at.Signer(by.Role, b.Password))
	})
}
