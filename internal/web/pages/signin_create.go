package pages

import (
	"net/http"
	"slices"
	"strings"

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
		p.Kept, p.Spoken = v.keptAgain(), v.spoken()
		return v.render(status(err), "signin", p)
	}
	last, err := v.Cookie(lastCookie)
	own := err != nil || last.Value == d.Session.Account // what another person typed is not offered to this one (screens, rule 10)
	err = v.enter(d, token)
	if err != nil {
		return err
	}
	err = v.speak(d)
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
		return v.to(readable(local(resume)))
	}
	return v.to("/worklist")
}

// spoken is the language that the person chose on the sign-in page; empty where they did not.
func (v *visit) spoken() string {
	lang := v.FormValue("spoken")
	if !slices.Contains(languages, lang) {
		return ""
	}
	return lang
}

// speak keeps the language that was chosen at sign-in as the person's own, so that it lasts.
func (v *visit) speak(d *desk.Desk) error {
	lang := v.spoken()
	if lang == "" || lang == d.Session.Lang {
		return nil
	}
	err := d.Plant.People.SetLang(v.ctx(), d.Session, lang)
	if err != nil {
		return err
	}
	d.Session.Lang = lang
	if v.here() == nil {
		v.remember(langCookie, lang)
	}
	return nil
}

// readable is the page on which a form stood: the nearest path above it that can be opened.
func readable(path string) string {
	at, _, _ := strings.Cut(path, "?")
	if desk.Readable(at) {
		return path
	}
	for i := strings.LastIndexByte(at, '/'); i > 0; i = strings.LastIndexByte(at, '/') {
		at = at[:i]
		if desk.Readable(at) {
			return at
		}
	}
	return "/worklist"
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
