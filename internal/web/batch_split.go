package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

type splitIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Shares []string `json:"shares" minItems:"1" maxItems:"12" example:"[\"50.0\",\"51.5\"]" doc:"Volume of each share, as text"`
		Waste  string   `json:"waste" example:"0.0"`
		Unit   string   `json:"unit" example:"mL"`
		Reason string   `json:"reason" example:"two doses, one of them frozen"`
		Command
	}
}

type splitOut struct {
	Batches []string `json:"batches" doc:"The numbers under which the shares go on"`
}

// batchSplit lets a batch go on as several, each with its own record and clocks (AT-14).
func (a *api) batchSplit(ctx context.Context, at *desk.Desk, in *splitIn) (*answer[splitOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	unit := quantity.Unit(in.Body.Unit)
	var shares []quantity.Quantity
	for _, text := range in.Body.Shares {
		q, err := quantity.Parse(text, unit)
		if err != nil {
			return nil, err
		}
		shares = append(shares, q)
	}
	waste, err := quantity.Parse(in.Body.Waste, unit)
	if err != nil {
		return nil, err
	}
	numbers, err := at.Plant.Batches.Split(ctx, by, in.Batch, batch.Seen(in.Body.Version), shares, waste, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &answer[splitOut]{Body: splitOut{Batches: numbers}}, nil
}

type furtherIn struct {
	CoI  string `path:"coi" example:"CHA999926000001"`
	Body struct {
		Purpose  string `json:"purpose" enum:"replace,supplement,cross-over"`
		Reason   string `json:"reason" example:"the first harvest had too few cells"`
		Password string `json:"password"`
		Role     string `json:"role,omitempty" example:"investigator"`
	}
}

// therapyFurther opens the batch of a further harvest under the same Chain of Identity; the decision is signed.
func (a *api) therapyFurther(ctx context.Context, at *desk.Desk, in *furtherIn) (*answer[openOut], error) {
	coi, err := isbt128.ParseCoI(in.CoI)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return r.May(people.OpenOrder) })
	if err != nil {
		return nil, err
	}
	number, err := at.Plant.Batches.OpenFurther(ctx, by, coi, batch.Further(in.Body.Purpose), in.Body.Reason, at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	return &answer[openOut]{Body: openOut{Batch: number, CoI: coi.String(), CoICheck: string(coi.Check()), CoIPrint: coi.Print()}}, nil
}
