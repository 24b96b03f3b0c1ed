package pages

import (
	"net/http"

	"rexbatch/internal/people"
)

// terminalsPage is the terminals of the plant and the form for a new one.
type terminalsPage struct {
	frame
	Terminals []terminalLine
	Form      terminalForm
}

// terminalLine is one terminal.
type terminalLine struct {
	people.Terminal
	Language string
	State    state
}

// terminalForm is what is set for a terminal, as it was typed.
type terminalForm struct {
	ID, Name, Area, Theme, Density, Reason string
	Languages, Themes                      []choice
}

// terminalsShow is GET /terminals.
func (v *visit) terminalsShow() error { return v.terminalsPage(http.StatusOK) }

func (v *visit) terminalsPage(code int, problems ...Problem) error {
	all, err := v.plant().People.Terminals(v.ctx())
	if err != nil {
		return err
	}
	p := terminalsPage{frame: v.frame("terminals", v.T("terminals.title"), problems...)}
	for _, t := range all {
		p.Terminals = append(p.Terminals, v.terminalLine(t))
	}
	p.Form = v.terminalForm(people.Terminal{Settings: people.Settings{Lang: v.plant().Profile.Language}})
	return v.render(code, "terminals", p)
}

func (v *visit) terminalLine(t people.Terminal) terminalLine {
	l := terminalLine{Terminal: t, Language: languageNames[t.Lang], State: state{Icon: "ring", Word: v.T("terminal.free")}}
	if t.Registered {
		l.State = state{Icon: "tick", Word: v.T("terminal.registered")}
	}
	return l
}

// terminalForm shows what was typed before a refusal, otherwise what is.
func (v *visit) terminalForm(t people.Terminal) terminalForm {
	f := terminalForm{ID: t.ID, Name: t.Name, Area: t.Area, Theme: t.Theme}
	if t.Density > 0 {
		f.Density = itoa(t.Density)
	}
	lang := t.Lang
	if v.Request().Method == http.MethodPost && v.FormValue("name") != "" {
		f.ID, f.Name, f.Area, f.Density = v.FormValue("id"), v.FormValue("name"), v.FormValue("area"), v.FormValue("density")
		f.Theme, f.Reason, lang = v.FormValue("theme"), v.FormValue("reason"), v.FormValue("lang")
	}
	for _, code := range languages {
		f.Languages = append(f.Languages, choice{Code: code, Name: languageNames[code], Chosen: code == lang})
	}
	for _, code := range []string{"", "light", "dark"} {
		name := v.T("theme.auto")
		if code != "" {
			name = v.T("theme." + code)
		}
		f.Themes = append(f.Themes, choice{Code: code, Name: name, Chosen: code == f.Theme})
	}
	return f
}
