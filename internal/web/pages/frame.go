package pages

import (
	"strings"

	"rexbatch/internal/people"
)

// frame is what every page shows around its content.
type frame struct {
	Lang      string
	Languages []choice
	Theme     string // "light", "dark", or empty for the browser's own
	Title     string
	Page      string // class of the body, and which part of the navigation is marked
	Demo      bool
	Version   string
	Plant     string
	Person    *person
	Path      string // where a change of language comes back to
	Problems  []Problem
	Notice    string
	Calls     []callView // that wait for this person
	Duty      uint64     // how far the on-call duty had grown when the page was made
	Place     *workplace // the registered terminal; nil where the browser is none
}

// choice is one of several, one of which may be chosen.
type choice struct {
	Code, Name string
	Chosen     bool
	Note       string // what follows from it
}

// person is who is signed in.
type person struct {
	Name, Account, Role string
	Reads, Knows        bool // reads records; has a role in the record at all
	Oversees, Registers bool // reads who is trained; reads who there is
	Traces              bool // asks what is connected with what
	Ships, Beds         bool // sees shipments; sees what was done at a bed
	Configures          bool // sets up terminals
	Prints              bool // looks after the label printers
}

var languageNames = map[string]string{"es": "Español", "de": "Deutsch", "en": "English"}

// frame begins a page.
func (v *visit) frame(page, title string, problems ...Problem) frame {
	f := frame{
		Lang: v.lang, Title: title, Page: page, Demo: v.site.deps.Demo, Version: v.site.deps.Version,
		Theme: v.theme(), Path: v.Request().URL.RequestURI(), Problems: problems,
	}
	if v.Request().Method != "GET" {
		f.Path = "/worklist"
		if n := v.Param("batch"); n != "" {
			f.Path = "/batches/" + n
		}
		if n := v.Param("device"); n != "" {
			f.Path = "/equipment/" + n
		}
		if n := v.Param("lot"); n != "" {
			f.Path = "/lots/" + n
		}
		if n := v.Param("recipe"); n != "" {
			f.Path = "/masters/" + n + "/" + v.Param("version")
		}
		if n := v.Param("shipment"); n != "" {
			f.Path = "/shipments/" + n
		}
		if n := v.Param("area"); n != "" {
			f.Path = "/areas/" + n
		}
	}
	for _, lang := range languages {
		f.Languages = append(f.Languages, choice{Code: lang, Name: languageNames[lang], Chosen: lang == v.lang})
	}
	if v.desk != nil {
		s := v.desk.Session
		f.Plant = v.plantName()
		f.Person = &person{Name: s.Name, Account: s.Account, Role: v.roles(s.Roles), Reads: v.reads(), Knows: !s.Has(people.Admin)}
		f.Person.Registers, f.Person.Configures = s.May(people.ReadAccounts) || s.May(people.RecordTraining), s.May(people.ConfigureSystem)
		f.Person.Prints = s.May(people.ConfigureSystem) || s.May(people.ManageAreas)
		f.Person.Ships, f.Person.Beds, f.Person.Traces = v.desk.Opens("/shipments"), v.desk.Opens("/batches/:batch/bedside"), v.desk.Opens("/trace")
		if s.May(people.ReadRecord) {
			duty, _ := v.duty()
			f.Calls, f.Duty = v.called(), duty.Version
		}
		f.Person.Oversees = f.Person.Registers || s.May(people.Review)
	}
	f.Place = v.workplace(f.Path)
	notice := v.QueryParam("done")
	if notice != "" {
		f.Notice, _ = v.lookup("done." + notice)
	}
	return f
}

func (v *visit) plantName() string {
	name := v.plant().Profile.Name[v.lang]
	if name == "" {
		name = v.plant().Site()
	}
	return name
}

func (v *visit) roles(roles []people.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = v.word("role", string(r))
	}
	return strings.Join(out, ", ")
}

func (v *visit) theme() string {
	if own := v.placeTheme(); own != "" {
		return own
	}
	cookie, err := v.Cookie(themeCookie)
	if err != nil || (cookie.Value != "light" && cookie.Value != "dark") {
		return ""
	}
	return cookie.Value
}
