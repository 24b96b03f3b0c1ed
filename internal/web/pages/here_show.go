package pages

import (
	"net/http"
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
