package web

import (
	"context"
	"time"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type unscannedIn struct {
	StepPath
	Body struct {
		Done   time.Time `json:"done" doc:"When the step was done, as the paper says: half an hour ago at least"`
		Reason string    `json:"reason" example:"the network of the ward was down, see form 118"`
		Command
	}
}

// stepUnscanned says that nothing could be scanned in a step of the hospital (AT-11).
func (a *api) stepUnscanned(ctx context.Context, at *desk.Desk, in *unscannedIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.DeclareUnscanned(ctx, by, in.Batch, seen, in.Step, in.Body.Done, in.Body.Reason)
	})
}

type proofIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Form      []byte       `json:"form" doc:"The scanned paper form: a PDF, PNG or JPEG of at most 4 MB, base64. Its SHA-256 is kept, never the form, which bears the patient's name (I12)"`
		Archive   string       `json:"archive" example:"trial file of the hospital, section 8, form 118" doc:"Where the form is kept"`
		Method    batch.Method `json:"method" enum:"hla,blood-group,str"`
		Reference string       `json:"reference" example:"LAB-2026-118"`
		Finding   string       `json:"finding" example:"The HLA type of the bag is that of the patient."`
		Witness   secondPerson `json:"witness"`
		Password  string       `json:"password"`
		Command
	}
}

// identityProve is QA's signed proof, with a witness, of an identity that no scan has proven (AT-11).
func (a *api) identityProve(ctx context.Context, at *desk.Desk, in *proofIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		proof := batch.Proof{Method: in.Body.Method, Archive: in.Body.Archive, Reference: in.Body.Reference, Finding: in.Body.Finding}
		form := batch.PaperForm{Content: in.Body.Form}
		return at.Plant.Batches.ProveIdentity(ctx, by, in.Batch, seen, form, proof, in.Body.Witness.signer(at, by), at.Signer(by.Role, in.Body.Password))
	})
}
