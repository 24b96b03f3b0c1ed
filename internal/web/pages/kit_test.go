package pages_test

import (
	"context"
	"crypto/x509"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

const password = "cuatro sillas de rafia" // nobody's real one

// floor is plants behind a real server, with one clock.
type floor struct {
	t      testing.TB
	plants []*web.Plant
	server *httptest.Server

	mu  sync.Mutex
	now time.Time
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
func (f *floor) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(10 * time.Millisecond)
	return f.now
}

func (f *floor) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func newFloor(t testing.TB, profiles ...string) *floor {
	t.Helper()
	f := &floor{t: t, now: time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)}
	for _, profile := range profiles {
		f.plants = append(f.plants, f.build(profile))
	}
	server, err := web.New(web.Options{
		Plants: f.plants, Demo: true, Version: "test", Clock: f.clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(t, err)
	f.server = httptest.NewServer(server.Handler())
	t.Cleanup(f.server.Close)
	return f
}

func file(t testing.TB, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	require.NoError(t, err)
	return b
}

func (f *floor) build(profile string) *web.Plant {
	t := f.t
	pl, err := release.LoadPlant(file(t, templates.Plants, "plants/"+profile+".yaml"))
	require.NoError(t, err)
	dir := t.TempDir()
	log, err := bolt.Open(filepath.Join(dir, "log"), bolt.Options{Site: pl.Site, Clock: f.clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	directory, err := people.Open(log, people.Options{
		Site: pl.Site, Zone: pl.Location, Clock: f.clock, Printable: paper.Printable, Statement: "My electronic signature binds me as if written by hand.",
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
	custody := &chainofcustody.Book{Log: log, Site: pl.Site, FIN: pl.FIN, Clock: f.clock}
	batches := &batch.Book{
		Log: log, Site: pl.Site, Zone: pl.Location, Prefix: pl.BatchPrefix, Custody: custody,
		Library: library, Recipe: recipe, Spec: spec, Seal: seal, Clock: f.clock,
	}
	keys := filepath.Join(dir, "keys")
	require.NoError(t, os.Mkdir(keys, 0o700))
	ca, err := pades.LoadOrCreateDemoCA(keys, f.now)
	require.NoError(t, err)
	return &web.Plant{
		Profile: pl, Log: log, People: directory, Custody: custody, Batches: batches,
		Release: &release.Book{Batches: batches, Plant: pl, Keys: demoKeys{ca, keys}, Clock: f.clock},
	}
}

// browser is a person's browser without scripts.
type browser struct {
	t    testing.TB
	base string
	http *http.Client
}

func (f *floor) browser(header ...string) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(f.t, err)
	return &browser{t: f.t, base: f.server.URL, http: &http.Client{Jar: jar, Transport: adding(header)}}
}

// adding puts fixed headers on every request.
type adding []string

func (a adding) RoundTrip(r *http.Request) (*http.Response, error) {
	for i := 0; i+1 < len(a); i += 2 {
		r.Header.Set(a[i], a[i+1])
	}
	return http.DefaultTransport.RoundTrip(r)
}

// page is an answer, after redirects.
type page struct {
	t      testing.TB
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) get(path string) page {
	b.t.Helper()
	r, err := b.http.Get(b.base + path)
	return b.page(r, err)
}

func (b *browser) post(path string, fields ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := b.http.PostForm(b.base+path, form)
	return b.page(r, err)
}

func (b *browser) page(r *http.Response, err error) page {
	b.t.Helper()
	require.NoError(b.t, err)
	raw, err := io.ReadAll(r.Body)
	require.NoError(b.t, err)
	require.NoError(b.t, r.Body.Close())
	return page{t: b.t, status: r.StatusCode, path: r.Request.URL.RequestURI(), header: r.Header, body: string(raw)}
}

func (p page) ok() page {
	p.t.Helper()
	require.Equal(p.t, http.StatusOK, p.status, p.text())
	return p
}

func (p page) has(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		require.True(p.t, strings.Contains(html.UnescapeString(p.body), text), "%s has no %q:\n%s", p.path, text, p.text())
	}
	return p
}

func (p page) hasNot(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		require.False(p.t, strings.Contains(html.UnescapeString(p.body), text), "%s has %q:\n%s", p.path, text, p.text())
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

// text is the page as it is read, for messages of tests.
func (p page) text() string {
	lines := strings.Split(html.UnescapeString(tags.ReplaceAllString(p.body, "\n")), "\n")
	out := slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(out, " | ")
}

// field is the value of a form's field.
func (p page) field(name string) string {
	p.t.Helper()
	_, rest, ok := strings.Cut(p.body, `name="`+name+`" value="`)
	require.True(p.t, ok, "no field %s in %s", name, p.text())
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func (b *browser) signIn(username string) *browser {
	b.t.Helper()
	b.post("/sign-in", "username", username, "password", password).ok()
	return b
}
