package web_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/internal/web/desk"
)

// events is an open stream of server-sent events.
type events struct {
	t     testing.TB
	lines *bufio.Scanner
}

// next is the next event of a sort; others are passed over.
func (e *events) next(sort string) string {
	e.t.Helper()
	name := ""
	for e.lines.Scan() {
		line := e.lines.Text()
		if after, ok := strings.CutPrefix(line, "event: "); ok {
			name = after
		}
		if after, ok := strings.CutPrefix(line, "data: "); ok && name == sort {
			return after
		}
	}
	require.Failf(e.t, "the stream ended", "no %s: %v", sort, e.lines.Err())
	return ""
}

// lively is the site's plant behind a server whose live pages are fast.
func (s *site) lively() (*httptest.Server, *http.Server) {
	s.t.Helper()
	w, err := web.New(web.Options{Plants: []*web.Plant{s.plant}, Clock: s.clock, Beat: 2 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(s.t, err)
	h := w.HTTP()
	server := httptest.NewUnstartedServer(nil)
	server.Config = h
	server.Start()
	s.t.Cleanup(server.Close)
	return server, h
}

func (c *client) events(ctx context.Context, server *httptest.Server, number string) (*events, *http.Response) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/batches/"+number+"/events", nil)
	require.NoError(c.t, err)
	r.AddCookie(&http.Cookie{Name: desk.CookieName, Value: c.token})
	answer, err := server.Client().Do(r)
	require.NoError(c.t, err)
	c.t.Cleanup(func() { require.NoError(c.t, answer.Body.Close()) })
	return &events{t: c.t, lines: bufio.NewScanner(answer.Body)}, answer
}

func TestOpenPagesHearThatTheBatchGrew(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	server, _ := c.lively()
	ana := c.as(people.Operator)
	e, answer := ana.events(t.Context(), server, number)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	b, _ := c.state(number)
	require.Equal(t, itoa(b.Version), e.next("version"))
	e.next("beat")
	st, _ := b.Step("S01")
	c.perform(number, st.Step)
	b, _ = c.state(number)
	for e.next("version") != itoa(b.Version) {
	}
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

func TestOpenPagesNeedWhatThePageNeeds(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	server, _ := c.lively()
	for who, want := range map[*client]int{{site: c.site}: http.StatusUnauthorized, c.hire("root-admin", people.Admin): http.StatusForbidden} {
		_, answer := who.events(t.Context(), server, number)
		require.Equal(t, want, answer.StatusCode)
	}
	_, answer := c.as(people.Operator).events(t.Context(), server, "SVQ2600099X")
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
}

// The stream of an open page neither keeps a session alive nor outlives it (CS-38).
func TestOpenPageEndsWithTheSession_CS38(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	server, _ := c.lively()
	e, _ := c.as(people.Operator).events(t.Context(), server, number)
	e.next("beat")
	c.pass(16 * time.Minute)
	require.Equal(t, "session", e.next("end"))
	for e.lines.Scan() {
		require.Empty(t, e.lines.Text(), "nothing follows")
	}
	require.NoError(t, e.lines.Err())
}

func TestOpenPagesLetGoWhenTheServerStops(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	server, h := c.lively()
	e, _ := c.as(people.Operator).events(t.Context(), server, number)
	e.next("beat")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, h.Shutdown(ctx))
	for e.lines.Scan() {
	}
	require.NoError(t, e.lines.Err(), "the answer is whole")
}
