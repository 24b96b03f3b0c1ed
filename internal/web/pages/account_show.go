package pages

import (
	"net/http"

	"rexbatch/internal/people"
)

// accountPage is a person's own account: what they are here, their badge and PIN, their training.
type accountPage struct {
	frame
	Line     personLine
	Roles    []string
	Serial   string
	HasPIN   bool
	ByBadge  bool // this session was opened by it
	Ends     string
	Training []trainingLine
}

// accountShow is GET /account.
func (v *visit) accountShow() error { return v.accountPage(http.StatusOK) }

func (v *visit) accountPage(code int, problems ...Problem) error {
	one, err := v.plant().People.Person(v.ctx(), v.desk.Session.Account) // as it is now, not as the session began
	if err != nil {
		return err
	}
	p := accountPage{
		frame: v.frame("account", v.T("account.title"), problems...), Line: v.personLine(one), Serial: one.Badge, HasPIN: one.PIN,
		ByBadge: v.desk.Session.By == people.ByBadge, Ends: moment(v.desk.Session.Ends, v.zone()), Training: v.trainingLines(one),
	}
	for _, r := range one.Roles {
		p.Roles = append(p.Roles, v.word("role", string(r)))
	}
	p.Path = "/account"
	return v.render(code, "account", p)
}
