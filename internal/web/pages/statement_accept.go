package pages

// statementAccept is POST /statement.
func (v *visit) statementAccept() error {
	err := v.plant().People.AcceptStatement(v.ctx(), v.desk.Session, v.FormValue("password"))
	if err != nil {
		return v.statementPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/worklist?done=statement")
}
