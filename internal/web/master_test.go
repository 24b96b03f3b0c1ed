package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/release/plantest"
	"rexbatch/templates"
)

// masterBody is as much of a version as these tests look at.
type masterBody struct {
	Version, Errors, Replaces int
	Status, Text, File        string
	Authors, Running          []string
	From                      string `json:"effective_from"`
	Unfit                     string
	Faults                    []struct{ Code, Severity, Shown string }
	History                   []struct{ Type, By, Text string }
	Signature                 struct{ Name, Meaning string }
	Seen                      uint64
}

func (r *reply) master() masterBody {
	r.t.Helper()
	var m masterBody
	r.ok().into(&m)
	return m
}

// masterFile is the shipped recipe under another number, with a change.
func (s *site) masterFile(number, old, new string) string {
	s.t.Helper()
	text := string(plantest.File(s.t, templates.MBR, "mbr/rex-001.yaml"))
	for _, c := range [][2]string{{"\nversion: 2\n", "\nversion: " + number + "\n"}, {old, new}} {
		require.Contains(s.t, text, c[0], "the change must take place")
		text = strings.Replace(text, c[0], c[1], 1)
	}
	return text
}

const (
	oldLimit = `limit: ">=60", source: C`
	newLimit = `limit: ">=65", source: C`
)

func draft(text string) map[string]any {
	return map[string]any{"file": text, "change": "CC-2026-014", "note": "Tighter limit of the net volume."}
}

func TestMasterIsDraftedReviewedApproved_AT3(t *testing.T) {
	s := newSite(t, "es-svq")
	lea, eva, ana := s.hire("lea", people.ProductionLead), s.hire("eva", people.QA), s.hire("ana", people.Operator)
	lucia, qp := s.hire("lucia", people.Coordinator), s.hire("mercedes", people.QP)
	old := lucia.post("/batches", map[string]any{"subject_no": "3401-001"}).ok().str("batch")
	at := "/masters/REX-001/3"
	ana.get(at).refused(http.StatusNotFound, "AT-5", "no-master")
	ana.post("/masters", draft("x")).refused(http.StatusForbidden, "CS-66", "not-allowed")
	lea.post("/masters", draft("x")).refused(http.StatusUnprocessableEntity, "AT-3", "master-unreadable")

	m := lea.post("/masters", draft(s.masterFile("3", oldLimit, `limit: ">=65", source: X`))).master()
	require.Equal(t, "draft", m.Status)
	require.Equal(t, 1, m.Errors)
	require.Equal(t, 2, m.Replaces)
	var errors []string
	for _, f := range m.Faults {
		if f.Severity == "error" {
			errors = append(errors, f.Shown)
		}
	}
	require.Len(t, errors, 1)
	require.Contains(t, errors[0], "^", "a mark stands under the part")
	lea.post(at+"/submit", nil).refused(http.StatusConflict, "AT-3", "master-faults")
	good := s.masterFile("3", oldLimit, newLimit)
	lea.post(at+"/revise", map[string]any{"file": good, "note": "The source is one of those that exist.", "seen": m.Seen + 1}).refused(http.StatusConflict, "CS-65", "master-stale")
	m = lea.post(at+"/revise", map[string]any{"file": good, "note": "The source is one of those that exist.", "seen": m.Seen}).master()
	require.Equal(t, good, m.Text)
	require.Zero(t, m.Errors)
	lea.post(at+"/submit", nil).ok()
	lea.post(at+"/return", map[string]any{"reason": "not mine to return"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qp.post(at+"/return", map[string]any{"reason": "Say more in the note."}).ok()
	lea.post(at+"/submit", nil).ok()

	from := s.clock().Add(time.Hour).Truncate(time.Minute)
	approve := map[string]any{"effective_from": from.Format(time.RFC3339), "password": password}
	lea.post(at+"/approve", approve).refused(http.StatusForbidden, "CS-66", "not-allowed")
	eva.post(at+"/approve", map[string]any{"effective_from": from.Format(time.RFC3339), "password": "wrong wrong wrong"}).refused(http.StatusUnauthorized, "CS-47", "password-wrong")
	eva.post(at+"/approve", map[string]any{"effective_from": "2020-01-01T00:00:00Z", "password": password}).refused(http.StatusUnprocessableEntity, "AT-5", "master-past")
	m = eva.post(at+"/approve", approve).master()
	require.Equal(t, "approved", m.Status)
	require.Equal(t, "Persona eva", m.Signature.Name)
	require.Equal(t, []string{"lea"}, m.Authors)
	require.Len(t, m.History, 6)

	s.pass(time.Hour)
	lea, eva, lucia = s.signIn("lea"), s.signIn("eva"), s.signIn("lucia")
	next := lucia.post("/batches", map[string]any{"subject_no": "3401-002"}).ok().str("batch")
	var all struct{ Masters []masterBody }
	lea.get("/masters").ok().into(&all)
	require.Len(t, all.Masters, 2)
	require.Equal(t, []string{"effective", "superseded"}, []string{all.Masters[0].Status, all.Masters[1].Status})
	require.Equal(t, [][]string{{next}, {old}}, [][]string{all.Masters[0].Running, all.Masters[1].Running})

	var changes struct {
		From, To int
		Changes  []struct{ Step, What, Old, New, Effect string }
		Running  []string
	}
	lea.get(at + "/changes").ok().into(&changes)
	require.Equal(t, []int{2, 3}, []int{changes.From, changes.To})
	require.Equal(t, []string{old}, changes.Running, "it goes on by version 2 (AT-5)")
	require.Len(t, changes.Changes, 2, "the number and the limit")
	require.Equal(t, "S11", changes.Changes[1].Step)
	require.Equal(t, "tighter", changes.Changes[1].Effect)
	lea.get(at+"/changes?from=9").refused(http.StatusNotFound, "AT-5", "no-master")

	lea.post(at+"/withdraw", map[string]any{"reason": "not mine to withdraw"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	require.Equal(t, "withdrawn", eva.post(at+"/withdraw", map[string]any{"reason": "The limit is too high."}).master().Status)
	require.Equal(t, "shipped", lea.get("/masters/REX-001/2").master().Status)
}

// A file may have four megabytes, more than any other request; what is larger is not read.
func TestMasterFileIsBounded(t *testing.T) {
	s := newSite(t, "es-svq")
	lea := s.hire("lea", people.ProductionLead)
	large := s.masterFile("3", "\nrecipe:", strings.Repeat("# a long comment\n", 200_000)+"\nrecipe:")
	require.Greater(t, len(large), 3<<20)
	require.Equal(t, 3, lea.post("/masters", draft(large)).master().Version)
	lea.post("/masters", draft(strings.Repeat("#", 4<<20+1))).refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	raw, err := json.Marshal(draft(strings.Repeat("#", 6<<20)))
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestEntityTooLarge, lea.send(http.MethodPost, "/masters", raw).status)
	require.Equal(t, http.StatusRequestEntityTooLarge, lea.post("/masters/REX-001/3/submit", map[string]any{"role": strings.Repeat("x", 1<<20)}).status)
}

func TestMasterProcedures_CS2(t *testing.T) {
	s := newSite(t, "es-svq")
	ana, nina := s.hire("ana", people.Operator), s.hire("nina", people.Nurse)
	var out struct {
		Procedures []struct {
			Code string
			Name map[string]string
		}
	}
	ana.get("/masters/effective/procedures").ok().into(&out)
	require.NotEmpty(t, out.Procedures)
	require.NotEmpty(t, out.Procedures[0].Name["de"])
	nina.get("/masters/effective/procedures").refused(http.StatusForbidden, "CS-66", "not-allowed")
}
