package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type amendIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Values   map[string]string `json:"values" doc:"What is different, by field of the recipe's step S01: index_limb, body_weight, weighed_on, hospital, country, planned_harvest, planned_infusion" example:"{\"index_limb\":\"left\"}"`
		Reason   string            `json:"reason"`
		Password string            `json:"password"`
		Command
	}
}

// orderAmend changes what was ordered; the plant accepts the order again (scenario 52).
func (a *api) orderAmend(ctx context.Context, at *desk.Desk, in *amendIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Amend(ctx, by, in.Batch, seen, inputs(in.Body.Values), in.Body.Reason, at.Signer(by.Role, in.Body.Password))
	})
}

func inputs(values map[string]string) map[string]batch.Input {
	out := make(map[string]batch.Input, len(values))
	for field, text := range values {
		out[field] = batch.Input{Text: text}
	}
	return out
}
