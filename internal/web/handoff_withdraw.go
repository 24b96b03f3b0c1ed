package web

import (
	"context"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/web/desk"
)

type withdrawIn struct {
	HandoffPath
	Body struct {
		Reason string `json:"reason" example:"offered to the wrong party"`
		Role   string `json:"role,omitempty" example:"nurse"`
	}
}

// handoffWithdraw ends an offer without a change of custody, by the giver or the receiver.
func (a *api) handoffWithdraw(ctx context.Context, at *desk.Desk, in *withdrawIn) (*answer[therapyOut], error) {
	coi, err := isbt128.ParseCoI(in.CoI)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.Role, takesCustody)
	if err != nil {
		return nil, err
	}
	err = at.Plant.Batches.Withdraw(ctx, by, coi, containerID(in.Container), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return therapyNow(ctx, at, in.CoI)
}
