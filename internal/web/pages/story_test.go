package pages_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
)

// seville is a plant with its people, who read one language.
func seville(t testing.TB, lang string) *crew {
	f := newFloor(t, "es-svq")
	return enrol(f, f.plants[0], "seville-fresh", lang)
}

// little makes the bag hold 55.5 mL, which is below its limit: the plant goes on with a deviation.
func (c *crew) little() {
	for step, values := range map[string]map[string]string{
		"S11": {"gross_mass": "90.0"},
		"S14": {"low_volume_choice": "process", "low_volume_decided_by": "Dra. Núñez, médica", "decision": "process_with_deviation", "reason": "La dosis alcanza"},
	} {
		maps.Copy(c.Values[step], values)
	}
}

func TestOneStepThroughTheForms(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S11")
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	ana := c.browser().signIn("ana")
	at := "/batches/" + number

	ana.get("/worklist").ok().has(number, "Le espera a usted", "Pesar", "DEMOSTRACIÓN")
	p := ana.get(at).ok().has("Escanee: bolsa de extracción de médula ósea", "Ana Belén Carreño Ruiz", "REX-001 v2", "Caduca como máximo")
	p = ana.post(at+"/steps/S11/fields/bag_scan/scan", "seen", p.field("seen"), "raw", bag.Label).ok().has("El escaneo coincide", "Escanee: Balanza")
	p = ana.post(at+"/steps/S11/fields/balance_id/enter", "seen", p.field("seen"), "raw", "]d1DEV-BALANCE").ok().has("Confirmar masa bruta", "> 0,0")
	ana.get(at+"/steps/S11/fields/gross_mass/echo?value=143,6").ok().has("143,6", "dentro del límite").hasNot("<html")
	ana.get(at + "/steps/S11/fields/gross_mass/echo?value=1.234").ok().has("puede leerse como")
	p = ana.post(at+"/steps/S11/fields/gross_mass/enter", "seen", p.field("seen"), "value", "abc")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("Esto no es un número", `value="abc"`, "I13")
	p = ana.post(at+"/steps/S11/fields/gross_mass/enter", "seen", p.field("seen"), "value", "143.6").ok().has("143,6", "Confirmar masa de la tara")
	stale := ana.post(at+"/steps/S11/fields/tare_mass/enter", "seen", "1", "value", "31,2")
	require.Equal(t, http.StatusConflict, stale.status)
	stale.has("Vuelva a mirar el lote", `value="31,2"`)
	p = ana.post(at+"/steps/S11/fields/tare_mass/enter", "seen", p.field("seen"), "value", "31,2").ok().has("Completar el paso", "106,0")
	p = ana.post(at+"/steps/S11/complete", "seen", p.field("seen")).ok().has("El paso está completado", "S12")

	p = ana.get(at+"?step=S11&correct=gross_mass").ok().has("Motivo de la corrección", "Corregir masa bruta")
	bad := ana.post(at+"/steps/S11/fields/gross_mass/correct", "seen", p.field("seen"), "value", "144,6", "reason", "no")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	bad.has("144,6", "Hace falta un motivo")
	ana.post(at+"/steps/S11/fields/gross_mass/correct", "seen", p.field("seen"), "value", "144,6", "reason", "Error de lectura").ok().
		has("144,6", "<s>143,6", "Error de lectura", "Cambiado tras la entrada")
}

// A label of another patient fills the screen, stands in the record, and only the right label goes on.
func TestWrongLabelStops_I4(t *testing.T) { // I4
	c := seville(t, "de")
	other, number := c.open("ES01-001"), c.open("ES01-002")
	c.play(other, "S11")
	c.play(number, "S11")
	_, foreign := c.state(other)
	_, own := c.state(number)
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	p := ana.get(at).ok()
	p = ana.post(at+"/steps/S11/fields/bag_scan/scan", "seen", p.field("seen"), "raw", foreign.OfKind("harvest-bag")[0].Label).ok()
	require.Equal(t, at+"/steps/S11/stop", p.path)
	p.has("STOPP", "Ein anderer Patient", foreign.CoI.Print(), own.CoI.Print(), "Erneut scannen").hasNot("<form id=\"act\"")
	p = ana.get(at).ok().has("GESTOPPT", "Identität stimmte nicht")
	p = ana.post(at+"/steps/S11/fields/bag_scan/scan", "seen", p.field("seen"), "raw", "hola")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("Das Etikett kann nicht gelesen werden")
	p = ana.get(at).ok()
	typed := strings.ToLower(own.OfKind("harvest-bag")[0].ID.Print())
	ana.post(at+"/steps/S11/fields/bag_scan/scan", "seen", p.field("seen"), "raw", "", "typed", typed).ok().has("Der Scan stimmt überein")
}

func TestSecondPersonSignsAtTheTerminal_I7(t *testing.T) { // I7, I8
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S09")
	b, event := c.state(number)
	st, _ := b.Current()
	c.perform(number, st.Step)
	bag := event.OfKind("harvest-bag")[0]
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	p := ana.get(at).ok().has("Second person: Production operator", "scan it yourself", "stays signed in")
	p.hasNot(bag.ID.Print() + "</td>")
	wrong := ana.post(at+"/steps/S09/verify", "seen", p.field("seen"), "shown", p.field("shown"), "raw", bag.Label, "username", "jorge", "password", "nope")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	wrong.has("The username or the password is wrong", `value="jorge"`).hasNot("nope")
	self := ana.post(at+"/steps/S09/verify", "seen", p.field("seen"), "shown", p.field("shown"), "raw", bag.Label, "username", "ana", "password", password)
	require.Equal(t, http.StatusForbidden, self.status)
	self.has("cannot verify it")
	ana.post(at+"/steps/S09/verify", "seen", p.field("seen"), "shown", p.field("shown"), "raw", bag.Label, "username", "Jorge", "password", password).ok().
		has("The second person has signed", "Ana Belén Carreño Ruiz")
	b, _ = c.state(number)
	done, _ := b.Step("S09")
	require.Equal(t, "jorge", done.Verified.Account)
}

func TestHandoffOnPages_I6(t *testing.T) { // I6
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S07")
	at := "/batches/" + number
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	nurse, courier := c.browser().signIn("rocio"), c.browser().signIn("inaki")
	courier.get(at).ok().has("is for: Nurse")
	p := nurse.get(at).ok()
	p = nurse.post(at+"/steps/S07/fields/bag_scan/scan", "seen", p.field("seen"), "raw", bag.Label).ok()
	p = nurse.post(at+"/steps/S07/fields/box_id/enter", "seen", p.field("seen"), "value", "CAJA-017").ok()
	p = nurse.post(at+"/steps/S07/fields/logger_started_at/enter", "seen", p.field("seen"), "now", "1").ok()
	p = nurse.post(at+"/steps/S07/fields/packed_at/enter", "seen", p.field("seen"), "day", "22", "month", "11", "year", "2026", "hour", "14", "minute", "02").ok().
		has("22 NOV 2026 14:02 CET", "The box was packed before the logger was started", "Why is it so?")
	p = nurse.post(at+"/steps/S07/fields/packed_at/comment", "seen", p.field("seen"), "text", "The clock on the wall is behind.").ok().has("The comment is saved", "The clock on the wall is behind.")
	p = nurse.post(at+"/steps/S07/fields/box_conditioned/enter", "seen", p.field("seen"), "value", "true").ok().has("Hand over", "hospital")
	nurse.post(at+"/handoff/offer", "container", p.field("container"), "to", p.field("to"), "raw", bag.Label, "place", "Ward 3", "seals", "A1, A2").ok().has("Waits for the handoff")
	courier.get("/worklist").ok().has("Waits for you", "Change of custody")
	p = courier.get(at).ok().has("Take over").hasNot("Ward 3", "A1")
	courier.post(at+"/handoff/accept", "container", p.field("container"), "raw", bag.Label, "place", "Ward 3", "seals", "A1,A2").ok().has("Custody is taken over")
	_, event = c.state(number)
	require.Equal(t, chainofcustody.Courier, event.OfKind("harvest-bag")[0].Custodian.Party)
	require.Empty(t, event.Offers[0].Disagrees)
	nurse.get(at).ok().has("Complete the step")
}

// A courier hands over at a step of the plant without reading its values.
func TestCourierHandsOverAtThePlant_I6(t *testing.T) { // I6
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S09")
	at := "/batches/" + number
	courier := c.browser().signIn("inaki")
	p := courier.get(at).ok().has("not for your role", "Hand over")
	offer := func(raw string) page {
		return courier.post(at+"/handoff/offer", "container", p.field("container"), "to", p.field("to"), "raw", raw, "place", "dock", "seals", "")
	}
	_, event := c.state(number)
	require.NotEqual(t, 200, offer("").status, "not without the giver's own scan")
	offer(event.OfKind("harvest-bag")[0].Label).ok().has("Handed over")
	_, event = c.state(number)
	require.Len(t, event.Offers, 2)
	require.Equal(t, chainofcustody.Plant, event.Offers[1].To.Party)
}

func TestReleaseOnPages_I9(t *testing.T) { // I9
	c := seville(t, "es")
	c.little()
	number := c.open("ES01-003")
	c.play(number, "")
	at := "/batches/" + number
	qa, qp := c.browser().signIn("ines"), c.browser().signIn("mercedes")
	b, _ := c.state(number)
	found, _ := b.Exceptions()
	require.NotEmpty(t, found)
	qp.get(at+"/release").ok().has("No hay una revisión firmada", "CS-44", "Fuera del límite", "Volumen neto", "Aún no se puede firmar").hasNot("Firmar: Certificación")
	p := qa.get(at+"/release").ok().has("Evaluar", "comprobaciones evaluadas")
	bad := qa.post(at+"/exceptions", "seen", p.field("seen"), "exception", found[0].ID, "classification", "minor", "text", "corto", "password", password)
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	bad.has(">corto</textarea>", "de 10 a 2000")
	for _, e := range found {
		p = qa.get(at + "/release").ok()
		p = qa.post(at+"/exceptions", "seen", p.field("seen"), "exception", e.ID, "classification", "minor", "text", "Sin efecto en el producto ni en el paciente.", "password", password).ok().has("La evaluación está firmada")
	}
	unticked := qa.post(at+"/acts/qa-review", "shown", p.field("shown"), "password", password)
	require.Equal(t, http.StatusConflict, unticked.status)
	unticked.has("Falta marcar una declaración")
	qa.post(at+"/acts/qa-review", "shown", p.field("shown"), "declaration.0", "1", "declaration.1", "1", "password", password).ok().has("Inés Villaseñor Cobo", "(+01:00)")
	p = qp.get(at+"/release").ok().has("Firmar: Certificación", "La autorización de fabricación permite")
	qp.post(at+"/acts/certification", "shown", p.field("shown"), "declaration.0", "1", "declaration.1", "1", "declaration.2", "1", "password", password).ok().has("Descargar certificado")
	qp.get("/register").ok().has(number, "Certificación inicial")
	list := qp.get("/certificates").ok()
	_, rest, _ := strings.Cut(list.body, `href="/certificates/`)
	link, _, _ := strings.Cut(rest, `"`)
	pdf := qp.get("/certificates/" + link).ok()
	require.Equal(t, "application/pdf", pdf.header.Get("Content-Type"))
	require.True(t, strings.HasPrefix(pdf.body, "%PDF-"))
	qp.get(at+"/record").ok().has("Valor introducido", "Paso completado", "UTC", "Menor")
	qa.get("/worklist").ok().has("Certificado")
}
