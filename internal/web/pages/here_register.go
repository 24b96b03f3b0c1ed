package pages

import "rexbatch/internal/web/desk"

// hereRegister is POST /terminal: the code that an administrator issued makes this browser the terminal (CS-67).
func (v *visit) hereRegister() error {
	_, token, err := v.site.deps.Register(v.ctx(), v.FormValue("code"), v.RealIP())
	if err != nil {
		return v.herePage(status(err), v.problems(err, nil)...)
	}
	v.SetCookie(desk.TerminalCookieOf(v.Request(), token))
	return v.to("/terminal?done=registered")
}
