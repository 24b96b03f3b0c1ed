package web

import (
	"context"
	"fmt"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// AllowancePath is the address of a change for one batch alone, under its deviation.
type AllowancePath struct {
	DeviationPath
	Allowance int `path:"allowance" minimum:"1" maximum:"999" example:"1"`
}

// ID is the allowance's id in the batch.
func (p AllowancePath) ID() string { return fmt.Sprintf("%s/%d", p.Deviation, p.Allowance) }

type allowanceProposeIn struct {
	DeviationPath
	Body struct {
		Kind   string `json:"kind" enum:"limit,skip,repeat,time,device"`
		Target string `json:"target" example:"S25.rcf" maxLength:"100" doc:"A field for limit, a step for skip and repeat, a clock for time"`
		To     string `json:"to,omitempty" example:"450..800" maxLength:"100" doc:"The limit without its unit, or the whole time that is allowed, such as 90 min"`
		Reason string `json:"reason" example:"the rotor of the second centrifuge runs slower"`
		Risk   string `json:"risk" example:"none: cells settle as well, three runs of the qualification show it"`
		Command
	}
}

// allowancePropose records what production wants to be changed for the batch alone.
func (a *api) allowancePropose(ctx context.Context, at *desk.Desk, in *allowanceProposeIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Propose(ctx, by, in.Batch, seen, in.Deviation, batch.AllowanceKind(in.Body.Kind), in.Body.Target, in.Body.To, in.Body.Reason, in.Body.Risk)
	})
}

type allowanceApproveIn struct {
	AllowancePath
	Body struct {
		Password string `json:"password"`
		Command
	}
}

// allowanceApprove records QA's signature over what was proposed (I8).
func (a *api) allowanceApprove(ctx context.Context, at *desk.Desk, in *allowanceApproveIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Allow(ctx, by, in.Batch, seen, in.ID(), at.Signer(by.Role, in.Body.Password))
	})
}

type allowanceDeclineIn struct {
	AllowancePath
	Body struct {
		Reason string `json:"reason" example:"the wash can start in time"`
		Command
	}
}

// allowanceDecline records that QA does not allow it.
func (a *api) allowanceDecline(ctx context.Context, at *desk.Desk, in *allowanceDeclineIn) (*answer[deviationsOut], error) {
	return onDeviation(ctx, at, in.DeviationPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Decline(ctx, by, in.Batch, seen, in.ID(), in.Body.Reason)
	})
}
