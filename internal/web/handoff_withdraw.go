package web

import (
	"context"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
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
	return onCustody(ctx, at, in.HandoffPath, in.Body.Role, func(by ledger.Author, coi isbt128.CoI) error {
		return at.Plant.Batches.Withdraw(ctx, by, coi, containerID(in.Container), in.Body.Reason)
	})
}
