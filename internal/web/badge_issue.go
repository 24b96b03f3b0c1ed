package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// badgeOut is a badge as it is shown once (CS-34).
type badgeOut struct {
	Person accountOut `json:"person"`
	Code   string     `json:"code" doc:"Shown once, to be printed on the badge as Data Matrix and text"`
	Serial string     `json:"serial" doc:"Names the badge in the record"`
}

func (a *api) badgeIssue(ctx context.Context, at *desk.Desk, in *groundIn) (*answer[badgeOut], error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, badge, err := at.Plant.People.IssueBadge(ctx, by, in.Username, in.why())
	if err != nil {
		return nil, err
	}
	return &answer[badgeOut]{Body: badgeOut{Person: accountState(person), Code: badge.Code, Serial: badge.Serial}}, nil
}

func (a *api) badgeWithdraw(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.WithdrawBadge)
}

func (a *api) pinWithdraw(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.WithdrawPIN)
}
