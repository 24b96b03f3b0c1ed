package pages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// A change for one batch alone is proposed on the page of its deviation, approved there by QA, and seen where the step is
// done and where the batch is reviewed (AT-5).
func TestAllowanceOnPages_AT5(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S25")
	at := "/batches/" + number
	lead, qa, ana := c.browser().signIn("concepcion"), c.browser().signIn("ines"), c.browser().signIn("ana")
	list := lead.get(at + "/course").ok()
	lead.post(at+"/deviations", "seen", list.field("seen"), "form", "deviate", "what", "El rotor gira más despacio").ok()
	b, _ := c.state(number)
	dev := at + "/deviations/" + b.Deviations[0].Number
	p := lead.get(dev).ok().has("Proponer un cambio solo para este lote", "Otro límite", "Fuerza centrífuga relativa · 500", "Plazo más largo", "Paso que no se hace").hasNot("Aprobar el cambio", "S35 ")
	bad := lead.post(dev+"/allowances", "seen", p.field("seen"), "target", "limit S25.rcf", "to", ">=450", "reason", "El rotor gira más despacio", "assessment", "Ninguno según la cualificación")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	bad.has("deja abierto un lado", "Ninguno según la cualificación")
	lead.post(dev+"/allowances", "seen", p.field("seen"), "target", "limit S25.rcf", "to", "450..800", "reason", "El rotor gira más despacio", "assessment", "Ninguno según la cualificación").ok().
		has("El cambio está propuesto", "propuesto, no está en vigor").hasNot("Aprobar el cambio")
	ana.get(at).ok().hasNot("Cambiado solo para este lote")
	p = qa.get(dev).ok().has("Aprobar el cambio", "Firma lo propuesto")
	wrong := qa.post(dev+"/allowances/1/approve", "seen", p.field("seen"), "password", "not mine at all")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	qa.post(dev+"/allowances/1/approve", "seen", p.field("seen"), "password", password).ok().has("El cambio está firmado y en vigor", "en vigor para este lote")
	ana.get(at).ok().has("Cambiado solo para este lote", "→", b.Deviations[0].Number)
	qa.get(at+"/release").ok().has("Cambiado para este lote", "en lugar de")
	ana.post(dev+"/allowances", "seen", "0", "target", "skip S26", "to", "", "reason", "El rotor gira más despacio", "assessment", "Ninguno según la cualificación").status403(t)
}

func (p page) status403(t *testing.T) {
	t.Helper()
	require.Equal(t, http.StatusForbidden, p.status)
}

// TestPicturesOfAllowances shows the page of a deviation with a change for the batch alone, and the step that it changes.
func TestPicturesOfAllowances(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			number := c.open("ES01-003")
			c.play(number, "S25")
			ctx, k, lead := t.Context(), c.plant.Batches, c.author(people.ProductionLead, false)
			d, err := k.OpenDeviation(ctx, lead, number, 0, nil, "El rotor gira más despacio")
			require.NoError(t, err)
			require.NoError(t, k.Propose(ctx, lead, number, 0, d, batch.AllowLimit, "S25.rcf", "450..800", "El rotor de la segunda centrífuga gira más despacio.", "Ninguno: tres series de la cualificación lo muestran."))
			qa := c.author(people.QA, false)
			require.NoError(t, k.Allow(ctx, qa, number, 0, d+"/1", c.Sign(qa.Account, people.QA)))
			require.NoError(t, k.Propose(ctx, lead, number, 0, d, batch.AllowTime, "hold-manual", "90 min", "La centrífuga tarda más en estar libre.", "Bajo: las células son estables 4 h a temperatura ambiente."))
			theme := map[string]string{"es": "light", "de": "dark"}[lang]
			page := "/batches/" + number + "/deviations/" + d
			b := newTab(t, c.server.URL, desktop)
			b.tour("allowance-desktop", []show{{"decide-" + lang, "hector", page, theme, true}, {"propose-" + lang, "concepcion", page, theme, true}})
			b = newTab(t, c.server.URL, terminal)
			b.tour("allowance-terminal", []show{{"step-" + lang, "ana", "/batches/" + number, theme, false}})
			b = newTab(t, c.server.URL, phone)
			b.tour("allowance-phone", []show{{"decide-" + lang, "hector", page, theme, true}})
		})
	}
}
