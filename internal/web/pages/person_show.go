package pages

import (
	"net/http"

	"rexbatch/internal/people"
)

// personPage is one account: badge, PIN and training.
type personPage struct {
	frame
	Line                 personLine
	Serial               string
	HasBadge, HasPIN     bool
	Manages, Trains, Own bool
	Training             []trainingLine
	Card                 *badgeCard // shown once
	Kept                 string     // the reason that was typed
	Form                 accountForm
	Once                 *oncePassword // shown once
	Disabled, Locked     bool
	May                  []string // what the roles allow
}

// personOnce is what an answer shows this once.
type personOnce struct {
	Badge    *people.Badge
	Password *oncePassword
}

// personShow is GET /people/:username.
func (v *visit) personShow() error { return v.personPage(http.StatusOK, nil) }

func (v *visit) personPage(code int, badge *people.Badge, problems ...Problem) error {
	return v.personOnce(code, v.Param("username"), personOnce{Badge: badge}, problems...)
}

func (v *visit) personOnce(code int, username string, once personOnce, problems ...Problem) error {
	badge := once.Badge
	one, err := v.plant().People.Person(v.ctx(), username)
	if err != nil {
		return err
	}
	me := v.desk.Session
	p := personPage{
		frame: v.frame("people", one.Name, problems...), Line: v.personLine(one), Serial: one.Badge, HasBadge: one.Badge != "", HasPIN: one.PIN,
		Own: one.Account == me.Account, Training: v.trainingLines(one), Form: v.accountForm(one.Roles), Once: once.Password, Disabled: one.Disabled, Locked: one.Locked,
	}
	for _, act := range people.Privileges(one.Roles) {
		p.May = append(p.May, v.word("permission", slug(string(act))))
	}
	if len(problems) > 0 {
		p.Kept = v.FormValue("reason")
	}
	p.Manages, p.Trains = me.May(people.ManageAccounts) && !p.Own, me.May(people.RecordTraining) && !p.Own
	p.Path = "/people/" + one.Account
	if badge != nil {
		code, err := matrix(badge.Code)
		if err != nil {
			return err
		}
		p.Card = &badgeCard{Name: one.Name, Site: one.Site, Serial: badge.Serial, Code: grouped(badge.Code), Matrix: code}
	}
	return v.render(code, "person", p)
}
