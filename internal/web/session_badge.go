package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// people are the operations of badges, terminals, training and drafts.
func (a *api) people() {
	register(a, "POST /sessions/badge", "sign-in-by-badge", "Sign in by badge and PIN at a registered terminal (CS-34)", a.sessionBadge, makes)
	register(a, "POST /me/pin", "set-pin", "Choose the PIN of one's badge, with the password", a.mePIN)
	register(a, "POST /me/badge/lost", "report-badge-lost", "Report one's own badge lost (CS-80)", a.meBadgeLost)
	register(a, "POST /accounts/{username}/badge", "issue-badge", "Issue a badge; an earlier one is void", a.badgeIssue, makes)
	register(a, "POST /accounts/{username}/badge/withdraw", "withdraw-badge", "Withdraw a badge (CS-80)", a.badgeWithdraw)
	register(a, "POST /accounts/{username}/pin/withdraw", "withdraw-pin", "Withdraw a PIN (CS-80)", a.pinWithdraw)
	register(a, "GET /training", "training", "Who is trained in what, until when (CS-2)", a.trainingList)
	register(a, "POST /accounts/{username}/training", "record-training", "Record a training of another person (CS-2)", a.trainingRecord, makes)
	register(a, "POST /accounts/{username}/training/{procedure}/revoke", "revoke-training", "Take a qualification away (CS-2)", a.trainingRevoke)
	register(a, "GET /terminals", "terminals", "The terminals of the plant (CS-67)", a.terminalList)
	register(a, "POST /terminals", "define-terminal", "Make a terminal known", a.terminalDefine, makes)
	register(a, "POST /terminals/{terminal}/settings", "change-terminal", "Set a terminal's name, area, language, theme and density", a.terminalChange)
	register(a, "POST /terminals/{terminal}/code", "issue-terminal-code", "Issue the code that makes a browser the terminal, once", a.terminalCode, makes)
	register(a, "POST /terminals/{terminal}/revoke", "revoke-terminal", "End a browser's being the terminal (CS-80)", a.terminalRevoke)
	register(a, "POST /terminals/registration", "register-terminal", "Become a terminal by its code", a.terminalRegister, makes)
	register(a, "GET /batches/{batch}/drafts", "drafts", "What is typed and not confirmed (DI-19)", a.draftList)
	register(a, "PUT /batches/{batch}/steps/{step}/fields/{field}/draft", "keep-draft", "Keep what one typed and has not confirmed (DI-19)", a.draftKeep)
	register(a, "DELETE /batches/{batch}/steps/{step}/fields/{field}/draft", "drop-draft", "Forget what one typed and has not confirmed", a.draftDrop)
}

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

type pinIn struct {
	Body struct {
		Password string `json:"password"`
		PIN      string `json:"pin" doc:"Six to ten digits"`
	}
}

func (a *api) mePIN(ctx context.Context, at *desk.Desk, in *pinIn) (*done, error) {
	return &done{}, at.Plant.People.SetPIN(ctx, at.Session, in.Body.Password, in.Body.PIN)
}

func (a *api) meBadgeLost(ctx context.Context, at *desk.Desk, _ *struct{}) (*done, error) {
	return &done{}, at.Plant.People.ReportBadgeLost(ctx, at.Session)
}

// badgeOut is a badge as it is shown once (CS-34).
type badgeOut struct {
	Person accountOut `json:"person"`
	Code   string     `json:"code" doc:"Shown once, to be printed on the badge as Data Matrix and text"`
	Serial string     `json:"serial" doc:"Names the badge in the record"`
}

func (a *api) badgeIssue(ctx context.Context, at *desk.Desk, in *groundIn) (*answer[badgeOut], error) {
	by, err := at.Acting("", desk.Is(people.Admin))
	if err != nil {
		return nil, err
	}
	person, badge, err := at.Plant.People.IssueBadge(ctx, by, in.Username, in.why())
	if err != nil {
		return nil, err
	}
	return &answer[badgeOut]{Body: badgeOut{Person: accountState(person), Code: badge.Code, Serial: badge.Serial}}, nil
}

func (a *api) badgeWithdraw(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.WithdrawBadge)
}

func (a *api) pinWithdraw(ctx context.Context, at *desk.Desk, in *groundIn) (*accountAnswer, error) {
	return manage(ctx, at, in, at.Plant.People.WithdrawPIN)
}
