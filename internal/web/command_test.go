package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

func TestStepsRunInOrderOnTheVersionSeen(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	coordinator, steps := c.as(people.Coordinator), "/batches/"+number+"/steps/"
	before := c.size()
	c.as(people.Investigator).post(steps+"S02/start", nil).refused(http.StatusConflict, "CS-65", "out-of-order") // check 13
	c.as(people.Investigator).post(steps+"S01/start", nil).refused(http.StatusForbidden, "CS-66", "not-performer")
	coordinator.post(steps+"S99/start", nil).refused(http.StatusNotFound, "CS-65", "no-step")
	coordinator.post("/batches/SVQ99/steps/S01/start", nil).refused(http.StatusNotFound, "AT-2", "no-batch")
	coordinator.post(steps+"S01/start", map[string]any{"version": 1}).refused(http.StatusConflict, "CS-65", "stale-version")
	require.Equal(t, before, c.size())

	var now struct{ Version uint64 }
	coordinator.get(steps + "S01").ok().into(&now)
	coordinator.post(steps+"S01/start", map[string]any{"version": now.Version}).ok()
	coordinator.post(steps+"S01/fields/index_limb", map[string]any{"value": "left", "version": now.Version}).refused(http.StatusConflict, "CS-65", "stale-version")
	coordinator.post(steps+"S01/complete", nil).refused(http.StatusConflict, "CS-65", "fields-open")
}

func TestCorrectionKeepsTheFirstValue(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	who, field := c.as(people.Coordinator), "/batches/"+number+"/steps/S01/fields/body_weight"
	who.post(field, map[string]any{"value": "78,5"}).ok()
	who.post(field, map[string]any{"value": "79"}).refused(http.StatusConflict, "CS-12", "already-entered")
	who.post(field+"/correction", map[string]any{"value": "87.5", "reason": "no"}).refused(http.StatusUnprocessableEntity, "CS-12", "reason-missing")
	r := who.post(field+"/correction", map[string]any{"value": "87.5", "reason": "digits were swapped"}).ok()
	require.Contains(t, r.text(), `"corrections":[{"value":"78.5 kg","number":"78.5","unit":"kg"`)
	require.Contains(t, r.text(), `"reason":"digits were swapped"`)
	require.Contains(t, c.as(people.QA).get("/batches/"+number+"/review").ok().text(), `"class":"corrected"`)
}

func TestSecondPerson(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	b, _ := c.state(number)
	st, _ := b.Step("S01")
	c.perform(number, st.Step)
	first, second, path := c.as(people.Coordinator), c.secondAs(people.Scheduler), c.path(number, st.Step)+"/verify"
	shown := second.get(c.path(number, st.Step)).ok().str("shown_digest")
	before := c.size()
	first.post(path, map[string]any{"shown_digest": shown, "password": password}).refused(http.StatusForbidden, "I7", "not-second-role")
	first.post(path, map[string]any{"shown_digest": shown, "password": password, "username": "rocio"}).refused(http.StatusForbidden, "CS-66", "role-not-held")
	first.post(path, map[string]any{"shown_digest": "x", "password": password}).refused(http.StatusUnprocessableEntity, "I8", "digest")
	second.post(path, map[string]any{"shown_digest": strings.Repeat("ab", 32), "password": password}).refused(http.StatusConflict, "I8", "signature-elsewhere")
	require.Equal(t, before, c.size())
	second.post(path, map[string]any{"shown_digest": shown, "password": "not my password"}).refused(http.StatusUnauthorized, "CS-47", "password-wrong")
	require.Equal(t, before+1, c.size(), "a wrong password is an entry (CS-81)")
	first.post(path, map[string]any{"shown_digest": shown, "password": password, "username": second.username}).ok()
	b, _ = c.state(number)
	st, _ = b.Step("S01")
	require.Equal(t, second.username, st.Verified.Account)
	require.Equal(t, batch.Done, st.Status)
}

// An unproven person must not stand as author of anything: not even of a wrong scan (I3, I7).
func TestSecondPersonIsProvedBeforeTheirScanIsRecorded(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S03")
	b, _ := c.state(number)
	st, _ := b.Step("S04")
	c.perform(number, st.Step)
	_, event := c.state(number)
	path := c.path(number, st.Step)
	sign := map[string]any{
		"shown_digest": c.as(people.Nurse).get(path).ok().str("shown_digest"), "raw": "&/CHA999926000999", "username": "rocio", "password": "a guess of mine",
	}
	before := event.Version
	c.as(people.Physician).post(path+"/verify", sign).refused(http.StatusUnauthorized, "CS-75", "credentials-wrong")
	_, event = c.state(number)
	require.Equal(t, before, event.Version)
	sign["password"] = password
	c.as(people.Physician).post(path+"/verify", sign).refused(http.StatusConflict, "I4", "scan-mismatch") // check 19
	_, event = c.state(number)
	require.Equal(t, "rocio", event.Scans[len(event.Scans)-1].By)
}

func TestWrongLabelStopsTheStep(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S03")
	path := "/batches/" + number + "/steps/S04/fields/wristband_scan/scan"
	before := c.size()
	p := c.as(people.Physician).post(path, map[string]any{"raw": "&/CHA999926000777"}).refused(http.StatusConflict, "I4", "scan-mismatch")
	require.Equal(t, "urn:rexbatch:problem:stop", p.Type)
	require.Greater(t, c.size(), before, "the mismatch stands in the record")
	c.as(people.Physician).post(path, map[string]any{"raw": "A999926000001"}).refused(http.StatusUnprocessableEntity, "ID-12", "scan-unreadable") // check 20
}

func TestMissingThings(t *testing.T) {
	s := newSite(t, "es-svq")
	qa := s.hire("ines", people.QA)
	qa.get("/batches/SVQ1").refused(http.StatusNotFound, "AT-2", "no-batch")
	qa.get("/batches/SVQ1/audit").refused(http.StatusNotFound, "AT-2", "no-batch")
	qa.get("/batches/SVQ1/review").refused(http.StatusNotFound, "AT-2", "no-batch")
	qa.get("/therapy-events/CHA999926000001").refused(http.StatusNotFound, "ID-10", "no-therapy-event")
	qa.get("/therapy-events/XX").refused(http.StatusUnprocessableEntity, "ISBT 128 DS 040", "isbt-length")
	qa.get("/certificates/SVQ-2026-0001").refused(http.StatusNotFound, "QP-1", "no-certificate")
	qa.get("/certificates/SVQ-2026-0001/proof").refused(http.StatusNotFound, "QP-1", "no-certificate")
	qa.get("/ledger/entries/9999/proof").refused(http.StatusNotFound, "AT-24", "not-found")
	qa.get("/ledger/consistency?old=5&new=2").refused(http.StatusNotFound, "AT-24", "not-found")
	qa.get("/batches/SVQ1/acts/dance").refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	qa.get("/ledger/entries?limit=5000").refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	qa.get("/ledger/entries?form=2").refused(http.StatusUnprocessableEntity, "DI-8", "schema")
}
