package pages

import (
	"net/http"

	"rexbatch/internal/people"
)

// peoplePage is the accounts of the plant.
type peoplePage struct {
	frame
	Lines   []personLine
	Form    *accountForm // for the administrator
	Exports bool
}

// personLine is one account.
type personLine struct {
	Account, Name, Roles string
	State, Badge         state
}

// peopleShow is GET /people.
func (v *visit) peopleShow() error { return v.peoplePage(http.StatusOK) }

func (v *visit) peoplePage(code int, problems ...Problem) error {
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return err
	}
	p := peoplePage{frame: v.frame("people", v.T("people.title"), problems...), Exports: v.desk.Session.May(people.ReadAccounts)}
	p.Path = "/people"
	if v.desk.Session.May(people.ManageAccounts) {
		form := v.accountForm(nil)
		p.Form = &form
	}
	for _, one := range all {
		p.Lines = append(p.Lines, v.personLine(one))
	}
	return v.render(code, "people", p)
}

func (v *visit) personLine(p people.Person) personLine {
	return personLine{Account: p.Account, Name: p.Name, Roles: v.roles(p.Roles), State: v.accountState(p), Badge: v.badgeState(p)}
}

// accountState is whether the account is open, in a shape and a word.
func (v *visit) accountState(p people.Person) state {
	switch {
	case p.Disabled:
		return state{Icon: "dash", Word: v.T("person.disabled")}
	case p.Locked:
		return state{Icon: "lock", Tone: "att", Word: v.T("person.locked")}
	case p.MustChange:
		return state{Icon: "ring", Word: v.T("person.new")}
	}
	return state{Icon: "tick", Word: v.T("person.open")}
}

// badgeState is what the person may do with a badge.
func (v *visit) badgeState(p people.Person) state {
	switch {
	case p.Badge == "":
		return state{Icon: "dash", Word: v.T("badge.none")}
	case p.PINLocked:
		return state{Icon: "lock", Tone: "att", Word: v.T("badge.locked")}
	case !p.PIN:
		return state{Icon: "ring", Word: v.T("badge.nopin")}
	}
	return state{Icon: "tick", Word: v.T("badge.ready")}
}
