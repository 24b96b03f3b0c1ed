package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type badgeSessionIn struct {
	Body struct {
		Terminal string `json:"terminal_token" doc:"Of a registered terminal; it was given once, at the registration"`
		Badge    string `json:"badge" doc:"What the scanner read"`
		PIN      string `json:"pin"`
	}
	address string
}

// Resolve takes the address from the connection.
func (in *badgeSessionIn) Resolve(c humaContext) []error {
	in.address = addressOf(c)
	return nil
}

func (a *api) sessionBadge(ctx context.Context, _ *desk.Desk, in *badgeSessionIn) (*answer[sessionOut], error) {
	place, err := a.PlaceOf(ctx, in.Body.Terminal)
	if err != nil {
		return nil, err
	}
	at, token, err := a.SignInByBadge(ctx, place, in.Body.Badge, in.Body.PIN, in.address)
	if err != nil {
		return nil, err
	}
	return &answer[sessionOut]{Body: sessionOut{Token: token, PersonAnswer: personOf(at)}}, nil
}
