package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/internal/web/desk"
)

func TestServerSaysWhetherItIsWell(t *testing.T) {
	s := newSite(t, "es-svq")
	for path, want := range map[string]string{"/healthz": `"status":"ok"`, "/ca.pem": "BEGIN CERTIFICATE"} {
		r, err := http.NewRequest(http.MethodGet, s.server.URL+path, nil)
		require.NoError(t, err)
		got := (&client{site: s}).do(r)
		require.Equal(t, http.StatusOK, got.status)
		require.Contains(t, got.text(), want)
		require.NotEmpty(t, got.header.Get("X-Request-Id"))
	}
	_, err := web.New(web.Options{})
	require.ErrorContains(t, err, "no plant")
	_, err = web.New(web.Options{Plants: []*web.Plant{{}}})
	require.ErrorContains(t, err, "not complete")
}

// broken is a log that a bug has crept into.
type broken struct{ ledger.Log }

func (broken) Head(context.Context) (ledger.Head, error) { panic("the bug") }

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	s := newSite(t, "es-svq")
	s.plant.Log = broken{s.plant.Log}
	r, err := http.NewRequest(http.MethodGet, s.server.URL+"/healthz", nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "application/json")
	got := (&client{site: s}).do(r)
	require.Equal(t, http.StatusInternalServerError, got.status)
	require.NotContains(t, got.text(), "the bug")
	require.Contains(t, s.logged.String(), "panic: the bug")
	qa := s.hire("ines", people.QA)
	qa.get("/ledger/head").refused(http.StatusInternalServerError, "", "internal")
	qa.get("/batches").ok()
}

func TestConnectionsAreBounded(t *testing.T) {
	server, err := web.New(web.Options{Plants: []*web.Plant{newSite(t, "es-svq").plant}})
	require.NoError(t, err)
	h := server.HTTP()
	require.Positive(t, h.ReadHeaderTimeout)
	require.Positive(t, h.ReadTimeout)
	require.Positive(t, h.WriteTimeout)
	require.Positive(t, h.IdleTimeout)
	require.Positive(t, h.MaxHeaderBytes)
}

func TestSecurityHeaders(t *testing.T) {
	s := newSite(t, "es-svq")
	for _, path := range []string{"/me", "/nothing"} {
		h := (&client{site: s}).get(path).header
		policy := h.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'self'")
		require.Contains(t, policy, "frame-ancestors 'none'")
		require.NotContains(t, policy, "unsafe")
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"))
		require.Equal(t, "no-store", h.Get("Cache-Control"))
	}
}

// A page of another site cannot make a browser act here; a client with its own token is no such browser.
func TestForgedRequestsAreRefused(t *testing.T) {
	s := newSite(t, "es-svq")
	c := s.hire("lucia", people.Coordinator)
	cookie := &client{site: s}
	body := []byte(`{"subject_no":"ES01-003"}`)
	before := s.size()
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
	} {
		cookie.send(http.MethodPost, "/batches", body, append(headers, "Cookie", desk.CookieName+"="+c.token)...).
			refused(http.StatusForbidden, "", "cross-origin")
	}
	require.Equal(t, before, s.size())
	cookie.send(http.MethodPost, "/batches", body, "Cookie", desk.CookieName+"="+c.token, "Sec-Fetch-Site", "same-origin").ok()
	c.send(http.MethodPost, "/batches", []byte(`{"subject_no":"ES01-004"}`), "Sec-Fetch-Site", "cross-site").ok()
}

func TestSessionCookie(t *testing.T) {
	for _, c := range []struct {
		host, forwarded string
		secure          bool
	}{
		{"localhost:8080", "", false}, {"127.0.0.1:8080", "", false}, {"[::1]:8080", "", false}, {"localhost:8080", "https", true},
		{"plant.example", "", true}, {"plant.example", "https", true}, {"127.0.0.1.evil.example", "", true},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://"+c.host+"/sign-in", nil)
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-Proto", c.forwarded)
		}
		cookie := desk.Cookie(r, "token")
		require.Equal(t, c.secure, cookie.Secure, c.host)
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
		require.Equal(t, "/", cookie.Path)
		require.Empty(t, cookie.Domain)
		require.Negative(t, desk.NoCookie(r).MaxAge)
	}
}

func TestDescriptionOfTheAPI(t *testing.T) {
	s := newSite(t, "es-svq")
	r, err := http.NewRequest(http.MethodGet, s.server.URL+"/api/openapi.json", nil)
	require.NoError(t, err)
	got := (&client{site: s}).do(r).ok()
	if path := os.Getenv("REXBATCH_OPENAPI"); path != "" { // for a validator of another maker
		require.NoError(t, os.WriteFile(path, got.body, 0o600))
	}
	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	got.into(&doc)
	require.Equal(t, "3.1.0", doc.OpenAPI)
	ids := map[string]bool{}
	params := regexp.MustCompile(`:([a-z]+)`)
	for _, route := range desk.Routes() {
		if !strings.HasPrefix(route.Path, desk.API) {
			continue
		}
		op := doc.Paths[params.ReplaceAllString(route.Path, "{$1}")][strings.ToLower(route.Method)]
		require.NotNil(t, op, "%s %s is not described", route.Method, route.Path)
		id, _ := op["operationId"].(string)
		require.NotEmpty(t, id)
		require.False(t, ids[id], id)
		ids[id] = true
		require.NotEmpty(t, op["summary"], id)
		require.Contains(t, op["responses"], "default", id)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				require.Contains(t, doc.Components.Schemas, strings.TrimPrefix(ref, "#/components/schemas/"))
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	var whole any
	require.NoError(t, json.Unmarshal(got.body, &whole))
	walk(whole)
	require.Contains(t, doc.Components.Schemas, "Problem")
	require.True(t, strings.Contains(got.text(), `"examples":`))
}

// echo's middlewares for proxies, body dumps and decompression have known holes in the version that is used.
func TestForbiddenMiddleware(t *testing.T) {
	banned := regexp.MustCompile(`middleware\.(Proxy|BodyDump|Decompress)|AddInsecureBypassPattern`)
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotRegexp(t, banned, string(src), path)
		return nil
	})
	require.NoError(t, err)
}
