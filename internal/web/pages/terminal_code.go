package pages

import (
	"net/http"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

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
