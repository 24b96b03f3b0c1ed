package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type commentIn struct {
	FieldPath
	Body struct {
		Text string `json:"text" example:"weighed twice, the bag is as light as that"`
		Command
	}
}

// fieldComment says why a value beyond its limit is as it is: the step can go on with it, where the recipe lets it (AT-59).
func (a *api) fieldComment(ctx context.Context, at *desk.Desk, in *commentIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Comment(ctx, by, in.Batch, seen, in.Step, in.Field, in.Body.Text)
	})
}
