package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// What is not acceptable is answered with the rule and what to do, and leaves nothing in the ledger.
func TestBadInputLeavesNothing(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	who := c.as(people.Coordinator)
	who.post("/batches/"+number+"/steps/S01/start", nil).ok()
	weight := "/batches/" + number + "/steps/S01/fields/body_weight"
	deep := strings.Repeat("[", 60) + strings.Repeat("]", 60)
	for _, bad := range []struct {
		name, path, body string
		status           int
		rule, code       string
	}{
		{"unknown field", weight, `{"value":"78.5","volume":"3"}`, 422, "DI-8", "schema"},
		{"number instead of text", weight, `{"value":78.5}`, 422, "DI-8", "schema"},
		{"no value", weight, `{}`, 422, "DI-8", "schema"},
		{"name twice", weight, `{"value":"78.5","value":"87.5"}`, 422, "DI-8", "json"},
		{"no body", weight, ``, 422, "DI-8", "schema"},
		{"null", weight, `null`, 422, "DI-8", "schema"},
		{"empty", weight, `{"value":"  "}`, 422, "DI-8", "empty-value"},
		{"wrong unit", weight, `{"value":"78.5","unit":"g"}`, 422, "I13", "wrong-unit"},
		{"ambiguous number", weight, `{"value":"1.234"}`, 422, "I13", "ambiguous-number"},
		{"thousands", weight, `{"value":"1.234,5"}`, 422, "I13", "thousands-separator"},
		{"words", weight, `{"value":"seventy"}`, 422, "I13", "not-a-number"},
		{"invalid UTF-8", weight, "{\"value\":\"78\xff\"}", 422, "DI-8", "json"},
		{"half a character", weight, `{"value":"78\ud83d"}`, 422, "DI-8", "json"},
		{"emoji", "/batches/" + number + "/steps/S01/fields/index_limb", `{"value":"left 🦵"}`, 422, "CS-10", "not-printable"},
		{"deep", weight, `{"value":` + deep + `}`, 422, "DI-8", "json"},
		{"not JSON", weight, `{"value":`, 422, "DI-8", "json"},
		{"two values", weight, `{"value":"1"} {}`, 422, "DI-8", "json"},
		{"unknown option", "/batches/" + number + "/steps/S01/fields/index_limb", `{"value":"middle"}`, 422, "DI-8", "not-an-option"},
		{"unknown fieldname", "/batches/" + number + "/steps/S01/fields/colour", `{"value":"red"}`, 404, "DI-8", "no-field"},
		{"typed scan", "/batches/" + number + "/steps/S04/fields/wristband_scan", `{"value":"CHA999926000001"}`, 422, "I4", "scan-only"},
		{"subject with blanks", "/batches", `{"subject_no":"Juan Pérez"}`, 422, "AT-13", "subject-number"},
		{"bytes in the address", "/batches/%ff%fe/steps/S01/start", ``, 422, "DI-8", "address"},
		{"control in the address", "/batches/a%00b/steps/S01/start", ``, 422, "DI-8", "address"},
		{"long batch number", "/batches/" + strings.Repeat("A", 4000) + "/steps/S01/start", ``, 404, "AT-2", "no-batch"},
	} {
		t.Run(bad.name, func(t *testing.T) {
			before := c.size()
			var body []byte
			if bad.body != "" {
				body = []byte(bad.body)
			}
			p := who.send(http.MethodPost, bad.path, body).refused(bad.status, bad.rule, bad.code)
			require.Equal(t, before, c.size())
			require.NotContains(t, p.Detail, "json:")
		})
	}
	before := c.size()
	who.send(http.MethodPost, weight, []byte("value=78.5"), "Content-Type", "application/x-www-form-urlencoded").refused(http.StatusUnsupportedMediaType, "", "media-type")
	who.send(http.MethodPost, weight, []byte(`{"value":"78.5"}`), "Content-Type", "text/plain").refused(http.StatusUnsupportedMediaType, "", "media-type")
	require.Equal(t, before, c.size())
	who.send(http.MethodPost, weight, []byte(`{"value":"78.5"}`), "Content-Type", "application/json; charset=utf-8").ok()
}

// endless counts what is read of it.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

func TestLargeBodyIsNotRead(t *testing.T) {
	s := newSite(t, "es-svq")
	ana := s.hire("ana", people.Coordinator)
	before := s.size()
	large := bytes.Repeat([]byte(" "), 10<<20)
	ana.send(http.MethodPost, "/batches", large).refused(http.StatusRequestEntityTooLarge, "", "too-large")

	// A body that does not say how long it is: reading stops at the bound.
	body := &endless{}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.server.URL+desk.API+"/batches", io.LimitReader(body, 64<<20))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+ana.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := s.server.Client().Do(r)
	if err == nil { // the server may close the connection while we still write
		require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
		require.NoError(t, answer.Body.Close())
	}
	require.Less(t, body.read.Load(), int64(16<<20))
	require.Equal(t, before, s.size())
}

// A password is never repeated in an answer, nor written to the log.
func TestSecretsStayInside(t *testing.T) {
	s := newSite(t, "es-svq")
	nobody := &client{site: s}
	const secret = "s3cret-s3cret"
	for _, body := range []string{
		`{"username":"ana","password":"` + secret + `","extra":"` + secret + `"}`,
		`{"username":"ana","password":["` + secret + `"]}`,
		`{"username":"ana","password":"` + secret + `"`,
		`"` + secret + `"`,
	} {
		r := nobody.send(http.MethodPost, "/sessions?token="+secret, []byte(body))
		require.Equal(t, http.StatusUnprocessableEntity, r.status)
		require.NotContains(t, r.text(), secret)
	}
	r := nobody.send(http.MethodGet, "/me?token="+secret, nil, "Authorization", "Bearer "+secret, "Cookie", desk.CookieName+"="+secret)
	require.Equal(t, http.StatusUnauthorized, r.status)
	require.NotContains(t, s.logged.String(), secret)
	require.Contains(t, s.logged.String(), "path=/api/v1/me")
}

// What a scanner sends is anything at all: it is answered, and no answer is an internal error.
func FuzzScanBody(f *testing.F) {
	c := enrol(newSite(f, "es-svq"), load(f, "seville-fresh"))
	number := c.open()
	c.play(number, "S03")
	_, event := c.state(number)
	for _, seed := range []string{
		`{"raw":"` + event.CoI.Label() + `"}`, `{"raw":"=A999926000001"}`, `{"raw":"\u001d\u0000"}`, `{"raw":"` + strings.Repeat("&", 600) + `"}`,
		`{"raw":""}`, "{\"raw\":\"\xff\"}", `{"raw":{}}`, `[]`, `{"raw":"a","version":-1}`, `{"raw":"a","version":1e400}`, `{"raw":"a","role":"\u202e"}`,
	} {
		f.Add([]byte(seed))
	}
	path := "/batches/" + number + "/steps/S04/fields/wristband_scan/scan"
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := http.NewRequest(http.MethodPost, c.server.URL+desk.API+path, bytes.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+c.as(people.Physician).token)
		r.Header.Set("Content-Type", "application/json")
		answer, err := c.server.Client().Do(r)
		require.NoError(t, err)
		raw, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Less(t, answer.StatusCode, 500, fmt.Sprintf("%q: %s", body, raw))
	})
}
