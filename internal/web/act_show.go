package web

import (
	"context"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// ActPath is the address of a signed act.
type ActPath struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Act   string `path:"act" enum:"qa-review,head-of-production,head-of-quality-control,certification,sponsor-release"`
}

type promptIn struct {
	ActPath
	Role string `query:"role" example:"qp" doc:"Needed only where several roles of the person fit"`
}

// promptOut is what a person sees before they sign. It is signed as a whole: any change gives another digest.
type promptOut struct {
	Shown    release.Shown `json:"shown"`
	Digest   string        `json:"digest" doc:"To be stated when signing"`
	Refusals []desk.Reason `json:"refusals" doc:"Every rule that stands against signing by this person now; empty when it may be signed"`
}

// signatory is the choice of the role that signs an act, for Acting.
func signatory(act string) func(people.Role) bool {
	role, _, _ := release.RoleOf(mbr.Act(act))
	return desk.Is(role)
}

func (a *api) actShow(ctx context.Context, at *desk.Desk, in *promptIn) (*answer[promptOut], error) {
	by, err := at.Acting(in.Role, signatory(in.Act))
	if err != nil {
		return nil, err
	}
	who := release.Signer{Account: by.Account, Role: people.Role(by.Role)}
	prompt, err := at.Plant.Release.Prompt(ctx, who, in.Batch, mbr.Act(in.Act))
	if err != nil {
		return nil, err
	}
	return &answer[promptOut]{Body: promptOut{Shown: prompt.Shown, Digest: prompt.Digest.String(), Refusals: desk.ReasonsOf(prompt.Refusals)}}, nil
}

type signIn struct {
	ActPath
	Body struct {
		Digest   string `json:"digest" doc:"Of GET …/acts/{act}: exactly what was shown"`
		Password string `json:"password"`
		Role     string `json:"role,omitempty" example:"qp"`
	}
}

// signedOut says what came of a signature; a certification gives a certificate.
type signedOut struct {
	Batch       string `json:"batch"`
	Act         string `json:"act"`
	Certificate string `json:"certificate,omitempty" example:"SVQ-2026-0001"`
	Register    uint64 `json:"register,omitempty" doc:"Number of the register's line"`
	PDF         string `json:"pdf_sha256,omitempty"`
}

func (a *api) actSign(ctx context.Context, at *desk.Desk, in *signIn) (*answer[signedOut], error) {
	shown, err := ledger.ParseDigest(in.Body.Digest)
	if err != nil {
		return nil, ledger.Refuse(ledger.Invalid, "I8", "digest", "digest is not a digest", "state the digest of what you saw")
	}
	by, err := at.Acting(in.Body.Role, signatory(in.Act))
	if err != nil {
		return nil, err
	}
	out := signedOut{Batch: in.Batch, Act: in.Act}
	sign := at.Signer(by.Role, in.Body.Password)
	if mbr.Act(in.Act) != mbr.ActCertification {
		err = at.Plant.Release.Sign(ctx, by, in.Batch, mbr.Act(in.Act), shown, sign)
		return &answer[signedOut]{Body: out}, err
	}
	ref, err := at.Plant.Release.Certify(ctx, by, in.Batch, shown, sign)
	if err != nil {
		return nil, err
	}
	out.Certificate, out.Register, out.PDF = ref.Number, ref.Register, ref.PDF.String()
	return &answer[signedOut]{Body: out}, nil
}
