package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type pinIn struct {
	Body struct {
		Password string `json:"password"`
		PIN      string `json:"pin" doc:"Six to ten digits"`
	}
}

func (a *api) mePIN(ctx context.Context, at *desk.Desk, in *pinIn) (*done, error) {
	return &done{}, at.Plant.People.SetPIN(ctx, at.Session, in.Body.Password, in.Body.PIN)
}

func (a *api) meBadgeLost(ctx context.Context, at *desk.Desk, _ *struct{}) (*done, error) {
	return &done{}, at.Plant.People.ReportBadgeLost(ctx, at.Session)
}
