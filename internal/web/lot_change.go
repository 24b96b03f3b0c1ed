package web

import (
	"context"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

// LotCommand is what any command on a lot may state.
type LotCommand struct {
	Version uint64 `json:"version,omitempty" example:"3" doc:"Version of the lot that the decision was made on; a newer one is refused (CS-65)"`
	Role    string `json:"role,omitempty" example:"qa" doc:"Needed only where several roles of the person fit"`
}

type lotCommandIn struct {
	LotPath
	Body *LotCommand
}

func (in *lotCommandIn) command() LotCommand {
	if in.Body == nil {
		return LotCommand{}
	}
	return *in.Body
}

type lotReasonIn struct {
	LotPath
	Body struct {
		Reason string `json:"reason" example:"recall 4711 of the supplier"`
		LotCommand
	}
}

// anyRole fits wherever the permission that a route needs says which role it is.
func anyRole(people.Role) bool { return true }

// onLot does a command on a lot, and answers with the lot as it then stands.
func (a *api) onLot(ctx context.Context, at *desk.Desk, in LotPath, c LotCommand, do func(*material.Book, ledger.Author, material.Number, material.Seen) error) (*answer[lotOut], error) {
	n, err := material.ParseNumber(in.Lot)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(c.Role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(at.Plant.Batches.Materials(), by, n, material.Seen(c.Version))
	if err != nil {
		return nil, err
	}
	return a.lotNow(ctx, at, n)
}

func (a *api) lotRelease(ctx context.Context, at *desk.Desk, in *lotCommandIn) (*answer[lotOut], error) {
	return a.onLot(ctx, at, in.LotPath, in.command(), func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Release(ctx, by, n, seen)
	})
}

func (a *api) lotBlock(ctx context.Context, at *desk.Desk, in *lotReasonIn) (*answer[lotOut], error) {
	return a.onLot(ctx, at, in.LotPath, in.Body.LotCommand, func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Block(ctx, by, n, seen, in.Body.Reason)
	})
}

func (a *api) lotUnblock(ctx context.Context, at *desk.Desk, in *lotReasonIn) (*answer[lotOut], error) {
	return a.onLot(ctx, at, in.LotPath, in.Body.LotCommand, func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Unblock(ctx, by, n, seen, in.Body.Reason)
	})
}

func (a *api) lotClear(ctx context.Context, at *desk.Desk, in *lotReasonIn) (*answer[lotOut], error) {
	return a.onLot(ctx, at, in.LotPath, in.Body.LotCommand, func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Clear(ctx, by, n, seen, in.Body.Reason)
	})
}

func (a *api) lotOpen(ctx context.Context, at *desk.Desk, in *lotCommandIn) (*answer[lotOut], error) {
	return a.onLot(ctx, at, in.LotPath, in.command(), func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Open(ctx, by, n, seen)
	})
}

type discardIn struct {
	LotPath
	Body struct {
		Quantity string `json:"quantity" example:"30" doc:"As text, so that its decimals are kept (I13)"`
		Unit     string `json:"unit" example:"mL"`
		Reason   string `json:"reason" example:"spilled at the bench"`
		LotCommand
	}
}

func (a *api) lotDiscard(ctx context.Context, at *desk.Desk, in *discardIn) (*answer[lotOut], error) {
	q, err := quantity.Parse(in.Body.Quantity, quantity.Unit(in.Body.Unit))
	if err != nil {
		return nil, err
	}
	return a.onLot(ctx, at, in.LotPath, in.Body.LotCommand, func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Discard(ctx, by, n, seen, q, in.Body.Reason)
	})
}
