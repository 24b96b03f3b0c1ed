package pages

import (
	"html/template"
	"net/http"
)

// terminalPage is one terminal for an administrator.
type terminalPage struct {
	frame
	Terminal terminalLine
	Form     terminalForm
	Code     string // shown once
	Matrix   template.HTML
}

// terminalShow is GET /terminals/:terminal.
func (v *visit) terminalShow() error { return v.terminalPage(http.StatusOK, "") }

func (v *visit) terminalPage(code int, issued string, problems ...Problem) error {
	t, err := v.plant().People.Terminal(v.ctx(), v.Param("terminal"))
	if err != nil {
		return err
	}
	p := terminalPage{frame: v.frame("terminals", t.ID, problems...), Terminal: v.terminalLine(t), Form: v.terminalForm(t), Code: issued}
	p.Path = "/terminals/" + t.ID
	if issued != "" {
		p.Matrix, err = matrix(issued)
		if err != nil {
			return err
		}
	}
	return v.render(code, "terminal", p)
}
