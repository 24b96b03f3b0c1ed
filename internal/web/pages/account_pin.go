package pages

import "net/http"

// accountPIN is POST /account/pin: the person chooses a PIN, after the password. A session that a badge opened ends.
func (v *visit) accountPIN() error {
	if v.FormValue("pin") != v.FormValue("again") {
		return v.accountPage(http.StatusUnprocessableEntity, v.problem("CS-35", "pin-differs"))
	}
	err := v.plant().People.SetPIN(v.ctx(), v.desk.Session, v.FormValue("password"), v.FormValue("pin"))
	if err != nil {
		return v.accountPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/account?done=pin")
}
