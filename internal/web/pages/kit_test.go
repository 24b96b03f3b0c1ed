package pages_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/web"
	"rexbatch/release/plantest"
)

const password = plantest.Password

// noon is when these tests begin.
var noon = time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)

// floor is plants with the real parts behind a real server, with one clock.
type floor struct {
	t      testing.TB
	time   *plantest.Clock
	parts  map[*web.Plant]*plantest.Plant
	plants []*web.Plant
	server *httptest.Server
	stop   func()
}

func newFloor(t testing.TB, profiles ...string) *floor {
	t.Helper()
	f := &floor{t: t, time: plantest.NewClock(noon), parts: map[*web.Plant]*plantest.Plant{}}
	for _, profile := range profiles {
		f.add(plantest.New(t, profile, f.time))
	}
	f.serve("127.0.0.1:0")
	t.Cleanup(func() { f.stop() })
	return f
}

// serve starts the server at an address. A live page asks anew half a second after its stream ends, also of a server that
// stops, which would then wait for that page for ever: so nobody is let in any more, and what is asked has ended already.
func (f *floor) serve(address string) {
	f.t.Helper()
	listener, err := net.Listen("tcp", address)
	require.NoError(f.t, err)
	serving, end := context.WithCancel(context.Background())
	f.server = httptest.NewUnstartedServer(f.handler())
	require.NoError(f.t, f.server.Listener.Close())
	f.server.Listener = listener
	f.server.Config.BaseContext = func(net.Listener) context.Context { return serving }
	f.server.Start()
	f.stop = func() {
		require.NoError(f.t, listener.Close())
		end()
		f.server.CloseClientConnections()
		f.server.Close()
	}
}

func (f *floor) handler() http.Handler {
	server, err := web.New(web.Options{
		Plants: f.plants, Demo: true, Version: "test", Clock: f.clock, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(f.t, err)
	return server.Handler()
}

func (f *floor) add(p *plantest.Plant) {
	plant := &web.Plant{Profile: p.Profile, Log: p.Log, People: p.Staff, Custody: p.Custody, Batches: p.Batches, Release: p.Release}
	f.plants, f.parts[plant] = append(f.plants, plant), p
}

func (f *floor) clock() time.Time { return f.time.Now() }

func (f *floor) pass(d time.Duration) { f.time.Pass(d) }

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
