package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// areaBody is as much of a work area as these tests look at.
type areaBody struct {
	Status     string
	Batch      string
	ClearUntil string `json:"clear_until"`
	Waiting    int    `json:"plates_waiting"`
	Clearances []struct {
		Passed        bool
		First, Second string
	}
	Readings []struct {
		Kind, Level string
		Value       struct{ Value, Unit string }
		Batches     []string
	}
	Plates []struct{ ID string } `json:"plates_without_result"`
}

func (r *reply) area() areaBody {
	r.t.Helper()
	var a areaBody
	r.ok().into(&a)
	return a
}

var lab = map[string]any{"id": "SVQ-A1", "kind": "aseptic", "name": "Sala aséptica 1", "grade": "A/B", "clearance_minutes": 240}

func checklist(labels int, second any) map[string]any {
	return map[string]any{"nothing_foreign": true, "foreign_labels": labels, "previous_closed": true, "second": second}
}

// takes has a batch take an area, as the batch does in its own append.
func (s *site) takes(id, number string) {
	s.t.Helper()
	k, ctx := s.plant.Batches.Areas(), context.Background()
	a, err := k.Load(ctx, id)
	require.NoError(s.t, err)
	coi, err := isbt128.ParseCoI("CHA999926000001")
	require.NoError(s.t, err)
	c := a.Change(ledger.Author{Account: "ana", Role: "operator", Terminal: "T1"}, s.clock())
	draft, err := c.Occupy(s.clock(), number, coi)
	require.NoError(s.t, err)
	require.NoError(s.t, c.Add(draft))
	stream, views, err := c.Append()
	require.NoError(s.t, err)
	_, err = s.plant.Log.Append(ctx, ledger.Append{Author: ledger.Author{Account: "ana", Role: "operator", Terminal: "T1"}, Streams: []ledger.StreamAppend{stream}, Views: views})
	require.NoError(s.t, err)
}

func TestAreaIsClearedByTwo_AT51(t *testing.T) {
	s := newSite(t, "es-svq")
	ana, lead := s.hire("ana", people.Operator), s.hire("lea", people.ProductionLead)
	s.hire("ben", people.Operator)
	s.hire("nina", people.Nurse)
	ana.post("/areas", lab).refused(http.StatusForbidden, "CS-66", "not-allowed")
	bad := map[string]any{"id": "svq a1", "kind": "Aseptic", "name": "", "grade": "E", "clearance_minutes": 1}
	require.Len(t, lead.post("/areas", bad).refused(http.StatusUnprocessableEntity, "AT-10", "area-id").Problems, 5)
	require.Equal(t, "uncleared", lead.post("/areas", lab).area().Status)
	lead.post("/areas", lab).refused(http.StatusConflict, "AT-10", "area-known")
	ana.get("/areas/SVQ-A9").refused(http.StatusNotFound, "AT-10", "no-area")

	clear := "/areas/SVQ-A1/clear"
	ana.post(clear, checklist(2, nil)).refused(http.StatusConflict, "AT-51", "foreign-labels")
	ana.post(clear, checklist(0, nil)).refused(http.StatusConflict, "AT-51", "clearance-unsigned")
	ana.post(clear, checklist(0, map[string]any{"username": "ben", "password": "wrong wrong wrong"})).refused(http.StatusUnauthorized, "CS-75", "credentials-wrong")
	ana.post(clear, checklist(0, map[string]any{"username": "ana", "password": password})).refused(http.StatusForbidden, "I7", "clearance-same-person")
	ana.post(clear, checklist(0, map[string]any{"username": "nina", "password": password})).refused(http.StatusForbidden, "CS-66", "role-not-held")
	a := ana.post(clear, checklist(0, map[string]any{"username": "ben", "password": password})).area()
	require.Equal(t, "cleared", a.Status)
	require.NotEmpty(t, a.ClearUntil)
	require.Len(t, a.Clearances, 2, "the one that failed stays")
	require.False(t, a.Clearances[0].Passed)
	require.Equal(t, "ana", a.Clearances[1].First)
	require.Equal(t, "ben", a.Clearances[1].Second)
	require.Contains(t, ana.get("/areas").ok().text(), `"status":"cleared"`)
}

func TestOnlyQAFreesAnArea_AT10(t *testing.T) {
	s := newSite(t, "es-svq")
	ana, lead, qa := s.hire("ana", people.Operator), s.hire("lea", people.ProductionLead), s.hire("ines", people.QA)
	s.hire("ben", people.Operator)
	lead.post("/areas", lab).ok()
	ben := map[string]any{"username": "ben", "password": password}
	ana.post("/areas/SVQ-A1/clear", checklist(0, ben)).ok()
	s.takes("SVQ-A1", "SVQ2600001K")
	require.Equal(t, "SVQ2600001K", ana.get("/areas/SVQ-A1").area().Batch)
	ana.post("/areas/SVQ-A1/clear", checklist(0, ben)).refused(http.StatusConflict, "I5", "area-occupied")
	reason := map[string]any{"reason": "the batch was stopped for good"}
	lead.post("/areas/SVQ-A1/free", reason).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qa.post("/areas/SVQ-A1/free", map[string]any{"reason": "no"}).refused(http.StatusUnprocessableEntity, "CS-12", "area-reason")
	require.Equal(t, "uncleared", qa.post("/areas/SVQ-A1/free", reason).area().Status)
}

func TestEnvironmentOfAnArea_AT50(t *testing.T) {
	s := newSite(t, "es-svq")
	ana, lead, lab2 := s.hire("ana", people.Operator), s.hire("lea", people.ProductionLead), s.hire("quique", people.QCAnalyst)
	reader := s.hire("vera", people.Inspector)
	lead.post("/areas", lab).ok()
	other := map[string]any{"id": "SVQ-A2", "kind": "aseptic", "name": "Sala 2", "grade": "C", "clearance_minutes": 60,
		"limits": []any{map[string]any{"kind": "humidity", "action": "30..60", "alert": "35..55"}}}
	require.Contains(t, lead.post("/areas", other).ok().text(), `"alert":"35..55"`)
	other["limits"] = []any{map[string]any{"kind": "humidity", "action": "thirty"}}
	lead.post("/areas", other).refused(http.StatusUnprocessableEntity, "I13", "bad-limit")

	end := s.clock()
	window := func(m map[string]any) map[string]any {
		m["from"], m["to"] = end.Add(-10*time.Minute).Format(time.RFC3339), end.Format(time.RFC3339)
		return m
	}
	readings := map[string]any{"readings": []any{
		window(map[string]any{"kind": "particles-0.5", "value": "3521", "source": "APC-04"}), window(map[string]any{"kind": "pressure", "value": "15,2", "source": "P-1"}),
	}}
	reader.post("/areas/SVQ-A1/readings", readings).refused(http.StatusForbidden, "CS-66", "not-allowed")
	a := ana.post("/areas/SVQ-A1/readings", readings).area()
	require.Len(t, a.Readings, 2)
	require.Equal(t, "action", a.Readings[0].Level)
	require.Equal(t, "15.2", a.Readings[1].Value.Value)
	require.Equal(t, "within", a.Readings[1].Level)

	plate := window(map[string]any{"plate": "P-0012", "kind": "settle-plate", "position": "left of the centrifuge"})
	require.Equal(t, 1, ana.post("/areas/SVQ-A1/plates", plate).area().Waiting)
	ana.post("/areas/SVQ-A2/plates", plate).refused(http.StatusConflict, "AT-50", "plate-taken")
	lab2.post("/areas/SVQ-A1/plates/P-0099/result", map[string]any{"colonies": 0}).refused(http.StatusNotFound, "AT-50", "no-plate")
	a = lab2.post("/areas/SVQ-A1/plates/P-0012/result", map[string]any{"colonies": 1, "note": "Micrococcus luteus"}).area()
	require.Empty(t, a.Plates)
	require.Len(t, a.Readings, 3)
	require.Equal(t, "CFU", a.Readings[2].Value.Unit)
	none := reader.get("/areas/SVQ-A1?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").area()
	require.Empty(t, none.Readings)
}
