package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/release/plantest"
)

const password = plantest.Password

// site is one plant with the real parts behind a real server.
type site struct {
	t      testing.TB
	parts  *plantest.Plant
	plant  *web.Plant
	server *httptest.Server
	logged *bytes.Buffer // the server's log
}

func newSite(t testing.TB, profile string) *site {
	t.Helper()
	p := plantest.New(t, profile, plantest.NewClock(plantest.Morning))
	s := &site{t: t, parts: p, logged: &bytes.Buffer{}}
	s.plant = &web.Plant{Profile: p.Profile, Log: p.Log, People: p.Staff, Custody: p.Custody, Batches: p.Batches, Release: p.Release}
	server, err := web.New(web.Options{
		Plants: []*web.Plant{s.plant}, Demo: true, Version: "test", Clock: s.clock, CA: []byte("-----BEGIN CERTIFICATE-----\n"),
		Logger: slog.New(slog.NewTextHandler(&guarded{w: s.logged}, nil)),
	})
	require.NoError(t, err)
	s.server = httptest.NewServer(server.Handler())
	t.Cleanup(s.server.Close)
	return s
}

// clock moves a little with each question, as real ones do.
func (s *site) clock() time.Time { return s.parts.Clock.Now() }

func (s *site) pass(d time.Duration) { s.parts.Clock.Pass(d) }

// guarded lets several requests log into one buffer.
type guarded struct {
	mu sync.Mutex
	w  io.Writer
}

func (g *guarded) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Write(b)
}

// hire makes an account that has its own password and has accepted the statement, and signs it in.
func (s *site) hire(username string, roles ...people.Role) *client {
	s.t.Helper()
	return s.hireNamed(username, "Persona "+username, roles...)
}

func (s *site) hireNamed(username, name string, roles ...people.Role) *client {
	s.t.Helper()
	s.parts.Hire(username, name, "en", roles...)
	return s.signIn(username)
}

func (s *site) signIn(username string) *client {
	s.t.Helper()
	nobody := &client{site: s}
	r := nobody.post("/sessions", map[string]any{"username": username, "password": password, "terminal": "SVQ-07"})
	require.Equal(s.t, http.StatusCreated, r.status, r.text())
	return &client{site: s, username: username, token: r.str("token")}
}

// size is the number of entries in the ledger.
func (s *site) size() uint64 {
	s.t.Helper()
	head, err := s.plant.Log.Head(context.Background())
	require.NoError(s.t, err)
	return head.Size
}
