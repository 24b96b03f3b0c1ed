package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type passwordIn struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new" doc:"At least twelve characters, not a common one"`
	}
}

// mePassword replaces the person's own password; the other sessions of the account end (CS-35).
func (a *api) mePassword(ctx context.Context, at *desk.Desk, in *passwordIn) (*done, error) {
	return &done{}, at.ChangePassword(ctx, in.Body.Old, in.Body.New)
}

type statementIn struct {
	Body struct {
		Password string `json:"password"`
	}
}

// meStatement accepts the statement of accountability, with the password (CS-69).
func (a *api) meStatement(ctx context.Context, at *desk.Desk, in *statementIn) (*done, error) {
	return &done{}, at.Plant.People.AcceptStatement(ctx, at.Session, in.Body.Password)
}
