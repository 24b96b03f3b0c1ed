package pages

import (
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

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
