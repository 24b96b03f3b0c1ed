package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) sessions() {
	register(a, "POST /sessions", "sign-in", "Sign in", a.sessionCreate, makes)
	register(a, "DELETE /sessions/current", "sign-out", "Sign out", a.sessionDelete)
	register(a, "GET /me", "me", "Who is signed in", a.meShow)
	register(a, "POST /me/password", "change-password", "Choose a new password", a.mePassword)
	register(a, "POST /me/statement", "accept-statement", "Accept the statement of accountability (CS-69)", a.meStatement)
}

type sessionIn struct {
	Body struct {
		Username string `json:"username" example:"ana"`
		Password string `json:"password" example:"cuatro sillas de rafia"`
		Site     string `json:"site,omitempty" example:"ES-SVQ" doc:"The plant; may be left out where the server has one"`
		Terminal string `json:"terminal,omitempty" example:"SVQ-07" doc:"Name of the terminal, as it will stand in entries"`
		Token    string `json:"terminal_token,omitempty" doc:"Of a registered terminal: its id then stands in entries (CS-67)"`
	}
	address string
}

// Resolve takes the address from the connection.
func (in *sessionIn) Resolve(c humaContext) []error {
	in.address = addressOf(c)
	return nil
}

type sessionOut struct {
	Token string `json:"token" doc:"Send it as Authorization: Bearer"`
	PersonAnswer
}

// sessionCreate opens a session. No cookie is set: those are for pages.
func (a *api) sessionCreate(ctx context.Context, _ *desk.Desk, in *sessionIn) (*answer[sessionOut], error) {
	at, token, err := a.SignIn(ctx, desk.SignIn{
		Site: in.Body.Site, Username: in.Body.Username, Password: in.Body.Password, Terminal: in.Body.Terminal,
		Token: in.Body.Token, Address: in.address,
	})
	if err != nil {
		return nil, err
	}
	return &answer[sessionOut]{Body: sessionOut{Token: token, PersonAnswer: personOf(at)}}, nil
}

func (a *api) sessionDelete(ctx context.Context, at *desk.Desk, _ *struct{}) (*done, error) {
	return &done{}, at.SignOut(ctx)
}

// PersonAnswer is a signed-in person.
type PersonAnswer struct {
	Person     accountOut    `json:"person"`
	Site       string        `json:"site" example:"ES-SVQ"`
	Roles      []people.Role `json:"roles"`
	MustChange bool          `json:"must_change" doc:"The password was issued and has to be replaced first (CS-35)"`
	Accepted   bool          `json:"accepted" doc:"The statement of accountability is accepted (CS-69)"`
	Statement  string        `json:"statement,omitempty" doc:"The statement to accept, while it is not accepted"`
	Terminal   string        `json:"terminal"`
	By         string        `json:"by" example:"password" doc:"What opened the session: password, or badge with its PIN"`
	Since      string        `json:"since" example:"2026-11-22T09:00:00Z"`
	Ends       string        `json:"ends" example:"2026-11-22T21:00:00Z" doc:"However active the person is"`
}

func personOf(at *desk.Desk) PersonAnswer {
	s := at.Session
	out := PersonAnswer{
		Person: accountState(s.Person), Site: s.Site, Roles: s.Roles, MustChange: s.MustChange, Accepted: s.Accepted, Terminal: s.Terminal,
		By: s.By, Since: utc(s.Since), Ends: utc(s.Ends),
	}
	if !s.Accepted {
		out.Statement = at.Plant.People.Statement()
	}
	return out
}

func (a *api) meShow(_ context.Context, at *desk.Desk, _ *struct{}) (*answer[PersonAnswer], error) {
	return &answer[PersonAnswer]{Body: personOf(at)}, nil
}
