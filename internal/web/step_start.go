package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// Command is what any command on a batch may state.
type Command struct {
	Version uint64 `json:"version,omitempty" example:"7" doc:"Version of the batch that the decision was made on; a newer one is refused (CS-65)"`
	Role    string `json:"role,omitempty" example:"operator" doc:"Needed only where several roles of the person fit"`
}

type stepCommandIn struct {
	StepPath
	Body *Command
}

// on does a command of a step's performer, and answers with the step as it then stands.
func on(ctx context.Context, at *desk.Desk, in StepPath, c Command, do func(ledger.Author, batch.Seen) error) (*answer[shownOut], error) {
	fits, err := at.Performer(ctx, in.Batch, in.Step)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(c.Role, fits)
	if err != nil {
		return nil, err
	}
	err = do(by, batch.Seen(c.Version))
	if err != nil {
		return nil, err
	}
	return stepNow(ctx, at, in.Batch, in.Step)
}

func (in *stepCommandIn) command() Command {
	if in.Body == nil {
		return Command{}
	}
	return *in.Body
}

func (a *api) stepStart(ctx context.Context, at *desk.Desk, in *stepCommandIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.command(), func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Start(ctx, by, in.Batch, seen, in.Step)
	})
}

type riskIn struct {
	StepPath
	Body struct {
		Reason string `json:"reason" example:"the counter is being serviced; the product would expire"`
		Command
	}
}

func (a *api) stepAtRisk(ctx context.Context, at *desk.Desk, in *riskIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.BeginAtRisk(ctx, by, in.Batch, seen, in.Step, in.Body.Reason)
	})
}

func (a *api) stepComplete(ctx context.Context, at *desk.Desk, in *stepCommandIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.command(), func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Complete(ctx, by, in.Batch, seen, in.Step)
	})
}
