package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

func (a *api) tree() {
	const container = "/batches/{batch}/containers"
	register(a, "POST "+container+"/division", "divide-container", "Put the content of a container into new ones, as the step makes them (AT-14)", a.containerDivide)
	register(a, "POST "+container+"/pool", "pool-containers", "Put several containers of one kind into one, where the step makes that (I5, AT-14)", a.containerPool)
	register(a, "POST "+container+"/freezing", "freeze-container", "A container was frozen", a.containerFreeze)
	register(a, "POST "+container+"/thawing", "thaw-container", "A container was thawed", a.containerThaw)
	register(a, "POST "+container+"/destruction", "destroy-container", "A container of a batch that is being made was destroyed", a.containerDestroy)
}

// PortionsBody says what a content becomes.
type PortionsBody struct {
	Kind    string   `json:"kind" example:"tube" doc:"Of the new containers, as the recipe names it"`
	Volumes []string `json:"volumes" minItems:"1" maxItems:"50" example:"[\"25.0\",\"25.0\"]"`
	Waste   string   `json:"waste" example:"0.0"`
	Before  string   `json:"before,omitempty" example:"50.0" doc:"What was in the container; where the record knows it, that counts"`
	Unit    string   `json:"unit" example:"mL"`
}

func (in PortionsBody) portions() (batch.Portions, error) {
	return batch.ReadPortions(chainofcustody.Kind(in.Kind), in.Before, in.Volumes, in.Waste, quantity.Unit(in.Unit))
}

type divideIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Raw    string                `json:"raw" doc:"What the scanner read of the container's label, unchanged (I4)"`
		Manner chainofcustody.Manner `json:"manner" enum:"split,fill,sample"`
		PortionsBody
		Command
	}
}

func (a *api) containerDivide(ctx context.Context, at *desk.Desk, in *divideIn) (*answer[batchOut], error) {
	p, err := in.Body.portions()
	if err != nil {
		return nil, err
	}
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Divide(ctx, by, in.Batch, seen, in.Body.Raw, in.Body.Manner, p)
	})
}

type poolIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Raws []string `json:"raws" minItems:"2" maxItems:"20" doc:"What the scanner read of each container's label (I4)"`
		PortionsBody
		Command
	}
}

func (a *api) containerPool(ctx context.Context, at *desk.Desk, in *poolIn) (*answer[batchOut], error) {
	p, err := in.Body.portions()
	if err != nil {
		return nil, err
	}
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Pool(ctx, by, in.Batch, seen, in.Body.Raws, p)
	})
}

type tendIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Raw string `json:"raw" doc:"What the scanner read of the container's label, unchanged (I4)"`
		Command
	}
}

func (a *api) containerFreeze(ctx context.Context, at *desk.Desk, in *tendIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Freeze(ctx, by, in.Batch, seen, in.Body.Raw)
	})
}

func (a *api) containerThaw(ctx context.Context, at *desk.Desk, in *tendIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Thaw(ctx, by, in.Batch, seen, in.Body.Raw)
	})
}

type wasteIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Raw    string `json:"raw" doc:"What the scanner read of the container's label, unchanged (I4)"`
		Reason string `json:"reason" example:"the tube broke in the centrifuge"`
		Command
	}
}

func (a *api) containerDestroy(ctx context.Context, at *desk.Desk, in *wasteIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Destroy(ctx, by, in.Batch, seen, in.Body.Raw, in.Body.Reason)
	})
}
