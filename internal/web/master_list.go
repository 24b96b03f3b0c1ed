package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rexbatch/internal/web/desk"
)

func (a *api) masters() {
	const version = "/masters/{recipe}/{version}"
	register(a, "GET /masters", "masters", "Versions of the plant's recipe, the newest first (AT-3, AT-5)", a.masterList)
	register(a, "POST /masters", "draft-master", "Draft a version from a file, under a change request (CS-13); faults are listed, and the draft is kept", a.masterDraft, makes, carriesFile)
	register(a, "GET /masters/effective/procedures", "procedures", "Procedures that people are trained in, of the version in force (CS-2)", a.procedureList)
	register(a, "GET "+version, "master", "A version with its file, its faults and its history", a.masterShow)
	register(a, "GET "+version+"/changes", "master-changes", "What a version means that another one does not", a.masterChanges)
	register(a, "POST "+version+"/revise", "revise-master", "Give a draft a new file", a.masterRevise, carriesFile)
	register(a, "POST "+version+"/submit", "submit-master", "Give a draft without errors to review", a.masterSubmit)
	register(a, "POST "+version+"/return", "return-master", "Give a version back to its authors", a.masterReturn)
	register(a, "POST "+version+"/approve", "approve-master", "QA approves a version, with effect from a time (I7, I8)", a.masterApprove)
	register(a, "POST "+version+"/withdraw", "withdraw-master", "QA ends the use of a version for new batches (AT-5)", a.masterWithdraw)
}

// carriesFile says that the body of an operation holds a master batch record file.
func carriesFile(op *huma.Operation) { op.MaxBodyBytes = maxMasterBody + 1 }

type mastersOut struct {
	Masters []masterLineOut `json:"masters"`
}

func (a *api) masterList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[mastersOut], error) {
	k := at.Plant.Batches
	versions, err := k.Masters().Versions(ctx, k.Recipe.ID)
	if err != nil {
		return nil, err
	}
	running, err := k.Running(ctx)
	if err != nil {
		return nil, err
	}
	out := mastersOut{Masters: []masterLineOut{}}
	for _, i := range versions {
		out.Masters = append(out.Masters, masterLine(i, versions, running[i.File], a.Clock()))
	}
	return &answer[mastersOut]{Body: out}, nil
}
