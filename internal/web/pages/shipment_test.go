package pages_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/material"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// voyage is one batch's marrow on its way, done through the forms.
type voyage struct {
	*crew
	number, at string // of the batch; path of the shipment's page
	id         shipment.ID
	bag        *chainofcustody.Container
	packed     time.Time
}

// voyage furnishes a plant with a batch that waits for its transport, and a logger.
func (c *crew) voyage() *voyage {
	c.t.Helper()
	return c.voyageOf("ES01-003")
}

func (c *crew) voyageOf(subject string) *voyage {
	c.t.Helper()
	j := &voyage{crew: c, number: c.open(subject)}
	c.play(j.number, "S07")
	c.Install(c.Scenario, "temperature-logger", "LOG-77")
	_, event := c.state(j.number)
	j.bag = event.OfKind("harvest-bag")[0]
	return j
}

// moment is a moment of the plant as its form asks for it.
func (c *crew) moment(prefix string, t time.Time) []string {
	t = t.In(c.plant.Profile.Location)
	return []string{prefix + "_day", t.Format("02"), prefix + "_month", t.Format("01"), prefix + "_year", t.Format("2006"), prefix + "_hour", t.Format("15"), prefix + "_minute", t.Format("04")}
}

// order is the form of a plan, changed where a test says so.
func (j *voyage) order(change ...string) []string {
	now := j.clock()
	fields := append([]string{
		"batch", j.number, "direction", "to-plant", "hospital", "Hospital Virgen del Rocío, planta 3", "lane", "cold-2-8", "box", "BOX-7", "logger", "log-77", "config", "CFG-2-8", "language", "es",
	}, append(j.moment("pickup", now.Add(time.Minute)), j.moment("arrival", now.Add(4*time.Hour))...)...)
	for i := 0; i+1 < len(change); i += 2 {
		for k := 0; k < len(fields); k += 2 {
			if fields[k] == change[i] {
				fields[k+1] = change[i+1]
			}
		}
	}
	return fields
}

// plan plans the shipment through the form.
func (j *voyage) plan(by *browser) page {
	p := by.post("/shipments", j.order()...).ok()
	j.at = strings.Split(p.path, "?")[0]
	j.id = shipment.ID(strings.TrimPrefix(j.at, "/shipments/"))
	return p
}

func (j *voyage) pack(by *browser) page {
	p := by.post(j.at+"/packing", "raw", j.bag.Label, "seals", "A1001\nA1002", "place", "planta 3").ok()
	j.packed = j.clock()
	return p
}

// hand lets one side give and another take by a scan each.
func (j *voyage) hand(from, to *browser, party chainofcustody.Party) page {
	from.post(j.at+"/offer", "container", j.bag.ID.String(), "to", string(party), "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1002").ok()
	return to.post(j.at+"/acceptance", "container", j.bag.ID.String(), "raw", j.bag.Label, "place", "muelle", "seals", "A1001, A1002").ok()
}

// arrive brings the box to the plant.
func (j *voyage) arrive() {
	nurse, courier, operator := j.browser().signIn("rocio"), j.browser().signIn("inaki"), j.browser().signIn("ana")
	j.plan(operator)
	j.pack(nurse)
	j.hand(nurse, courier, chainofcustody.Courier)
	j.pass(2 * time.Hour)
	operator = j.browser().signIn("ana")
	courier = j.browser().signIn("inaki")
	j.hand(courier, operator, chainofcustody.Plant)
}

// inspected is the form of an inspection without findings, changed where a test says so.
func (j *voyage) inspected(change ...string) []string {
	fields := []string{
		"box", "BOX-7", "seals", "A1001\nA1002", "raw", j.bag.Label, "seals_ok", "yes", "leak", "no", "on_call", "no", "label_coi", "yes", "label_subject_no", "yes", "label_birth_year", "yes",
		"label_din", "yes", "label_site", "yes", "label_collected_at", "yes", "volume", "85", "temperature", "5,1", "condition", "rojo oscuro, sin coágulos",
	}
	for i := 0; i+1 < len(change); i += 2 {
		for k := 0; k < len(fields); k += 2 {
			if fields[k] == change[i] {
				fields[k+1] = change[i+1]
			}
		}
	}
	return fields
}

// sheet is a logger file from packing until now, at those tenths of a degree in turn.
func (j *voyage) sheet(serial string, tenths ...int) string {
	var s strings.Builder
	fmt.Fprintf(&s, "# rexbatch-temperature: 1\n# serial: %s\n# interval_min: 5\ntime,temperature_C\n", serial)
	for i, at := 0, j.packed.Add(-5*time.Minute); at.Before(j.clock()); i, at = i+1, at.Add(5*time.Minute) {
		v := tenths[i%len(tenths)]
		fmt.Fprintf(&s, "%s,%d.%d\n", at.UTC().Format(time.RFC3339), v/10, v%10)
	}
	return s.String()
}

// files posts a form with files, as browsers do: name, file's name and content in turn.
func (b *browser) files(path string, parts ...string) page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+2 < len(parts); i += 3 {
		w, err := form.CreateFormField(parts[i])
		if parts[i+1] != "" { // the name of a file
			w, err = form.CreateFormFile(parts[i], parts[i+1])
		}
		require.NoError(b.t, err)
		_, err = w.Write([]byte(parts[i+2]))
		require.NoError(b.t, err)
	}
	require.NoError(b.t, form.Close())
	r, err := b.http.Post(b.base+path, form.FormDataContentType(), &body)
	return b.page(r, err)
}

func (j *voyage) load() *shipment.Shipment {
	s, err := j.plant.Shipments().Load(j.t.Context(), j.id)
	require.NoError(j.t, err)
	return s
}

// From the plan to the closed shipment through the forms: both sides scan, the chain is whole, the file is compared.
func TestShipmentThroughTheForms_TR6(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse := c.browser().signIn("ana"), c.browser().signIn("rocio")
	operator.get("/shipments").ok().has("no se ha planificado ningún envío", "Planificar un envío")
	operator.get("/shipments/new").ok().has("LOG-77 · calibrado hasta", "cold-2-8: 2,0 a 8,0")
	late := operator.post("/shipments", j.order("logger", "LOG-78")...)
	require.Equal(t, http.StatusNotFound, late.status)
	late.has(`value="BOX-7"`, "Hospital Virgen del Rocío") // what was typed is kept
	nurse.get("/shipments").ok().hasNot("Planificar un envío")
	require.Equal(t, http.StatusForbidden, nurse.get("/shipments/new").status)

	j.plan(operator).has("El envío está planificado", "BOX-7", "LOG-77", "CFG-2-8", "Planificado")
	nurse.get("/shipments").ok().has("Embalar", "BOX-7")
	operator.get(j.at).ok().hasNot("Embalar la caja") // the sender packs
	j.pack(nurse).has("La caja está embalada", "A1001", "Cadena de custodia", "Rocío")
	j.arrive2()
	operator = c.browser().signIn("ana")
	operator.get("/shipments?raw="+"BOX-7").ok().has(string(j.id), "muelle", "hora del servidor", "la tiene ahora")
	unanswered := operator.post(j.at+"/receipt", j.inspected("label_din", "")...)
	require.Equal(t, http.StatusUnprocessableEntity, unanswered.status)
	unanswered.has("Falta responder", "rojo oscuro")
	operator.post(j.at+"/receipt", j.inspected()...).ok().has("La caja está recibida", "No se encontró nada", "85\u00a0mL", "5,1\u00a0°C", "rojo oscuro")
	p := operator.files(j.at+"/logger", "file", "run.csv", j.sheet("LOG-77", 45, 46, 52)).ok().
		has("El archivo está importado", "<svg class=\"chart\"", "Temperatura cinética media", "Corresponde a este envío", "5,2\u00a0°C")
	require.Empty(t, inline.FindString(p.body))
	require.NotContains(t, p.body, "ZgotmplZ")
	file := operator.get(j.at + "/files/" + j.load().Imports[0].File.String()).ok()
	require.Equal(t, j.sheet("LOG-77", 45, 46, 52)[:200], file.body[:200])
	require.Contains(t, file.header.Get("Content-Disposition"), "attachment")
	require.Equal(t, http.StatusNotFound, operator.get(j.at+"/files/"+strings.Repeat("0", 64)).status)
	operator.post(j.at+"/closing", "reason", "").ok().has("El envío está cerrado", "Cerrado")
	operator.get("/shipments").ok().has("No hay ninguno de estos")
	require.Equal(t, shipment.Closed, j.load().Status())
}

// arrive2 brings a packed box to the plant.
func (j *voyage) arrive2() {
	nurse, courier := j.browser().signIn("rocio"), j.browser().signIn("inaki")
	j.hand(nurse, courier, chainofcustody.Courier)
	j.pass(2 * time.Hour)
	j.hand(j.browser().signIn("inaki"), j.browser().signIn("ana"), chainofcustody.Plant)
}

// process scenario 2: the missing field is listed, the hospital confirms it itself, late, and only then QA accepts.
func TestScenario2_TheHospitalConfirmsWhatIsMissingOnTheLabel(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	j.arrive()
	operator := c.browser().signIn("ana")
	operator.post(j.at+"/receipt", j.inspected("label_collected_at", "no")...).ok().
		has("En la etiqueta falta o difiere: Fecha y hora de la extracción", "AT-12", "El hospital lo confirma").hasNot("Confirmar lo que falta")
	qa := c.browser().signIn("ines")
	qa.get("/worklist").ok().has(string(j.id), "Decidir")
	seen := qa.get(j.at).ok().has("Terminar la cuarentena").field("seen")
	early := qa.post(j.at+"/quarantine", "seen", seen, "how", "accepted", "reason", "La fecha consta en el pedido", "password", password)
	require.Equal(t, http.StatusConflict, early.status)
	early.has("El hospital no ha confirmado Fecha y hora de la extracción")
	require.Equal(t, http.StatusForbidden, operator.post(j.at+"/label", "seen", seen, "element", "collected_at", "statement", "La fecha es de hoy", "password", password).status, "not by the plant")
	j.pass(40 * time.Minute)
	nurse := c.browser().signIn("rocio")
	seen = nurse.get(j.at).ok().has("Confirmar lo que falta en la etiqueta").field("seen")
	nurse.post(j.at+"/label", "seen", seen, "element", "collected_at", "statement", "Extraída el 22 NOV a las 08:40", "password", password).ok().
		has("asiento tardío, 40\u00a0min", "Extraída el 22 NOV", "Rocío")
	qa = c.browser().signIn("ines")
	stale := qa.post(j.at+"/quarantine", "seen", seen, "how", "accepted", "reason", "El hospital lo ha confirmado", "password", password)
	require.Equal(t, http.StatusConflict, stale.status, "nobody signs over what they have not seen (I8)")
	stale.has("ha cambiado desde que se mostró", "El hospital lo ha confirmado")
	seen = qa.get(j.at).field("seen")
	qa.post(j.at+"/quarantine", "seen", seen, "how", "accepted", "reason", "El hospital lo ha confirmado", "password", password).ok().has("La decisión está firmada", "Aclarado")
	b, _ := c.state(j.number)
	_, held := b.Held()
	require.False(t, held)
}

// process scenario 3: a label with another identity on the same bag is a stop; nobody may use "the first".
func TestScenario3_TwoIdentitiesOnOneBagAtReceipt_I4(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	other := c.open("ES01-009")
	c.play(other, "S07")
	_, event := c.state(other)
	j.arrive()
	stop := c.browser().signIn("ana").post(j.at+"/receipt", j.inspected("raw", j.bag.Label+"\n"+event.OfKind("harvest-bag")[0].Label)...)
	require.Equal(t, http.StatusConflict, stop.status)
	stop.has(`class="halt"`, `href="`+j.at+`"`)
	qa := c.browser().signIn("ines")
	p := qa.get(j.at).ok().has("Nadie puede elegir una de dos identidades", "I4", "Recibido")
	refused := qa.post(j.at+"/quarantine", "seen", p.field("seen"), "how", "accepted", "reason", "La primera es la buena", "password", password)
	require.Equal(t, http.StatusConflict, refused.status)
	refused.has("nadie puede aceptarlo")
	b, _ := c.state(j.number)
	h, held := b.Held()
	require.True(t, held)
	require.Equal(t, "identity", string(h.Cause))
}

// process scenario 9 and 4: what is missing in the chain is shown as missing, with its time; the material is in quarantine
// until QA decides, and identity is said not to be proven.
func TestScenarios4And9_AMissingLegIsShownAndNeverClosed_I6(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse := c.browser().signIn("ana"), c.browser().signIn("rocio")
	j.plan(operator)
	j.pack(nurse)
	j.pass(2*time.Hour + 5*time.Minute)
	// The hospital was offline: no scan of the pick-up. The courier delivers what no record says they took.
	j.leg("inaki", people.Courier, "ana", people.Operator)
	courier := c.browser().signIn("inaki")
	courier.get(j.at).ok().has("Falta un cambio de custodia", "No consta cómo llegó a este custodio", "2\u00a0h 0")
	operator = c.browser().signIn("ana")
	operator.post(j.at+"/receipt", j.inspected()...).ok().has("la identidad no está probada", "I6")
	b, _ := c.state(j.number)
	_, held := b.Held()
	require.True(t, held)
}

// leg records a change of hands that both sides signed on their phones while no scan of the one before was taken.
func (j *voyage) leg(giver string, as people.Role, taker string, to people.Role) {
	ctx, now := j.t.Context(), j.clock()
	holder := func(account string, role people.Role) shipment.Holder {
		party, _ := chainofcustody.PartyOf(role)
		return shipment.Holder{Party: party, Account: account, Role: string(role)}
	}
	h := chainofcustody.Handover{Container: j.bag.ID.String(), Seals: []string{"A1001", "A1002"}, Place: "muelle"}
	require.NoError(j.t, j.plant.Shipments().Change(ctx, j.author(to, false), j.id, func(s *shipment.Shipment, _ time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
		return s.Deliver(shipment.Online(holder(giver, as), holder(taker, to), now, now, h, h.Seals, shipment.Evidence{Kind: "phone", Ref: strings.Repeat("ab", 32)})), nil, nil, nil
	}))
}

// process scenario 10: not expected here; the plant to which it belongs is named, QA sends it on.
func TestScenario10_NotExpectedHereGoesIntoQuarantine(t *testing.T) {
	c := seville(t, "es")
	fin, err := isbt128.NewFIN("A9998")
	require.NoError(t, err)
	coi, err := isbt128.NewCoI(fin, 26, 7)
	require.NoError(t, err)
	operator := c.browser().signIn("ana")
	operator.get("/shipments/unexpected").ok().has("Ha llegado algo que ningún envío anuncia", "Un envío planificado se recibe en su propia página")
	unread := operator.post("/shipments/unexpected", "raw", "xx", "place", "estante Q1")
	require.Equal(t, http.StatusUnprocessableEntity, unread.status)
	p := operator.post("/shipments/unexpected", "raw", coi.Label(), "place", "estante Q1").ok().has("Está en cuarentena", "No se espera aquí", "estante Q1", "TR-8")
	at := strings.Split(p.path, "?")[0]
	qa := c.browser().signIn("ines")
	qa.get("/worklist").ok().has(strings.TrimPrefix(at, "/shipments/"))
	p = qa.get(at).ok().has("Reenviado a donde corresponde", "Asumido").hasNot("Aclarado")
	qa.post(at+"/quarantine", "seen", p.field("seen"), "how", "re-routed", "reason", "Enviado a Fráncfort con mensajero", "password", password).ok().has("La decisión está firmada", "Enviado a Fráncfort")
}

// process scenario 16: stored out of hours; the latest start of the work is shown, the clocks run on.
func TestScenario16_OutOfHours(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	j.arrive()
	lead, next := c.browser().signIn(c.who(people.ProductionLead, false)), c.browser().signIn("jorge")
	lead.get("/shipments").ok().has("Nadie está de guardia")
	refused := next.post("/on-call", "account", "ana")
	require.Equal(t, http.StatusForbidden, refused.status)
	refused.has("no pone a nadie de guardia")
	lead.post("/on-call", "account", "jorge").ok().has("El turno de guardia ha cambiado", "Jorge Peñalver Rincón")
	operator := c.browser().signIn("ana")
	operator.post(j.at+"/receipt", j.inspected("on_call", "yes")...).ok().has("Llegó fuera de horario", "Almacenar la caja", "Los relojes siguen", "Aviso fuera de horario", "Responder antes de").hasNot("Acudo yo")
	next.get("/lots").ok().has("De guardia: Jorge Peñalver Rincón. Ha llegado material fuera de horario", string(j.id)) // whatever they look at
	next.get("/worklist").ok().has("Responder al aviso")
	lead.get("/worklist").ok().hasNot("Responder al aviso")
	j.pass(16 * time.Minute)
	lead = c.browser().signIn(c.who(people.ProductionLead, false))
	lead.get("/worklist").ok().has("no ha respondido a tiempo", "Responder al aviso")
	next = c.browser().signIn("jorge")
	next.post(j.at+"/call").ok().has("Acude", "Anotado: acude usted").hasNot("Responder antes de")
	lead.get("/worklist").ok().hasNot("no ha respondido a tiempo", "Responder al aviso")
	late := lead.post(j.at + "/call")
	require.Equal(t, http.StatusConflict, late.status)
	late.has("Jorge Peñalver Rincón ya ha tomado el aviso")
	operator = c.browser().signIn("ana")
	operator.post(j.at+"/storage", "place", "nevera 2", "temperature", "4,1").ok().has("4,1\u00a0°C", "El procesamiento debe empezar antes de", "nevera 2")
	require.False(t, j.load().Storage.LatestStart.IsZero())
	operator.get("/shipments").ok().has("Fuera de horario")
}

// process scenario 17: excursion computed from the file, both sides told, QA decides with the viability before them; the
// hospital does not see it.
func TestScenario17_ExcursionOnThePage_TR2(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	j.arrive()
	operator := c.browser().signIn("ana")
	operator.post(j.at+"/receipt", j.inspected()...).ok()
	operator.files(j.at+"/logger", "file", "run.csv", j.sheet("LOG-77", 45, 123, 124, 121)).ok().
		has("12,4\u00a0°C", "TR-2", "El material queda retenido", `class="chart-line chart-out"`, "Lo he leído", "sin acuse de recibo").hasNot("Decidir sobre la temperatura")
	c.browser().signIn("rocio").post(j.at+"/acknowledgement", "what", "excursion").ok().has("Acuse de recibo anotado", "hospital")
	qa := c.browser().signIn("ines")
	qa.get("/worklist").ok().has(string(j.id))
	p := qa.get(j.at).ok().has("Decidir sobre la temperatura", "Viabilidad en el control en proceso", "aún no medida")
	wrong := qa.post(j.at+"/excursion", "seen", p.field("seen"), "viability", "", "verdict", "use", "stability", "STAB-REX-003", "reason", "Cubierto por el estudio", "password", "nope")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	p = qa.get(j.at).ok()
	qa.post(j.at+"/excursion", "seen", p.field("seen"), "viability", "", "verdict", "use", "stability", "STAB-REX-003", "reason", "Cubierto por el estudio", "password", password).ok().
		has("La decisión está firmada", "STAB-REX-003", "El material puede usarse")
	b, _ := c.state(j.number)
	_, held := b.Held()
	require.False(t, held, "the batch goes on")
}

// process scenario 18: the file of another logger is refused in the person's language, and kept.
func TestScenario18_FileOfAnotherLoggerOnThePage_I14(t *testing.T) {
	c := seville(t, "de")
	j := c.voyage()
	j.arrive()
	operator := c.browser().signIn("ana")
	text := j.sheet("LOG-99", 45)
	p := operator.files(j.at+"/logger", "file", "run.csv", text)
	require.Equal(t, http.StatusConflict, p.status)
	p.has("Seriennummer LOG-99 in der Datei, LOG-77 im Auftrag", "TR-9", "Abgewiesen, als Beweis aufbewahrt", "run.csv").hasNot(`class="chart"`)
	require.Equal(t, text, operator.get(j.at+"/files/"+j.load().Imports[0].File.String()).ok().body)
	p = operator.files(j.at+"/logger", "file", "x.txt", "not a logger")
	require.Equal(t, http.StatusConflict, p.status)
	p.has("sie ist nicht lesbar", "x.txt")
}

// process scenario 53: both plants' QA sign at one terminal; lane and expiry are the new plant's.
func TestScenario53_PlantSwitchThroughTheForm(t *testing.T) {
	f := newFloor(t, "es-svq", "de-fra")
	c := enrol(f, f.plants[0], "seville-fresh", "es")
	f.parts[f.plants[1]].Hire("greta", "Greta Vogel", "de", people.QA)
	j := c.voyage()
	nurse, courier, operator := c.signedIn("rocio"), c.signedIn("inaki"), c.signedIn("ana")
	j.plan(operator)
	j.pack(nurse)
	j.hand(nurse, courier, chainofcustody.Courier)
	qa := c.signedIn("ines")
	p := qa.get(j.at).ok().has("Enviarlo a otra planta", "Firma QA de ambas plantas")
	fields := append([]string{"seen", p.field("seen"), "site", "DE-FRA", "lane", "cold-2-8", "reason", "La sala de Sevilla está averiada", "password", password, "username", "greta"}, j.moment("arrival", c.clock().Add(8*time.Hour))...)
	alone := qa.post(j.at+"/plant", append(fields, "second_password", "nope")...)
	require.Equal(t, http.StatusUnauthorized, alone.status)
	qa = c.signedIn("ines")
	qa.post(j.at+"/plant", append(fields, "second_password", password)...).ok().has("La planta ha cambiado", "ES-SVQ → DE-FRA", "Greta Vogel", "Inés")
	s := j.load()
	require.Equal(t, "DE-FRA", s.Plan.To.Site)
	b, _ := c.state(j.number)
	latest, ok := b.LatestExpiry(f.plants[1].Batches.Recipe)
	require.True(t, ok)
	require.Equal(t, latest.UTC(), s.Plan.Expiry.UTC(), "computed by the recipe of the plant that takes it")
	require.Equal(t, "es", s.Plan.Language, "of the destination's labels")

	qa.get(j.at).ok().has("Entregar el lote")
	early := qa.post(j.at + "/hand-on")
	require.Equal(t, http.StatusConflict, early.status)
	early.has("El paso S07 no está terminado")
	c.play(j.number, "S08") // the hospital ends what it does
	qa = c.signedIn("ines")
	qa.post(j.at+"/hand-on").ok().has("El lote está entregado", "Expediente del lote")
	dossier := qa.get("/batches/" + j.number + "/dossier").ok()
	qa.get("/batches/"+j.number+"/course").ok().has("Entregado", "Sigue en DE-FRA")
	nurse = c.signedIn("rocio")
	require.Equal(t, http.StatusForbidden, nurse.get("/batches/"+j.number+"/dossier").status)

	key := c.plant.Log.Key()
	f.plants[1].Batches.FellowLogs = func(string) []string { return nil }
	greta := c.browser()
	greta.post("/sign-in", "plant", "DE-FRA", "username", "greta", "password", password).ok()
	greta.get("/shipments").ok().has("Charge übernehmen")
	greta.get("/taken-on").ok().has("Dossier der Charge")
	unknown := greta.files("/taken-on", "password", "", password, "file", "x.json", dossier.body)
	require.Equal(t, http.StatusForbidden, unknown.status)
	unknown.has("kennt das Protokoll von ES-SVQ nicht")
	f.plants[1].Batches.FellowLogs = func(site string) []string { return map[string][]string{"ES-SVQ": {key}}[site] }
	cut := greta.files("/taken-on", "password", "", password, "file", "x.json", dossier.body[:1000])
	require.Equal(t, http.StatusUnprocessableEntity, cut.status)
	cut.has("Das Dossier kann nicht angenommen werden")
	greta.files("/taken-on", "password", "", password, "file", "x.json", dossier.body).ok().has("Die Charge ist übernommen", "Von ES-SVQ, Charge "+j.number, "Dossier der Charge")
	greta.get("/shipments").ok().has(string(j.id))
	greta.get(j.at).ok().has("Unterwegs")
	b, _ = c.state(j.number)
	kit, _ := b.Step("S03")
	lot, err := material.ParseNumber(kit.Lots[0].Lot)
	require.NoError(t, err)
	require.NoError(t, c.Batches.Materials().Block(t.Context(), c.As(people.QA, false), lot, 0, "recalled by its maker"))
	newer := qa.get("/batches/" + j.number + "/dossier").ok()
	greta.files("/taken-on", "password", "", password, "file", "x.json", newer.body).ok().
		has("Was die andere Stätte seither erfuhr", "recalled by its maker", "Was ES-SVQ später zur Charge "+j.number+" fand", "Materialcharge wurde gesperrt")
	fra, err := f.plants[1].Batches.Of(t.Context(), b.CoI)
	require.NoError(t, err)
	w := newTab(t, f.server.URL, terminal)
	for _, at := range []struct{ plant, who, path, page string }{
		{"ES-SVQ", "ines", j.at, "shipment"}, {"ES-SVQ", "ines", "/batches/" + j.number + "/course", "course"},
		{"DE-FRA", "greta", "/batches/" + fra + "/course", "course"}, {"DE-FRA", "greta", "/batches/" + fra, "batch"}, {"DE-FRA", "greta", "/batches/" + fra + "/record", "record"}, {"DE-FRA", "greta", j.at, "shipment"},
	} {
		w.open("/sign-in")
		require.True(t, eval[bool](w, `fetch("/sign-in", {method: "POST", body: new URLSearchParams({plant: "`+at.plant+`", username: "`+at.who+`", password: "`+password+`"})}).then((r) => r.ok)`))
		for _, d := range []device{terminal, phone} {
			w.at(d)
			w.open(at.path)
			require.Equal(t, at.page, eval[string](w, `document.body.dataset.page`), later(w.text))
			require.Empty(t, w.unreadable(), at.path)
			w.shot("switched-" + at.plant + "-" + at.page + "-" + d.name)
			w.whole("switched-" + at.plant + "-" + at.page + "-" + d.name)
		}
	}
}

// signedIn is a browser of somebody of the crew's plant, where the server has several.
func (c *crew) signedIn(username string) *browser {
	b := c.browser()
	b.post("/sign-in", "plant", c.plant.Site(), "username", username, "password", password).ok()
	return b
}

// A link and a PIN are shown once; who lost a phone is shut out.
func TestPassesOfAShipment_Screens23(t *testing.T) {
	c := seville(t, "en")
	j := c.voyage()
	operator := c.browser().signIn("ana")
	j.plan(operator)
	operator.get(j.at+"/passes").ok().has("Nobody has a link", "Courier")
	p := operator.post(j.at+"/passes", "person", "inaki courier", "hours", "48").ok().has("Shown once", `class="pass-code"`, "/courier/#ES-SVQ~", "In force")
	require.NotContains(t, operator.get(j.at+"/passes").ok().body, "/courier/#", "once")
	require.Equal(t, "no-store", p.header.Get("Cache-Control"))
	passes, err := c.plant.People.Passes(t.Context(), shipment.Stream(j.id))
	require.NoError(t, err)
	require.Len(t, passes, 1)
	operator.post(j.at+"/passes/"+passes[0].ID+"/revoke", "reason", "phone lost").ok().has("The link is withdrawn", "Withdrawn")
	nobody := operator.post(j.at+"/passes", "person", "hector qa", "hours", "48")
	require.Equal(t, http.StatusUnprocessableEntity, nobody.status)
	require.Equal(t, http.StatusForbidden, c.browser().signIn("hector").get(j.at+"/passes").status)
}

// What the receipt and the logger's file say is taken into S09 and S10 of the batch, each value with its source (I14).
func TestReceiptAndLoggerFillTheBatch_I14(t *testing.T) {
	c := seville(t, "es")
	j := c.voyage()
	operator, nurse := c.browser().signIn("ana"), c.browser().signIn("rocio")
	j.plan(operator)
	nurse.post(j.at+"/packing", "raw", j.bag.Label, "seals", "SEAL-1", "place", "planta 3").ok()
	j.packed = j.clock()
	c.play(j.number, "S09") // the hospital hands over, the courier drives
	operator, courier := c.browser().signIn("ana"), c.browser().signIn("inaki")
	courier.post(j.at+"/offer", "container", j.bag.ID.String(), "to", "plant", "raw", j.bag.Label, "place", "muelle", "seals", "SEAL-1").ok()
	operator.post(j.at+"/acceptance", "container", j.bag.ID.String(), "raw", j.bag.Label, "place", "muelle", "seals", "SEAL-1").ok()
	operator.post(j.at+"/receipt", j.inspected("seals", "SEAL-1")...).ok()
	operator.files(j.at+"/logger", "file", "run.csv", j.sheet("LOG-77", 45, 46, 52)).ok()
	at := "/batches/" + j.number
	b, _ := c.state(j.number)
	st, _ := b.Step("S09")
	c.stand(b, st.Step)
	p := operator.get(at).ok()
	p = operator.post(at+"/steps/S09/fields/bag_scan/scan", "seen", p.field("seen"), "raw", j.bag.Label).ok().has("Tomar los valores del envío", string(j.id))
	operator.post(at+"/steps/S09/shipment", "seen", p.field("seen")).ok().has("Tomado del envío", "del envío "+string(j.id)).hasNot("Tomar los valores del envío")
	b, _ = c.state(j.number)
	for ref, want := range map[string]string{"S09.seal_ok": "true", "S09.leak": "false", "S09.arrival": "in_hours", "S09.label_complete": "true"} {
		got, ok := b.Value(ref)
		require.True(t, ok, ref)
		require.Equal(t, want, got.Value.String(), ref)
		require.Equal(t, batch.Shipped, got.Origin)
		require.Equal(t, string(j.id), got.Ref)
	}
	_, asked := b.Value("S09.clots")
	require.False(t, asked, "what the inspection did not ask is still looked at")
	again := operator.post(at + "/steps/S10/shipment")
	require.NotEqual(t, http.StatusOK, again.status, "in its own step, when that is open")
}

// tray takes what is printed.
type tray struct{ jobs []batch.PrintJob }

func (p *tray) Print(_ context.Context, job batch.PrintJob) error {
	p.jobs = append(p.jobs, job)
	return nil
}

// The label of the box stands on the page once it is packed: as a picture, as files, and to be printed by the sender; again only
// with a reason and a second person.
func TestBoxLabelOnThePage_LB1(t *testing.T) {
	c := seville(t, "es")
	printer := &tray{}
	j := c.voyage()
	c.plant.Batches.Printer = printer
	operator, nurse := c.browser().signIn("ana"), c.browser().signIn("rocio")
	j.plan(operator).hasNot("Etiqueta de la caja")
	j.pack(nurse).has("Etiqueta de la caja", "Imprimir la etiqueta")
	picture := operator.get(j.at + "/box/label.png").ok()
	require.Equal(t, "image/png", picture.header.Get("Content-Type"))
	nurse.post(j.at+"/box", "role", "").ok().has("se envió a la impresora", "# 1")
	require.Equal(t, string(j.id), printer.jobs[0].Code)
	require.Equal(t, http.StatusConflict, nurse.post(j.at+"/box", "reason", "manchada al pegarla").status)
	nurse.post(j.at+"/box", "reason", "manchada al pegarla", "username", "lucia", "password", password).has("manchada al pegarla")
	require.Len(t, printer.jobs, 1, "a coordinator is no second nurse")
}
