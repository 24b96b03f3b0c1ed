package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
)

// finished asks how far a print is until it is there.
func (c *client) finished(path string) *reply {
	c.t.Helper()
	for range 10_000 {
		r := c.get(path).ok()
		if strings.Contains(r.text(), `"finished":true`) {
			return r
		}
	}
	c.t.Fatal("the print does not end")
	return nil
}

func TestRecordIsPrinted_CS10(t *testing.T) { // CS-10, inspector check 40
	s := newSite(t, "es-svq")
	order := map[string]any{"subject_no": "ES01-003"}
	number := s.hire("lucia", people.Coordinator).post("/batches", order).ok().str("batch")
	inspector, other, courier := s.hire("inspector", people.Inspector), s.hire("hector", people.QA), s.hire("courier", people.Courier)
	before, at := s.size(), "/batches/"+number+"/record-print"
	id := inspector.post(at, map[string]any{"lang": "de"}).ok().str("print")
	inspector.finished(at + "/" + id)
	answer := inspector.get(at + "/" + id + "/pdf").ok()
	require.Equal(t, "application/pdf", answer.header.Get("Content-Type"))
	text := papertest.Text(t, answer.body)
	require.Contains(t, text, "Herstellungsprotokoll der Charge")
	require.Contains(t, text, "Persona inspector (inspector)")
	require.Equal(t, before, s.size(), "printing adds nothing to the ledger")

	id = other.post(at, nil).ok().str("print")
	require.Contains(t, other.finished(at+"/"+id).text(), `"lang":"es"`, "the plant's language")
	inspector.get(at+"/"+id).refused(http.StatusNotFound, "CS-10", "no-print")
	inspector.get(at+"/"+id+"/pdf").refused(http.StatusNotFound, "CS-10", "no-print")
	courier.post(at, nil).refused(http.StatusForbidden, "CS-66", "not-allowed")
	other.post(at, map[string]any{"lang": "fr"}).refused(http.StatusUnprocessableEntity, "CS-10", "record-language")
	other.post("/batches/SVQ2600099X/record-print", nil).refused(http.StatusNotFound, "AT-2", "no-batch")
	s.pass(11 * time.Minute)
	other.get(at+"/"+id+"/pdf").refused(http.StatusNotFound, "CS-10", "no-print")
}
