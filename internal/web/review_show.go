package web

import (
	"context"

	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

func (a *api) release() {
	register(a, "GET /batches/{batch}/review", "review", "The review list: exceptions, open steps, pending tests (DI-14)", a.reviewShow)
	register(a, "GET /batches/{batch}/acts/{act}", "prompt", "What a signer is shown, its digest, and every rule that stands against it (I9)", a.actShow)
	register(a, "POST /batches/{batch}/acts/{act}", "sign", "Sign an act over what was shown (I8)", a.actSign)
	register(a, "GET /certificates", "certificates", "Every certificate of the plant", a.certificateList)
	register(a, "GET /certificates/{certificate}", "certificate", "The signed certificate (PDF)", a.certificateShow, gives("application/pdf"))
	register(a, "GET /certificates/{certificate}/proof", "certificate-proof", "Proof that the ledger knows the certificate", a.certificateProof)
	register(a, "GET /register", "register", "The register of the Qualified Persons (QP-8)", a.registerList)
}

type reviewOut = release.Review

func (a *api) reviewShow(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[reviewOut], error) {
	review, err := at.Plant.Release.Review(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return &answer[reviewOut]{Body: review}, nil
}
