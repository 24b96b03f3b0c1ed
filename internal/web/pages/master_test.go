package pages_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/release/plantest"
	"rexbatch/templates"
)

const oldLimit = `limit: ">=60", source: C`

// masterFile is the shipped recipe under another number, with changes: old, new, old, new.
func (c *crew) masterFile(number string, changes ...string) string {
	c.t.Helper()
	text := string(plantest.File(c.t, templates.MBR, "mbr/rex-001.yaml"))
	all := append([]string{"\nversion: 2\n", "\nversion: " + number + "\n"}, changes...)
	for i := 0; i < len(all); i += 2 {
		require.Contains(c.t, text, all[i], "the change must take place")
		text = strings.Replace(text, all[i], all[i+1], 1)
	}
	return text
}

// upload posts a form with a file, as browsers do.
func (b *browser) upload(path, content string, fields ...string) page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		require.NoError(b.t, form.WriteField(fields[i], fields[i+1]))
	}
	if content != "" {
		file, err := form.CreateFormFile("file", "rex-001.yaml")
		require.NoError(b.t, err)
		_, err = file.Write([]byte(content))
		require.NoError(b.t, err)
	}
	require.NoError(b.t, form.Close())
	r, err := b.http.Post(b.base+path, form.FormDataContentType(), &body)
	return b.page(r, err)
}

var change = []string{"change", "CC-2026-014", "note", "Al menos 65 mL de médula."}

func TestMasterGoesFromDraftToForce_AT3(t *testing.T) {
	c := seville(t, "es")
	old, at := c.open("ES01-003"), "/masters/REX-001/3"
	ana, lead, qa := c.browser().signIn("ana"), c.browser().signIn("concepcion"), c.browser().signIn("ines")
	ana.get("/masters").ok().has("Versión 2", "suministrada", old).hasNot("Redactar una versión nueva")
	ana.get("/masters/REX-001/2").ok().has("REX-001 v2", "suministrada con el programa", "Abrir el pedido", "Pedido e identidad").hasNot("Retirar la versión")
	require.Equal(t, http.StatusForbidden, ana.upload("/masters", "x", change...).status)

	p := lead.upload("/masters", "", change...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("1 a 4194304 bytes", `value="CC-2026-014"`, "Al menos 65 mL de médula.</textarea>", "<details class=\"fallback\" open>")
	p = lead.upload("/masters", "no: recipe", change...)
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("no puede leerse como receta")
	lead.upload("/masters", c.masterFile("3", oldLimit, `limit: ">=65", source: X`), change...).ok().
		has("Tiene errores", "Un origen que no es P, S, K ni C. Escriba uno de ellos.", "no source of a number", "^", "MBR901", "tiene errores (1)").hasNot("Enviar a revisión</button>")
	p = lead.upload(at+"/revise", c.masterFile("4"), "note", "Otro número.")
	require.Equal(t, http.StatusUnprocessableEntity, p.status)
	p.has("El archivo indica REX-001 v4", ">Otro número.</textarea>")
	p = lead.upload(at+"/revise", c.masterFile("3", oldLimit, `limit: ">=65", source: C`), "note", "La fuente existe.").ok()
	p.has("No tiene errores", "Cambios respecto a REX-001 v2", "S11 Pesar", "Volumen neto", "≥ 65\u00a0mL", "más estricto").hasNot("MBR901")
	lead.post(at+"/submit", "seen", p.field("seen")).ok().has("en revisión").hasNot("Aprobar y firmar")

	p = qa.get(at).ok().has("Aprobar y firmar", "Devolver a los autores", "Concepción Yáñez Mora")
	wrong := qa.post(at+"/return", "seen", p.field("seen"), "reason", "no")
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	wrong.has(">no</textarea>")
	wrong = qa.post(at+"/approve", "seen", p.field("seen"), "password", password)
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	wrong.has("No se indica desde cuándo rige")
	past := []string{"seen", p.field("seen"), "password", password, "day", "21", "month", "11", "year", "2026", "hour", "08", "minute", "00"}
	wrong = qa.post(at+"/approve", past...)
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	wrong.has("21 NOV 2026 08:00 CET ya ha pasado", `<option value="21" selected>`).hasNot(password)
	wrong = qa.post(at+"/approve", "seen", p.field("seen"), "password", "nope", "now", "1")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	next := []string{"seen", p.field("seen"), "password", password, "day", "22", "month", "11", "year", "2026", "hour", "14", "minute", "15"}
	qa.post(at+"/approve", next...).ok().has("aprobada, aún no vigente", "22 NOV 2026 14:15 CET", "Inés Villaseñor Cobo", "aprobado")

	c.pass(10 * time.Minute)
	after := c.open("ES01-004")
	ana = c.browser().signIn("ana")
	ana.get("/masters").ok().has("vigente", "sustituida", old, after, "CC-2026-014")
	ana.get(at).ok().has("Estos lotes continúan con REX-001 v2", old).hasNot("Retirar la versión")
	qa = c.browser().signIn("hector")
	qa.get(at).ok().has("Retirar la versión")
	qa.post(at+"/withdraw", "reason", "El límite es demasiado alto.").ok().has("La versión está retirada", "El límite es demasiado alto.")
	file := ana.get(at + "/file").ok()
	require.Equal(t, c.masterFile("3", oldLimit, `limit: ">=65", source: C`), file.body)
	require.Equal(t, `attachment; filename=REX-001-v3.yaml`, file.header.Get("Content-Disposition"))
	require.Equal(t, http.StatusNotFound, ana.get("/masters/REX-001/9").status)
	require.Equal(t, http.StatusNotFound, ana.get("/masters/REX-001/x").status)
}

// Whoever wrote a version is told why they do not approve it, before they try (I7).
func TestMasterAuthorDoesNotApprove_I7(t *testing.T) {
	c := seville(t, "de")
	ines := c.browser().signIn("ines")
	ines.upload("/masters", c.masterFile("3"), change...).ok()
	p := ines.post("/masters/REX-001/3/submit").ok().has("hat an REX-001 v3 mitgearbeitet", "I7", "Sie besagt dasselbe wie die Version davor").hasNot("Mit sofortiger")
	refused := ines.post("/masters/REX-001/3/approve", "seen", p.field("seen"), "password", password, "now", "1")
	require.Equal(t, http.StatusForbidden, refused.status)
	p = c.browser().signIn("hector").get("/masters/REX-001/3").ok().has("Mit sofortiger Gültigkeit")
	c.browser().signIn("hector").post("/masters/REX-001/3/approve", "seen", p.field("seen"), "password", password, "now", "1").ok().has("gültig", "Héctor Zúñiga Pardo")
}

func TestMasterPagesKeepThePolicy(t *testing.T) {
	c := seville(t, "es")
	lead := c.browser().signIn("concepcion")
	lead.upload("/masters", c.masterFile("3", oldLimit, `limit: ">=65", source: X`, "performer: coordinator", "performer: magician"), change...).ok().has("no puede mostrarse")
	for _, path := range []string{"/masters", "/masters/REX-001/2", "/masters/REX-001/3"} {
		p := lead.get(path).ok()
		require.Empty(t, inline.FindString(p.body), path)
		require.Empty(t, numericDate.FindString(p.text()), path)
		require.NotContains(t, p.body, "ZgotmplZ")
		require.NotContains(t, p.text(), "master.", "every key has its wording")
	}
	require.Equal(t, http.StatusForbidden, c.browser().signIn("inaki").get("/masters").status)
	require.Equal(t, http.StatusUnauthorized, c.browser().upload("/masters", c.masterFile("3"), change...).status)
}
