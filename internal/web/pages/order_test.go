package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// other is the whole order with other values in some of its fields.
func other(fields []string, values ...string) []string {
	out := slices.Clone(fields)
	for i := 0; i < len(values); i += 2 {
		at := slices.Index(out, values[i])
		out[at+1] = values[i+1]
	}
	return out
}

// A complete order is commented on and corrected before anybody has begun its step: to say something of its values begins it.
func TestCompleteOrderIsCommentedAndCorrected(t *testing.T) { // AT-59, CS-12
	t.Parallel()
	for _, tt := range []struct{ name, field, first, then, asks string }{
		{"a weight beyond its limit", "body_weight", "300", "72,5", ""},
		{"the infusion before the harvest", "planned_infusion_day", "22", "26", "The infusion is planned before the harvest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := seville(t, "en")
			c.Furnish(c.Scenario)
			b := c.browser().signIn(c.who(people.Coordinator, false))
			p := b.post("/orders", other(order("3401-007", "24", "forenoon"), "value."+tt.field, tt.first)...).ok()
			field := strings.TrimSuffix(tt.field, "_day")
			at, _, _ := strings.Cut(p.path, "?")
			number := strings.TrimPrefix(at, "/batches/")
			p.has("/steps/S01/fields/"+field+"/comment", tt.asks).hasNot("/steps/S01/complete")
			p = b.post(at+"/steps/S01/fields/"+field+"/comment", "seen", p.field("seen"), "text", "asked for in the hospital, it is so").ok()
			p.has("asked for in the hospital, it is so", "/steps/S01/complete")
			placed, _ := c.state(number)
			st, _ := placed.Step("S01")
			require.Equal(t, batch.Open, st.Status)
			require.Equal(t, c.who(people.Coordinator, false), st.Performer)
			b.post(at+"/steps/S01/complete", "seen", p.field("seen")).ok()
			placed, _ = c.state(number)
			st, _ = placed.Step("S01")
			require.Equal(t, batch.ToVerify, st.Status)
		})
		t.Run(tt.name+", corrected", func(t *testing.T) {
			c := seville(t, "en")
			c.Furnish(c.Scenario)
			b := c.browser().signIn(c.who(people.Coordinator, false))
			p := b.post("/orders", other(order("3401-007", "24", "forenoon"), "value."+tt.field, tt.first)...).ok()
			field := strings.TrimSuffix(tt.field, "_day")
			at, _, _ := strings.Cut(p.path, "?")
			number := strings.TrimPrefix(at, "/batches/")
			p = b.get(at + "?step=S01&correct=" + field).ok().has("/steps/S01/fields/" + field + "/correct")
			value := []string{"value", tt.then}
			if field != tt.field {
				value = []string{"day", tt.then, "month", "11", "year", "2026", "hour", "09", "minute", "00"}
			}
			p = b.post(at+"/steps/S01/fields/"+field+"/correct", append(value, "seen", p.field("seen"), "reason", "typed wrongly in the order")...).ok()
			p.has("/steps/S01/complete").hasNot("/steps/S01/fields/" + field + "/comment")
			placed, _ := c.state(number)
			st, _ := placed.Step("S01")
			require.Equal(t, batch.Open, st.Status)
			require.Len(t, st.Fields[field].Values, 2, "the first one stays readable")
		})
	}
}

// What is refused of an order leaves nothing behind: the patient is not enrolled either, and the form is sent again mended.
func TestRefusedOrderEnrolsNobody(t *testing.T) { // AT-13, I12
	t.Parallel()
	c := seville(t, "en")
	c.Furnish(c.Scenario)
	c.furnished = true
	b := c.browser().signIn(c.who(people.Coordinator, false))
	b.post("/orders", order("3401-001", "24", "forenoon")...).ok()
	for name, refused := range map[string]page{
		"a slot that is taken":     b.post("/orders", order("3401-007", "24", "forenoon", dolores...)...),
		"a weight of letters":      b.post("/orders", append(other(order("3401-007", "25", "forenoon"), "value.body_weight", "abc"), dolores...)...),
		"a plant that is no other": b.post("/orders", append(other(order("3401-007", "25", "forenoon"), "backup", "ES-SVQ"), dolores...)...),
	} {
		require.GreaterOrEqual(t, refused.status, http.StatusBadRequest, name)
		_, err := c.plant.Custody.Vault.Patient(t.Context(), "3401-007")
		require.Error(t, err, name)
	}
	b.post("/orders", order("3401-007", "25", "forenoon", other(dolores, "given", "Dolores María")...)...).ok()
	known, err := c.plant.Custody.Vault.Look(t.Context(), c.author(people.Coordinator, false), "3401-007", "to compare with the paper")
	require.NoError(t, err)
	require.Equal(t, "Dolores María", known.Given)
}

// A refused slot is named as people read it, and what is missing of one is said.
func TestRefusedSlotIsSaidInWords(t *testing.T) { // S01
	t.Parallel()
	c := seville(t, "de")
	c.Furnish(c.Scenario)
	c.furnished = true
	b := c.browser().signIn(c.who(people.Coordinator, false))
	placed := b.post("/orders", order("3401-001", "24", "forenoon")...).ok()
	for _, tt := range []struct {
		name, says string
		form       []string
	}{
		{"taken", "Der Termin 24 NOV 2026 · Vormittag ist von 3401-001 belegt", order("3401-007", "24", "forenoon")},
		{"past", "Für 04 NOV 2026 · Nachmittag kann kein Termin reserviert werden", order("3401-007", "04", "afternoon")},
		{"31 February", "31 FEB 2026 ist keiner", other(order("3401-007", "31", "forenoon"), "slot_month", "02")},
		{"half picked", "– NOV 2026 ist keiner", order("3401-007", "", "forenoon")},
		{"no part", "braucht eine Tageshälfte", order("3401-007", "25", "")},
	} {
		p := b.post("/orders", tt.form...)
		require.GreaterOrEqual(t, p.status, http.StatusBadRequest, tt.name)
		p.has(tt.says).hasNot("/forenoon", "/afternoon", "Das ist kein Termin")
	}
	at, _, _ := strings.Cut(placed.path, "?")
	b.post(at+"/order/slot", "part", "forenoon").has("Das ist kein Termin")
	b.post(at+"/order/slot", "slot_day", "24", "slot_month", "11", "slot_year", "2026", "part", "forenoon").has("3401-001 hat den Termin 24 NOV 2026 · Vormittag schon")
}

// The page of a cancelled order says that it was cancelled, by whom, when and why, and not that it stands.
func TestCancelledOrderSaysSo(t *testing.T) { // S01
	t.Parallel()
	c := seville(t, "en")
	c.Furnish(c.Scenario)
	c.furnished = true
	b := c.browser().signIn(c.who(people.Coordinator, false))
	at, _, _ := strings.Cut(b.post("/orders", order("3401-001", "24", "forenoon")...).ok().path, "?")
	p := b.get(at + "/order").ok().has("The order stands as it was placed").hasNot("The order was cancelled")
	p = b.post(at+"/order/cancel", "form", "cancel", "seen", p.field("seen"), "reason", "the patient has a fever").ok()
	p.has("The order was cancelled by Lucía Ibáñez Peña, ", "the patient has a fever").hasNot("The order stands as it was placed")
	placed, _ := c.state(strings.TrimPrefix(at, "/batches/"))
	p.has(placed.Ending.At.In(c.plant.Profile.Location).Format("15:04"))
}

// The country of the hospital is a fact that somebody states: nothing is chosen beforehand, on an order and where a patient is
// enrolled alone.
func TestCountryIsNotChosenBeforehand(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	coordinator := c.browser().signIn(c.who(people.Coordinator, false))
	coordinator.get("/orders/new").ok().has(`<option value="ES">`).hasNot(`<option value="ES" selected`)
	coordinator.get("/patients/ES01-009").ok().has(`name="country" class="mono" value=""`)
	coordinator.post("/patients/ES01-009/enrol", "number", "NHC 1", "country", "AT").has(`name="country" class="mono" value="AT"`)
}
