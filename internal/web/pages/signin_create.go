package pages

import (
	"net/http"

	"rexbatch/internal/web/desk"
)

// year is how long a terminal remembers its plant, language and theme, in seconds.
const year = 365 * 24 * 60 * 60

// signInCreate is POST /sign-in. What was typed before a session ended is shown again to be saved by whoever
// signed in now; it is never saved without their hand.
func (v *visit) signInCreate() error {
	in := desk.SignIn{Site: v.FormValue("plant"), Username: v.FormValue("username"), Password: v.FormValue("password"), Address: v.RealIP()}
	if here := v.here(); here != nil {
		in.Site, in.Token = here.Plant.Site(), here.Token()
	}
	d, token, err := v.site.deps.SignIn(v.ctx(), in)
	if err != nil {
		p := v.signInPage(v.problems(err, nil)...)
		p.Username = v.FormValue("username")
		p.Kept = v.keptAgain()
		return v.render(status(err), "signin", p)
	}
	last, err := v.Cookie(lastCookie)
	own := err != nil || last.Value == d.Session.Account // what another person typed is not offered to this one (screens, rule 10)
	err = v.enter(d, token)
	if err != nil {
		return err
	}
	resume := v.FormValue("resume")
	switch again := v.keptAgain(); {
	case d.Session.MustChange:
		return v.to("/password")
	case !d.Session.Accepted:
		return v.to("/statement")
	case resume != "" && len(again) > 0 && own:
		v.desk = d
		v.words = wordsIn(v.site.all, v.language())
		return v.render(http.StatusOK, "resume", resumePage{frame: v.frame("resume", v.T("resume.title")), Action: local(resume), Kept: again})
	case resume != "":
		return v.to(local(resume))
	}
	return v.to("/worklist")
}

// lastCookie names who signed in last at this terminal. It gives no right to anything.
const lastCookie = "rexbatch-last"

// resumePage shows what was typed before the session ended.
type resumePage struct {
	frame
	Action string
	Kept   []kept
}

// remember keeps a setting of this terminal.
func (v *visit) remember(name, value string) {
	v.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: year, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: desk.Encrypted(v.Request()),
	})
}
