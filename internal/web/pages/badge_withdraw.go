package pages

import (
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

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
