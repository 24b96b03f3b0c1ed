package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type accountIn struct {
	Body struct {
		Username string   `json:"username" example:"ana"`
		Name     string   `json:"name" example:"Ana Belén Carreño Ruiz" doc:"Full name as printed beside a signature"`
		Lang     string   `json:"lang" example:"es"`
		Roles    []string `json:"roles" example:"[\"operator\"]"`
		Hospital string   `json:"hospital,omitempty" example:"3401" doc:"At which a person who treats works: they see who its patients are, and no others (I12)"`
		Reason   string   `json:"reason,omitempty" example:"access request 12"`
		Approver string   `json:"approver,omitempty"`
	}
}

// issuedOut is an account with a password that is shown this once (CS-35, CS-78).
type issuedOut struct {
	Person          accountOut `json:"person"`
	OneTimePassword string     `json:"one_time_password" doc:"Shown once; its holder must replace it at the first sign-in"`
}

func (a *api) accountCreate(ctx context.Context, at *desk.Desk, in *accountIn) (*answer[issuedOut], error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, issued, err := at.Plant.People.Create(ctx, by, people.NewAccount{
		Username: in.Body.Username, Name: in.Body.Name, Lang: in.Body.Lang, Roles: rolesOf(in.Body.Roles), Hospital: in.Body.Hospital,
		Why: people.Why{Reason: in.Body.Reason, Approver: in.Body.Approver},
	})
	if err != nil {
		return nil, err
	}
	return &answer[issuedOut]{Body: issuedOut{Person: accountState(person), OneTimePassword: issued}}, nil
}

func rolesOf(names []string) []people.Role {
	roles := make([]people.Role, len(names))
	for i, n := range names {
		roles[i] = people.Role(n)
	}
	return roles
}
