package web

import (
	"context"
	"time"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

type thawIn struct {
	Batch string `path:"batch" example:"SVQ2600001X" doc:"The batch whose product was frozen"`
	Body  struct {
		Dose         string       `json:"dose" example:"4e8" doc:"Viable cells that are ordered"`
		Reason       string       `json:"reason" example:"cross-over twelve months after the placebo"`
		Password     string       `json:"password" doc:"Of the custodian, who acts"`
		Investigator secondPerson `json:"investigator" doc:"Who orders, at the same terminal"`
		Role         string       `json:"role,omitempty" example:"custodian"`
	}
}

// batchThaw opens the batch of a thaw, on the investigator's signed order (scenario 49).
func (a *api) batchThaw(ctx context.Context, at *desk.Desk, in *thawIn) (*answer[openOut], error) {
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return r.May(people.SeeBlinded) })
	if err != nil {
		return nil, err
	}
	who := in.Body.Investigator
	number, err := at.Plant.Batches.OpenThaw(ctx, by, batch.ThawOrder{First: in.Batch, Dose: in.Body.Dose, Reason: in.Body.Reason},
		at.Beside(who.Username, who.Password, people.Investigator), at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	b, err := at.Plant.Batches.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	return &answer[openOut]{Body: openOut{Batch: number, CoI: b.CoI.String(), CoICheck: string(b.CoI.Check()), CoIPrint: b.CoI.Print()}}, nil
}

// storedOut is what the first record says to a thaw.
type storedOut struct {
	First       string                 `json:"first" example:"SVQ2600001X"`
	Certificate string                 `json:"certificate" example:"SVQ-2026-0001"`
	PDF         ledger.Digest          `json:"pdf" doc:"SHA-256 of that certificate"`
	FrozenAt    time.Time              `json:"frozen_at"`
	Dose        string                 `json:"dose" example:"4e8 cells" doc:"Ordered"`
	Reason      string                 `json:"reason"`
	Ordered     people.Signature       `json:"ordered"`
	Disclosed   people.Signature       `json:"disclosed"`
	Results     []release.ReviewResult `json:"results" doc:"Of the first batch, as they were judged"`
}

// batchStored shows the stored results on which a thaw rests (scenario 49).
func (a *api) batchStored(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[storedOut], error) {
	thaw, first, err := at.Plant.Batches.Stored(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return &answer[storedOut]{Body: storedOut{
		First: thaw.First, Certificate: thaw.Certificate, PDF: thaw.PDF, FrozenAt: thaw.FrozenAt, Dose: thaw.Dose.String(), Reason: thaw.Reason,
		Ordered: thaw.Ordered, Disclosed: thaw.Disclosed, Results: release.ReviewOf(first).Results,
	}}, nil
}
