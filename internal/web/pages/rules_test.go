package pages_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// Typed input outlives the session; it is saved only by the hand of whoever signed in again.
func TestSessionEndsTypedIsKept(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S10")
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	p := ana.get(at).ok()
	seen := p.field("seen")
	c.pass(16 * time.Minute)
	path := at + "/steps/S10/fields/logger_serial_match/enter"
	p = ana.post(path, "seen", seen, "value", "true", "password", "geheim")
	require.Equal(t, http.StatusUnauthorized, p.status)
	p.has("La sesión ha terminado", `name="keep.value" value="true"`, "CS-38").hasNot("geheim", "keep.seen")
	p = ana.post("/sign-in", "username", "ana", "password", password, "resume", path, "keep.value", "true").ok().has("Aún sin guardar", `action="`+path+`"`)
	b, _ := c.state(number)
	_, entered := b.Value("S10.logger_serial_match")
	require.False(t, entered)
	ana.post(path, "value", "true").ok().has("Guardado")
	other := c.browser()
	require.Equal(t, http.StatusUnauthorized, other.get(at).status)
	other.post("/sign-in", "username", "jorge", "password", password, "resume", at).ok().has(number)
}

func TestHospitalStaffDoNotReadPlantResults_I11(t *testing.T) { // I11
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S14")
	courier := c.browser().signIn("inaki")
	courier.get("/batches/" + number + "?step=S13").ok().has("not for your role").hasNot("25.4")
	require.Equal(t, http.StatusForbidden, courier.get("/batches/"+number+"/release").status)
	require.Equal(t, http.StatusForbidden, courier.get("/batches/"+number+"/record").status)
}

func TestLabelsCarryCheckCharacters(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S12")
	_, event := c.state(number)
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	p := ana.get(at).ok()
	p = ana.post(at+"/steps/S12/fields/bag_scan/scan", "seen", p.field("seen"), "raw", event.OfKind("harvest-bag")[0].Label).ok()
	for _, f := range []string{"edta_lot", "bottle_lot"} {
		p = ana.post(at+"/steps/S12/fields/"+f+"/enter", "seen", p.field("seen"), "value", c.Value(c.Values["S12"][f])).ok()
	}
	for _, f := range []string{"sample_count_mL", "sample_flow_mL", "sample_sterility_mL"} {
		p = ana.post(at+"/steps/S12/fields/"+f+"/enter", "seen", p.field("seen"), "value", "1.0").ok()
	}
	p.has("Issue labels", "Start material, cell count sample")
	p = ana.post(at+"/steps/S12/labels", "seen", p.field("seen")).ok()
	_, event = c.state(number)
	sample := event.OfKind("sample-count")[0]
	p.has(sample.Label, "For autologous use only", `class="matrix"`, string(sample.ID.Check())+"</b>", "1 / 3", "ES01-003")
}

func TestErrorsNameTheRule(t *testing.T) {
	c := seville(t, "de")
	ana := c.browser().signIn("ana")
	missing := ana.get("/batches/SVQ2600099X")
	require.Equal(t, http.StatusNotFound, missing.status)
	missing.has("Hier ist nichts", "AT-2", "Jetzt tun")
	nowhere := ana.get("/nowhere")
	require.Equal(t, http.StatusNotFound, nowhere.status)
	nowhere.has("Unter dieser Adresse gibt es nichts")
	forbidden := ana.post("/orders", "subject", "ES01-009")
	require.Equal(t, http.StatusForbidden, forbidden.status)
	forbidden.has("Das dürfen Sie nicht", "CS-66")
}

func TestLanguageAndTheme(t *testing.T) {
	c := seville(t, "es")
	nobody := c.browser("Accept-Language", "de-DE,de;q=0.9")
	nobody.get("/sign-in").ok().has("Anmelden", `lang="de"`).hasNot(`name="plant"`)
	nobody.post("/language", "lang", "en", "return", "/sign-in").ok().has("Sign in")
	nobody.post("/theme", "theme", "dark", "return", "//evil.example/").has(`data-theme="dark"`)
	ana := nobody.signIn("ana")
	ana.get("/worklist").ok().has("Trabajo")
	ana.post("/me/language", "lang", "de", "return", "/worklist").ok().has("Arbeitsliste")
	p, err := c.plant.People.Person(t.Context(), "ana")
	require.NoError(t, err)
	require.Equal(t, "de", p.Lang)
}

func TestFirstSignInChangesPassword_CS35(t *testing.T) { // CS-35, CS-69
	f := newFloor(t, "es-svq", "de-fra")
	_, once, err := f.plants[0].People.Create(t.Context(), people.System("test"), people.NewAccount{Username: "nueva", Name: "Nueva Persona", Lang: "es", Roles: []people.Role{people.Operator}})
	require.NoError(t, err)
	b := f.browser()
	b.get("/sign-in").ok().has(`name="plant" value="ES-SVQ"`, `value="DE-FRA"`)
	p := b.post("/sign-in", "plant", "ES-SVQ", "username", "nueva", "password", once).ok().has("Su contraseña la asignó un administrador")
	require.Equal(t, "/password", p.path)
	require.Equal(t, "/password", b.get("/worklist").path)
	differs := b.post("/password", "old", once, "new", password, "again", password+"x")
	require.Equal(t, http.StatusUnprocessableEntity, differs.status)
	p = b.post("/password", "old", once, "new", password, "again", password).ok().has("Declaración de responsabilidad", "binds me")
	require.Equal(t, "/statement", p.path)
	p = b.post("/statement", "password", password).ok().has("La declaración está aceptada")
	b.post("/sign-out").ok().has("Iniciar sesión")
	require.Equal(t, http.StatusUnauthorized, b.get("/worklist").status)
}

// Whoever goes on with another's step says why, and scans for themselves.
func TestAnotherPersonGoesOn(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S11")
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	at := "/batches/" + number
	ana, jorge := c.browser().signIn("ana"), c.browser().signIn("jorge")
	p := ana.get(at).ok()
	ana.post(at+"/steps/S11/fields/bag_scan/scan", "seen", p.field("seen"), "raw", bag.Label).ok()
	p = jorge.get(at).ok().has("is being done by Ana Belén Carreño Ruiz", "Take the step over", "Waits for another person")
	short := jorge.post(at+"/steps/S11/takeover", "seen", p.field("seen"), "reason", "x")
	require.Equal(t, http.StatusUnprocessableEntity, short.status)
	jorge.post(at+"/steps/S11/takeover", "seen", p.field("seen"), "reason", "End of her shift").ok().
		has("The step is taken over", "Scan: bone marrow collection bag", "Jorge Peñalver Rincón went on with the step of Ana Belén Carreño Ruiz")
}

// An offer that nobody takes is ended by either side.
func TestHandoffIsEnded_I6(t *testing.T) { // I6
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S09")
	at := "/batches/" + number
	courier := c.browser().signIn("inaki")
	p := courier.get(at).ok()
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	courier.post(at+"/handoff/offer", "container", p.field("container"), "to", "plant", "raw", bag.Label, "place", "dock", "seals", "").ok()
	operator := c.browser().signIn("ana")
	operator.get(at).ok().has("Scan: bone marrow collection bag")
	operator.post(at+"/handoff/withdraw", "container", bag.ID.String(), "reason", "Seal is broken").ok().has("The handoff is ended")
	courier.get(at).ok().has("Hand over")
}

// Nothing of a page needs an inline script or style, and no date is of numbers alone (screens, rule 21).
func TestPagesKeepThePolicy(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "")
	qa := c.browser().signIn("hector")
	for _, path := range []string{"/worklist", "/batches/" + number, "/batches/" + number + "?step=S05", "/batches/" + number + "/release", "/batches/" + number + "/record", "/register", "/certificates", "/password", "/statement"} {
		p := qa.get(path).ok()
		require.Empty(t, inline.FindString(p.body), path)
		require.Empty(t, numericDate.FindString(p.text()), path)
		require.Contains(t, p.header.Get("Content-Security-Policy"), "default-src 'self'")
		require.Equal(t, "no-store", p.header.Get("Cache-Control"))
		require.NotContains(t, p.body, "ZgotmplZ")
	}
}

var (
	inline      = regexp.MustCompile(`\sstyle=|<style|\son[a-z]+=|javascript:|<script(>| type="module">)`)
	numericDate = regexp.MustCompile(`\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2}\b|\b20\d\d-\d\d-\d\d\b`)
)
