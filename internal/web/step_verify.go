package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type verifyIn struct {
	StepPath
	Body struct {
		ShownDigest string `json:"shown_digest" doc:"Of GET …/steps/{step}: exactly what was shown (I8)"`
		Raw         string `json:"raw,omitempty" doc:"The second person's own scan, where the step asks for one"`
		Username    string `json:"username,omitempty" example:"jorge" doc:"The second person at this terminal; the session's own person when empty"`
		Password    string `json:"password"`

		Values map[string]string `json:"values,omitempty" doc:"By field: what the second person entered without seeing the first values, where the step asks for that"`
		Command
	}
}

// wasShown reads the digest of what a signer had before them.
func wasShown(text string) (ledger.Digest, error) {
	shown, err := ledger.ParseDigest(text)
	if err != nil {
		return shown, ledger.Refuse(ledger.Invalid, "I8", "digest", "shown_digest is not a digest", "state the shown_digest of what you saw")
	}
	return shown, nil
}

// stepVerify lets a second person sign a step: the session's own person, or another one who gives username and
// password at the terminal where the first stays signed in (I7).
func (a *api) stepVerify(ctx context.Context, at *desk.Desk, in *verifyIn) (*answer[shownOut], error) {
	shown, err := wasShown(in.Body.ShownDigest)
	if err != nil {
		return nil, err
	}
	role, err := at.SecondRole(ctx, in.Batch, in.Step)
	if err != nil {
		return nil, err
	}
	by, sign, err := second(ctx, at, in, role, shown)
	if err != nil {
		return nil, err
	}
	check := batch.Check{Step: in.Step, Shown: shown, Raw: in.Body.Raw, Values: map[string]batch.Input{}}
	for field, value := range in.Body.Values {
		check.Values[field] = batch.Input{Text: value}
	}
	err = at.Plant.Batches.Verify(ctx, by, in.Batch, batch.Seen(in.Body.Version), check, sign)
	if err != nil {
		return nil, err
	}
	return stepNow(ctx, at, in.Batch, in.Step)
}

func second(ctx context.Context, at *desk.Desk, in *verifyIn, role people.Role, shown ledger.Digest) (ledger.Author, batch.Signer, error) {
	if in.Body.Username == "" {
		by, err := at.Acting(in.Body.Role, desk.Is(role))
		return by, at.Signer(by.Role, in.Body.Password), err
	}
	if in.Body.Role != "" {
		stated, err := people.ParseRole(in.Body.Role)
		if err != nil {
			return ledger.Author{}, nil, err
		}
		role = stated
	}
	return at.SecondPerson(ctx, in.Body.Username, in.Body.Password, role, shown)
}
