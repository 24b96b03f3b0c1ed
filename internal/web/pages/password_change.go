package pages

import "net/http"

// passwordChange is POST /password.
func (v *visit) passwordChange() error {
	if v.FormValue("new") != v.FormValue("again") {
		return v.passwordPage(http.StatusUnprocessableEntity, v.problem("CS-35", "password-differs"))
	}
	err := v.desk.ChangePassword(v.ctx(), v.FormValue("old"), v.FormValue("new"))
	if err != nil {
		return v.passwordPage(status(err), v.problems(err, nil)...)
	}
	if !v.desk.Session.Accepted {
		return v.to("/statement")
	}
	return v.to("/worklist?done=password")
}
