package web

import (
	"context"
	"maps"
	"slices"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/web/desk"
)

type masterChangesIn struct {
	MasterPath
	From int `query:"from" minimum:"1" doc:"The version to compare with; the one that this one replaces when not given"`
}

type masterChangesOut struct {
	From    int          `json:"from"`
	To      int          `json:"to"`
	Changes []mbr.Change `json:"changes" doc:"In meaning: what differs in form or comments only is not listed"`
	Running []string     `json:"running" doc:"Batches that are not finished and go on by the older version (AT-5)"`
}

func (a *api) masterChanges(ctx context.Context, at *desk.Desk, in *masterChangesIn) (*answer[masterChangesOut], error) {
	id, err := master.ParseID(in.Recipe, in.Version)
	if err != nil {
		return nil, err
	}
	k := at.Plant.Batches
	to, err := k.Masters().Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if in.From == 0 {
		versions, err := k.Masters().Versions(ctx, id.Recipe)
		if err != nil {
			return nil, err
		}
		before, _ := master.Before(versions, id.Number)
		in.From = before.Number
	}
	from, err := k.Masters().Load(ctx, master.ID{Recipe: id.Recipe, Number: in.From})
	if err != nil {
		return nil, err
	}
	changes, err := k.Masters().Changes(ctx, from, to)
	if err != nil {
		return nil, err
	}
	running, err := k.Running(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[masterChangesOut]{Body: masterChangesOut{From: in.From, To: id.Number, Changes: list(changes), Running: list(running[from.File])}}, nil
}

type proceduresOut struct {
	Procedures []procedureOut `json:"procedures"`
}

type procedureOut struct {
	Code string   `json:"code" example:"SOP-PR-021"`
	Name mbr.Text `json:"name"`
}

func (a *api) procedureList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[proceduresOut], error) {
	r, err := at.Plant.Batches.Effective(ctx)
	if err != nil {
		return nil, err
	}
	out := proceduresOut{Procedures: []procedureOut{}}
	for _, code := range slices.Sorted(maps.Keys(r.Procedures)) {
		out.Procedures = append(out.Procedures, procedureOut{Code: code, Name: r.Procedures[code]})
	}
	return &answer[proceduresOut]{Body: out}, nil
}
