package pages

import "net/http"

// passwordPage lets a person choose their own password (CS-35).
type passwordPage struct {
	frame
	Must bool
}

// passwordShow is GET /password.
func (v *visit) passwordShow() error { return v.passwordPage(http.StatusOK) }

func (v *visit) passwordPage(status int, problems ...Problem) error {
	p := passwordPage{frame: v.frame("password", v.T("password.title"), problems...), Must: v.desk.Session.MustChange}
	return v.render(status, "password", p)
}
