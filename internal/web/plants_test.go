package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web"
)

// Two plants on one server share nothing: accounts, sessions and records belong to one of them.
func TestPlantsAreApart(t *testing.T) {
	seville, frankfurt := newSite(t, "es-svq"), newSite(t, "de-fra")
	lucia := seville.hire("lucia", people.Coordinator)
	seville.hire("ana", people.QA)
	frankfurt.hire("ana", people.QA)
	server, err := web.New(web.Options{Plants: []*web.Plant{seville.plant, frankfurt.plant}, Clock: seville.clock})
	require.NoError(t, err)
	both := httptest.NewServer(server.Handler())
	t.Cleanup(both.Close)
	number := lucia.post("/batches", map[string]any{"subject_no": "ES01-003"}).ok().str("batch")

	seville.server = both
	nobody := &client{site: seville}
	nobody.post("/sessions", map[string]any{"username": "ana", "password": password}).refused(http.StatusUnprocessableEntity, "CS-74", "site-unknown")
	for site, status := range map[string]int{"ES-SVQ": http.StatusOK, "DE-FRA": http.StatusNotFound} {
		r := nobody.post("/sessions", map[string]any{"username": "ana", "password": password, "site": site}).ok()
		ana := &client{site: seville, token: r.str("token")}
		require.Equal(t, site, ana.get("/me").ok().str("site"))
		require.Equal(t, status, ana.get("/batches/"+number).status)
		forged := &client{site: seville, token: "DE-FRA" + ana.token[len("ES-SVQ"):]}
		if site == "ES-SVQ" {
			forged.get("/me").refused(http.StatusUnauthorized, "I3", "no-session")
		}
	}
}
