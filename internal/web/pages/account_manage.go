package pages

import (
	"context"
	"net/http"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// oncePassword is an issued password. It is in the answer that issues it and nowhere else (CS-35, CS-78).
type oncePassword struct{ Account, Password string }

// accountForm is an account to be made, as it was typed.
type accountForm struct {
	Username, Name, Reason, Approver string
	Langs, Roles                     []choice
}

// accountForm offers the roles and languages; chosen are the roles that the person has already.
func (v *visit) accountForm(chosen []people.Role) accountForm {
	f := accountForm{Username: v.FormValue("username"), Name: v.FormValue("name"), Reason: v.FormValue("reason"), Approver: v.FormValue("approver")}
	if typed := v.typedRoles(); len(typed) > 0 {
		chosen = typed
	}
	has := people.Person{Roles: chosen}
	for _, r := range people.Roles() {
		f.Roles = append(f.Roles, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: has.Has(r)})
	}
	lang := v.FormValue("lang")
	if lang == "" {
		lang = v.plant().Profile.Language
	}
	for _, l := range languages {
		f.Langs = append(f.Langs, choice{Code: l, Name: languageNames[l], Chosen: l == lang})
	}
	return f
}

// typedRoles are the roles that the form names.
func (v *visit) typedRoles() []people.Role {
	form, err := v.FormParams()
	if err != nil {
		return nil
	}
	var out []people.Role
	for _, r := range form["role"] {
		out = append(out, people.Role(r))
	}
	return out
}

// accountCreate is POST /people (CS-74).
func (v *visit) accountCreate() error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	person, issued, err := v.plant().People.Create(v.ctx(), by, people.NewAccount{
		Username: v.FormValue("username"), Name: v.FormValue("name"), Lang: v.FormValue("lang"), Roles: v.typedRoles(), Why: v.why(),
	})
	if err != nil {
		return v.peoplePage(status(err), v.problems(err, nil)...)
	}
	return v.personOnce(http.StatusOK, person.Account, personOnce{Password: &oncePassword{person.Account, issued}})
}

// accountRoles is POST /people/:username/roles: exactly these from now on (CS-16).
func (v *visit) accountRoles() error {
	return v.personAct("roles", func(by ledger.Author, username string) error {
		_, err := v.plant().People.SetRoles(v.ctx(), by, username, v.typedRoles(), v.why())
		return err
	})
}

// accountUnlock is POST /people/:username/unlock (CS-37).
func (v *visit) accountUnlock() error { return v.accountChange("unlocked", v.plant().People.Unlock) }

// accountDisable is POST /people/:username/disable (CS-16).
func (v *visit) accountDisable() error { return v.accountChange("disabled", v.plant().People.Disable) }

// accountSessions is POST /people/:username/sessions: whoever is signed in with the account is not any more (CS-80).
func (v *visit) accountSessions() error {
	return v.accountChange("sessions-ended", v.plant().People.EndSessions)
}

func (v *visit) accountChange(done string, do func(context.Context, ledger.Author, string, people.Why) (people.Person, error)) error {
	return v.personAct(done, func(by ledger.Author, username string) error {
		_, err := do(v.ctx(), by, username, v.why())
		return err
	})
}

// accountEnable is POST /people/:username/enable: with a new one-time password.
func (v *visit) accountEnable() error { return v.accountIssue(v.plant().People.Enable) }

// accountPassword is POST /people/:username/password (CS-80).
func (v *visit) accountPassword() error { return v.accountIssue(v.plant().People.ResetPassword) }

func (v *visit) accountIssue(do func(context.Context, ledger.Author, string, people.Why) (people.Person, string, error)) error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	person, issued, err := do(v.ctx(), by, v.Param("username"), v.why())
	if err != nil {
		return v.personPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.personOnce(http.StatusOK, person.Account, personOnce{Password: &oncePassword{person.Account, issued}})
}
