package pages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// Whoever decides on a harvest has the anticoagulant in it before them, and how the harvests of the hospital have been.
func TestGateShowsTheHarvest_13(t *testing.T) {
	c := seville(t, "es")
	c.Values["S09"]["clots"] = "few"
	number := c.open("ES01-003")
	c.play(number, "S14")
	hospital := c.Values["S01"]["hospital"]
	lead := c.browser().signIn(c.who(people.ProductionLead, false))
	lead.get("/batches/"+number).ok().has("Anticoagulante, lote de la jeringa", c.Values["S05"]["anticoagulant_lot"], "Anticoagulante por volumen",
		"Extracciones de "+hospital, "1 recibidas: 1 con coágulos, 0 con poco volumen, 0 con pocas células")
	lead.get("/harvests").ok().has("Extracciones por hospital", hospital, "Con coágulos")
	require.Equal(t, http.StatusForbidden, c.browser().signIn(c.who(people.Nurse, false)).get("/harvests").status)
}

// A result that failed is replaced on its page only with a ground.
func TestFailedResultAsksForItsGround_35(t *testing.T) {
	c := seville(t, "es")
	c.Values["S38"]["viability_cd45"] = "69.4"
	number := c.open("ES01-003")
	c.play(number, "S42")
	analyst, at := c.browser().signIn(c.who(people.QCAnalyst, false)), "/batches/"+number
	p := analyst.get(at+"?step=S38&correct=viability_cd45").ok().has("Por qué se sustituye", "Se tecleó otro valor que el del ensayo", "El ensayo no fue válido y se repitió")
	path := at + "/steps/S38/fields/viability_cd45/correct"
	without := analyst.post(path, "seen", p.field("seen"), "value", "71,0", "reason", "repetido")
	require.Equal(t, http.StatusConflict, without.status)
	without.has("no se sustituye sin más", `value="71,0"`, "Por qué se sustituye")
	analyst.post(path, "seen", without.field("seen"), "value", "71,0", "reason", "lote de 7-AAD sin mezclar, OOS-2026-11", "ground", "test-invalid").ok()
	c.browser().signIn(c.who(people.QA, false)).get(at+"/release").ok().has("Ensayo repetido", "El primer ensayo se declaró no válido", "lote de 7-AAD sin mezclar")
	p = analyst.get(at + "?step=S38&correct=viability_cd45").ok().has("Por qué se sustituye")
	require.NotEmpty(t, p.field("seen"))
}
