package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// delivered is a delivery as a client sends it; pairs change it.
func delivered(pairs ...any) map[string]any {
	d := map[string]any{
		"material": "gradient-medium", "name": "Ficoll-Paque PREMIUM 1.077", "supplier": "Cytiva", "supplier_lot": "10331275",
		"expiry": "2027-03-31", "quantity": "500", "unit": "mL", "open_for": "8", "open_for_unit": "h",
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		d[name] = pairs[i+1]
	}
	return d
}

// useLot opens a batch and appends a use of a lot in it.
func (s *site) useLot(lot, subject, q string) (batch string) {
	s.t.Helper()
	ctx, k := context.Background(), s.plant.Batches.Materials()
	batch, coi, err := s.plant.Batches.Open(ctx, ledger.Author{Account: "lucia", Role: "coordinator", Terminal: "T1"}, subject)
	require.NoError(s.t, err)
	n, err := material.ParseNumber(lot)
	require.NoError(s.t, err)
	l, err := k.Load(ctx, n)
	require.NoError(s.t, err)
	expected, by, now := l.Version, ledger.Author{Account: "ana", Role: "operator", Terminal: "T1"}, s.clock()
	drafts, err := l.Use(now, material.Want{Material: l.Material}, material.Use{
		Batch: batch, CoI: coi.String(), Subject: subject, Step: "S17", Quantity: quantity.MustParse(q, "mL"),
	})
	require.NoError(s.t, err)
	views, err := l.Provisional(by, now, drafts)
	require.NoError(s.t, err)
	_, err = s.plant.Log.Append(ctx, ledger.Append{Author: by, Views: views, Streams: []ledger.StreamAppend{{Stream: material.Stream(n), Expected: expected, Drafts: drafts}}})
	require.NoError(s.t, err)
	return batch
}

type lotAnswer struct {
	Lot, Status, Expiry string
	Remaining           struct{ Value, Unit string }
	UsedBy              []string `json:"used_by"`
	Uses                []struct{ Batch, Subject, Step, By, CoI string }
	Decisions           []struct{ Type, Reason, By, Role string }
	Version             int
}

// A lot from the loading bay to its last millilitre, through the API (scenario 24, inspector check 39).
func TestLifeOfALot_AT20(t *testing.T) {
	s := newSite(t, "es-svq")
	leo, eva, ana := s.hire("leo", people.Logistics), s.hire("eva", people.QA), s.hire("ana", people.Operator)
	var l lotAnswer
	r := leo.post("/lots", delivered())
	require.Equal(t, http.StatusCreated, r.status, r.text())
	r.into(&l)
	require.Regexp(t, `^L-SVQ26-00001-.$`, l.Lot)
	require.Equal(t, "quarantine", l.Status)
	require.Equal(t, "2027-03-31T21:59:59Z", l.Expiry, "the day ends in Seville")
	at := "/lots/" + l.Lot

	ana.post(at+"/open", nil).refused(http.StatusConflict, "CS-67", "lot-quarantine")
	leo.post(at+"/release", nil).refused(http.StatusForbidden, "CS-66", "not-allowed")
	eva.post(at+"/release", map[string]any{"version": 7}).refused(http.StatusConflict, "CS-65", "lot-stale")
	eva.post(at+"/release", map[string]any{"version": l.Version}).ok().into(&l)
	require.Equal(t, "released", l.Status)
	batches := []string{s.useLot(l.Lot, "ES01-003", "120.5"), s.useLot(l.Lot, "ES01-007", "100")}
	ana.post(at+"/open", nil).ok()
	leo.post(at+"/discard", map[string]any{"quantity": "0,0295", "unit": "L", "reason": "spilled at the bench"}).ok().into(&l)
	require.Equal(t, "250.0", l.Remaining.Value)
	leo.post(at+"/discard", map[string]any{"quantity": "1.234", "unit": "mL", "reason": "spilled at the bench"}).refused(http.StatusUnprocessableEntity, "I13", "ambiguous-number")
	leo.post(at+"/discard", map[string]any{"quantity": "251", "unit": "mL", "reason": "spilled at the bench"}).refused(http.StatusConflict, "AT-21", "lot-not-enough")

	leo.post(at+"/block", map[string]any{"reason": "recall 4711 of the supplier"}).ok().into(&l)
	require.Equal(t, "blocked", l.Status)
	leo.post(at+"/unblock", map[string]any{"reason": "the recall is over"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	eva.post(at+"/unblock", map[string]any{"reason": ""}).refused(http.StatusUnprocessableEntity, "CS-12", "reason-missing")
	eva.post(at+"/unblock", map[string]any{"reason": "the recall names other lots"}).ok().into(&l)
	require.Equal(t, "released", l.Status)
	require.Equal(t, batches, l.UsedBy)
	require.Equal(t, "ES01-007", l.Uses[1].Subject)
	require.Equal(t, "lot.blocked", l.Decisions[3].Type)
	require.Equal(t, "recall 4711 of the supplier", l.Decisions[3].Reason)
	require.Equal(t, "logistics", l.Decisions[3].Role)

	var found struct{ Lots []lotAnswer }
	ana.get("/lots?supplier_lot=10331275").ok().into(&found)
	require.Len(t, found.Lots, 1)
	require.Equal(t, l.Lot, found.Lots[0].Lot)
	ana.get("/lots?material=wash-buffer").ok().into(&found)
	require.Empty(t, found.Lots)
	s.pass(14 * time.Minute)
	ana.get(at).ok().into(&l)
	require.Equal(t, "released", l.Status)
}

func TestBadDeliveriesLeaveNothing_AT21(t *testing.T) {
	s := newSite(t, "es-svq")
	leo := s.hire("leo", people.Logistics)
	before := s.size()
	for _, bad := range []struct {
		name, value, rule, code string
	}{
		{"expiry", "31/03/2027", "AT-21", "lot-expiry"},
		{"expiry", "2026-11-21", "AT-21", "lot-expired-already"},
		{"quantity", "about 500", "I13", "not-a-number"},
		{"quantity", "-1", "AT-21", "lot-quantity"},
		{"quantity", ">100", "AT-21", "lot-quantity"},
		{"unit", "bottles", "I13", "unknown-unit"},
		{"unit", "EU/mL", "AT-21", "lot-quantity"},
		{"open_for_unit", "mL", "AT-21", "lot-open-for"},
		{"material", "Ficoll", "AT-21", "lot-material"},
		{"name", "", "AT-21", "lot-text"},
		{"supplier_lot", "A\u202eB", "CS-10", "not-printable"},
		{"role", "qa", "CS-66", "role-not-held"},
	} {
		status := http.StatusUnprocessableEntity
		if bad.rule == "CS-66" {
			status = http.StatusForbidden
		}
		leo.post("/lots", delivered(bad.name, bad.value)).refused(status, bad.rule, bad.code)
	}
	require.Equal(t, before, s.size())
	p := leo.post("/lots", delivered("name", "", "supplier", "", "material", "")).refused(http.StatusUnprocessableEntity, "AT-21", "lot-text")
	require.Len(t, p.Problems, 3, "all that is wrong is said at once")

	leo.get("/lots/L-SVQ26-00001").refused(http.StatusUnprocessableEntity, "AT-20", "lot-number")
	n, err := material.NewNumber("SVQ", 26, 1)
	require.NoError(t, err)
	leo.get("/lots/"+n.String()).refused(http.StatusNotFound, "AT-20", "no-lot")
}

// Hospital staff and administrators see nothing of the plant's stock.
func TestLotsAreForThePlant_CS66(t *testing.T) {
	s := newSite(t, "es-svq")
	leo, rocio, root := s.hire("leo", people.Logistics), s.hire("rocio", people.Nurse), s.hire("root", people.Admin)
	lot := leo.post("/lots", delivered()).ok().str("lot")
	rocio.get("/lots").refused(http.StatusForbidden, "CS-66", "not-allowed")
	rocio.get("/lots/"+lot).refused(http.StatusForbidden, "CS-66", "not-allowed")
	rocio.post("/lots/"+lot+"/open", nil).refused(http.StatusForbidden, "CS-66", "lot-role")
	root.get("/lots").refused(http.StatusForbidden, "CS-40", "not-allowed")
}
