package pages

// accountBadgeLost is POST /account/badge/lost.
func (v *visit) accountBadgeLost() error {
	err := v.plant().People.ReportBadgeLost(v.ctx(), v.desk.Session)
	if err != nil {
		return v.accountPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/account?done=badge-lost")
}
