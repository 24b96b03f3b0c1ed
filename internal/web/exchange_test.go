package web_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/epcis"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
)

// What leaves for other systems is read by those who may read the record, and taken in by QA alone, as evidence. I14, CS-66
func TestExchange_I14(t *testing.T) {
	s := newSite(t, "es-svq")
	crew := plantest.NewCrew(s.parts, plantest.Load(t, "seville-fresh"), "en")
	number := crew.Order("3401-001")
	crew.Play(number, "S12")
	b, _ := crew.State(number)
	qa, nurse, coordinator := s.hire("quirina", people.QA), s.hire("nuria", people.Nurse), s.hire("cora", people.Coordinator)

	r := qa.get("/therapy-events/" + b.CoI.String() + "/epcis").ok()
	require.Equal(t, "application/ld+json", r.header.Get("Content-Type"))
	require.Contains(t, r.header.Get("Content-Disposition"), b.CoI.String()+".epcis.json")
	document := r.body
	events, err := epcis.Parse(document, s.clock())
	require.NoError(t, err)
	require.NotEmpty(t, events)
	require.Equal(t, string(document), qa.get("/exports/epcis").ok().text())
	qa.get("/batches/"+number+"/fhir").refused(http.StatusNotFound, "CS-65", "no-product-yet")
	qa.get("/therapy-events/CHA999926000999/epcis").refused(http.StatusNotFound, "ID-10", "no-therapy-event")
	nurse.get("/exports/epcis").refused(http.StatusForbidden, "CS-66", "not-allowed")
	(&client{site: s}).get("/exports/epcis").refused(http.StatusUnauthorized, "I3", "no-session")

	bring := func(c *client, form string, text []byte) *reply {
		return c.post("/imports/"+form, map[string]any{"document": base64.StdEncoding.EncodeToString(text), "reason": "moved from the old server"})
	}
	size := s.size()
	bring(coordinator, "epcis", document).refused(http.StatusForbidden, "CS-66", "not-allowed")
	var result struct{ New, Known int }
	bring(qa, "epcis", document).ok().into(&result)
	require.Zero(t, result.New, "it is the plant's own")
	require.Equal(t, len(events), result.Known)
	forged := strings.Replace(string(document), `"action": "ADD"`, `"action": "OBSERVE"`, 1)
	bring(qa, "epcis", []byte(forged)).refused(http.StatusUnprocessableEntity, "I2", "foreign-forged")
	bring(qa, "epcis", []byte("{}")).refused(http.StatusUnprocessableEntity, "I14", "foreign-document")
	bring(qa, "fhir", []byte("{}")).refused(http.StatusUnprocessableEntity, "I14", "foreign-document")
	qa.post("/imports/epcis", map[string]any{"document": "?", "reason": "moved from the old server"}).refused(http.StatusUnprocessableEntity, "I14", "foreign-document")
	require.Equal(t, size, s.size())

	other := newSite(t, "de-fra")
	theirs := other.hire("quirina", people.QA)
	theirs.post("/imports/epcis", map[string]any{"document": base64.StdEncoding.EncodeToString(document), "reason": "x"}).refused(http.StatusUnprocessableEntity, "CS-12", "reason-missing")
	bring(theirs, "epcis", document).ok().into(&result)
	require.Equal(t, len(events), result.New)
	require.Equal(t, string(document), theirs.get("/therapy-events/"+b.CoI.String()+"/epcis").ok().text())
	theirs.get("/therapy-events/"+b.CoI.String()).refused(http.StatusNotFound, "ID-10", "no-therapy-event")
}
