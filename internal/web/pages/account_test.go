package pages_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

var issued = regexp.MustCompile(`code-text">([^<]+)<`)

// An administrator makes and manages accounts on pages, each act with its reason, and touches no record (CS-16, CS-40).
func TestAccountsOnPages_CS16(t *testing.T) {
	c := seville(t, "en")
	c.hire("radia", "Radia Admin", "en", people.Admin)
	admin := c.browser().signIn("radia")
	require.Equal(t, http.StatusForbidden, c.browser().signIn("ana").post("/people", "username", "eve").status)
	admin.get("/people").ok().has("Add an account")

	p := admin.post("/people", "username", "Eva", "name", "Eva Prueba", "lang", "es", "role", "admin", "role", "operator")
	require.Equal(t, http.StatusForbidden, p.status)
	p.has(`value="Eva Prueba"`, `value="operator" checked`)
	p = admin.post("/people", "username", "eva", "name", "Eva Prueba", "lang", "en", "role", "operator", "reason", "request 31").ok().has("One-time password", "Password not yet changed")
	once := issued.FindStringSubmatch(p.body)[1]
	admin.get("/people/eva").ok().hasNot(once)

	eva := c.browser()
	require.Equal(t, "/password", eva.post("/sign-in", "username", "eva", "password", once).path)
	eva.post("/password", "old", once, "new", password, "again", password)
	eva.signIn("eva").get("/worklist").ok()
	admin.post("/people/eva/sessions", "reason", "left at a terminal").ok().has("All sessions of the account are ended")
	require.Equal(t, http.StatusUnauthorized, eva.get("/worklist").status)

	p = admin.post("/people/eva/roles", "role", "operator", "role", "qc-analyst", "reason", "no")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	admin.post("/people/eva/roles", "role", "operator", "role", "qc-analyst", "reason", "trained in the laboratory").ok().has("The roles are set")
	admin.post("/people/eva/disable", "reason", "has left the plant").ok().has("The account is closed", "Open the account again")
	admin.post("/people/eva/enable", "reason", "is back again").ok().has("One-time password")
	admin.post("/people/eva/password", "reason", "lost it").ok().has("One-time password")

	for range 10 {
		c.browser().post("/sign-in", "username", "eva", "password", "wrong wrong wrong")
	}
	admin.get("/people/eva").ok().has("Unlock the account")
	admin.post("/people/eva/unlock", "reason", "spoke with her in person").ok().has("The account is unlocked")
}

// The list of users and privileges can be taken out of the system (DI-3); so can the training of everybody (CS-2).
func TestListsAsFiles_DI3(t *testing.T) {
	c := seville(t, "es")
	c.hire("radia", "Radia Admin", "es", people.Admin)
	read := func(p page) [][]string {
		require.Contains(t, p.header.Get("Content-Type"), "text/csv")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		return rows
	}
	rows := read(c.browser().signIn("radia").get("/people.csv").ok())
	require.Equal(t, []string{"plant", "username", "name", "roles", "privileges"}, rows[0][:5])
	found := map[string][]string{}
	for _, r := range rows[1:] {
		found[r[1]] = r
	}
	require.Equal(t, "operator", found["ana"][3])
	require.Contains(t, found["ana"][4], "execute step")
	require.NotContains(t, found["radia"][4], "read record")
	require.Equal(t, http.StatusForbidden, c.browser().signIn("ana").get("/people.csv").status)

	_, err := c.Staff.RecordTraining(t.Context(), c.author(people.QA, false), "ana", people.Training{
		Procedure: "SOP-PR-035", Version: "3", From: "2026-01-01", Until: "2027-01-01", Trainer: "=Trainer", Evidence: "TR-1",
	})
	require.NoError(t, err)
	qa := c.browser().signIn("ines")
	qa.get("/training").ok().has("/training.csv", "matrix-scroller")
	training := read(qa.get("/training.csv").ok())
	require.Equal(t, "procedure", training[0][3])
	require.Equal(t, []string{"SOP-PR-035", "3", "2026-01-01", "2027-01-01", "'=Trainer", "TR-1"}, training[1][3:], "a spreadsheet reads no formula")
}
