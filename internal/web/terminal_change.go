package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// TerminalSettings are what is set for a terminal.
type TerminalSettings struct {
	Name     string `json:"name" example:"Clean room 2, left"`
	Area     string `json:"area,omitempty" example:"CR-2"`
	Lang     string `json:"lang" example:"es"`
	Theme    string `json:"theme,omitempty" example:"dark" doc:"light, dark, or empty for what the browser prefers"`
	Density  int    `json:"density,omitempty" example:"378" doc:"Pixels per 100 mm of its screen"`
	Reason   string `json:"reason,omitempty" example:"moved to clean room 2"`
	Approver string `json:"approver,omitempty"`
}

func (in TerminalSettings) settings() people.Settings {
	return people.Settings{Name: in.Name, Area: in.Area, Lang: in.Lang, Theme: in.Theme, Density: in.Density}
}

func (in TerminalSettings) why() people.Why {
	return people.Why{Reason: in.Reason, Approver: in.Approver}
}

type terminalIn struct {
	Body struct {
		ID string `json:"id" example:"SVQ-07" doc:"Stands in entries for ever"`
		TerminalSettings
	}
}

type terminalAnswer = answer[terminalOut]

func (a *api) terminalDefine(ctx context.Context, at *desk.Desk, in *terminalIn) (*terminalAnswer, error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	t, err := at.Plant.People.DefineTerminal(ctx, by, in.Body.ID, in.Body.settings(), in.Body.why())
	if err != nil {
		return nil, err
	}
	return &terminalAnswer{Body: terminalState(t)}, nil
}

type terminalChangeIn struct {
	Terminal string `path:"terminal" example:"SVQ-07"`
	Body     TerminalSettings
}

func (a *api) terminalChange(ctx context.Context, at *desk.Desk, in *terminalChangeIn) (*terminalAnswer, error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	t, err := at.Plant.People.ChangeTerminal(ctx, by, in.Terminal, in.Body.settings(), in.Body.why())
	if err != nil {
		return nil, err
	}
	return &terminalAnswer{Body: terminalState(t)}, nil
}
