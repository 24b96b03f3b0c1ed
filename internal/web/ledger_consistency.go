package web

import (
	"context"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type consistencyIn struct {
	Old uint64 `query:"old" required:"true" example:"10"`
	New uint64 `query:"new" example:"100" doc:"The present size when left out"`
}

type consistencyOut struct {
	Old         uint64          `json:"old"`
	New         uint64          `json:"new"`
	Consistency []ledger.Digest `json:"consistency"`
}

func (a *api) ledgerConsistency(ctx context.Context, at *desk.Desk, in *consistencyIn) (*answer[consistencyOut], error) {
	size, err := sizeOr(ctx, at, in.New)
	if err != nil {
		return nil, err
	}
	path, err := at.Plant.Log.Consistency(ctx, in.Old, size)
	if err != nil {
		return nil, err
	}
	return &answer[consistencyOut]{Body: consistencyOut{Old: in.Old, New: size, Consistency: list(path)}}, nil
}

// mayReadEntries tells whether the person may see what an entry says, not only that it is there.
func mayReadEntries(at *desk.Desk) bool {
	s := at.Session
	return s.Has(people.Inspector) || s.Has(people.QA) || s.Has(people.QP)
}
