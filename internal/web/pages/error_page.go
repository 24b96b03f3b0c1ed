package pages

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
)

// errorPage is what a person sees when a request was not done: what happened, which rule, what to do now.
type errorPage struct {
	frame
	Status int
	Head   string
}

// secrets are the fields that never stand in a page again.
var secrets = []string{"password", "old", "new", "again", "pin", "badge", "code"}

// errorPage answers a failed request of a browser.
func (s *site) errorPage(c echo.Context, p *desk.Problem) error {
	v := s.visit(c)
	if p.Status == http.StatusUnauthorized {
		return v.signInAgain(p)
	}
	page := errorPage{
		frame: v.frame("error", v.T("error.title"), v.problemsOf(p, nil)...), Status: p.Status,
		Head: v.T("error." + headOf(p.Status)),
	}
	return v.render(p.Status, "error", page)
}

func headOf(status int) string {
	switch status {
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound:
		return "missing"
	case http.StatusTooManyRequests:
		return "busy"
	case http.StatusServiceUnavailable:
		return "unavailable"
	}
	if status >= http.StatusInternalServerError {
		return "internal"
	}
	return "refused"
}

// signInAgain asks for a sign-in. A page that was only to be read is opened afterwards; what was typed in a form
// is kept in the answer, and is shown again after the sign-in to be saved (screens, rule 10).
func (v *visit) signInAgain(p *desk.Problem) error {
	r := v.Request()
	page := v.signInPage()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		page.Resume = r.URL.RequestURI()
	} else {
		page.Resume = r.URL.Path
		page.Kept = typed(r)
		page.Problems = v.problemsOf(p, nil)
	}
	if _, err := r.Cookie(desk.CookieName); err == nil { // it stays, so that every page says what happened until somebody signs in
		page.Problems = v.problemsOf(p, nil)
	}
	return v.render(http.StatusUnauthorized, "signin", page)
}

// typed is what a form held, without its secrets and without the version that it was decided on: the record may
// have moved on meanwhile.
func typed(r *http.Request) []kept {
	err := r.ParseForm()
	if err != nil {
		return nil
	}
	return keptOf(r.PostForm, "")
}

func (v *visit) keptAgain() []kept {
	form, err := v.FormParams()
	if err != nil {
		return nil
	}
	return keptOf(form, "keep.")
}

func keptOf(form url.Values, prefix string) []kept {
	var out []kept
	for name, values := range form {
		bare, ok := strings.CutPrefix(name, prefix)
		if !ok || isSecret(bare) || bare == "seen" {
			continue
		}
		for _, value := range values {
			out = append(out, kept{Name: bare, Value: value})
		}
	}
	return out
}

func isSecret(name string) bool {
	for _, s := range secrets {
		if name == s {
			return true
		}
	}
	return false
}
