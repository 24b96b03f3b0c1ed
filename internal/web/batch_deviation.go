package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// DeviationPath is the address of a deviation.
type DeviationPath struct {
	Batch     string `path:"batch" example:"SVQ2600001X"`
	Deviation string `path:"deviation" example:"DEV-SVQ26-00001"`
}

type deviationsOut struct {
	Version    uint64                    `json:"version"`
	Deviations []release.ReviewDeviation `json:"deviations"`
	Opened     string                    `json:"opened,omitempty" doc:"The number of the one that was opened just now"`
}

func (a *api) deviationList(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[deviationsOut], error) {
	return deviationsNow(ctx, at, in.Batch, "")
}

func deviationsNow(ctx context.Context, at *desk.Desk, number, opened string) (*answer[deviationsOut], error) {
	b, err := at.Plant.Batches.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	return &answer[deviationsOut]{Body: deviationsOut{Version: b.Version, Deviations: reviewFor(at, b).Deviations, Opened: opened}}, nil
}

type deviationOpenIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Exceptions []string `json:"exceptions" maxItems:"200" doc:"Ids of the review list; none for one that no rule found"`
		What       string   `json:"what" example:"the box stood in the sun for some minutes"`
		Command
	}
}

func (a *api) deviationOpen(ctx context.Context, at *desk.Desk, in *deviationOpenIn) (*answer[deviationsOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	number, err := at.Plant.Batches.OpenDeviation(ctx, by, in.Batch, batch.Seen(in.Body.Version), in.Body.Exceptions, in.Body.What)
	if err != nil {
		return nil, err
	}
	return deviationsNow(ctx, at, in.Batch, number)
}

// onDeviation does a command on a deviation, and answers with all of the batch.
func onDeviation(ctx context.Context, at *desk.Desk, in DeviationPath, c Command, do func(ledger.Author, batch.Seen) error) (*answer[deviationsOut], error) {
	by, err := at.Acting(c.Role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(by, batch.Seen(c.Version))
	if err != nil {
		return nil, err
	}
	return deviationsNow(ctx, at, in.Batch, "")
}

type classifyIn struct {
	DeviationPath
	Body struct {
		Classification string `json:"classification" enum:"minor,major,critical"`
		Due            string `json:"due" example:"2026-12-22" doc:"The day until which it has to be closed"`
		Command
	}
}

func (a *api) deviationClassify(ctx context.Context, at *desk.Desk, in *classifyIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Classify(ctx, by, in.Batch, seen, in.Deviation, batch.Classification(in.Body.Classification), in.Body.Due)
	})
}

type investigateIn struct {
	DeviationPath
	Body struct {
		Cause string `json:"cause" example:"the tare was entered with two digits swapped"`
		Risk  string `json:"risk" example:"none: the volume was measured a second time"`
		CAPA  string `json:"capa,omitempty" example:"CAPA-2026-031"`
		Command
	}
}

func (a *api) deviationInvestigate(ctx context.Context, at *desk.Desk, in *investigateIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Investigate(ctx, by, in.Batch, seen, in.Deviation, in.Body.Cause, in.Body.Risk, in.Body.CAPA)
	})
}

type approveIn struct {
	DeviationPath
	Body struct {
		Password string `json:"password"`
		Command
	}
}

// deviationApprove records QA's signature over what was investigated (I8).
func (a *api) deviationApprove(ctx context.Context, at *desk.Desk, in *approveIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Approve(ctx, by, in.Batch, seen, in.Deviation, at.Signer(by.Role, in.Body.Password))
	})
}
