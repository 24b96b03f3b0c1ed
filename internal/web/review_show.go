package web

import (
	"context"
	"slices"

	"rexbatch/batch"
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
	b, err := at.Plant.Batches.Load(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return &answer[reviewOut]{Body: reviewFor(at, b)}, nil
}

// reviewFor is the review list as a person may see it: of a value that they enter again as second person it tells the
// class of an exception, and not what it says (I7).
func reviewFor(at *desk.Desk, b *batch.Batch) reviewOut {
	review, hidden := release.ReviewOf(b), map[string]bool{}
	for i, e := range review.Exceptions {
		if at.Hides(b, e.Step, e.Field) {
			hidden[e.ID] = true
			review.Exceptions[i].What, review.Exceptions[i].Value, review.Exceptions[i].Remark = "", "", ""
		}
	}
	for i, d := range review.Deviations {
		if slices.ContainsFunc(d.Exceptions, func(id string) bool { return hidden[id] }) {
			review.Deviations[i].What = ""
		}
	}
	return review
}
