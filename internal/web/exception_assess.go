package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type assessIn struct {
	Batch     string `path:"batch" example:"SVQ2600001X"`
	Exception string `path:"exception" example:"out-of-limit:S11.gross_mass:31"`
	Body      struct {
		Classification string `json:"classification" enum:"minor,major,critical"`
		Assessment     string `json:"assessment" example:"Balance drift, within its tolerance; no effect on product or patient."`
		Password       string `json:"password"`
		Command
	}
}

// exceptionAssess records QA's signed judgement and answers with the review list as it then stands (AT-59).
func (a *api) exceptionAssess(ctx context.Context, at *desk.Desk, in *assessIn) (*answer[reviewOut], error) {
	by, err := at.Acting(in.Body.Role, desk.Is(people.QA))
	if err != nil {
		return nil, err
	}
	err = at.Plant.Batches.Assess(ctx, by, in.Batch, batch.Seen(in.Body.Version), in.Exception,
		batch.Classification(in.Body.Classification), in.Body.Assessment, at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	return a.reviewShow(ctx, at, &batchIn{Batch: in.Batch})
}
