package pages

import (
	"net/http"

	"rexbatch/internal/web/desk"
)

// signInPage asks who is at the terminal.
type signInPage struct {
	frame
	Plants   []choice
	Username string
	Resume   string
	Kept     []kept // what was typed before the session ended
	Spoken   string // the language that was chosen on this page; empty where none was
}

// kept is one typed value that outlives a session.
type kept struct{ Name, Value string }

// signInShow is GET /sign-in.
func (v *visit) signInShow() error {
	if v.QueryParam("ended") != "" {
		return v.render(http.StatusOK, "signin", v.signInPage(v.problem("CS-38", "session-expired")))
	}
	return v.render(http.StatusOK, "signin", v.signInPage())
}

func (v *visit) signInPage(problems ...Problem) signInPage {
	p := signInPage{frame: v.frame("signin", v.T("signin.title"), problems...), Resume: v.FormValue("resume")}
	p.Path = "/sign-in"
	chosen := v.FormValue("plant")
	if cookie, err := v.Cookie(plantCookie); err == nil && chosen == "" {
		chosen = cookie.Value
	}
	plants := v.site.deps.Plants
	if here := v.here(); here != nil { // accounts belong to one plant, and so does the terminal
		plants = []*desk.Plant{here.Plant}
	}
	for _, plant := range plants {
		name := plant.Profile.Name[v.lang]
		p.Plants = append(p.Plants, choice{Code: plant.Site(), Name: name, Chosen: plant.Site() == chosen})
	}
	return p
}
