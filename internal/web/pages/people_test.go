package pages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

const pin = "482915"

var why = people.Why{Reason: "first installation"}

// hire gives somebody beside the crew an account with their own password.
func (c *crew) hire(username, name, lang string, roles ...people.Role) {
	c.t.Helper()
	c.Hire(username, name, lang, roles...)
}

// code sets a terminal up and returns the code that registers a browser as it.
func (c *crew) code(id string, s people.Settings) string {
	c.t.Helper()
	_, err := c.plant.People.DefineTerminal(c.t.Context(), people.System("test"), id, s, people.Why{})
	require.NoError(c.t, err)
	code, err := c.plant.People.IssueTerminalCode(c.t.Context(), people.System("test"), id, why)
	require.NoError(c.t, err)
	return code
}

// badge gives a person a badge and their PIN, and returns the badge's code.
func (c *crew) badge(username string) string {
	c.t.Helper()
	ctx := c.t.Context()
	_, badge, err := c.plant.People.IssueBadge(ctx, people.System("test"), username, why)
	require.NoError(c.t, err)
	session, _, err := c.plant.People.SignIn(ctx, username, password, "T1")
	require.NoError(c.t, err)
	require.NoError(c.t, c.plant.People.SetPIN(ctx, session, password, pin))
	return badge.Code
}

// last is the newest entry of an account.
func (c *crew) last(username string) (kind, terminal string) {
	c.t.Helper()
	for e, err := range c.plant.Log.Stream(c.t.Context(), "account/"+username, 0) {
		require.NoError(c.t, err)
		kind, terminal = e.Type, e.Author.Terminal
	}
	return kind, terminal
}

var bench = people.Settings{Name: "Sala blanca 2, izquierda", Area: "CR-2", Lang: "de", Theme: "dark", Density: 378}

func TestBrowserBecomesATerminal_CS67(t *testing.T) {
	c := seville(t, "es")
	c.hire("radia", "Radia Admin", "es", people.Admin)
	admin, terminal := c.browser().signIn("radia"), c.browser("Accept-Language", "en")
	require.Equal(t, http.StatusForbidden, c.browser().signIn("ana").get("/terminals").status)
	p := admin.get("/terminals").ok().has("No hay ningún terminal")
	p = admin.post("/terminals", "id", "svq-07", "name", "Sala 2", "lang", "de", "theme", "dark", "density", "12")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("no puede ser el identificador", "densidad de píxeles", `value="Sala 2"`)
	p = admin.post("/terminals", "id", "SVQ-07", "name", "Sala 2", "area", "CR-2", "lang", "de", "theme", "dark", "density", "378").ok().has("El terminal está añadido")
	p = admin.post("/terminals/SVQ-07/code", "reason", "instalación").ok().has("RB-T-", `class="matrix"`, "Se muestra solo esta vez")
	code := regexp.MustCompile(`RB-T-[0-9A-Z]{17}`).FindString(p.body)
	admin.get("/terminals/SVQ-07").ok().hasNot(code)

	terminal.get("/terminal").ok().has("This browser is no registered terminal")
	require.Equal(t, http.StatusUnprocessableEntity, terminal.post("/terminal", "code", code[:20]).status)
	p = terminal.post("/terminal", "code", strings.ToLower(code)).ok().has("SVQ-07", "CR-2", `data-theme="dark"`, `lang="de"`)
	require.Equal(t, http.StatusUnauthorized, terminal.post("/terminal", "code", code).status)
	style := terminal.get("/terminal.css").ok()
	require.Contains(t, style.body, "--target: 76px; --gap: 19px") // 20 mm and 5 mm at 96 dpi (screens, rule 3)
	require.Contains(t, style.header.Get("Content-Type"), "text/css")
	terminal.get("/sign-in").ok().has("Ausweis scannen", "SVQ-07", "data-switch")
	terminal.signIn("ana").get("/worklist").ok().has("Trabajo", "SVQ-07", `data-theme="dark"`)
	_, at := c.last("ana")
	require.Equal(t, "SVQ-07", at)
	terminal.post("/sign-out").ok().has(`lang="de"`) // the terminal's own language, not the last person's

	admin.post("/terminals/SVQ-07", "name", "Sala 3", "lang", "es", "reason", "traslado").ok().has("Los ajustes están guardados", "Sala 3")
	admin.post("/terminals/SVQ-07/revoke", "reason", "robado").ok().has("Ningún navegador")
	terminal.get("/sign-in").ok().hasNot("SVQ-07", "data-switch")
	terminal.signIn("ana")
	_, at = c.last("ana")
	require.Equal(t, "network 127.0.0.1", at)
}

func TestBadgeOnPages_CS34(t *testing.T) {
	c := seville(t, "en")
	c.hire("radia", "Radia Admin", "en", people.Admin)
	admin, ana, terminal := c.browser().signIn("radia"), c.browser().signIn("ana"), c.browser("Accept-Language", "en")
	require.Equal(t, http.StatusForbidden, ana.get("/people").status)
	admin.get("/people").ok().has("Ana Belén Carreño Ruiz", "No badge")
	p := admin.post("/people/ana/badge", "reason", "no")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p = admin.post("/people/ana/badge", "reason", "new operator").ok().has("RB-B-", `class="matrix"`, "Shown this once", "No PIN chosen")
	badge := regexp.MustCompile(`RB-B-[0-9A-Z-]{36}`).FindString(p.body)
	require.NotEmpty(t, badge)
	admin.get("/people/ana").ok().hasNot("RB-B-")

	p = ana.get("/account").ok().has("No PIN chosen", "Choose a PIN", "Production operator", "Opened by username and password")
	require.Equal(t, http.StatusUnprocessableEntity, ana.post("/account/pin", "password", password, "pin", pin, "again", "111222").status)
	p = ana.post("/account/pin", "password", "wrong", "pin", pin, "again", pin)
	require.Equal(t, http.StatusUnauthorized, p.status)
	p.has("The password is wrong").hasNot(pin)
	ana.post("/account/pin", "password", password, "pin", pin, "again", pin).ok().has("The PIN is saved", "Ready")

	// Without a registered terminal a badge opens nothing.
	require.Equal(t, http.StatusForbidden, terminal.post("/switch", "badge", badge, "pin", pin).status)
	terminal.post("/switch/badge", "badge", badge).has("not a registered terminal")
	terminal.post("/terminal", "code", c.code("SVQ-07", bench)).ok()
	terminal.post("/switch/badge", "badge", badge).ok().has("Ana Belén Carreño Ruiz").hasNot("<html")
	wrong := terminal.post("/switch", "badge", badge, "pin", "111222", "return", "/account")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	wrong.has("Die PIN ist falsch", "CS-34").hasNot(badge, "111222")
	terminal.post("/switch", "badge", badge, "pin", pin, "return", "/account").ok().has("Opened by badge and PIN", "My account")
	terminal.post("/switch", "badge", badge, "pin", pin, "return", "//evil.example/").ok().has("Worklist")

	admin.post("/people/ana/pin/withdraw", "reason", "seen by another").ok().has("The PIN is withdrawn")
	require.Equal(t, http.StatusUnauthorized, terminal.get("/worklist").status)
	ana.post("/account/pin", "password", password, "pin", pin, "again", pin).ok()
	ana.post("/account/badge/lost").ok().has("The badge is withdrawn")
	terminal.post("/switch", "badge", badge, "pin", pin).has("eingezogen", "CS-80")
}

// Whoever signs in ends the session of whoever was there (DI-1).
func TestNobodysSessionCarriesOver_DI1(t *testing.T) {
	c := seville(t, "en")
	b := c.browser().signIn("ana")
	old := b.http.Jar.Cookies(mustURL(t, c.server.URL))
	b.signIn("jorge")
	kind, _ := c.last("ana")
	require.Equal(t, people.TypeSignedOut, kind)
	thief := c.browser()
	thief.http.Jar.SetCookies(mustURL(t, c.server.URL), old)
	require.Equal(t, http.StatusUnauthorized, thief.get("/worklist").status)
}

func mustURL(t testing.TB, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	require.NoError(t, err)
	return u
}

func TestTrainingMatrix_CS2(t *testing.T) {
	c := seville(t, "en")
	qa := c.browser().signIn("ines")
	require.Equal(t, http.StatusForbidden, c.browser().signIn("ana").get("/training").status)
	qa.get("/training").ok().has("No training is recorded yet", "Record a training")
	record := func(who, procedure, from, until string) page {
		f, u := strings.Split(from, "-"), strings.Split(until, "-")
		return qa.post("/training", "username", who, "procedure", procedure, "version", "3", "trainer", "Inés Ortega", "evidence", "TR-118",
			"from-year", f[0], "from-month", f[1], "from-day", f[2], "until-year", u[0], "until-month", u[1], "until-day", u[2])
	}
	record("ana", "gown-b", "2026-01-01", "2026-12-22").ok().has("The training is recorded", "GOWN-B", "22 DEC 2026", "Due", "i-clock")
	record("ana", "SOP-PRD-013", "2026-01-01", "2026-12-23").ok().has("23 DEC 2026", "Valid", "i-tick")
	record("jorge", "GOWN-B", "2026-01-01", "2026-11-21").ok().has("21 NOV 2026", "Expired", "i-triangle", "1 expired, 1 due within 30 days")
	bad := record("jorge", "GOWN-B", "2026-02-01", "2026-01-01")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	bad.has("cannot be valid from 01 FEB 2026 until 01 JAN 2026", `value="GOWN-B"`, `<option value="jorge" selected>`)
	own := record("ines", "GOWN-B", "2026-01-01", "2026-12-31")
	require.Equal(t, http.StatusForbidden, own.status)
	own.has("Nobody records their own training")
	c.browser().signIn("ana").get("/account").ok().has("GOWN-B", "SOP-PRD-013", "TR-118")
	qa.get("/people/ana").ok().has("Take away GOWN-B").hasNot("Issue a badge")
	qa.post("/people/ana/training/revoke", "procedure", "GOWN-B", "reason", "failed the media fill").ok().has("The qualification is taken away").hasNot("Take away GOWN-B")
}
