package web

import (
	"context"
	"fmt"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

func (a *api) packs() {
	const at = "/batches/{batch}/packs"
	register(a, "POST "+at, "issue-pack", "Issue a numbered paper pack for the steps that are not done (CS-21)", a.packIssue, makes)
	register(a, "POST "+at+"/{pack}/return", "return-pack", "Take a paper pack back, with its scanned sheets where it was used (CS-21)", a.packReturn)
	register(a, "GET "+at+"/{pack}/pdf", "pack-file", "The sheets of a paper pack (PDF)", a.packFile, gives("application/pdf"))
}

type packIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct{ Command }
}

func (a *api) packIssue(ctx context.Context, at *desk.Desk, in *packIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		_, err := at.Plant.Batches.IssuePack(ctx, by, in.Batch, seen)
		return err
	})
}

// PackPath is the address of a paper pack; exported as StepPath is.
type PackPath struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Pack  string `path:"pack" example:"PAP-SVQ26-00001" maxLength:"40"`
}

type packReturnIn struct {
	PackPath
	Body struct {
		Used   bool   `json:"used"`
		Sheets []byte `json:"sheets,omitempty" doc:"The scanned sheets of a pack that was used: a PDF, PNG or JPEG of at most 4 MB, base64"`
		Name   string `json:"name,omitempty" example:"pack.pdf"`
		Remark string `json:"remark" example:"used for S11 and S12, entered late"`
		Command
	}
}

func (a *api) packReturn(ctx context.Context, at *desk.Desk, in *packReturnIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.ReturnPack(ctx, by, in.Batch, seen, in.Pack, in.Body.Used, batch.PaperForm{Name: in.Body.Name, Content: in.Body.Sheets}, in.Body.Remark)
	})
}

func (a *api) packFile(ctx context.Context, at *desk.Desk, in *PackPath) (*text, error) {
	pdf, err := at.PaperPack(ctx, in.Batch, in.Pack)
	if err != nil {
		return nil, err
	}
	return &text{ContentType: "application/pdf", ContentDisposition: fmt.Sprintf("inline; filename=%q", in.Pack+".pdf"), Body: pdf}, nil
}
