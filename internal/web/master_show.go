package web

import (
	"context"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// MasterPath is the address of a version.
type MasterPath struct {
	Recipe  string `path:"recipe" example:"REX-001"`
	Version string `path:"version" example:"3"`
}

func (a *api) masterShow(ctx context.Context, at *desk.Desk, in *MasterPath) (*answer[masterFullOut], error) {
	id, err := master.ParseID(in.Recipe, in.Version)
	if err != nil {
		return nil, err
	}
	k := at.Plant.Batches
	m, err := k.Masters().Load(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := k.Masters().Read(ctx, m)
	if err != nil {
		return nil, err
	}
	versions, err := k.Masters().Versions(ctx, id.Recipe)
	if err != nil {
		return nil, err
	}
	running, err := k.Running(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[masterFullOut]{Body: masterState(m, r, versions, running[m.File], a.Clock())}, nil
}

// MasterCommand is what any command on a version may state.
type MasterCommand struct {
	Seen uint64 `json:"seen,omitempty" example:"4" doc:"What the decision was made on; anything newer is refused (CS-65)"`
	Role string `json:"role,omitempty" example:"qa" doc:"Needed only where several roles of the person fit"`
}

// onMaster does a command on a version, and answers with the version as it then stands.
func (a *api) onMaster(ctx context.Context, at *desk.Desk, in MasterPath, c MasterCommand, do func(*master.Book, ledger.Author, master.ID, master.Seen) error) (*answer[masterFullOut], error) {
	id, err := master.ParseID(in.Recipe, in.Version)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(c.Role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(at.Plant.Batches.Masters(), by, id, master.Seen(c.Seen))
	if err != nil {
		return nil, err
	}
	return a.masterShow(ctx, at, &in)
}
