package pages

import (
	"net/http"

	"rexbatch/internal/people"
)

// switchPage asks whoever scanned a badge for the PIN.
type switchPage struct {
	frame
	Badge  string
	Return string
	Who    *people.Person
}

// switchShow is GET /switch: a badge and its PIN without a script.
func (v *visit) switchShow() error { return v.switchPage(http.StatusOK) }

func (v *visit) switchPage(code int, problems ...Problem) error {
	p := switchPage{frame: v.frame("switch", v.T("switch.title"), problems...), Badge: v.FormValue("badge"), Return: local(v.FormValue("return"))}
	return v.render(code, "switch", p)
}
