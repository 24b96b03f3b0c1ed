package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type interruptIn struct {
	StepPath
	Body struct {
		Cause string `json:"cause" example:"power cut after 12 min"`
		Command
	}
}

// stepInterrupt says that an open step was broken off; whoever stands there may say so (AT-59).
func (a *api) stepInterrupt(ctx context.Context, at *desk.Desk, in *interruptIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Interrupt(ctx, by, in.Batch, seen, in.Step, in.Body.Cause)
	})
}

type resumeIn struct {
	StepPath
	Body struct {
		Decision string `json:"decision" enum:"continue,repeat" doc:"Repeat as often as the recipe allows: see repeat of the step"`
		Reason   string `json:"reason" example:"stopped before the spin began, nothing was moved"`
		Command
	}
}

// stepResume is the decision of the production lead or QA on how an interrupted step goes on (AT-14).
func (a *api) stepResume(ctx context.Context, at *desk.Desk, in *resumeIn) (*answer[shownOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	err = at.Plant.Batches.Resume(ctx, by, in.Batch, batch.Seen(in.Body.Version), in.Step, batch.Resumption(in.Body.Decision), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return stepNow(ctx, at, in.Batch, in.Step)
}
