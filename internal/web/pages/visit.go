package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/batch"
	"rexbatch/batch/oncall"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

const (
	langCookie  = "rexbatch_lang"
	themeCookie = "rexbatch_theme"
	plantCookie = "rexbatch_terminal_plant"
)

// visit is one request of one person.
type visit struct {
	echo.Context
	words
	site *site
	desk *desk.Desk // nil before sign-in

	names  map[string]string
	place  *desk.Place // the registered terminal, once looked for
	looked bool
	onDuty *oncall.Duty  // the plant's on-call duty, once looked for
	calls  []oncall.Call // that wait for this person

	stopBack string // where a mismatch leads back to; empty: to the step
}

func (s *site) visit(c echo.Context) *visit {
	v := &visit{Context: c, site: s, desk: desk.From(c.Request().Context()), names: map[string]string{}}
	v.words = wordsIn(s.all, v.language())
	return v
}

// language is the person's own once somebody is signed in; before that what was chosen at this terminal, what the
// terminal is set to, what the browser asks for, or the plant's.
func (v *visit) language() string {
	if v.desk != nil {
		return v.desk.Session.Lang
	}
	cookie, err := v.Cookie(langCookie)
	if err == nil && slices.Contains(languages, cookie.Value) {
		return cookie.Value
	}
	if own := v.placeLanguage(); own != "" {
		return own
	}
	for _, asked := range strings.Split(v.Request().Header.Get("Accept-Language"), ",") {
		base, _, _ := strings.Cut(strings.TrimSpace(asked), "-")
		base, _, _ = strings.Cut(base, ";")
		if slices.Contains(languages, base) {
			return base
		}
	}
	return v.site.deps.Plants[0].Profile.Language
}

func (v *visit) ctx() context.Context { return v.Request().Context() }

func (v *visit) now() time.Time { return v.site.deps.Clock() }

func (v *visit) plant() *desk.Plant { return v.desk.Plant }

func (v *visit) zone() *time.Location { return v.desk.Plant.Profile.Location }

// to sends the browser to a page with a plain read (post, redirect, get).
func (v *visit) to(path string) error { return v.Redirect(http.StatusSeeOther, path) }

// has tells whether the person holds a role.
func (v *visit) has(r people.Role) bool { return v.desk.Session.Has(r) }

// reads tells whether the person reads records.
func (v *visit) reads() bool { return v.desk.Session.May(people.ReadRecord) }

// full is the full name behind a username, so that pages name people and not accounts.
func (v *visit) full(account string) string {
	name, ok := v.names[account]
	if ok {
		return name
	}
	name = account
	p, err := v.plant().People.Person(v.ctx(), account)
	if err == nil {
		name = p.Name
	}
	v.names[account] = name
	return name
}

// performer authors a step in the role that the recipe asks for.
func (v *visit) performer(step string) (ledger.Author, error) {
	fits, err := v.desk.Performer(v.ctx(), v.Param("batch"), step)
	if err != nil {
		return ledger.Author{}, err
	}
	return v.desk.Acting("", fits)
}

// load folds the batch of the request and its therapy event.
func (v *visit) load() (*batch.Batch, *chainofcustody.TherapyEvent, error) {
	return v.plant().Batches.LoadWithEvent(v.ctx(), v.Param("batch"))
}

// seen is the version of the batch that the page showed.
func (v *visit) seen() batch.Seen { return batch.Seen(number(v.FormValue("seen"))) }

// number reads digits; anything else is zero, which nothing has as a version.
func number(s string) uint64 {
	var n uint64
	for _, r := range s {
		if r < '0' || r > '9' || n > 1<<50 {
			return 0
		}
		n = n*10 + uint64(r-'0')
	}
	return n
}

// local is a path of this server or the worklist: a form cannot send the browser elsewhere.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/worklist"
	}
	return path
}

func itoa(n int) string { return strconv.Itoa(n) }
