package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type registrationIn struct {
	Body struct {
		Code string `json:"code" doc:"As the administrator was shown it"`
	}
	address string
}

// Resolve takes the address from the connection.
func (in *registrationIn) Resolve(c humaContext) []error {
	in.address = addressOf(c)
	return nil
}

type registrationOut struct {
	Terminal terminalOut `json:"terminal"`
	Token    string      `json:"terminal_token" doc:"Makes the client this terminal, until it is revoked: keep it secret"`
}

// terminalRegister makes the client a terminal. Nobody is signed in: the code names who issued it.
func (a *api) terminalRegister(ctx context.Context, _ *desk.Desk, in *registrationIn) (*answer[registrationOut], error) {
	t, token, err := a.Register(ctx, in.Body.Code, in.address)
	if err != nil {
		return nil, err
	}
	return &answer[registrationOut]{Body: registrationOut{Terminal: terminalState(t), Token: token}}, nil
}
