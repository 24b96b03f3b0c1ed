package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type terminalGroundIn struct {
	Terminal string `path:"terminal" example:"SVQ-07"`
	Body     struct {
		Reason   string `json:"reason" example:"new screen"`
		Approver string `json:"approver,omitempty"`
	}
}

func (in *terminalGroundIn) why() people.Why {
	return people.Why{Reason: in.Body.Reason, Approver: in.Body.Approver}
}

type terminalCodeOut struct {
	Code string `json:"code" doc:"Shown once; valid for an hour, for one browser"`
}

func (a *api) terminalCode(ctx context.Context, at *desk.Desk, in *terminalGroundIn) (*answer[terminalCodeOut], error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	code, err := at.Plant.People.IssueTerminalCode(ctx, by, in.Terminal, in.why())
	if err != nil {
		return nil, err
	}
	return &answer[terminalCodeOut]{Body: terminalCodeOut{Code: code}}, nil
}

func (a *api) terminalRevoke(ctx context.Context, at *desk.Desk, in *terminalGroundIn) (*terminalAnswer, error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	t, err := at.Plant.People.RevokeTerminal(ctx, by, in.Terminal, in.why())
	if err != nil {
		return nil, err
	}
	return &terminalAnswer{Body: terminalState(t)}, nil
}
