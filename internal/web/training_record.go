package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type trainingIn struct {
	Username string `path:"username" example:"ana"`
	Body     struct {
		Procedure string `json:"procedure" example:"GOWN-B" doc:"3 to 24 capital letters, digits and hyphens"`
		Version   string `json:"version" example:"3" doc:"Of the procedure that was trained"`
		From      string `json:"from" example:"2026-10-08" doc:"First day of validity"`
		Until     string `json:"until" example:"2027-10-07" doc:"Last day of validity"`
		Trainer   string `json:"trainer" example:"Inés Ortega Luque"`
		Evidence  string `json:"evidence" example:"TR-2026-118" doc:"Where the proof lies"`
		Role      string `json:"role,omitempty" example:"qa" doc:"In which role, where several would do"`
	}
}

// mayTrain is the choice of the role in which training is recorded.
func mayTrain(r people.Role) bool { return r.May(people.RecordTraining) }

func (a *api) trainingRecord(ctx context.Context, at *desk.Desk, in *trainingIn) (*answer[trainedOut], error) {
	by, err := at.Acting(in.Body.Role, mayTrain)
	if err != nil {
		return nil, err
	}
	person, err := at.Plant.People.RecordTraining(ctx, by, in.Username, people.Training{
		Procedure: in.Body.Procedure, Version: in.Body.Version, From: in.Body.From, Until: in.Body.Until, Trainer: in.Body.Trainer, Evidence: in.Body.Evidence,
	})
	if err != nil {
		return nil, err
	}
	return &answer[trainedOut]{Body: trainedState(person)}, nil
}
