package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// A call comes in on the worklist that lies open at a terminal, and goes when somebody has taken it elsewhere: nobody
// touches the page (process scenario 16).
func TestCallComesInLive(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			j := c.voyage()
			j.arrive()
			c.browser().signIn(c.who(people.ProductionLead, false)).post("/on-call", "account", "jorge").ok()
			b := newTab(t, c.server.URL, terminal)
			b.signIn("jorge")
			b.open("/worklist")
			require.Empty(t, eval[[]string](b, callsShown))
			operator := c.browser().signIn("ana")
			operator.post(j.at+"/receipt", j.inspected("on_call", "yes")...).ok()
			b.is(callsShown + `.length === 1`)
			b.is(`document.querySelector('.line[href="` + j.at + `"]') !== null`)
			b.shot("called-worklist-" + lang)
			require.Empty(t, b.accessible(whole))
			b.click(".calls a")
			b.is(`location.pathname === "` + j.at + `"`)
			b.is(`document.readyState === "complete" && document.querySelector('[data-act="call"] button') !== null`)
			b.whole("called-shipment-" + lang)
			b.at(phone)
			b.open(j.at)
			b.shot("called-phone-" + lang)
			b.at(terminal)
			b.open("/worklist")
			c.browser().signIn("jorge").post(j.at + "/call").ok()
			b.is(callsShown + `.length === 0`)
			lead := newTab(t, c.server.URL, desktop)
			lead.signIn(c.who(people.ProductionLead, false))
			lead.open("/shipments")
			lead.is(`document.querySelector(".oncall form") !== null`)
			lead.whole("oncall-" + lang)
		})
	}
}

// callsShown are the calls on a page.
const callsShown = `[...document.querySelectorAll(".calls .problem")].map((e) => e.innerText)`

// QA names who is on call, and the one who is hands the duty over, on the same page. An analyst reads who it is.
func TestOnCallIsNamedByQA_CS66(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	c.Furnish(c.Scenario)
	qa, ana, analyst := c.browser().signIn("ines"), c.browser().signIn("ana"), c.browser().signIn("sofia")
	ana.get("/shipments").ok().hasNot("Hand over the duty")
	qa.get("/shipments").ok().has("Hand over the duty")
	qa.post("/on-call", "account", "ana").ok().has("The on-call duty has changed hands", "Ana Belén Carreño Ruiz")
	analyst.get("/shipments").ok().has("Ana Belén Carreño Ruiz").hasNot("Hand over the duty")
	ana.get("/shipments").ok().has("Hand over the duty")
	ana.post("/on-call", "account", "jorge").ok().has("Jorge Peñalver Rincón")
	ana.get("/shipments").ok().hasNot("Hand over the duty")
	require.Equal(t, 403, analyst.post("/on-call", "account", "ana").status)
}
