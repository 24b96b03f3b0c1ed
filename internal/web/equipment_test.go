package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// deviceReply is what the tests read of a device.
type deviceReply struct {
	ID       string
	Status   string
	Checks   []struct{ Check, Due, At string }
	Records  []struct{ Check, Reference string }
	Alarms   []struct{ Decision, ClosedBy string }
	Open     int `json:"open_alarms"`
	Uses     []struct{ Batch string }
	Findings []struct{ Check string }
	Version  int
}

func (r *reply) device() deviceReply {
	r.t.Helper()
	var d deviceReply
	r.ok().into(&d)
	return d
}

// A device goes through its life by the API (CS-67).
func TestEquipment_CS67(t *testing.T) {
	s := newSite(t, "es-svq")
	lead, operator := s.hire("marta", people.ProductionLead), s.hire("ana", people.Operator)
	qa, reviewer := s.hire("rosa", people.QA), s.hire("ivan", people.Inspector)

	require.Equal(t, `{"devices":[]}`, reviewer.get("/equipment").ok().text()[:14])
	register := map[string]any{"id": "bal-01", "kind": "balance", "name": "XPR-2002", "area": "SVQ-07", "needs": []map[string]any{
		{"check": "calibration"}, {"check": "qualification", "due": "2027-06-30"}, {"check": "daily-control"},
	}}
	operator.post("/equipment", register).refused(http.StatusForbidden, "CS-66", "not-allowed")
	made := lead.post("/equipment", register)
	require.Equal(t, http.StatusCreated, made.status, made.text())
	require.Equal(t, "BAL-01", made.str("id"))
	qa.post("/equipment", register).refused(http.StatusConflict, "CS-67", "device-exists")

	const at = "/equipment/BAL-01"
	operator.post(at+"/calibrate", map[string]any{"result": "pass", "as_found": "in-tolerance", "reference": "C-1"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	lead.post(at+"/calibrate", map[string]any{"result": "pass", "as_found": "in-tolerance", "reference": "C-1"}).refused(http.StatusUnprocessableEntity, "CS-67", "device-due-needed")
	lead.post(at+"/calibrate", map[string]any{"result": "pass", "as_found": "in-tolerance", "reference": "C-1", "due": "30.06.2027"}).
		refused(http.StatusUnprocessableEntity, "CS-67", "device-day")
	lead.post(at+"/calibrate", map[string]any{"result": "pass", "as_found": "in-tolerance", "reference": "C-1", "due": "2027-06-30", "at": "2026-11-30T10:00:00Z"}).
		refused(http.StatusUnprocessableEntity, "DI-8", "device-time")
	lead.post(at+"/calibrate", map[string]any{"result": "pass", "as_found": "in-tolerance", "reference": "C-1", "due": "2027-06-30", "at": "2026-11-20T11:00:00+01:00"}).ok()
	operator.post(at+"/clean", map[string]any{}).ok()
	operator.post(at+"/control", map[string]any{"result": "pass"}).ok()
	qa.post(at+"/control", map[string]any{"result": "pass"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qa.post(at+"/programme", map[string]any{"programme": "07", "version": "v2", "reason": "validated in PQ-12"}).ok()
	qa.post(at+"/qualify", map[string]any{"result": "fail", "reference": "PQ-13", "remark": "test 4 not met"}).ok()

	operator.post(at+"/alarm", map[string]any{"code": "E-17", "text": "Overload"}).ok()
	operator.post(at+"/alarms/1/close", map[string]any{"decision": "continue", "reason": "pan was touched"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	lead.post(at+"/alarms/2/close", map[string]any{"decision": "continue", "reason": "pan was touched"}).refused(http.StatusNotFound, "AT-59", "no-alarm")
	require.Equal(t, 1, reviewer.get(at).device().Open)
	closed := lead.post(at+"/alarms/1/close", map[string]any{"decision": "restart", "reason": "pan was touched"}).device()
	require.Equal(t, "restart", closed.Alarms[0].Decision)
	lead.post(at+"/alarms/1/close", map[string]any{"decision": "restart", "reason": "pan was touched"}).refused(http.StatusConflict, "AT-59", "alarm-closed")

	d := reviewer.get("/equipment/bal-01").device()
	require.Equal(t, "out-of-service", d.Status, "its qualification failed")
	require.Equal(t, 8, d.Version)
	require.Equal(t, []struct{ Check, Due, At string }{
		{"qualification", "", d.Checks[0].At}, {"calibration", "2027-06-30", "2026-11-20T10:00:00Z"}, {"cleaning", "", d.Checks[2].At}, {"daily-control", "2026-11-22", d.Checks[3].At},
	}, d.Checks)
	require.Len(t, d.Records, 4)
	require.Empty(t, d.Uses)

	lead.post(at+"/retire", map[string]any{"reason": "no"}).refused(http.StatusUnprocessableEntity, "CS-12", "reason-missing")
	lead.post(at+"/retire", map[string]any{"reason": "replaced by BAL-02"}).ok()
	operator.post(at+"/clean", map[string]any{}).refused(http.StatusConflict, "CS-67", "device-retired")
	require.Contains(t, reviewer.get("/equipment").ok().text(), `"retired":"replaced by BAL-02"`)
	reviewer.get("/equipment/BAL-99").refused(http.StatusNotFound, "CS-67", "no-device")
	reviewer.get("/equipment/B_1").refused(http.StatusUnprocessableEntity, "CS-67", "device-id")
}

// A control counts for the plant's day, not for that of UTC (CS-67).
func TestControlShortlyAfterMidnight_CS67(t *testing.T) {
	s := newSite(t, "es-svq")
	s.pass(14*time.Hour + 30*time.Minute) // half past midnight in Seville
	lead, analyst := s.hire("marta", people.ProductionLead), s.hire("sofia", people.QCAnalyst)
	lead.post("/equipment", map[string]any{"id": "HEM-01", "kind": "hematology-analyser", "name": "H500", "area": "QC", "needs": []map[string]any{{"check": "daily-control"}}}).ok()
	d := analyst.post("/equipment/HEM-01/control", map[string]any{"result": "pass"}).device()
	require.Equal(t, "2026-11-23", d.Checks[0].Due)
}
