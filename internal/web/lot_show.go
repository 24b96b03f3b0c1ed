package web

import (
	"context"

	"rexbatch/batch/material"
	"rexbatch/internal/web/desk"
)

// LotPath is the address of a lot.
type LotPath struct {
	Lot string `path:"lot" example:"L-SVQ26-00017-K" doc:"Its number with the check character"`
}

func (a *api) lotShow(ctx context.Context, at *desk.Desk, in *LotPath) (*answer[lotOut], error) {
	n, err := material.ParseNumber(in.Lot)
	if err != nil {
		return nil, err
	}
	return a.lotNow(ctx, at, n)
}

func (a *api) lotNow(ctx context.Context, at *desk.Desk, n material.Number) (*answer[lotOut], error) {
	l, err := at.Plant.Batches.Materials().Load(ctx, n)
	if err != nil {
		return nil, err
	}
	return &answer[lotOut]{Body: lotState(l, a.Clock())}, nil
}
