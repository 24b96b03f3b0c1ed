package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type stopIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Cause   string              `json:"cause" enum:"patient-withdrew,patient-died,failed,order-cancelled"`
		Reason  string              `json:"reason" example:"the patient withdrew the consent on the telephone"`
		Consent []batch.Disposition `json:"consent,omitempty" doc:"What the consent lets be done with the material beside destroying it: retained, research. An empty list lets nothing else; without it nobody has said"`
		Command
	}
}

// batchStop stops a batch: at once when nothing is being done, else when the next safe step is done.
func (a *api) batchStop(ctx context.Context, at *desk.Desk, in *stopIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.AskToStop(ctx, by, in.Batch, seen, batch.EndCause(in.Body.Cause), in.Body.Reason, in.Body.Consent...)
	})
}

type disposeIn struct {
	Batch     string `path:"batch" example:"SVQ2600001X"`
	Container string `path:"container" example:"A999926000001-B00001" doc:"The identifier with a hyphen for its slash"`
	Body      struct {
		Raw         string `json:"raw" example:"&/CHA999926000001" doc:"What the scanner read of the container's label, unchanged (I4)"`
		Disposition string `json:"disposition" enum:"destroyed,retained,research,used-up"`
		Reason      string `json:"reason" example:"destroyed as infectious waste, container 12"`
		Command
	}
}

// batchDispose says what is done with a container of an ended batch; the last one closes the batch.
func (a *api) batchDispose(ctx context.Context, at *desk.Desk, in *disposeIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Dispose(ctx, by, in.Batch, seen, containerID(in.Container), in.Body.Raw, batch.Disposition(in.Body.Disposition), in.Body.Reason)
	})
}
