package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type takeOverIn struct {
	StepPath
	Body struct {
		Command
		Reason string `json:"reason" example:"the performer was called away"`
	}
}

// stepTakeOver lets another person with the performer's role go on; it is an exception for the reviewer.
func (a *api) stepTakeOver(ctx context.Context, at *desk.Desk, in *takeOverIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.TakeOver(ctx, by, in.Batch, seen, in.Step, in.Body.Reason)
	})
}
