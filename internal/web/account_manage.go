package web

import (
	"context"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// groundIn is why an account is changed.
type groundIn struct {
	Username string `path:"username" example:"ana"`
	Body     struct {
		Reason   string `json:"reason" example:"checked with the person by telephone"`
		Approver string `json:"approver,omitempty"`
	}
}

func (in *groundIn) why() people.Why {
	return people.Why{Reason: in.Body.Reason, Approver: in.Body.Approver}
}

type accountAnswer = answer[accountOut]

type change func(context.Context, ledger.Author, string, people.Why) (people.Person, error)

func manage(ctx context.Context, at *desk.Desk, in *groundIn, do change) (*accountAnswer, error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, err := do(ctx, by, in.Username, in.why())
	if err != nil {
		return nil, err
	}
	return &accountAnswer{Body: accountState(person)}, nil
}

func (a *api) accountUnlock(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.Unlock)
}

func (a *api) accountDisable(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.Disable)
}

func (a *api) accountSessions(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.EndSessions)
}

type reissue func(context.Context, ledger.Author, string, people.Why) (people.Person, string, error)

func issue(ctx context.Context, at *desk.Desk, in *groundIn, do reissue) (*answer[issuedOut], error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, issued, err := do(ctx, by, in.Username, in.why())
	if err != nil {
		return nil, err
	}
	return &answer[issuedOut]{Body: issuedOut{Person: accountState(person), OneTimePassword: issued}}, nil
}

func (a *api) accountEnable(ctx context.Context, at *desk.Desk, in *groundIn) (*answer[issuedOut], error) {
	return issue(ctx, at, in, at.Plant.People.Enable)
}

func (a *api) accountPassword(ctx context.Context, at *desk.Desk, in *groundIn) (*answer[issuedOut], error) {
	return issue(ctx, at, in, at.Plant.People.ResetPassword)
}

type rolesIn struct {
	Username string `path:"username" example:"ana"`
	Body     struct {
		Roles    []string `json:"roles" example:"[\"operator\",\"qc-analyst\"]"`
		Reason   string   `json:"reason" example:"trained on S13, request 31"`
		Approver string   `json:"approver,omitempty"`
	}
}

func (a *api) accountRoles(ctx context.Context, at *desk.Desk, in *rolesIn) (*accountAnswer, error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, err := at.Plant.People.SetRoles(ctx, by, in.Username, rolesOf(in.Body.Roles), people.Why{Reason: in.Body.Reason, Approver: in.Body.Approver})
	if err != nil {
		return nil, err
	}
	return &accountAnswer{Body: accountState(person)}, nil
}
