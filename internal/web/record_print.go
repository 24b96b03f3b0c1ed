package web

import (
	"context"
	"fmt"

	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
	"rexbatch/internal/web/prints"
)

func (a *api) prints() {
	register(a, "POST /batches/{batch}/record-print", "print-record", "Begin to print the executed batch record (PDF, CS-10); it leaves no entry", a.recordPrint, makes)
	register(a, "GET /batches/{batch}/record-print/{print}", "record-print", "How far a print of the record is; ask again until it is finished", a.recordPrintShow)
	register(a, "GET /batches/{batch}/record-print/{print}/pdf", "record-print-file", "The printed record (PDF); kept for ten minutes", a.recordPrintFile, gives("application/pdf"))
}

type printIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  *struct {
		Lang string `json:"lang,omitempty" example:"es" doc:"es, de or en; printed with English beside it. That of the plant when it is not stated"`
	}
}

type printOut struct {
	Print    string `json:"print" doc:"Identifier of this print"`
	Batch    string `json:"batch" example:"SVQ2600001X"`
	Lang     string `json:"lang" example:"es"`
	Done     int    `json:"done" doc:"Parts that are printed"`
	Total    int    `json:"total" doc:"Parts in all; 0 while they are not counted"`
	Finished bool   `json:"finished"`
	Size     int    `json:"size,omitempty" doc:"Bytes of the file"`
	Until    string `json:"until,omitempty" doc:"When the file is let go"`
}

func printState(s prints.State) *answer[printOut] {
	return &answer[printOut]{Body: printOut{
		Print: s.ID, Batch: s.Key.Batch, Lang: s.Key.Lang, Done: s.Done, Total: s.Total, Finished: s.Finished, Size: s.Size, Until: utc(s.Until),
	}}
}

func (a *api) recordPrint(ctx context.Context, at *desk.Desk, in *printIn) (*answer[printOut], error) {
	lang := ""
	if in.Body != nil {
		lang = in.Body.Lang
	}
	id, err := at.PrintRecord(ctx, in.Batch, lang)
	if err != nil {
		return nil, err
	}
	return a.recordPrintShow(ctx, at, &printPath{Batch: in.Batch, Print: id})
}

type printPath struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Print string `path:"print" maxLength:"40"`
}

func (a *api) recordPrintShow(_ context.Context, at *desk.Desk, in *printPath) (*answer[printOut], error) {
	state, err := at.Print(in.Batch, in.Print)
	if err != nil {
		return nil, err
	}
	return printState(state), nil
}

func (a *api) recordPrintFile(_ context.Context, at *desk.Desk, in *printPath) (*text, error) {
	pdf, err := at.Printed(in.Batch, in.Print)
	if err != nil {
		return nil, err
	}
	if pdf == nil {
		return nil, ledger.Refuse(ledger.Unmet, "CS-10", "print-unfinished", "the record of {batch} is still being printed", "ask again in a moment", "batch", in.Batch)
	}
	return &text{ContentType: "application/pdf", ContentDisposition: fmt.Sprintf("inline; filename=%q", in.Batch+"-record.pdf"), Body: pdf}, nil
}
