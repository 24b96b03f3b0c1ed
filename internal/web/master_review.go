package web

import (
	"context"
	"time"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type masterCommandIn struct {
	MasterPath
	Body *MasterCommand
}

func (a *api) masterSubmit(ctx context.Context, at *desk.Desk, in *masterCommandIn) (*answer[masterFullOut], error) {
	var c MasterCommand
	if in.Body != nil {
		c = *in.Body
	}
	return a.onMaster(ctx, at, in.MasterPath, c, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Submit(ctx, by, id, seen)
	})
}

type masterReasonIn struct {
	MasterPath
	Body struct {
		Reason string `json:"reason" example:"say why the limit changes"`
		MasterCommand
	}
}

func (a *api) masterReturn(ctx context.Context, at *desk.Desk, in *masterReasonIn) (*answer[masterFullOut], error) {
	return a.onMaster(ctx, at, in.MasterPath, in.Body.MasterCommand, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Return(ctx, by, id, seen, in.Body.Reason)
	})
}

func (a *api) masterWithdraw(ctx context.Context, at *desk.Desk, in *masterReasonIn) (*answer[masterFullOut], error) {
	in.Body.Role = string(people.QA)
	return a.onMaster(ctx, at, in.MasterPath, in.Body.MasterCommand, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Withdraw(ctx, by, id, seen, in.Body.Reason)
	})
}

type masterApproveIn struct {
	MasterPath
	Body struct {
		From     time.Time `json:"effective_from" example:"2026-12-01T07:00:00Z" doc:"Batches are opened by it from then on; not in the past"`
		Password string    `json:"password"`
		Seen     uint64    `json:"seen,omitempty"`
	}
}

func (a *api) masterApprove(ctx context.Context, at *desk.Desk, in *masterApproveIn) (*answer[masterFullOut], error) {
	c := MasterCommand{Seen: in.Body.Seen, Role: string(people.QA)}
	return a.onMaster(ctx, at, in.MasterPath, c, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Approve(ctx, by, id, seen, in.Body.From, at.Signer(by.Role, in.Body.Password))
	})
}
