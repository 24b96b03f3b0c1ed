package pages

import "net/http"

// statementPage shows the statement of accountability before the first signature (CS-69).
type statementPage struct {
	frame
	Text     string
	Accepted bool
}

// statementShow is GET /statement.
func (v *visit) statementShow() error { return v.statementPage(http.StatusOK) }

func (v *visit) statementPage(status int, problems ...Problem) error {
	text := v.plant().People.Statement()
	return v.render(status, "statement", statementPage{
		frame: v.frame("statement", v.T("statement.title"), problems...), Text: text, Accepted: text == "" || v.desk.Session.Accepted,
	})
}
