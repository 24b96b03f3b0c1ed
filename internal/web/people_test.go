package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
)

var bench = map[string]any{"id": "SVQ-07", "name": "Clean room 2, left", "area": "CR-2", "lang": "es", "density": 378}

// terminal sets a terminal up and returns the token of the client that is it.
func (c *client) terminal() string {
	c.t.Helper()
	c.post("/terminals", bench).ok()
	code := c.post("/terminals/SVQ-07/code", map[string]any{"reason": "first installation"}).ok().str("code")
	return (&client{site: c.site}).post("/terminals/registration", map[string]any{"code": code}).ok().str("terminal_token")
}

func TestTerminalThroughTheAPI_CS67(t *testing.T) {
	s := newSite(t, "es-svq")
	admin, ana, nobody := s.hire("root-admin", people.Admin), s.hire("ana", people.Operator), &client{site: s}
	ana.post("/terminals", bench).refused(http.StatusForbidden, "CS-66", "not-allowed")
	token := admin.terminal()
	require.Contains(t, admin.get("/terminals").ok().text(), `"registered":true`)
	admin.post("/terminals/SVQ-07/settings", map[string]any{"name": "Clean room 3", "lang": "es", "reason": "moved"}).ok()
	nobody.post("/terminals/registration", map[string]any{"code": "RB-T-0000"}).refused(http.StatusUnprocessableEntity, "CS-67", "code-misread")

	// Nobody claims to be it; whoever is it stands in entries by its id.
	sign := map[string]any{"username": "ana", "password": password, "terminal": "SVQ-07"}
	nobody.post("/sessions", sign).refused(http.StatusForbidden, "CS-67", "terminal-claimed")
	sign["terminal_token"] = token
	r := nobody.post("/sessions", sign).ok()
	require.Contains(t, r.text(), `"terminal":"SVQ-07"`)
	require.Contains(t, r.text(), `"by":"password"`)
	admin.post("/terminals/SVQ-07/revoke", map[string]any{"reason": "stolen"}).ok()
	nobody.post("/sessions", sign).refused(http.StatusForbidden, "CS-67", "terminal-claimed")
	admin.post("/terminals/SVQ-07/revoke", map[string]any{"reason": "stolen"}).refused(http.StatusConflict, "CS-67", "terminal-free")
}

func TestBadgeThroughTheAPI_CS34(t *testing.T) {
	s := newSite(t, "es-svq")
	admin, ana, nobody := s.hire("root-admin", people.Admin), s.hire("ana", people.Operator), &client{site: s}
	terminal := admin.terminal()
	ana.post("/accounts/ana/badge", map[string]any{"reason": "mine"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	issued := admin.post("/accounts/ana/badge", map[string]any{"reason": "new operator"}).ok()
	badge := issued.str("code")
	open := map[string]any{"terminal_token": terminal, "badge": badge, "pin": "482915"}
	nobody.post("/sessions/badge", open).refused(http.StatusUnauthorized, "CS-34", "pin-none")
	ana.post("/me/pin", map[string]any{"password": password, "pin": "123456"}).refused(http.StatusUnprocessableEntity, "CS-35", "pin-weak")
	ana.post("/me/pin", map[string]any{"password": password, "pin": "482915"}).ok()

	r := nobody.post("/sessions/badge", open).ok()
	require.Contains(t, r.text(), `"by":"badge"`)
	at := &client{site: s, username: "ana", token: r.str("token")}
	require.Contains(t, at.get("/me").ok().text(), `"terminal":"SVQ-07"`)
	open["terminal_token"] = "ES-SVQ.AAAA"
	nobody.post("/sessions/badge", open).refused(http.StatusForbidden, "CS-67", "terminal-unregistered")
	open["terminal_token"] = "nowhere"
	nobody.post("/sessions/badge", open).refused(http.StatusForbidden, "CS-67", "terminal-unregistered")
	open["terminal_token"], open["pin"] = terminal, "111222"
	nobody.post("/sessions/badge", open).refused(http.StatusUnauthorized, "CS-34", "pin-wrong")
	// A PIN is no password (CS-47).
	at.post("/me/password", map[string]any{"old": "482915", "new": "otra frase bien larga"}).refused(http.StatusUnauthorized, "CS-47", "password-wrong")

	admin.post("/accounts/ana/pin/withdraw", map[string]any{"reason": "seen by another"}).ok()
	at.get("/me").refused(http.StatusUnauthorized, "I3", "no-session")
	ana.post("/me/badge/lost", nil).ok()
	admin.post("/accounts/ana/badge/withdraw", map[string]any{"reason": "lost"}).refused(http.StatusConflict, "CS-80", "badge-none")
	require.NotContains(t, s.logged.String(), badge)
	require.NotContains(t, s.logged.String(), "482915")
	require.NotContains(t, s.logged.String(), strings.TrimPrefix(terminal, "ES-SVQ."))
}

// Check 18 of the inspector.
func TestTrainingThroughTheAPI_CS2(t *testing.T) {
	s := newSite(t, "es-svq")
	qa, ana, admin := s.hire("ines", people.QA), s.hire("ana", people.Operator), s.hire("root-admin", people.Admin)
	one := map[string]any{"procedure": "GOWN-B", "version": "3", "from": "2026-10-01", "until": "2026-12-31", "trainer": "Inés Ortega", "evidence": "TR-2026-118"}
	for _, c := range []*client{ana, admin} {
		c.post("/accounts/ana/training", one).refused(http.StatusForbidden, map[*client]string{ana: "CS-66", admin: "CS-40"}[c], "not-allowed")
	}
	qa.post("/accounts/ines/training", one).refused(http.StatusForbidden, "CS-2", "training-own")
	qa.post("/accounts/ana/training", one).ok()
	require.NoError(t, s.plant.People.Training(t.Context(), "ana", "GOWN-B", s.clock()))
	require.Contains(t, qa.get("/training").ok().text(), "GOWN-B")
	ana.get("/training").refused(http.StatusForbidden, "CS-66", "not-allowed")
	one["until"] = "2025-01-01"
	qa.post("/accounts/ana/training", one).refused(http.StatusUnprocessableEntity, "CS-2", "training-period")
	qa.post("/accounts/ana/training/GOWN-B/revoke", map[string]any{"reason": "failed the media fill"}).ok()
	require.Error(t, s.plant.People.Training(t.Context(), "ana", "GOWN-B", s.clock()))
}

func TestDraftsThroughTheAPI_DI19(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	b, _ := c.state(number)
	st, _ := b.Step("S01")
	first, other := c.as(st.Step.Performer), c.hire("another", people.Coordinator)
	field := st.Step.FieldsAt(b.Site)[0].ID
	path := c.path(number, st.Step) + "/fields/" + field + "/draft"
	before := c.size()
	first.send(http.MethodPut, path, []byte(`{"text":"ES01-"}`)).ok()
	require.Equal(t, before, c.size(), "a draft is no entry")
	require.Contains(t, first.get("/batches/"+number+"/drafts").ok().text(), `"text":"ES01-"`)
	seen := other.get("/batches/" + number + "/drafts").ok().text()
	require.Contains(t, seen, `"account":"`+first.username+`"`)
	require.NotContains(t, seen, "ES01-")
	first.send(http.MethodPut, c.path(number, st.Step)+"/fields/nothing/draft", []byte(`{"text":"1"}`)).refused(http.StatusNotFound, "CS-65", "draft-nowhere")
	first.send(http.MethodPut, path, []byte(`{"text":"`+strings.Repeat("x", 501)+`"}`)).refused(http.StatusUnprocessableEntity, "DI-19", "draft-large")
	first.send(http.MethodDelete, path, nil).ok()
	require.NotContains(t, first.get("/batches/"+number+"/drafts").ok().text(), field)
}

// A confirmed field has no draft any more, whoever typed it.
func TestConfirmedFieldEndsItsDraft_DI19(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S10")
	b, _ := c.state(number)
	st, ok := b.Current()
	require.True(t, ok)
	who, path := c.as(st.Step.Performer), c.path(number, st.Step)
	for _, f := range st.Step.FieldsAt(b.Site) {
		switch {
		case f.Type == mbr.TypeScan:
			for _, raw := range c.labels(number, f) {
				who.post(path+"/fields/"+f.ID+"/scan", map[string]any{"raw": raw}).ok()
			}
		case f.Type == mbr.TypeDecimal:
			who.send(http.MethodPut, path+"/fields/"+f.ID+"/draft", []byte(`{"text":"9"}`)).ok()
			require.Contains(t, who.get("/batches/"+number+"/drafts").ok().text(), f.ID)
			who.post(path+"/fields/"+f.ID, map[string]any{"value": c.value(c.Values[st.Step.ID][f.ID])}).ok()
			require.NotContains(t, who.get("/batches/"+number+"/drafts").ok().text(), f.ID)
			return
		}
	}
	t.Fatal("the step has no number to enter")
}
