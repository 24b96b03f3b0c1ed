package pages

import (
	"html/template"
	"net/http"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// terminalPage is one terminal for an administrator.
type terminalPage struct {
	frame
	Terminal terminalLine
	Form     terminalForm
	Code     string // shown once
	Matrix   template.HTML
}

// terminalShow is GET /terminals/:terminal.
func (v *visit) terminalShow() error { return v.terminalPage(http.StatusOK, "") }

func (v *visit) terminalPage(code int, issued string, problems ...Problem) error {
	t, err := v.plant().People.Terminal(v.ctx(), v.Param("terminal"))
	if err != nil {
		return err
	}
	p := terminalPage{frame: v.frame("terminals", t.ID, problems...), Terminal: v.terminalLine(t), Form: v.terminalForm(t), Code: issued}
	p.Path = "/terminals/" + t.ID
	if issued != "" {
		p.Matrix, err = matrix(issued)
		if err != nil {
			return err
		}
	}
	return v.render(code, "terminal", p)
}

// terminalChange is POST /terminals/:terminal.
func (v *visit) terminalChange() error {
	return v.terminalAct("terminal-changed", func(by ledger.Author, id string) error {
		_, err := v.plant().People.ChangeTerminal(v.ctx(), by, id, v.settings(), v.why())
		return err
	})
}

// terminalRevoke is POST /terminals/:terminal/revoke.
func (v *visit) terminalRevoke() error {
	return v.terminalAct("terminal-revoked", func(by ledger.Author, id string) error {
		_, err := v.plant().People.RevokeTerminal(v.ctx(), by, id, v.why())
		return err
	})
}

func (v *visit) terminalAct(done string, do func(by ledger.Author, id string) error) error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	err = do(by, v.Param("terminal"))
	if err != nil {
		return v.terminalPage(status(err), "", v.problems(err, nil)...)
	}
	return v.to("/terminals/" + v.Param("terminal") + "?done=" + done)
}

// terminalCode is POST /terminals/:terminal/code. The code is in this answer and nowhere else.
func (v *visit) terminalCode() error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	code, err := v.plant().People.IssueTerminalCode(v.ctx(), by, v.Param("terminal"), v.why())
	if err != nil {
		return v.terminalPage(status(err), "", v.problems(err, nil)...)
	}
	return v.terminalPage(http.StatusOK, code)
}
