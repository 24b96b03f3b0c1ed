package web

import (
	"context"
	"encoding/base64"

	"rexbatch/batch"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) switching() {
	register(a, "POST /shipments/{shipment}/hand-on", "hand-on", "End the batch here whose shipment was switched to another plant: from then on its dossier can be fetched", a.handOn)
	register(a, "GET /batches/{batch}/dossier", "get-dossier", "The dossier of a batch that was handed on to another plant, or taken on from one: every entry with its proof", a.dossier, gives("application/json"))
	register(a, "POST /taken-on", "take-on", "Take a batch on that another plant has handed on: the dossier is proved against that plant's log. A newer dossier brings what came late", a.takeOn, makes, carriesDossier)
}

type handOnIn struct {
	ShipmentPath
	Body struct {
		Role string `json:"role,omitempty" example:"qa"`
	}
}

func (a *api) handOn(ctx context.Context, at *desk.Desk, in *handOnIn) (*answer[shipmentOut], error) {
	return onShipment(ctx, at, in.ShipmentPath, in.Body.Role, func(by ledger.Author, id shipment.ID) error {
		return at.Plant.Batches.HandOn(ctx, by, id)
	})
}

func (a *api) dossier(ctx context.Context, at *desk.Desk, in *batchIn) (*text, error) {
	file, err := at.Plant.Batches.DossierOf(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return download("application/json", in.Batch+".dossier.json", file), nil
}

type takeOnIn struct {
	Body struct {
		Dossier  string `json:"dossier" doc:"The file, base64: its bytes are kept as they are"`
		Carrier  string `json:"carrier,omitempty" example:"carlos" doc:"Account here of the courier who has the box; without it the chain shows a missing leg"`
		Password string `json:"password" doc:"QA signs over the dossier (I8)"`
	}
}

type takenOnOut struct {
	Batch string `json:"batch" example:"FRA2600001R"`
}

func (a *api) takeOn(ctx context.Context, at *desk.Desk, in *takeOnIn) (*answer[takenOnOut], error) {
	by, err := at.Acting(string(people.QA), desk.Is(people.QA))
	if err != nil {
		return nil, err
	}
	file, err := base64.StdEncoding.DecodeString(in.Body.Dossier)
	if err != nil {
		return nil, ledger.Refuse(ledger.Invalid, "DI-8", "dossier-base64", "the dossier is not base64", "send the bytes of the file in base64")
	}
	number, err := at.Plant.Batches.TakeOn(ctx, by, batch.Taking{Dossier: file, Carrier: in.Body.Carrier}, at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	return &answer[takenOnOut]{Body: takenOnOut{number}}, nil
}
