package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type takeIn struct {
	StepPath
	Body struct{ Command }
}

// stepTake captures in a step what the batch's shipment says.
func (a *api) stepTake(ctx context.Context, at *desk.Desk, in *takeIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.TakeFromShipment(ctx, by, in.Batch, seen, in.Step)
	})
}

// stepTakeBed captures in the step in which the product is given what the phones at the bed delivered.
func (a *api) stepTakeBed(ctx context.Context, at *desk.Desk, in *takeIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.TakeFromBedside(ctx, by, in.Batch, seen, in.Step)
	})
}
