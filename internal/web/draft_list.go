package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type draftsIn struct {
	Batch string `path:"batch" example:"SVQ26000001K"`
}

type draftOut struct {
	Step    string `json:"step" example:"S11"`
	Field   string `json:"field" example:"gross_mass"`
	Account string `json:"account" doc:"Who typed"`
	Text    string `json:"text,omitempty" doc:"One's own only"`
	At      string `json:"at"`
}

type draftsOut struct {
	Drafts []draftOut `json:"drafts"`
}

func (a *api) draftList(ctx context.Context, at *desk.Desk, in *draftsIn) (*answer[draftsOut], error) {
	all, err := at.Plant.People.Drafts(ctx, at.Session, in.Batch)
	if err != nil {
		return nil, err
	}
	out := draftsOut{Drafts: []draftOut{}}
	for _, d := range all {
		out.Drafts = append(out.Drafts, draftOut{Step: d.Step, Field: d.Field, Account: d.Account, Text: d.Text, At: utc(d.At)})
	}
	return &answer[draftsOut]{Body: out}, nil
}
