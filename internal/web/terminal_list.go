package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// terminalOut is a terminal as the API shows it.
type terminalOut struct {
	ID         string `json:"id" example:"SVQ-07"`
	Name       string `json:"name" example:"Clean room 2, left"`
	Area       string `json:"area,omitempty" example:"CR-2" doc:"Work area in which it stands"`
	Lang       string `json:"lang" example:"es"`
	Theme      string `json:"theme,omitempty" enum:"light,dark" doc:"Empty for what the browser prefers"`
	Density    int    `json:"density,omitempty" example:"378" doc:"Pixels per 100 mm of its screen"`
	Registered bool   `json:"registered" doc:"A browser is this terminal now"`
}

func terminalState(t people.Terminal) terminalOut {
	return terminalOut{
		ID: t.ID, Name: t.Name, Area: t.Area, Lang: t.Lang, Theme: t.Theme, Density: t.Density, Registered: t.Registered,
	}
}

type terminalsOut struct {
	Terminals []terminalOut `json:"terminals"`
}

func (a *api) terminalList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[terminalsOut], error) {
	all, err := at.Plant.People.Terminals(ctx)
	if err != nil {
		return nil, err
	}
	out := terminalsOut{Terminals: []terminalOut{}}
	for _, t := range all {
		out.Terminals = append(out.Terminals, terminalState(t))
	}
	return &answer[terminalsOut]{Body: out}, nil
}
