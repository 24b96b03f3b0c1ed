package pages_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	carried "rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/phone/phonetest"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// onThePhone lets a person tell something from their phone at the shipment.
func (j *voyage) onThePhone(account string, role people.Role, said map[string]any) {
	j.t.Helper()
	ctx, now := j.t.Context(), j.clock().UTC().Format("2006-01-02T15:04:05.000Z")
	_, secrets, err := j.plant.People.IssuePass(ctx, j.author(people.Logistics, false), people.NewPass{Account: account, Role: role, Scope: shipment.Stream(j.id), Until: j.clock().Add(time.Hour)})
	require.NoError(j.t, err)
	h := phonetest.New(j.t, "")
	_, enrolled, err := j.plant.People.EnrolPhone(ctx, secrets.Token, secrets.PIN, h.Public(j.t))
	require.NoError(j.t, err)
	h.ID = enrolled.ID
	hello := h.Sign(j.t, fmt.Appendf(nil, `{"v":1,"hello":%q,"site":%q,"sent":%q,"offset_ms":0}`, h.ID, j.plant.Site(), now))
	pass, enrolled, offset, err := j.plant.Phones().Greet(ctx, hello)
	require.NoError(j.t, err)
	answers, err := j.plant.Phones().Deliver(ctx, pass, enrolled, offset, []carried.Envelope{h.Write(j.t, map[string]any{"shipment": string(j.id), "at": now, "bound_ms": 800}, said)})
	require.NoError(j.t, err)
	require.NoError(j.t, answers[0].Err)
}

// What the courier reports is read at the plant: its text, who and when, and a mark in the list until it is acknowledged.
func TestWhatACourierReportsIsReadAtThePlant_TR10(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse, courier := c.browser().signIn("ana"), c.browser().signIn("rocio"), c.browser().signIn("inaki")
	j.plan(operator)
	j.pack(nurse)
	j.hand(nurse, courier, "courier")
	operator.get("/shipments").ok().hasNot("Leer y acusar recibo")
	j.onThePhone("inaki", people.Courier, map[string]any{"kind": "note", "text": "Atasco, llego una hora tarde"})
	j.onThePhone("inaki", people.Courier, map[string]any{"kind": "seals", "seals": []string{"A1001", "A1009"}})
	page := operator.get(j.at).ok().has("Comunicado en el camino", "Atasco, llego una hora tarde", "Iñaki", "±", "Teléfono: ", "Precintos leídos", "lo que se comunicó en el camino")
	page.hasNot("A1009") // who takes it reads the seals for themselves
	c.browser().signIn("ines").get(j.at).ok().has("Atasco, llego una hora tarde", "A1009")
	c.browser().signIn("ines").get("/shipments").ok().has("Leer y acusar recibo")
	operator.get("/shipments").ok().has("Leer y acusar recibo")
	operator.post(j.at+"/acknowledgement", "what", "report").ok().has("Acuse de recibo anotado")
	operator.get("/shipments").ok().hasNot("Leer y acusar recibo")
	c.browser().signIn("ines").get("/trace?of="+string(j.id)).ok().has("comunicó algo en el camino", "leyó los precintos en el camino", "acusó recibo de lo comunicado", "Llegó al servidor", "±").hasNot("Atasco")
	c.browser().signIn("ines").get("/trace/csv?of="+string(j.id)).ok().has("Cuándo,Llegó al servidor", "comunicó algo en el camino,,")
}

// Whoever inspects the box before they take it over takes it over afterwards: the form stays, the chain ends at the plant (I6).
func TestTheBoxIsTakenOverAfterItsReceipt_I6(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse, courier := c.browser().signIn("ana"), c.browser().signIn("rocio"), c.browser().signIn("inaki")
	j.plan(operator)
	j.pack(nurse)
	j.hand(nurse, courier, "courier")
	j.pass(2 * time.Hour)
	operator, courier = c.browser().signIn("ana"), c.browser().signIn("inaki")
	courier.post(j.at+"/offer", "container", j.bag.ID.String(), "to", "plant", "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1002").ok()
	operator.get(j.at).ok().has(j.at+"/acceptance", j.at+"/receipt")
	operator.post(j.at+"/receipt", j.inspected("on_call", "yes")...).ok().has("nadie del destino se hizo cargo", j.at+"/acceptance").hasNot(j.at + "/receipt\"")
	operator.post(j.at+"/storage", "place", "nevera 2", "temperature", "5,0").ok().has(j.at + "/acceptance")
	j.pass(20 * time.Minute)
	operator = c.browser().signIn("ana")
	operator.post(j.at+"/acceptance", "container", j.bag.ID.String(), "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1002").ok().
		has("Tardío: recogida 20\u00a0min después de la recepción").hasNot("nadie del destino", "La cadena no está completa", j.at+"/acceptance", j.at+"/offer")
	require.Equal(t, "plant", string(j.load().Chain().Holder().Party))
}

// Seals that differ are said to differ, in words, where nothing is missing; who has yet to read them does not see them. The
// calibration of the logger ends on the day of its sticker, as when it was chosen (TR-6, TR-3).
func TestSealsThatDifferAreSaidInWords_TR6(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse, courier := c.browser().signIn("ana"), c.browser().signIn("rocio"), c.browser().signIn("inaki")
	chosen := regexp.MustCompile(`LOG-77 · calibrado hasta (\d\d [A-Z]{3} \d{4})`).FindStringSubmatch(operator.get("/shipments/new").ok().body)
	require.NotNil(t, chosen)
	j.plan(operator).has("calibrado hasta " + chosen[1] + "<")
	j.pack(nurse)
	nurse.post(j.at+"/offer", "container", j.bag.ID.String(), "to", "courier", "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1002").ok()
	courier.post(j.at+"/acceptance", "container", j.bag.ID.String(), "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1009").ok()
	c.browser().signIn("ines").get(j.at).ok().
		has("pero los precintos no coinciden", "Quien entrega leyó: A1001, A1002. Quien recibe leyó: A1001, A1009.").hasNot("Lo que falta se muestra como falta", "[A1001")
	operator.get(j.at).ok().has("Los precintos no coinciden").hasNot("A1009")
	operator.post(j.at+"/receipt", j.inspected("seals", "A1001, A1009")...).ok().has("al embalar, A1001, A1002; en la recepción, A1001, A1009")
}

// A shipment that does not take place is cancelled with a reason, beside the other acts and never as the first of them: it leaves
// the list, its page says who, when and why, also to QA, and its links open nothing (TR-8).
func TestAShipmentIsCancelledThroughTheForms_TR8(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse := c.browser().signIn("ana"), c.browser().signIn("rocio")
	j.plan(operator)
	link, pin := func() (string, string) {
		_, secrets, err := j.plant.People.IssuePass(t.Context(), j.author(people.Logistics, false), people.NewPass{Account: "inaki", Role: people.Courier, Scope: shipment.Stream(j.id), Until: j.clock().Add(time.Hour)})
		require.NoError(t, err)
		return desk.PassLink(j.plant, secrets.Token), secrets.PIN
	}()
	j.pack(nurse).has("Desembalar la caja").hasNot("Anular el envío")
	operator.get(j.at).ok().hasNot("Desembalar la caja", "Anular el envío")
	require.Equal(t, http.StatusConflict, operator.post(j.at+"/cancellation", "reason", "El mensajero no viene").has("lo que saca").status)
	nurse.post(j.at+"/unpacking", "raw", j.bag.Label, "place", "planta 3", "reason", "El mensajero no viene").ok().
		has("La caja está desembalada", "Desembalado antes de entregarlo", "A1001", "Planificado", "no se ha entregado nada").hasNot("Anular el envío")
	page := operator.get(j.at).ok().has("Anular el envío")
	require.Less(t, strings.Index(page.body, `class="act"`), 0, "no act of this person comes first")
	require.NotContains(t, page.body, `data-act="cancel" open`)
	operator.post(j.at+"/cancellation", "reason", "no").has("5 a 500")
	operator.post(j.at+"/cancellation", "reason", "El mensajero no viene").ok().has("El envío está anulado", "Motivo: El mensajero no viene", "fue anulado por Ana")
	c.browser().signIn("ines").get(j.at).ok().has("Anulado", "Motivo: El mensajero no viene")
	operator.get("/shipments").ok().hasNot(string(j.id))
	operator.get("/shipments?show=all").ok().has(string(j.id), "Anulado")
	nurse.get(j.at).ok().hasNot("Embalar la caja")
	require.Equal(t, http.StatusConflict, nurse.post(j.at+"/packing", "raw", j.bag.Label, "seals", "A1", "place", "planta 3").status)

	nurse.get(j.at + "/passes").ok().has("Envío anulado: no abre nada").hasNot("Dar enlace y PIN")
	require.Equal(t, http.StatusConflict, nurse.post(j.at+"/passes", "person", "inaki courier", "hours", "24").has("fue anulado").status)
	body, err := json.Marshal(map[string]any{"token": link, "pin": pin, "key": phonetest.New(t, "").Public(t)})
	require.NoError(t, err)
	phone := c.browser()
	opened := phone.page(phone.http.Post(phone.base+desk.API+"/courier/open", "application/json", bytes.NewReader(body)))
	require.Equal(t, http.StatusConflict, opened.status)
	opened.has("shipment-cancelled")
}
