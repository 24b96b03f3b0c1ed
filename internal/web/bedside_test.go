package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/phone/phonetest"
	"rexbatch/internal/people"
)

// ward is a batch at the bedside, and phones there that speak with the plant as real ones do.
type ward struct {
	*crew
	number string
}

type handset struct {
	*phonetest.Handset
	*ward
	pass string
	told told
}

// told is what the plant tells a phone.
type told struct {
	Phone string `json:"phone"`
	Bed   struct {
		Standing bedside.Standing `json:"standing"`
		Given    []string         `json:"given"`
	} `json:"bed"`
}

func newWard(t *testing.T) *ward {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	w := &ward{crew: c, number: c.book.Order("3401-001")}
	c.book.Play(w.number, "S48") // to the first signed act
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, c.book.Act(w.number, act), act)
	}
	c.book.Play(w.number, "S47")
	return w
}

func (w *ward) phone(role people.Role) *handset {
	w.t.Helper()
	made := w.as(people.Logistics).post("/batches/"+w.number+"/bedside/passes", map[string]any{"account": w.who(role, false), "role": role, "hours": 24, "as": people.Logistics})
	require.Equal(w.t, http.StatusCreated, made.status, made.text())
	var pass struct {
		Pass struct {
			ID string `json:"id"`
		} `json:"pass"`
		Link string `json:"link"`
		PIN  string `json:"pin"`
	}
	made.into(&pass)
	h := &handset{Handset: phonetest.New(w.t, ""), ward: w, pass: pass.Pass.ID}
	nobody := &client{site: w.site}
	nobody.post("/courier/open", map[string]any{"token": pass.Link[len("/courier/#"):], "pin": pass.PIN, "key": h.Public(w.t)}).ok().into(&h.told)
	h.ID = h.told.Phone
	return h
}

func (h *handset) now() string { return h.ward.clock().UTC().Format("2006-01-02T15:04:05.000Z") }

func (h *handset) event(kind phone.Kind, scanned string, said map[string]any) phone.Envelope {
	said["batch"] = h.number
	return h.Write(h.t, map[string]any{"kind": kind, "shipment": "", "scanned": scanned, "at": h.now(), "bound_ms": 800, "bed": said})
}

// deliver brings events to the plant, and hears how it stands.
func (h *handset) deliver(events ...phone.Envelope) {
	h.t.Helper()
	if events == nil {
		events = []phone.Envelope{}
	}
	hello := h.Sign(h.t, []byte(`{"v":1,"hello":"`+h.ID+`","site":"`+h.plant.Site()+`","sent":"`+h.now()+`","offset_ms":0}`))
	nobody := &client{site: h.site}
	nobody.post("/courier/deliver", map[string]any{"hello": hello, "events": events}).ok().into(&h.told)
}

// begin are the scans of wristband and containers, and the beginning.
func (h *handset) begin() []phone.Envelope {
	at := h.record()
	s := at.Current()
	coi, err := isbt128.ParseCoI(s.CoI)
	require.NoError(h.t, err)
	events := []phone.Envelope{h.event(phone.BedScan, coi.Label(), map[string]any{"expect": "wristband", "found": "matched"})}
	scans := []uint64{h.N}
	for _, c := range s.Containers {
		id, err := isbt128.ParseContainerID(c.ID)
		require.NoError(h.t, err)
		events = append(events, h.event(phone.BedScan, isbt128.ContainerLabel(coi, id), map[string]any{"expect": "final-container", "found": "matched"}))
		scans = append(scans, h.N)
	}
	return append(events, h.event(phone.BedStart, "", map[string]any{
		"limb": s.Limb, "scans": scans, "statement": s.Name.String(), "checked": h.told.Bed.Standing.Checked.Format(time.RFC3339Nano),
	}))
}

func (w *ward) record() *bedside.Administration {
	w.t.Helper()
	at, err := w.plant.Batches.Bedside().Load(context.Background(), w.number)
	require.NoError(w.t, err)
	return at
}

// What was begun on one phone is told to every other, so that it is not begun again.
func TestPhonesAreToldWhatWasBegun_I4(t *testing.T) {
	w := newWard(t)
	one, other := w.phone(people.Interventionist), w.phone(people.Interventionist)
	require.Empty(t, other.told.Bed.Given)
	one.deliver(one.begin()...)
	other.deliver()
	require.NotEmpty(t, other.told.Bed.Given)
	require.Equal(t, w.record().Starts[0].Containers, other.told.Bed.Given)
}

// A phone whose pass was withdrawn hears of no release any more; what it did all the same stands, with a doubt (CS-80). And
// what was done at a bed is not for couriers.
func TestWithdrawnPassAtTheBed_CS80(t *testing.T) {
	w := newWard(t)
	h := w.phone(people.Interventionist)
	require.Equal(t, bedside.Released, h.told.Bed.Standing.State)
	w.as(people.Logistics).post("/batches/"+w.number+"/bedside/passes/"+h.pass+"/revoke", map[string]any{"reason": "phone lost", "as": people.Logistics}).ok()
	h.deliver(h.begin()...)
	require.Equal(t, bedside.NotReleased, h.told.Bed.Standing.State)
	require.Equal(t, "pass-revoked", h.told.Bed.Standing.Why)
	require.Equal(t, []string{"bed-pass-over"}, w.record().Starts[0].Doubts)

	path := "/batches/" + w.number + "/bedside"
	w.as(people.Courier).get(path).refused(http.StatusForbidden, "CS-66", "not-allowed")
	for _, role := range []people.Role{people.Interventionist, people.Nurse, people.QA} {
		w.as(role).get(path).ok()
	}
}

// A recall states what its signer saw; that stands in the answer, also where no phone has asked the plant yet (I8, AT-57).
func TestRecallStatesWhatWasShown_I8(t *testing.T) {
	w := newWard(t)
	path := "/batches/" + w.number + "/bedside"
	var at struct {
		Statement  *struct{} `json:"statement"`
		Recallable *struct {
			Certificates []string `json:"certificates"`
			Begun        bool     `json:"begun"`
			Shown        string   `json:"shown_digest"`
		} `json:"recallable"`
	}
	w.as(people.QA).get(path).ok().into(&at)
	require.Nil(t, at.Statement)
	require.Len(t, at.Recallable.Certificates, 1)
	before := at.Recallable.Shown
	h := w.phone(people.Interventionist)
	h.deliver(h.begin()...)

	petra := w.site.hire("petra", people.QP)
	recall := map[string]any{"reason": "growth in another batch", "password": password, "as": people.QP, "shown_digest": "none"}
	petra.post(path+"/recall", recall).refused(http.StatusUnprocessableEntity, "I8", "digest")
	recall["shown_digest"] = before
	petra.post(path+"/recall", recall).refused(http.StatusConflict, "I8", "changed-since-shown")
	petra.get(path).ok().into(&at)
	require.True(t, at.Recallable.Begun)
	recall["shown_digest"] = at.Recallable.Shown
	at.Recallable = nil
	petra.post(path+"/recall", recall).ok().into(&at)
	require.Nil(t, at.Recallable)
	petra.post(path+"/recall", recall).refused(http.StatusConflict, "AT-57", "already-recalled")
}

// What the phones delivered is taken into S47 by a program as well (I14).
func TestInfusionIsTakenByTheAPI_I14(t *testing.T) {
	w := newWard(t)
	h := w.phone(people.Interventionist)
	h.deliver(h.begin()...)
	b, _ := w.state(w.number)
	st, _ := b.Step("S47")
	at, giver := "/batches/"+w.number+"/steps/S47", w.as(people.Interventionist)
	for _, f := range st.Step.FieldsAt(w.plant.Site()) {
		if f.Type == mbr.TypeScan {
			for _, raw := range w.labels(w.number, f) {
				giver.post(at+"/fields/"+f.ID+"/scan", map[string]any{"raw": raw}).ok()
			}
		}
	}
	require.Contains(t, giver.post(at+"/bedside", map[string]any{}).ok().text(), `"bedside"`)
	giver.post(at+"/bedside", map[string]any{}).refused(http.StatusConflict, "I14", "nothing-delivered")
}
