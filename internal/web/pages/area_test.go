package pages_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// lab registers an aseptic area through its form, as one who may.
func (c *crew) lab(id string) {
	c.t.Helper()
	c.browser().signIn(c.who(people.QA, false)).post("/areas", "id", id, "kind", "aseptic", "name", "Sala aséptica 1", "grade", "A/B", "minutes", "240").ok().has(id)
}

// takes has a batch take an area, as the batch does in its own append.
func (c *crew) takes(id, number string) {
	c.t.Helper()
	ctx, by := context.Background(), c.author(people.Operator, false)
	a, err := c.plant.Batches.Areas().Load(ctx, id)
	require.NoError(c.t, err)
	b, _ := c.state(number)
	change := a.Change(by, c.clock())
	draft, err := change.Occupy(c.clock(), number, b.CoI)
	require.NoError(c.t, err)
	require.NoError(c.t, change.Add(draft))
	stream, views, err := change.Append()
	require.NoError(c.t, err)
	_, err = c.plant.Log.Append(ctx, ledger.Append{Author: by, Streams: []ledger.StreamAppend{stream}, Views: views})
	require.NoError(c.t, err)
}

var clean = []string{"form", "clear", "nothing_foreign", "yes", "foreign_labels", "0", "previous_closed", "yes", "role", "operator", "username", "jorge", "password", password}

func TestAreaIsClearedOnItsPage_AT51(t *testing.T) {
	c := seville(t, "es")
	ana, at := c.browser().signIn("ana"), "/areas/SVQ-A1"
	ana.get("/areas").ok().has("Todavía no hay ninguna área").hasNot("Registrar un área")
	refused := c.browser().signIn("ines").post("/areas", "id", "svq", "kind", "aseptic", "name", "Sala", "grade", "A/B", "minutes", "many")
	require.Equal(t, http.StatusUnprocessableEntity, refused.status)
	refused.has("no es un número entero", `value="svq"`, `value="many"`, "<option value=\"A/B\" selected>")
	c.lab("SVQ-A1")
	ana.get("/areas").ok().has("SVQ-A1", "sin despejar", "A en B")

	p := ana.post(at+"/clear", "form", "clear", "foreign_labels", "0")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("La lista de comprobación no está completa", "AT-51")
	p = ana.post(at+"/clear", "form", "clear", "nothing_foreign", "yes", "foreign_labels", "dos", "previous_closed", "yes")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("no es un número entero", `value="dos"`)
	p = ana.post(at+"/clear", "form", "clear", "nothing_foreign", "yes", "foreign_labels", "2", "previous_closed", "yes")
	require.Equal(t, http.StatusConflict, p.status)
	p.has("Se encontraron 2 etiquetas de otro lote", "no despejada")
	wrong := append(append([]string{}, clean[:len(clean)-1]...), "nope")
	p = ana.post(at+"/clear", wrong...)
	require.Equal(t, http.StatusUnauthorized, p.status)
	p.has(`value="jorge"`).hasNot("nope")
	ana.post(at+"/clear", clean...).ok().has("El área de trabajo está despejada", "quedan", "Jorge Peñalver Rincón", "válido hasta 22 NOV 2026 18:0")

	number := c.open("ES01-003")
	c.takes("SVQ-A1", number)
	ana.get(at).ok().has("en uso", number).hasNot("Declarar despejada")
	p = ana.post(at+"/clear", clean...)
	require.Equal(t, http.StatusConflict, p.status)
	p.has("El lote " + number + " está abierto en el área de trabajo SVQ-A1")
	qa := c.browser().signIn("ines")
	p = qa.post(at+"/free", "form", "free", "reason", "no")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has(">no</textarea>")
	qa.post(at+"/free", "form", "free", "reason", "El lote se detuvo").ok().has("El área de trabajo está libre", "retirada al lote", "El lote se detuvo", "sin despejar")
}

func TestEnvironmentOnPages_AT50(t *testing.T) {
	c := seville(t, "de")
	c.lab("SVQ-A1")
	ana, at := c.browser().signIn("ana"), "/areas/SVQ-A1"
	ana.post(at+"/clear", clean...).ok()
	number := c.open("ES01-003")
	c.takes("SVQ-A1", number)
	c.pass(10 * time.Minute)

	reading := []string{"form", "readings", "kind", "particles-0.5", "value", "3521", "source", "APC-04", "minutes", "3"}
	p := ana.post(at+"/readings", reading...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("Es ist nicht angegeben, wann es endete", `value="APC-04"`, `<option value="particles-0.5" selected>`)
	ana.post(at+"/readings", append(reading, "now", "1")...).ok().has("3521", "Grenze überschritten", number, "≤ 3520")
	p = ana.post(at+"/readings", append(reading, "day", "25", "month", "10", "year", "2026", "hour", "02", "minute", "30")...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("zweimal oder gar nicht", `name="offset"`)
	ana.post(at+"/readings", append(reading, "day", "25", "month", "10", "year", "2026", "hour", "02", "minute", "30", "offset", "+01:00")...).ok()
	a, err := c.plant.Batches.Areas().Load(t.Context(), "SVQ-A1")
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), a.Readings[1].To)
	p = ana.post(at+"/readings", append(reading, "day", "31", "month", "02", "year", "2026", "hour", "02", "minute", "30")...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("Diesen Tag gibt es nicht")
	p = ana.post(at+"/readings", append(reading, "day", "23", "month", "11", "year", "2026", "hour", "02", "minute", "30")...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("Die Zeit von 23 NOV 2026 02:27 CET bis 23 NOV 2026 02:30 CET ist kein vergangener Zeitraum")

	plate := []string{"form", "plates", "kind", "settle-plate", "plate", "p-0012", "position", "links", "minutes", "5", "now", "1"}
	ana.post(at+"/plates", plate...).ok().has("P-0012", "Sedimentationsplatte", "Ergebnis eingeben")
	p = ana.post(at+"/plates/P-0012/result", "form", "P-0012", "colonies", "viele")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has(`value="viele"`, "keine ganze Zahl")
	ana.post(at+"/plates/P-0012/result", "form", "P-0012", "colonies", "1", "note", "Micrococcus luteus").ok().has("1\u00a0KBE", "Micrococcus luteus", "Keine Platte wartet")
}

func TestAreaPagesKeepThePolicy(t *testing.T) {
	c := seville(t, "es")
	c.lab("SVQ-A1")
	ana := c.browser().signIn("ana")
	ana.post("/areas/SVQ-A1/clear", clean...).ok()
	for _, path := range []string{"/areas", "/areas/SVQ-A1"} {
		p := ana.get(path).ok()
		require.Empty(t, inline.FindString(p.body), path)
		require.Empty(t, numericDate.FindString(p.text()), path)
		require.NotContains(t, p.body, "ZgotmplZ")
	}
	require.Equal(t, http.StatusForbidden, c.browser().signIn("inaki").get("/areas").status)
}

// What stands around a step comes as parts, for a page that keeps itself up to date; it asks for no more than the page.
func TestPartsOfAnOpenPage(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S03")
	path := "/batches/" + number + "/timeline?step=S03"
	p := c.browser().signIn("ana").get(path).ok().has(`data-part="timeline"`, `data-part="strip"`, `data-part="clocks"`, `data-part="found"`, `aria-current="step"`).hasNot("<html", "<form")
	require.Empty(t, inline.FindString(p.body))
	c.browser().signIn("inaki").get(path).ok().has(`data-part="timeline"`).hasNot(`data-part="found"`)
	require.Equal(t, http.StatusNotFound, c.browser().signIn("ana").get("/batches/"+number+"/timeline?step=S99").status)
	require.Equal(t, http.StatusUnauthorized, c.browser().get(path).status)
	ana := c.browser().signIn("ana")
	for range 4 { // looking does not keep a session alive (CS-38)
		c.pass(5 * time.Minute)
		p = ana.get(path)
	}
	require.Equal(t, http.StatusUnauthorized, p.status)
}
