package pages

import (
	"net/url"
	"slices"

	"rexbatch/internal/web/desk"
)

// here is the registered terminal at which the page is; nil where the browser is none.
func (v *visit) here() *desk.Place {
	if v.looked {
		return v.place
	}
	v.looked = true
	place, err := v.site.deps.Place(v.Request())
	if err != nil { // the page works without: it says so where the terminal is needed
		v.site.deps.Logger.WarnContext(v.ctx(), "terminal not read", "request", desk.RequestID(v.ctx()), "cause", err.Error())
		return nil
	}
	v.place = place
	return place
}

// workplace is what a page shows of its terminal.
type workplace struct {
	ID, Name, Area string
	Theme          string // that nobody chooses otherwise here
	Measured       bool   // targets have their size in millimetres
	Return         string // where a change of the person comes back to
}

func (v *visit) workplace(path string) *workplace {
	here := v.here()
	if here == nil {
		return nil
	}
	t := here.Terminal
	w := &workplace{ID: t.ID, Name: t.Name, Area: t.Area, Theme: t.Theme, Measured: t.Density > 0, Return: withoutNotice(path)}
	switch v.Path() { // nobody wants to come back to these
	case "/sign-in":
		w.Return = local(v.FormValue("resume"))
	case "/switch":
		w.Return = local(v.FormValue("return"))
	case "/terminal":
		w.Return = "/worklist"
	}
	return w
}

// withoutNotice leaves out what was said to the person before: the next one did nothing yet.
func withoutNotice(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	query := u.Query()
	query.Del("done")
	u.RawQuery = query.Encode()
	return u.RequestURI()
}

// placeTheme is the terminal's own brightness; empty where it has none (screens, rule 19).
func (v *visit) placeTheme() string {
	here := v.here()
	if here == nil {
		return ""
	}
	return here.Terminal.Theme
}

// placeLanguage is the terminal's own language; empty where it has none.
func (v *visit) placeLanguage() string {
	here := v.here()
	if here == nil || !slices.Contains(languages, here.Terminal.Lang) {
		return ""
	}
	return here.Terminal.Lang
}
