package pages

import (
	"html/template"
	"net/http"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
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
}

// badgeCard is a badge as it is printed.
type badgeCard struct {
	Name, Site, Serial string
	Code               string // in groups, to be typed where it cannot be scanned
	Matrix             template.HTML
}

// personShow is GET /people/:username.
func (v *visit) personShow() error { return v.personPage(http.StatusOK, nil) }

func (v *visit) personPage(code int, badge *people.Badge, problems ...Problem) error {
	one, err := v.plant().People.Person(v.ctx(), v.Param("username"))
	if err != nil {
		return err
	}
	me := v.desk.Session
	p := personPage{
		frame: v.frame("people", one.Name, problems...), Line: v.personLine(one), Serial: one.Badge, HasBadge: one.Badge != "", HasPIN: one.PIN,
		Own: one.Account == me.Account, Training: v.trainingLines(one), Kept: v.FormValue("reason"),
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

// grouped parts a code behind its mark by fours, as people read it.
func grouped(code string) string {
	const mark = len("RB-B-")
	var b strings.Builder
	b.WriteString(code[:mark])
	for i, r := range code[mark:] {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// badgeIssue is POST /people/:username/badge. The code is in this answer and nowhere else.
func (v *visit) badgeIssue() error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	_, badge, err := v.plant().People.IssueBadge(v.ctx(), by, v.Param("username"), v.why())
	if err != nil {
		return v.personPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.personPage(http.StatusOK, &badge)
}

// badgeWithdraw is POST /people/:username/badge/withdraw.
func (v *visit) badgeWithdraw() error {
	return v.personAct("badge-withdrawn", func(by ledger.Author, username string) error {
		_, err := v.plant().People.WithdrawBadge(v.ctx(), by, username, v.why())
		return err
	})
}

// pinWithdraw is POST /people/:username/pin/withdraw.
func (v *visit) pinWithdraw() error {
	return v.personAct("pin-withdrawn", func(by ledger.Author, username string) error {
		_, err := v.plant().People.WithdrawPIN(v.ctx(), by, username, v.why())
		return err
	})
}

func (v *visit) personAct(done string, do func(by ledger.Author, username string) error) error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	err = do(by, v.Param("username"))
	if err != nil {
		return v.personPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.to("/people/" + v.Param("username") + "?done=" + done)
}
