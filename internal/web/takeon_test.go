package web_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"rexbatch/internal/people"
)

// What stands before a batch can go from one plant to another (process scenario 53); the way itself is played in package release
// and on the pages.
func TestTakeOn_WhatIsRefused_53(t *testing.T) {
	s := newSite(t, "de-fra")
	qa, operator, lucia := s.hire("ines", people.QA), s.hire("ana", people.Operator), s.hire("lucia", people.Coordinator)
	number := lucia.post("/batches", map[string]any{"subject_no": "DE01-003"}).ok().str("batch")
	qa.get("/batches/"+number+"/dossier").refused(http.StatusConflict, "TR-8", "not-handed-on")
	body := func(text string) map[string]any {
		return map[string]any{"dossier": base64.StdEncoding.EncodeToString([]byte(text)), "password": password}
	}
	operator.post("/taken-on", body("{}")).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qa.post("/taken-on", map[string]any{"dossier": "?", "password": password}).refused(http.StatusUnprocessableEntity, "DI-8", "dossier-base64")
	qa.post("/taken-on", body("{}")).refused(http.StatusUnprocessableEntity, "I14", "dossier-fault")
	qa.post("/taken-on", body(`{"format":"rexbatch-dossier 1","to":"DE-FRA","from":"ES-SVQ","proofs":[{}]}`)).refused(http.StatusUnprocessableEntity, "I14", "dossier-fault")
	qa.post("/shipments/SHP-FRA26000017/hand-on", map[string]any{}).refused(http.StatusNotFound, "TR-8", "no-shipment")
}
