package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/web/desk"
)

// client is one person with an API token; without one, nobody.
type client struct {
	*site
	username, token string
}

type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

func (c *client) get(path string) *reply { return c.send(http.MethodGet, path, nil) }

func (c *client) post(path string, body any) *reply {
	c.t.Helper()
	if body == nil {
		return c.send(http.MethodPost, path, nil)
	}
	raw, err := json.Marshal(body)
	require.NoError(c.t, err)
	return c.send(http.MethodPost, path, raw)
}

func (c *client) send(method, path string, body []byte, headers ...string) *reply {
	c.t.Helper()
	r, err := http.NewRequest(method, c.server.URL+desk.API+path, bytes.NewReader(body))
	require.NoError(c.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.do(r)
}

func (c *client) do(r *http.Request) *reply {
	c.t.Helper()
	answer, err := c.server.Client().Do(r)
	require.NoError(c.t, err)
	raw, err := io.ReadAll(answer.Body)
	require.NoError(c.t, err)
	require.NoError(c.t, answer.Body.Close())
	return &reply{t: c.t, status: answer.StatusCode, header: answer.Header, body: raw}
}

func (r *reply) text() string { return string(r.body) }

func (r *reply) into(v any) {
	r.t.Helper()
	require.NoError(r.t, json.Unmarshal(r.body, v), r.text())
}

func (r *reply) str(name string) string {
	r.t.Helper()
	var m map[string]any
	r.into(&m)
	v, _ := m[name].(string)
	return v
}

func (r *reply) ok() *reply {
	r.t.Helper()
	require.Less(r.t, r.status, 300, r.text())
	return r
}

// refused checks an answer: status, rule, code, and that it says what happened and what to do.
func (r *reply) refused(status int, rule, code string) desk.Problem {
	r.t.Helper()
	require.Equal(r.t, status, r.status, r.text())
	require.Equal(r.t, "application/problem+json", r.header.Get("Content-Type"))
	var p desk.Problem
	r.into(&p)
	require.Equal(r.t, status, p.Status)
	require.Equal(r.t, rule, p.Rule, r.text())
	require.Equal(r.t, code, p.Code, r.text())
	require.NotEmpty(r.t, p.Detail)
	require.NotEmpty(r.t, p.Next)
	require.NotEmpty(r.t, p.Request)
	require.NotContains(r.t, p.Detail+p.Next, "{")
	return p
}
