package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// rest is the part of an API path below its root, with something in place of each parameter.
func rest(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, desk.API), "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "1"
		}
	}
	return strings.Join(parts, "/")
}

func TestEveryRouteNeedsAPerson(t *testing.T) {
	s := newSite(t, "es-svq")
	nobody, forged := &client{site: s}, &client{site: s, token: "ES-SVQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
	elsewhere := &client{site: s, token: "DE-FRA.AAAA"}
	before := s.size()
	for _, r := range desk.Routes() {
		if !strings.HasPrefix(r.Path, desk.API) || r.Who.Public() {
			continue
		}
		for _, c := range []*client{nobody, forged, elsewhere} {
			c.send(r.Method, rest(r.Path), nil).refused(http.StatusUnauthorized, "I3", "no-session")
		}
	}
	require.Equal(t, before, s.size())
}

func TestPublicRoutesAreFew(t *testing.T) {
	var public []string
	for _, r := range desk.Routes() {
		if r.Who.Public() && (strings.HasPrefix(r.Path, "/api/") || r.Audit == desk.Records || r.Audit == desk.Signs || r.Audit == desk.Manages || r.Audit == desk.Configures) {
			public = append(public, r.Method+" "+r.Path)
		}
	}
	require.ElementsMatch(t, []string{
		"GET /api/openapi.json", "POST /api/v1/sessions",
		"POST /api/v1/sessions/badge", "POST /api/v1/terminals/registration", "POST /terminal", // each proves itself by a secret code
		"GET /api/v1/courier/time", "POST /api/v1/courier/open", "POST /api/v1/courier/deliver", // a link with its PIN; then the phone's signature
	}, public)
}

func TestRouteOutsideTheTableIsNotServed(t *testing.T) {
	err := desk.CheckRoutes([]*echo.Route{{Method: "GET", Path: "/healthz"}, {Method: "POST", Path: "/healthz"}})
	require.ErrorContains(t, err, "POST /healthz is not in the table")
	s := newSite(t, "es-svq")
	c := &client{site: s}
	c.get("/nothing").refused(http.StatusNotFound, "", "no-route")
	c.send(http.MethodDelete, "/batches", nil).refused(http.StatusMethodNotAllowed, "", "no-method")
	c.send(http.MethodPut, "/batches/X/steps/S01/fields/site", nil).refused(http.StatusMethodNotAllowed, "", "no-method") // CS-43
}

// Check 16 of the inspector (CS-40).
func TestAdministratorTouchesNoRecord(t *testing.T) {
	s := newSite(t, "es-svq")
	admin := s.hire("root-admin", people.Admin)
	before := s.size()
	for _, r := range desk.Routes() {
		if r.Path == desk.API+"/courier/deliver" { // no session opens it, nor a role: what a phone did not sign is refused
			hello := map[string]any{"phone": "8XK2MPQ4-1", "payload": []byte(`{"v":1,"hello":"8XK2MPQ4-1","site":"ES-SVQ","sent":"2026-11-22T09:00:00Z","offset_ms":0}`), "signature": make([]byte, 64)}
			admin.post("/courier/deliver", map[string]any{"hello": hello, "events": []any{}}).refused(http.StatusNotFound, "CS-67", "phone-missing")
			continue
		}
		if !strings.HasPrefix(r.Path, desk.API) || r.Audit != desk.Records && r.Audit != desk.Signs || r.Path == desk.API+"/me/statement" {
			continue
		}
		admin.send(r.Method, rest(r.Path), []byte("{}")).refused(http.StatusForbidden, "CS-40", "not-allowed")
	}
	for _, path := range []string{"/batches", "/batches/X", "/batches/X/review", "/batches/X/audit", "/register", "/ledger/entries"} {
		admin.get(path).refused(http.StatusForbidden, "CS-40", "not-allowed")
	}
	require.Equal(t, before, s.size())
	admin.get("/ledger/head").ok()
	require.NotContains(t, admin.get("/ledger/entries/0/proof").ok().text(), `"entry"`)
}

func TestAccounts(t *testing.T) {
	s := newSite(t, "es-svq")
	admin, operator := s.hire("root-admin", people.Admin), s.hire("ana", people.Operator)
	operator.post("/accounts", map[string]any{"username": "eve", "name": "Eve", "lang": "en", "roles": []string{"qp"}}).refused(http.StatusForbidden, "CS-66", "not-allowed")

	r := admin.post("/accounts", map[string]any{"username": "jorge", "name": "Jorge Peñalver", "lang": "es", "roles": []string{"operator"}}).ok()
	once := r.str("one_time_password")
	require.NotEmpty(t, once)
	admin.post("/accounts", map[string]any{"username": "jorge", "name": "J", "lang": "es", "roles": []string{"operator"}}).
		refused(http.StatusUnprocessableEntity, "CS-74", "username-taken")
	admin.post("/accounts", map[string]any{"username": "Ü", "name": "😀", "lang": "es", "roles": []string{"admin", "qp"}})
	p := admin.post("/accounts", map[string]any{"username": "Ü", "name": "Ana 😀", "lang": "es", "roles": []string{"qp"}}).
		refused(http.StatusUnprocessableEntity, "CS-74", "username-invalid")
	require.Len(t, p.Problems, 2) // every fault at once

	jorge := &client{site: s}
	r = jorge.post("/sessions", map[string]any{"username": "jorge", "password": once}).ok()
	jorge.token = r.str("token")
	require.Contains(t, r.text(), `"must_change":true`)
	jorge.get("/batches").refused(http.StatusConflict, "CS-35", "password-must-change")
	jorge.post("/me/password", map[string]any{"old": once, "new": "short"}).refused(http.StatusUnprocessableEntity, "CS-35", "password-weak")
	jorge.post("/me/password", map[string]any{"old": once, "new": password}).ok()
	me := jorge.get("/me").ok()
	require.Contains(t, me.text(), "My signature binds me")
	jorge.post("/me/statement", map[string]any{"password": password}).ok()
	require.NotContains(t, jorge.get("/me").ok().text(), "My signature binds me")

	admin.post("/accounts/jorge/roles", map[string]any{"roles": []string{"operator", "qc-analyst"}, "reason": "trained on S13"}).ok()
	admin.post("/accounts/jorge/roles", map[string]any{"roles": []string{"operator", "admin"}, "reason": "no"}).refused(http.StatusForbidden, "CS-40", "roles-apart")
	admin.post("/accounts/jorge/unlock", map[string]any{"reason": "asked on the telephone"}).refused(http.StatusConflict, "CS-16", "account-unchanged")
	admin.post("/accounts/nobody-here/disable", map[string]any{"reason": "has left"}).refused(http.StatusNotFound, "CS-74", "account-unknown")
	admin.post("/accounts/jorge/disable", map[string]any{"reason": "has left"}).ok()
	jorge.get("/me").refused(http.StatusUnauthorized, "I3", "no-session")
	admin.post("/accounts/jorge/enable", map[string]any{"reason": "is back"}).ok()
	admin.post("/accounts/jorge/password", map[string]any{"reason": "forgot it"}).ok()
	require.Contains(t, admin.get("/accounts").ok().text(), "qc-analyst")
	operator.send(http.MethodDelete, "/sessions/current", nil).ok()
	operator.get("/me").refused(http.StatusUnauthorized, "I3", "no-session")
}

func TestSignInIsLimitedAndTellsNothing(t *testing.T) {
	s := newSite(t, "es-svq")
	s.hire("ana", people.Operator)
	nobody := &client{site: s}
	wrong := nobody.post("/sessions", map[string]any{"username": "ana", "password": "wrong wrong wrong"}).refused(http.StatusUnauthorized, "CS-75", "credentials-wrong")
	unknown := nobody.post("/sessions", map[string]any{"username": "who", "password": "wrong wrong wrong"}).refused(http.StatusUnauthorized, "CS-75", "credentials-wrong")
	require.Equal(t, wrong.Detail, unknown.Detail)
	nobody.post("/sessions", map[string]any{"username": "ana", "password": password, "site": "DE-FRA"}).refused(http.StatusUnprocessableEntity, "CS-74", "site-unknown")
	var last *reply
	for range 12 {
		last = nobody.post("/sessions", map[string]any{"username": "who", "password": "wrong wrong wrong"})
	}
	last.refused(http.StatusTooManyRequests, "CS-81", "too-many-tries")
	require.NotEmpty(t, last.header.Get("Retry-After"))
	require.NotContains(t, s.logged.String(), "wrong wrong wrong")
}

func TestRoleIsChosenOrAskedFor(t *testing.T) {
	s := newSite(t, "es-svq")
	both := s.hire("lucia", people.Coordinator, people.Investigator)
	order := map[string]any{"subject_no": "ES01-003"}
	both.post("/batches", order).refused(http.StatusUnprocessableEntity, "CS-66", "role-ambiguous")
	order["role"] = "qp"
	both.post("/batches", order).refused(http.StatusForbidden, "CS-66", "role-not-held")
	order["role"] = "coordinator"
	number := both.post("/batches", order).ok().str("batch")
	both.post("/batches/"+number+"/steps/S01/start", nil).ok() // only one of the roles performs it

	mixed := s.hire("hector", people.QA, people.Scheduler)
	mixed.post("/batches", map[string]any{"subject_no": "ES01-004", "role": "qa"}).refused(http.StatusForbidden, "CS-66", "role-not-allowed")
	both.post("/batches", map[string]any{"subject_no": "ES01-003", "role": "coordinator"}).refused(http.StatusConflict, "AT-1", "subject-taken")
}

func TestTwoPeopleAtOnce(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	b, _ := c.state(number)
	st, _ := b.Step("S01")
	c.perform(number, st.Step)
	scheduler, path := c.secondAs(people.Scheduler), c.path(number, st.Step)
	sign := map[string]any{"shown_digest": scheduler.get(path).ok().str("shown_digest"), "password": password}
	other := c.hire("marta2", people.Scheduler)
	var wg sync.WaitGroup
	replies := make([]*reply, 2)
	for i, who := range []*client{scheduler, other} {
		wg.Go(func() { replies[i] = who.post(path+"/verify", sign) })
	}
	wg.Wait()
	won := 0
	for _, r := range replies {
		if r.status == http.StatusOK {
			won++
			continue
		}
		r.refused(http.StatusConflict, "I7", "already-verified")
	}
	require.Equal(t, 1, won)
	verified := 0
	for e, err := range c.plant.Log.Stream(context.Background(), "batch/"+number, 0) {
		require.NoError(t, err)
		if e.Type == "batch.step-verified" {
			verified++
		}
	}
	require.Equal(t, 1, verified)
}

func TestSessionEndsWhenIdle(t *testing.T) {
	s := newSite(t, "es-svq")
	ana := s.hire("ana", people.Operator)
	ana.get("/batches").ok()
	s.pass(16 * time.Minute)
	ana.get("/batches").refused(http.StatusUnauthorized, "CS-38", "session-expired")
}
