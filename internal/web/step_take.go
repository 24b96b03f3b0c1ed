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
