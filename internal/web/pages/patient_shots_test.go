package pages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

var dolores = []string{"number", "NHC 00471-1839", "family", "Fernández-Quiñones Ibáñez", "given", "María Dolores", "country", "ES", "birth_day", "14", "birth_month", "03", "birth_year", "1951"}

// order is a whole order as the form sends it, for a slot on a day of November 2026.
func order(subject, day, part string, more ...string) []string {
	return append([]string{"form", "whole", "subject", subject, "backup", "DE-FRA", "slot_day", day, "slot_month", "11", "slot_year", "2026", "part", part, "value.index_limb", "right", "value.body_weight", "72,5", "value.hospital", "Hospital de prueba", "value.country", "ES",
		"value.weighed_on_day", "20", "value.weighed_on_month", "11", "value.weighed_on_year", "2026",
		"value.planned_harvest_day", "24", "value.planned_harvest_month", "11", "value.planned_harvest_year", "2026", "value.planned_harvest_hour", "08", "value.planned_harvest_minute", "00",
		"value.planned_infusion_day", "26", "value.planned_infusion_month", "11", "value.planned_infusion_year", "2026", "value.planned_infusion_hour", "09", "value.planned_infusion_minute", "00"}, more...)
}

// TestOrderAndPatientPages places orders of two look-alikes, amends one, and looks at who it is; with pictures.
func TestOrderAndPatientPages(t *testing.T) { // I12, scenarios 6 and 52
	t.Parallel()
	c := seville(t, "es")
	c.Furnish(c.Scenario)
	c.furnished = true
	coordinator, investigator, operator := c.who(people.Coordinator, false), c.who(people.Investigator, false), c.who(people.Operator, false)
	b := c.browser().signIn(coordinator)
	b.get("/worklist").ok().has("/orders/new")
	b.get("/orders/new").ok().has("Número de historia clínica", "Extremidad a tratar", "DE-FRA")
	b.post("/orders", order("3401-007", "24", "forenoon", dolores...)...).ok()
	alike := append([]string{}, dolores...)
	alike[1], alike[9], alike[11] = "NHC 9", "24", "12"
	refused := b.post("/orders", order("3401-012", "24", "afternoon", alike...)...)
	require.Equal(t, http.StatusConflict, refused.status)
	refused.has("3401-007", "mismo nombre y año de nacimiento", `value="72,5"`, `value="María Dolores"`)
	placed := b.post("/orders", order("3401-012", "25", "forenoon", alike...)...).ok()
	placed.has("Riesgo de confusión: 3401-007", "nunca el nombre").hasNot("Dolores")
	var numbers []string
	for w, err := range c.plant.Batches.Worklists(t.Context()) {
		require.NoError(t, err)
		numbers = append(numbers, w.Number)
	}
	first := numbers[0]

	opened, _ := c.state(first)
	placing, _ := opened.Step("S01")
	c.Step(first, placing.Step) // the plant's scheduler accepts
	inv := c.browser().signIn(investigator)
	p := inv.get("/batches/" + first + "/order").ok()
	p.has("Pierna derecha", "24 NOV 2026", "Modificar el pedido")
	b.get("/batches/" + first + "/order").ok().hasNot("Modificar el pedido")
	amended := []string{"form", "amend", "seen", p.field("seen"), "value.index_limb", "left", "value.weighed_on_day", "23", "value.weighed_on_month", "11", "password", password, "reason"}
	refused = inv.post("/batches/"+first+"/order/amend", append(amended, "la herida está en la otra pierna")...)
	require.Equal(t, http.StatusUnprocessableEntity, refused.status, "a date without its year is no date")
	refused.has(`<option value="23" selected`)
	p = inv.post("/batches/"+first+"/order/amend", "form", "amend", "seen", refused.field("seen"), "value.index_limb", "left", "value.weighed_on_day", "23", "value.weighed_on_month", "11", "value.weighed_on_year", "2026", "reason", "la herida está en la otra pierna", "password", password).ok()
	p.has("Pierna izquierda", "Pierna derecha", "20 NOV 2026", "23 NOV 2026", "la herida está en la otra pierna", "firmado por")

	nurse := c.browser().signIn(c.who(people.Nurse, false))
	shown := nurse.post("/patients/3401-007/look", "why", "comprobación antes de la extracción").ok()
	shown.has("Fernández-Quiñones Ibáñez", "Se muestra una sola vez")
	require.Equal(t, "no-store", shown.header.Get("Cache-Control"))
	nurse.get("/patients/3401-007").ok().has("comprobación antes de la extracción").hasNot("Quiñones")
	found := nurse.post("/patients/search", "number", "NHC 00471-1839", "why", "llaman de la planta").ok()
	require.Equal(t, "/patients/3401-007", found.path)
	op := c.browser().signIn(operator)
	op.get("/patients/3401-007").ok().has("3401-012").hasNot("Quiñones", "/look")
	require.Equal(t, http.StatusForbidden, op.post("/patients/3401-007/look", "why", "curiosidad simple").status)
	require.Equal(t, http.StatusForbidden, op.get("/patients").status)

	for _, d := range []struct {
		device
		shows []show
	}{
		{desktop, []show{
			{"order-new", coordinator, "/orders/new", "light", true}, {"order", investigator, "/batches/" + first + "/order", "light", true},
			{"order-placing", coordinator, "/batches/" + first + "/order", "dark", true}, {"patients", coordinator, "/patients", "light", true},
			{"patient", c.who(people.QA, false), "/patients/3401-007", "dark", true}, {"patient-coordinator", coordinator, "/patients/3401-007", "light", true}, {"batch-alike", operator, "/batches/" + first, "light", true},
		}},
		{phone, []show{
			{"order-new", coordinator, "/orders/new", "dark", true}, {"order", investigator, "/batches/" + first + "/order", "light", true}, {"patients", coordinator, "/patients", "dark", true},
			{"patient", c.who(people.Nurse, false), "/patients/3401-007", "light", true},
		}},
	} {
		t.Run(d.name, func(t *testing.T) { newTab(t, c.server.URL, d.device).tour(d.name, d.shows) })
	}
}
