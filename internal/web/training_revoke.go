package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type trainingRevokeIn struct {
	Username  string `path:"username" example:"ana"`
	Procedure string `path:"procedure" example:"GOWN-B"`
	Body      struct {
		Reason   string `json:"reason" example:"failed the media fill"`
		Approver string `json:"approver,omitempty"`
		Role     string `json:"role,omitempty"`
	}
}

func (a *api) trainingRevoke(ctx context.Context, at *desk.Desk, in *trainingRevokeIn) (*answer[trainedOut], error) {
	by, err := at.Acting(in.Body.Role, mayTrain)
	if err != nil {
		return nil, err
	}
	person, err := at.Plant.People.RevokeTraining(ctx, by, in.Username, in.Procedure, people.Why{Reason: in.Body.Reason, Approver: in.Body.Approver})
	if err != nil {
		return nil, err
	}
	return &answer[trainedOut]{Body: trainedState(person)}, nil
}
