package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type revealIn struct {
	StepPath
	Body struct {
		Reason string `json:"reason" example:"preparing the container of this arm"`
		Role   string `json:"role,omitempty" example:"unblinded-operator"`
	}
}

type revealOut struct {
	Values map[string]valueShown `json:"values" doc:"By field"`
}

type valueShown struct {
	Value string `json:"value"`
}

// stepReveal opens blinded content to an unblinded person; the look becomes an entry before it is shown (I11).
func (a *api) stepReveal(ctx context.Context, at *desk.Desk, in *revealIn) (*answer[revealOut], error) {
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return r.May(people.SeeBlinded) })
	if err != nil {
		return nil, err
	}
	values, err := at.Plant.Batches.Reveal(ctx, by, in.Batch, in.Step, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := revealOut{Values: map[string]valueShown{}}
	for id, v := range values {
		out.Values[id] = valueShown{Value: v.String()}
	}
	return &answer[revealOut]{Body: out}, nil
}
