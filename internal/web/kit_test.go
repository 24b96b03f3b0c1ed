package web_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/release"
	"rexbatch/release/pades"
	"rexbatch/templates"
)

const password = "korrekt-horse-9-batería" // nobody's real one

// site is one plant behind a real server: ledger, accounts, recipe, specification, demo keys.
type site struct {
	t      testing.TB
	plant  *web.Plant
	server *httptest.Server
	logged *bytes.Buffer // the server's log

	mu     sync.Mutex
	now    time.Time
	ca     *pades.DemoCA
	tokens map[string]string
}

type demoKeys struct {
	ca  *pades.DemoCA
	dir string
}

func (k demoKeys) Roots() *x509.CertPool { return k.ca.Pool() }

func (k demoKeys) Signer(account, name string, p *release.Plant, now time.Time) (pades.Signer, error) {
	return k.ca.LoadOrIssue(k.dir, p.Site+"-"+account, name, p.Manufacturer, p.Site[:2], now)
}

// clock moves a little with each question, as real ones do.
func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(10 * time.Millisecond)
	return s.now
}

func file(t testing.TB, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	require.NoError(t, err)
	return b
}

func newSite(t testing.TB, profile string) *site {
	t.Helper()
	s := &site{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), logged: &bytes.Buffer{}, tokens: map[string]string{}}
	s.plant = s.build(profile)
	ca := []byte("-----BEGIN CERTIFICATE-----\n")
	server, err := web.New(web.Options{
		Plants: []*web.Plant{s.plant}, Demo: true, Version: "test", Clock: s.clock, CA: ca,
		Logger: slog.New(slog.NewTextHandler(&guarded{w: s.logged}, nil)),
	})
	require.NoError(t, err)
	s.server = httptest.NewServer(server.Handler())
	t.Cleanup(s.server.Close)
	return s
}

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

func (s *site) build(profile string) *web.Plant {
	t := s.t
	pl, err := release.LoadPlant(file(t, templates.Plants, "plants/"+profile+".yaml"))
	require.NoError(t, err)
	dir := t.TempDir()
	log, err := bolt.Open(filepath.Join(dir, "log"), bolt.Options{Site: pl.Site, Clock: s.clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	directory, err := people.Open(log, people.Options{
		Site: pl.Site, Zone: pl.Location, Clock: s.clock, Printable: paper.Printable, Statement: "My signature binds me as if written by hand.",
		Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	require.NoError(t, err)
	library := batch.NewLibrary(func(d ledger.Digest) ([]byte, error) { return log.Blob(context.Background(), d) })
	recipe, err := library.AddRecipe(file(t, templates.MBR, "mbr/rex-001.yaml"))
	require.NoError(t, err)
	spec, err := library.AddSpecification(file(t, templates.Specifications, "spec/demo-p1.yaml"))
	require.NoError(t, err)
	seal, err := batch.NewSeal(make([]byte, batch.SealKeySize), strings.NewReader(strings.Repeat("n", 1<<16)))
	require.NoError(t, err)
	custody := &chainofcustody.Book{Log: log, Site: pl.Site, FIN: pl.FIN, Clock: s.clock}
	batches := &batch.Book{
		Log: log, Site: pl.Site, Zone: pl.Location, Prefix: pl.BatchPrefix, Custody: custody,
		Library: library, Recipe: recipe, Spec: spec, Seal: seal, Clock: s.clock,
	}
	keys := filepath.Join(dir, "keys")
	require.NoError(t, os.Mkdir(keys, 0o700))
	s.ca, err = pades.LoadOrCreateDemoCA(keys, s.now)
	require.NoError(t, err)
	return &web.Plant{
		Profile: pl, Log: log, People: directory, Custody: custody, Batches: batches,
		Release: &release.Book{Batches: batches, Plant: pl, Keys: demoKeys{s.ca, keys}, Clock: s.clock},
	}
}

// hire makes an account that has its own password and has accepted the statement, and signs it in.
func (s *site) hire(username string, roles ...people.Role) *client {
	s.t.Helper()
	return s.hireNamed(username, "Persona "+username, roles...)
}

func (s *site) hireNamed(username, name string, roles ...people.Role) *client {
	t, ctx := s.t, context.Background()
	t.Helper()
	_, once, err := s.plant.People.Create(ctx, people.System("test"), people.NewAccount{Username: username, Name: name, Lang: "en", Roles: roles})
	require.NoError(t, err)
	_, token, err := s.plant.People.SignIn(ctx, username, once, "T1")
	require.NoError(t, err)
	require.NoError(t, s.plant.People.ChangePassword(ctx, token, once, password))
	session, err := s.plant.People.Session(ctx, token)
	require.NoError(t, err)
	require.NoError(t, s.plant.People.AcceptStatement(ctx, session, password))
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
