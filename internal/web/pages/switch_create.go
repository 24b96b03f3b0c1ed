package pages

import (
	"net/http"

	"rexbatch/internal/web/desk"
)

// switchCreate is POST /switch: a badge and its PIN open a session, and the session that was here ends (DI-1). The
// page stays what it was.
func (v *visit) switchCreate() error {
	here := v.here()
	if here == nil {
		return v.switchPage(http.StatusForbidden, v.problem("CS-67", "terminal-unregistered"))
	}
	d, token, err := v.site.deps.SignInByBadge(v.ctx(), here, v.FormValue("badge"), v.FormValue("pin"), v.RealIP())
	if err != nil {
		return v.switchPage(status(err), v.problems(err, nil)...)
	}
	err = v.enter(d, token)
	if err != nil {
		return err
	}
	if !d.Session.Accepted {
		return v.to("/statement")
	}
	return v.to(local(v.FormValue("return")))
}

// enter ends the session that this browser had and makes the new one its own.
func (v *visit) enter(d *desk.Desk, token string) error {
	err := v.site.deps.Leave(v.Request())
	if err != nil {
		return err
	}
	v.SetCookie(desk.Cookie(v.Request(), token))
	v.remember(lastCookie, d.Session.Account)
	v.remember(plantCookie, d.Plant.Site())
	if v.here() == nil {
		v.remember(langCookie, d.Session.Lang) // for pages that know nobody, such as errors
	} else {
		v.forget(langCookie) // a terminal speaks its own language until somebody is signed in
	}
	return nil
}

func (v *visit) forget(name string) {
	v.SetCookie(&http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: desk.Encrypted(v.Request())})
}
