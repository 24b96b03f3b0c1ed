package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// trainedOut is one person's training.
type trainedOut struct {
	Account  string            `json:"account" example:"ana"`
	Name     string            `json:"name" example:"Ana Belén Carreño Ruiz"`
	Roles    []people.Role     `json:"roles"`
	Training []people.Training `json:"training"`
}

type trainingsOut struct {
	People []trainedOut `json:"people"`
}

func (a *api) trainingList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[trainingsOut], error) {
	all, err := at.Plant.People.People(ctx)
	if err != nil {
		return nil, err
	}
	out := trainingsOut{People: []trainedOut{}}
	for _, p := range all {
		if !p.Disabled {
			out.People = append(out.People, trainedState(p))
		}
	}
	return &answer[trainingsOut]{Body: out}, nil
}

func trainedState(p people.Person) trainedOut {
	return trainedOut{Account: p.Account, Name: p.Name, Roles: list(p.Roles), Training: list(p.Trainings)}
}
