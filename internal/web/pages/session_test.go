package pages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// A session that has ended says so in words, on every page that is opened, and leads back to the page with the plant kept;
// a poll of an open page does not take that away (screens, rules 10 and 11).
func TestSessionThatEndedLeadsBack(t *testing.T) {
	f := newFloor(t, "es-svq", "de-fra")
	c := enrol(f, f.plants[1], "frankfurt-fresh", "en")
	number := c.open("DE01-003")
	operator := c.who(people.Coordinator, false)
	b := c.browser()
	b.post("/sign-in", "plant", "DE-FRA", "username", operator, "password", password).ok()
	at := "/batches/" + number + "?step=S01"
	b.get(at).ok()
	c.pass(16 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, b.get("/batches/"+number+"/timeline?step=S01").status)
	for range 2 { // also when the page is loaded again
		p := b.get(at)
		require.Equal(t, http.StatusUnauthorized, p.status)
		p.has("The session has ended", "CS-38", `name="resume" value="`+at+`"`, `value="DE-FRA" required checked`).hasNot(`value="ES-SVQ" required checked`)
	}
	b.get("/sign-in?ended=1&resume="+at).ok().has("The session has ended", `name="resume" value="`+at+`"`)
	p := b.post("/sign-in", "plant", "DE-FRA", "username", operator, "password", "nope", "resume", at)
	require.Equal(t, http.StatusUnauthorized, p.status)
	p.has(`name="resume" value="`+at+`"`, `value="DE-FRA" required checked`)
	p = b.post("/sign-in", "plant", "DE-FRA", "username", operator, "password", password, "resume", at).ok()
	require.Equal(t, at, p.path)
	c.pass(16 * time.Minute)
	enter := "/batches/" + number + "/steps/S01/fields/index_limb/enter"
	require.Equal(t, http.StatusUnauthorized, b.post(enter, "value", "left").status)
	other := c.who(people.QA, false)
	p = b.post("/sign-in", "plant", "DE-FRA", "username", other, "password", password, "resume", enter, "keep.value", "left").ok()
	require.Equal(t, "/batches/"+number, p.path, "what another person typed is not offered; the page is")
	b.post("/sign-out").ok().hasNot("The session has ended")
}

// The language that is chosen on the sign-in page lasts for the session and becomes the person's own; what stood on the page
// stays. Where none is chosen, the person's own language wins over that of whoever was there before (screens, rule 20).
func TestLanguageChosenAtSignInLasts(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	at := "/batches/" + number
	b := c.browser("Accept-Language", "en")
	b.get("/sign-in").ok().has("Sign in")
	p := b.post("/language", "lang", "de", "return", "/sign-in", "spoken", "en", "resume", at, "keep.value", "143,6").ok().
		has("Anmelden", `name="spoken" value="de"`, `name="resume" value="`+at+`"`, `name="keep.value" value="143,6"`)
	p = b.post("/sign-in", "spoken", p.field("spoken"), "username", "ana", "password", "nope", "resume", at)
	require.Equal(t, http.StatusUnauthorized, p.status)
	p.has(`name="spoken" value="de"`)
	b.post("/sign-in", "spoken", "de", "username", "ana", "password", password, "resume", at).ok().has(`lang="de"`)
	b.get("/worklist").ok().has("Arbeitsliste")
	who, err := c.plant.People.Person(t.Context(), "ana")
	require.NoError(t, err)
	require.Equal(t, "de", who.Lang)
	b.post("/sign-out").ok().has("Anmelden")
	b.post("/sign-in", "spoken", "", "username", "jorge", "password", password).ok().has(`lang="es"`)
}
