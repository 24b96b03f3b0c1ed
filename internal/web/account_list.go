package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) accounts() {
	register(a, "GET /accounts", "accounts", "Every account of the plant (CS-41)", a.accountList)
	register(a, "POST /accounts", "create-account", "Make an account (CS-74)", a.accountCreate, makes)
	register(a, "POST /accounts/{username}/unlock", "unlock-account", "Open an account that wrong passwords have locked (CS-37)", a.accountUnlock)
	register(a, "POST /accounts/{username}/disable", "disable-account", "Close an account (CS-16)", a.accountDisable)
	register(a, "POST /accounts/{username}/enable", "enable-account", "Open a closed account again", a.accountEnable)
	register(a, "POST /accounts/{username}/password", "reset-password", "Issue a new one-time password (CS-80)", a.accountPassword)
	register(a, "POST /accounts/{username}/sessions/end", "end-sessions", "Sign a person out everywhere (CS-80)", a.accountSessions)
	register(a, "POST /accounts/{username}/roles", "set-roles", "Give exactly these roles (CS-16)", a.accountRoles)
}

type accountsOut struct {
	Accounts []accountOut    `json:"accounts"`
	Misuses  []people.Misuse `json:"misuses" doc:"Passwords tried on closed or unknown accounts (CS-81)"`
}

func (a *api) accountList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[accountsOut], error) {
	accounts, err := at.Plant.People.People(ctx)
	if err != nil {
		return nil, err
	}
	misuses, err := at.Plant.People.Misuses(ctx)
	if err != nil {
		return nil, err
	}
	out := accountsOut{Accounts: []accountOut{}, Misuses: list(misuses)}
	for _, p := range accounts {
		out.Accounts = append(out.Accounts, accountState(p))
	}
	return &answer[accountsOut]{Body: out}, nil
}
