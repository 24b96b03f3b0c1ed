package web_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

var maria = map[string]any{
	"subject_no": "3401-007", "hospital_number": "NHC 00471-1839", "family_names": "Fernández-Quiñones Ibáñez", "given_names": "María Dolores",
	"birth_date": "1951-03-14", "country": "ES",
}

// with is a copy of a body with other values.
func with(body map[string]any, more ...any) map[string]any {
	out := map[string]any{}
	for k, v := range body {
		out[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

// I12: who a patient is passes through the API to the staff of the hospital, and stays nowhere on the way.
func TestIdentityStaysInTheVault_I12(t *testing.T) {
	s := newSite(t, "es-svq")
	coord, nurse, oper := s.hire("coord", people.Coordinator), s.hire("nurse", people.Nurse), s.hire("oper", people.Operator)
	qa, qp := s.hire("qaone", people.QA), s.hire("qper", people.QP)
	s.hire("root-admin", people.Admin)

	r := coord.post("/patients", maria)
	require.Equal(t, http.StatusCreated, r.status, r.text())
	require.Equal(t, "3401-007", r.str("subject_no"))
	coord.post("/patients", with(maria, "subject_no", "3401-008")).refused(http.StatusConflict, "AT-13", "number-enrolled")
	coord.post("/patients", with(maria, "subject_no", "3401-009", "hospital_number", "8", "birth_date", "14.03.1951")).refused(http.StatusUnprocessableEntity, "AT-13", "birth-date")
	coord.post("/patients", map[string]any{"subject_no": "3401-009", "family_names": "Fernández"}).refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	oper.post("/patients", maria).refused(http.StatusForbidden, "CS-66", "not-allowed")

	look := map[string]any{"why": "identity check before the harvest"}
	r = nurse.post("/patients/3401-007/look", look)
	require.Equal(t, http.StatusOK, r.status, r.text())
	require.Equal(t, "Fernández-Quiñones Ibáñez", r.str("family_names"))
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	for _, c := range []*client{oper, qa, qp} {
		c.post("/patients/3401-007/look", look).refused(http.StatusForbidden, "CS-66", "not-allowed")
		c.post("/patients/search", with(look, "hospital_number", "NHC 00471-1839")).refused(http.StatusForbidden, "CS-66", "not-allowed")
	}
	nurse.post("/patients/3401-007/look", map[string]any{"why": "Dolores asked"}).refused(http.StatusUnprocessableEntity, "I12", "reason-tells")
	require.Equal(t, "3401-007", nurse.post("/patients/search", with(look, "hospital_number", "nhc004711839")).str("subject_no"))
	seen := oper.get("/patients/3401-007")
	require.Equal(t, http.StatusOK, seen.status)
	require.NotContains(t, seen.text(), "Dolores")
	require.Contains(t, seen.text(), "identity check before the harvest")

	r = qa.post("/patients/3401-007/destruction", map[string]any{"reason": "retention has ended", "password": password, "second": map[string]any{"username": "root-admin", "password": "wrong", "role": "admin"}})
	require.Equal(t, http.StatusUnauthorized, r.status, r.text())
	r = qa.post("/patients/3401-007/destruction", map[string]any{"reason": "retention has ended", "password": password, "second": map[string]any{"username": "root-admin", "password": password, "role": "admin"}})
	require.Equal(t, http.StatusOK, r.status, r.text())
	require.NotEmpty(t, r.str("destroyed_at"))
	nurse.post("/patients/3401-007/look", look).refused(http.StatusNotFound, "I12", "identity-destroyed")

	for _, trace := range []string{"00471-1839", "004711839", "Fernández", "FERNANDEZ", "fernandez", "Quiñones", "Dolores", "dolores", "1951-03-14"} {
		require.NotContains(t, s.logged.String(), trace)
		require.NoError(t, filepath.WalkDir(s.parts.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			require.False(t, bytes.Contains(content, []byte(trace)), "%s holds %q", path, trace)
			return err
		}))
	}
}

// Scenario 6 from the order to the batch.
func TestLookAlikesThroughTheAPI_6(t *testing.T) {
	s := newSite(t, "es-svq")
	coord, oper := s.hire("coord", people.Coordinator), s.hire("oper", people.Operator)
	require.Equal(t, http.StatusCreated, coord.post("/patients", maria).status)
	require.Equal(t, http.StatusCreated, coord.post("/patients", with(maria, "subject_no", "3401-012", "hospital_number", "9", "birth_date", "1951-12-24")).status)
	order := func(subject, day, part string) *reply {
		return coord.post("/batches", map[string]any{"subject_no": subject, "backup_plant": "DE-FRA", "slot": map[string]any{"day": day, "part": part},
			"values": map[string]string{"index_limb": "left", "body_weight": "72.5", "weighed_on": "2026-11-20", "planned_harvest": "2026-11-24T08:00:00+01:00", "planned_infusion": "2026-11-26T08:00:00+01:00"}})
	}
	r := order("3401-007", "2026-11-24", "forenoon")
	require.Equal(t, http.StatusCreated, r.status, r.text())
	first := r.str("batch")
	order("3401-012", "2026-11-24", "forenoon").refused(http.StatusConflict, "S01", "slot-taken")
	order("3401-012", "2026-11-24", "afternoon").refused(http.StatusConflict, "AT-10", "slot-alike")
	order("3401-012", "2026-11-23", "afternoon").refused(http.StatusConflict, "AT-10", "slot-alike")
	order("3401-012", "2026-11-20", "afternoon").refused(http.StatusUnprocessableEntity, "S01", "slot-day")
	coord.post("/batches", map[string]any{"subject_no": "3401-012", "backup_plant": "ES-SVQ"}).refused(http.StatusUnprocessableEntity, "S01", "backup-plant")
	coord.post("/batches", map[string]any{"subject_no": "3401-012", "values": map[string]string{"index_limb": "third"}}).refused(http.StatusUnprocessableEntity, "DI-8", "not-an-option")
	r = order("3401-012", "2026-11-25", "forenoon")
	require.Equal(t, http.StatusCreated, r.status, r.text())
	second := r.str("batch")
	for number, other := range map[string]string{first: "3401-012", second: "3401-007"} {
		b := oper.get("/batches/" + number)
		require.Contains(t, b.text(), `"look_alikes":["`+other+`"]`)
		require.NotContains(t, strings.ToLower(b.text()), "dolores")
		require.Contains(t, b.text(), `"backup_plant":"DE-FRA"`)
	}
	coi := oper.get("/batches/" + second).str("coi")
	r = coord.post("/therapy-events/"+coi+"/slot", map[string]any{"day": "2026-11-27", "part": "forenoon"})
	require.Equal(t, http.StatusOK, r.status, r.text())
	require.NotContains(t, oper.get("/batches/"+first).text(), `"look_alikes"`, "not on the same days any more")
	require.Contains(t, oper.get("/calendar").text(), `"day":"2026-11-27"`)

	r = coord.post("/batches/"+second+"/stop", map[string]any{"cause": "order-cancelled", "reason": "the patient has a fever"})
	require.Equal(t, http.StatusOK, r.status, r.text())
	require.Contains(t, r.text(), `"closed_at"`)
	require.NotContains(t, oper.get("/calendar").text(), "2026-11-27", "the slot is free again")
}

// AT-13: an order that names its patient enrols them with it, or not at all; enrolment alone is an act of its own.
func TestOrderEnrolsItsPatientOrNobody_AT13(t *testing.T) {
	s := newSite(t, "es-svq")
	coord := s.hire("coord", people.Coordinator)
	patient := with(maria)
	delete(patient, "subject_no")
	order := map[string]any{"subject_no": "3401-007", "patient": patient, "values": map[string]string{"body_weight": "heavy"}}
	look := map[string]any{"why": "identity check before the harvest"}
	before := s.size()
	require.GreaterOrEqual(t, coord.post("/batches", order).status, 400)
	require.Equal(t, before, s.size(), "a refused order leaves nobody behind")
	require.Equal(t, http.StatusNotFound, coord.post("/patients/3401-007/look", look).status)

	r := coord.post("/batches", with(order, "values", map[string]string{"body_weight": "71.5"}))
	require.Equal(t, http.StatusCreated, r.status, r.text())
	require.Equal(t, "Fernández-Quiñones Ibáñez", coord.post("/patients/3401-007/look", look).str("family_names"))

	require.Equal(t, http.StatusCreated, coord.post("/patients", with(maria, "subject_no", "3401-008", "hospital_number", "NHC 8")).status)
	require.GreaterOrEqual(t, coord.post("/batches", map[string]any{"subject_no": "3401-008", "values": map[string]string{"body_weight": "heavy"}}).status, 400)
	require.Equal(t, http.StatusOK, coord.post("/patients/3401-008/look", look).status, "what was enrolled by itself stays")
}
