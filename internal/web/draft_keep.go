package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type draftIn struct {
	FieldPath
	Body struct {
		Text string `json:"text" example:"143." doc:"At most 500 bytes; it is no value and in no record (DI-19)"`
	}
}

func (a *api) draftKeep(ctx context.Context, at *desk.Desk, in *draftIn) (*done, error) {
	err := at.HasField(ctx, in.Batch, in.Step, in.Field)
	if err != nil {
		return nil, err
	}
	return &done{}, at.Plant.People.KeepDraft(ctx, at.Session, placeOf(in.FieldPath), in.Body.Text)
}

func (a *api) draftDrop(ctx context.Context, at *desk.Desk, in *FieldPath) (*done, error) {
	return &done{}, at.Plant.People.DropDraft(ctx, at.Session, placeOf(*in))
}

func placeOf(p FieldPath) people.Place {
	return people.Place{Batch: p.Batch, Step: p.Step, Field: p.Field}
}
