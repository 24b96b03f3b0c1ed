package web

import (
	"context"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

func (a *api) shipments() {
	const one = "/shipments/{shipment}"
	register(a, "GET /shipments", "shipments", "Shipments of the plant (TR-8)", a.shipmentList)
	register(a, "POST /shipments", "plan-shipment", "Plan a shipment: lane, box, logger, expected times (TR-1, TR-3, I10)", a.shipmentPlan, makes)
	register(a, "POST /shipments/unexpected", "unexpected-arrival", "Receive what this plant did not expect into quarantine", a.shipmentUnexpected, makes)
	register(a, "GET "+one, "shipment", "A shipment: chain of custody, temperature, receipt", a.shipmentShow)
	register(a, "POST "+one+"/packing", "pack-shipment", "Scan the containers into the box and state its seals (TR-6, I4)", a.shipmentPack)
	register(a, "POST "+one+"/unpacking", "unpack-shipment", "Open a packed box again before it is handed over: scan what is taken out (I4, I6)", a.shipmentUnpack)
	register(a, "POST "+one+"/cancellation", "cancel-shipment", "Cancel a planned shipment with a reason", a.shipmentCancel)
	register(a, "GET "+one+"/box/{file}", "box-label-file", "The label of the packed box: label.png, label.pdf, label-203.zpl or label-300.zpl", a.boxLabelFile, gives("application/pdf"))
	register(a, "POST "+one+"/box", "print-box-label", "Print the label of the packed box; again only with a reason and a second person (LB-1)", a.boxLabelPrint)
	register(a, "POST "+one+"/receipt", "receive-shipment", "Inspect the box at its destination (AT-12)", a.shipmentReceive)
	register(a, "POST "+one+"/storage", "store-shipment", "Say where a box waits that arrived out of hours", a.shipmentStore)
	register(a, "POST "+one+"/logger", "read-logger", "Bring the file of the logger (TR-9, I14)", a.shipmentLogger)
	register(a, "POST "+one+"/excursion", "decide-excursion", "QA's signed decision on an excursion (TR-2)", a.shipmentExcursion)
	register(a, "POST "+one+"/quarantine", "resolve-quarantine", "QA's signed end of a quarantine", a.shipmentResolve)
	register(a, "POST "+one+"/label", "confirm-label", "The hospital's signed statement of what is missing on its label (AT-12)", a.shipmentLabel)
	register(a, "POST "+one+"/plant", "switch-plant", "Send material on its way to another plant, signed by QA of both", a.shipmentSwitch)
	register(a, "POST "+one+"/acknowledgement", "acknowledge-shipment", "Say that an excursion or a finding was read (TR-2)", a.shipmentTell)
	register(a, "POST "+one+"/call", "take-call", "Take the call about what arrived out of hours", a.callTake)
	register(a, "GET /on-call", "on-call", "Who answers for the plant out of hours, and which calls wait", a.onCallShow)
	register(a, "POST /on-call", "name-on-call", "Say who is on call from now on", a.onCallName)
	register(a, "POST "+one+"/closing", "close-shipment", "End a shipment with which nothing is left to do", a.shipmentClose)
}

func (a *api) shipmentList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[shipmentListOut], error) {
	list, err := at.Plant.Batches.Shipments().List(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[shipmentListOut]{shipmentListOut{append([]shipment.Sheet{}, list...)}}, nil
}

// ShipmentPath is the address of a shipment; exported as StepPath is.
type ShipmentPath struct {
	Shipment string `path:"shipment" example:"SHP-SVQ2600001X"`
}

func (a *api) shipmentShow(ctx context.Context, at *desk.Desk, in *ShipmentPath) (*answer[shipmentOut], error) {
	return shipmentNow(ctx, at, in.Shipment)
}

type shipmentPlanIn struct {
	Body struct {
		Batch     string             `json:"batch" example:"SVQ2600001X"`
		Direction shipment.Direction `json:"direction" enum:"to-plant,to-hospital"`
		Lane      string             `json:"lane" example:"cold-2-8"`
		Box       string             `json:"box" example:"BOX-7"`
		Logger    string             `json:"logger" example:"LOG-77" doc:"Tag of a temperature logger of the plant"`
		Config    string             `json:"config,omitempty" example:"CFG-2-8" doc:"Of the logger, that matches the lane"`
		Hospital  string             `json:"hospital" example:"Hospital Universitario, ward 3"`
		Language  string             `json:"language,omitempty" example:"es" doc:"Of the labels: that of the hospital"`
		Pickup    time.Time          `json:"pickup"`
		Arrival   time.Time          `json:"arrival"`
		UseBy     time.Time          `json:"use_by,omitempty" doc:"Of marrow, where it is known; the product has its expiry"`
		Role      string             `json:"role,omitempty" example:"logistics"`
	}
}

func (a *api) shipmentPlan(ctx context.Context, at *desk.Desk, in *shipmentPlanIn) (*answer[shipmentOut], error) {
	b := in.Body
	by, err := at.Acting(b.Role, anyRole)
	if err != nil {
		return nil, err
	}
	id, err := at.Plant.Batches.PlanShipment(ctx, by, batch.ShipmentOrder{
		Batch: b.Batch, Direction: b.Direction, Lane: b.Lane, Box: b.Box, Logger: b.Logger, Config: b.Config, Hospital: b.Hospital, Language: b.Language,
		Pickup: b.Pickup, Arrival: b.Arrival, UseBy: b.UseBy,
	})
	if err != nil {
		return nil, err
	}
	return shipmentNow(ctx, at, string(id))
}

// onShipment does a command on a shipment, and answers with it as it then stands.
func onShipment(ctx context.Context, at *desk.Desk, path ShipmentPath, role string, do func(ledger.Author, shipment.ID) error) (*answer[shipmentOut], error) {
	id, err := shipment.ParseID(path.Shipment)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(by, id)
	if err != nil {
		return nil, err
	}
	return shipmentNow(ctx, at, path.Shipment)
}

type shipmentPackIn struct {
	ShipmentPath
	Body struct {
		Scans []string `json:"scans" doc:"The labels of the containers, as the reader gave them"`
		Seals []string `json:"seals" example:"[\"A1\",\"A2\"]"`
		Place string   `json:"place" example:"ward 3"`
		Role  string   `json:"role,omitempty" example:"nurse"`
	}
}

func (a *api) shipmentPack(ctx context.Context, at *desk.Desk, in *shipmentPackIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.PackShipment(ctx, by, id, in.Body.Scans, in.Body.Seals, in.Body.Place)
	})
}
