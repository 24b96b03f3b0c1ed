package web

import (
	"context"
	"time"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// FieldPath is the address of a field.
type FieldPath struct {
	StepPath
	Field string `path:"field" example:"gross_mass"`
}

type enterIn struct {
	FieldPath
	Body struct {
		Value string `json:"value" example:"143.6" doc:"As text, so that its decimals and qualifier are kept (I13)"`
		Unit  string `json:"unit,omitempty" example:"g" doc:"Refused when it is not the field's"`

		Scanned bool `json:"scanned,omitempty" doc:"Read by a scanner from a lot or a device, unchanged"`
		Command
	}
}

func (a *api) fieldEnter(ctx context.Context, at *desk.Desk, in *enterIn) (*answer[shownOut], error) {
	out, err := on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		input := batch.Input{Text: in.Body.Value, Unit: in.Body.Unit, Scanned: in.Body.Scanned}
		return at.Plant.Batches.Enter(ctx, by, in.Batch, seen, in.Step, in.Field, input)
	})
	if err == nil {
		at.Confirmed(ctx, in.Batch, in.Step, in.Field)
	}
	return out, err
}

type correctIn struct {
	FieldPath
	Body struct {
		Value  string `json:"value" example:"146.3"`
		Unit   string `json:"unit,omitempty" example:"g"`
		Reason string `json:"reason" example:"two digits were swapped"`

		Ground    batch.Ground `json:"ground,omitempty" enum:"mistyped,test-invalid" doc:"Why a result that is out of specification is replaced (AT-33)"`
		Performed time.Time    `json:"performed_at,omitzero" doc:"Of a late entry: when it was done (DI-11)"`
		Command
	}
}

func (a *api) fieldCorrect(ctx context.Context, at *desk.Desk, in *correctIn) (*answer[shownOut], error) {
	out, err := on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		input := batch.Input{Text: in.Body.Value, Unit: in.Body.Unit, Performed: in.Body.Performed, Ground: in.Body.Ground}
		return at.Plant.Batches.Correct(ctx, by, in.Batch, seen, in.Step, in.Field, input, in.Body.Reason)
	})
	if err == nil {
		at.Confirmed(ctx, in.Batch, in.Step, in.Field)
	}
	return out, err
}

type scanIn struct {
	FieldPath
	Body struct {
		Raw string `json:"raw" example:"&/CHA999926000001" doc:"What the scanner read, unchanged"`
		Command
	}
}

// fieldScan compares a label. A mismatch is answered with 409 (I4), and stands in the record all the same.
func (a *api) fieldScan(ctx context.Context, at *desk.Desk, in *scanIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Scan(ctx, by, in.Batch, seen, in.Step, in.Field, in.Body.Raw)
	})
}
