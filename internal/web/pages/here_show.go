package pages

import (
	"fmt"
	"net/http"

	"rexbatch/internal/web/desk"
)

// herePage says which terminal this browser is, and makes it one by a code.
type herePage struct {
	frame
}

// hereShow is GET /terminal.
func (v *visit) hereShow() error { return v.herePage(http.StatusOK) }

func (v *visit) herePage(code int, problems ...Problem) error {
	return v.render(code, "here", herePage{frame: v.frame("here", v.T("here.title"), problems...)})
}

// hereRegister is POST /terminal: the code that an administrator issued makes this browser the terminal (CS-67).
func (v *visit) hereRegister() error {
	_, token, err := v.site.deps.Register(v.ctx(), v.FormValue("code"), v.RealIP())
	if err != nil {
		return v.herePage(status(err), v.problems(err, nil)...)
	}
	v.SetCookie(desk.TerminalCookieOf(v.Request(), token))
	return v.to("/terminal?done=registered")
}

// The sizes that a hand in gloves needs, in millimetres (screens, rule 3).
const (
	targetSize = 20
	targetGap  = 5
)

// hereStyle is GET /terminal.css: the size of targets in pixels of this terminal's screen.
func (v *visit) hereStyle() error {
	here := v.here()
	if here == nil || here.Terminal.Density == 0 {
		return v.Blob(http.StatusOK, "text/css; charset=utf-8", nil)
	}
	px := func(mm int) int { return (mm*here.Terminal.Density + 99) / 100 } // rounded up
	css := fmt.Sprintf(":root { --target: %dpx; --gap: %dpx; }\n", px(targetSize), px(targetGap))
	return v.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(css))
}
