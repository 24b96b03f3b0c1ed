package scenario

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func serve(t *testing.T, handle http.HandlerFunc) *client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	c, err := newClient(server.URL + "/")
	require.NoError(t, err)
	return c
}

func TestClientSendsAndReads(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/api/v1/batches/A%2FB", r.URL.EscapedPath())
		require.Equal(t, "Bearer token", r.Header.Get("Authorization"))
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		_, err := fmt.Fprint(w, `{"batch":"A/B"}`)
		require.NoError(t, err)
	})
	var out openedBatch
	err := c.call(context.Background(), "token", http.MethodPost, at("batches", "A/B"), map[string]string{"a": "b"}, &out)
	require.NoError(t, err)
	require.Equal(t, "A/B", out.Batch)
}

func TestProblems(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusConflict)
		_, err := fmt.Fprint(w, `{"title":"A rule is not met","status":409,"detail":"no review","rule":"CS-44","code":"no-review",
			"next":"QA reviews","problems":[{"rule":"CS-44"},{"rule":"AT-33"},{"rule":"AT-33"}]}`)
		require.NoError(t, err)
	})
	err := c.call(context.Background(), "", http.MethodGet, "/x", nil, nil)
	p := problemOf(err)
	require.NotNil(t, p)
	require.Equal(t, []string{"CS-44", "AT-33"}, p.Rules())
	require.EqualError(t, err, "GET /api/v1/x: CS-44: no review")
	require.Equal(t, "QA reviews", p.Next)
}

// A proxy answers with a page instead of a problem.
func TestAnswersOfOthers(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<h1>bad gateway</h1>", http.StatusBadGateway)
	})
	err := c.call(context.Background(), "", http.MethodGet, "/x", nil, nil)
	require.ErrorContains(t, err, "502 Bad Gateway")
	require.Equal(t, http.StatusBadGateway, problemOf(err).Status)

	c = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := fmt.Fprint(w, "<html>")
		require.NoError(t, err)
	})
	var out openedBatch
	require.Error(t, c.call(context.Background(), "", http.MethodGet, "/x", nil, &out))

	_, err = newClient("localhost:8080")
	require.ErrorContains(t, err, "no address of a server")
}

// A server that says "wait" is waited for, and then asked again; a caller who gives up is not kept.
func TestClientWaitsAsTold(t *testing.T) {
	asked := 0
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		if asked == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	require.NoError(t, c.call(context.Background(), "", http.MethodGet, "/x", nil, nil))
	require.Equal(t, 2, asked)

	ctx, cancel := context.WithCancel(context.Background())
	c = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	require.Error(t, c.call(ctx, "", http.MethodGet, "/x", nil, nil))
}
