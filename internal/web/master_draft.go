package web

import (
	"context"
	"strconv"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type masterDraftIn struct {
	Body struct {
		File   string `json:"file" doc:"The whole YAML file as text; it says which recipe and version it is" maxLength:"4194304"`
		Change string `json:"change" example:"CC-2026-014" doc:"Number of the approved change request (CS-13)"`
		Note   string `json:"note" example:"Tighter limit of the net volume" doc:"What is new, and why"`
		Role   string `json:"role,omitempty" example:"production-lead"`
	}
}

func (a *api) masterDraft(ctx context.Context, at *desk.Desk, in *masterDraftIn) (*answer[masterFullOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	id, _, err := at.Plant.Batches.Masters().Start(ctx, by, []byte(in.Body.File), in.Body.Change, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return a.masterShow(ctx, at, &MasterPath{Recipe: id.Recipe, Version: strconv.Itoa(id.Number)})
}

type masterReviseIn struct {
	MasterPath
	Body struct {
		File string `json:"file" maxLength:"4194304"`
		Note string `json:"note" example:"The reason stands in the file"`
		MasterCommand
	}
}

func (a *api) masterRevise(ctx context.Context, at *desk.Desk, in *masterReviseIn) (*answer[masterFullOut], error) {
	return a.onMaster(ctx, at, in.MasterPath, in.Body.MasterCommand, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		_, err := k.Revise(ctx, by, id, seen, []byte(in.Body.File), in.Body.Note)
		return err
	})
}
