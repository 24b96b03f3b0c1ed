package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
)

// sight is one page in one state: who looks at it, and where it is.
type sight struct {
	template string // the page's file, without its ending
	name     string
	who      string // empty: nobody is signed in
	path     string
	do       func(*tab) // brings the page into its state, once it is open
}

// gallery is a plant with every page of the interface in each state in which people meet it.
type gallery struct {
	*crew
	sights  []sight
	batches int
	here    string // code that makes a browser a terminal
	badge   string // of the operator
}

func (g *gallery) add(template, name, who, path string, do ...func(*tab)) {
	s := sight{template: template, name: name, who: who, path: path}
	if len(do) > 0 {
		s.do = do[0]
	}
	g.sights = append(g.sights, s)
}

// begun opens a batch and plays it up to a step.
func (g *gallery) begun(step string) string {
	g.t.Helper()
	g.batches++
	number := g.open(fmt.Sprintf("ES01-%03d", 300+g.batches))
	g.play(number, step)
	return number
}

// newGallery furnishes the plant with a batch at each place of interest, and everything that a plant has besides.
func newGallery(t *testing.T, lang string) *gallery {
	t.Helper()
	g := &gallery{crew: seville(t, lang)}
	g.hire("radia", "Radia Admin", lang, people.Admin)
	g.workplaces()
	g.orders()
	g.straight()
	g.aside()
	g.masters()
	g.released()
	paper := g.begun("S06")
	g.add("batch", "unscanned-form", "rocio", "/batches/"+g.begun("S06"))
	g.ships()  // hours pass in them
	g.stores() // a long day passes in them
	g.unproven(paper)
	g.nobody()
	return g
}

// workplaces are the pages of people, training and terminals.
func (g *gallery) workplaces() {
	t := g.t
	for _, procedure := range []string{"GOWN-B", "MEDIA-FILL"} {
		_, err := g.plant.People.RecordTraining(t.Context(), people.System("test"), "ana", people.Training{
			Procedure: procedure, Version: "3", From: "2026-01-10", Until: "2026-12-10", Trainer: "Inés Ortega Luque", Evidence: "TR-2026-118",
		})
		require.NoError(t, err)
	}
	g.code("SVQ-08", people.Settings{Name: "Control de calidad", Lang: "es"})
	g.hire("nueva", "Nueva Persona", "es", people.Operator)
	g.add("account", "own", "ana", "/account")
	g.add("password", "change", "ana", "/password")
	g.add("statement", "accepted", "ana", "/statement")
	g.add("training", "matrix", "ines", "/training")
	g.add("people", "list", "radia", "/people")
	g.add("person", "accounts", "radia", "/people/jorge")
	g.add("person", "training", "ines", "/people/ana")
	g.add("person", "badge", "radia", "/people/jorge", func(b *tab) {
		b.write(`form[action$="/badge"] [name=reason]`, "nuevo operario")
		b.follow(`form[action$="/badge"] button`)
	})
	g.add("printers", "none", "radia", "/printers")
	g.add("terminals", "list", "radia", "/terminals")
	g.add("terminal", "settings", "radia", "/terminals/SVQ-08")
	g.add("terminal", "code", "radia", "/terminals/SVQ-08", func(b *tab) {
		b.write(`form[action$="/code"] [name=reason]`, "instalación")
		b.follow(`form[action$="/code"] button`)
	})
	g.add("error", "forbidden", "ana", "/terminals")
	g.add("error", "missing", "ana", "/batches/SVQ2600099X")
}

// stores are the pages of lots, devices and work areas.
func (g *gallery) stores() {
	used, blocked := g.stock()
	g.add("lots", "all", "ines", "/lots")
	g.add("receive", "delivery", "nicolas", "/lots/receive")
	g.add("lot", "used", "nicolas", "/lots/"+used.String())
	g.add("lot", "blocked", "ines", "/lots/"+blocked.String())
	g.equip()
	g.add("equipment", "all", "concepcion", "/equipment")
	g.add("device_register", "new", "concepcion", "/equipment/register")
	g.add("device", "doubt", "concepcion", "/equipment/BAL-01")
	g.add("device", "alarm", "concepcion", "/equipment/CEN-03")
	g.add("device", "out", "ana", "/equipment/HEM-01")
	ana := g.browser().signIn("ana")
	for _, id := range []string{"SVQ-A1", "SVQ-A2", "SVQ-A3"} {
		g.lab(id)
	}
	ana.post("/areas/SVQ-A1/clear", clean...).ok()
	g.takes("SVQ-A1", g.open("ES01-290"))
	for _, value := range []string{"3521", "12"} {
		ana.post("/areas/SVQ-A1/readings", "form", "readings", "kind", "particles-0.5", "value", value, "source", "APC-04", "minutes", "3", "now", "1").ok()
	}
	ana.post("/areas/SVQ-A1/plates", "form", "plates", "kind", "settle-plate", "plate", "P-0012", "position", "izquierda", "minutes", "5", "now", "1").ok()
	g.add("areas", "all", "ines", "/areas")
	g.add("area", "clear", "ana", "/areas/SVQ-A3")
	g.add("area", "used", "ines", "/areas/SVQ-A1")
	g.add("area", "plates", "ana", "/areas/SVQ-A1")
}

// straight are batches on their way, each at another sort of step.
func (g *gallery) straight() {
	other, wrong := g.begun("S11"), g.begun("S11")
	_, foreign := g.state(other)
	g.browser().signIn("ana").post("/batches/"+wrong+"/steps/S11/fields/bag_scan/scan", "raw", foreign.OfKind("harvest-bag")[0].Label)
	g.add("worklist", "order", "lucia", "/worklist")
	g.add("worklist", "operator", "ana", "/worklist")
	g.add("worklist", "qa", "ines", "/worklist")
	g.add("stop", "mismatch", "ana", "/batches/"+wrong+"/steps/S11/stop")
	g.add("batch", "stopped", "ana", "/batches/"+wrong)
	g.add("batch", "scan", "ana", "/batches/"+other)
	g.add("batch", "number", "ana", "/batches/"+other+"?field=gross_mass")
	g.add("batch", "past", "ana", "/batches/"+other+"?step=S05")
	g.add("batch", "correct", "ana", "/batches/"+other+"?step=S10&correct=max_T")
	g.add("batch", "late", "ana", "/batches/"+other+"?step=S09&correct=storage_place")
	g.add("batch", "others", "sofia", "/batches/"+other)
	g.add("batch", "choice", "lucia", "/batches/"+g.begun("S01"))
	g.add("batch", "moment", "inaki", "/batches/"+g.begun("S08"))
	frozen, beside := g.begun("S04"), g.begun("S04")
	_, other2 := g.state(beside)
	g.browser().signIn("begona").post("/batches/"+frozen+"/steps/S04/fields/wristband_scan/scan", "raw", other2.CoI.Label())
	g.add("course", "frozen", "ines", "/batches/"+frozen+"/course")
	g.browser().signIn("concepcion").post("/batches/" + beside + "/packs").ok()
	g.add("course", "pack", "concepcion", "/batches/"+beside+"/course")
	g.add("course", "told", "rocio", "/batches/"+beside+"/course")
	handoff := g.begun("S09")
	g.add("batch", "offer", "inaki", "/batches/"+handoff)
	verify := g.begun("S09")
	g.perform(verify, step(g.crew, verify))
	g.add("batch", "second", "ana", "/batches/"+verify)
	g.add("batch", "beside", "ana", "/batches/"+g.begun("S17"))
	labels := g.begun("S33")
	g.perform(labels, step(g.crew, labels))
	g.add("labels", "back", "ana", "/batches/"+labels+"/steps/S33/labels")
	g.add("record", "whole", "ines", "/batches/"+labels+"/record")
	g.add("print", "made", "ines", "/batches/"+labels+"/record", func(b *tab) {
		b.submit("/batches/"+labels+"/record-print", "lang", "es")
		b.is(`document.querySelector("[data-page=print] a[href$='/pdf']") !== null && document.readyState === "complete"`)
	})
	g.add("course", "plain", "alvaro", "/batches/"+labels+"/course")
	g.add("bedside", "plain", "alvaro", "/batches/"+labels+"/bedside")
	g.add("containers", "tree", "ana", "/batches/"+labels+"/containers")
	blind := g.begun("S36")
	g.perform(blind, step(g.crew, blind))
	g.add("batch", "blind", "ana", "/batches/"+blind)
}

// aside are batches that left the straight way.
func (g *gallery) aside() {
	t, ctx, k, op := g.t, g.t.Context(), g.plant.Batches, g.author(people.Operator, false)
	broken := g.begun("S21")
	require.NoError(t, k.Start(ctx, op, broken, 0, "S21"))
	require.NoError(t, k.Interrupt(ctx, op, broken, 0, "S21", "Corte de luz a los 12 minutos"))
	g.pass(9 * time.Minute)
	g.add("batch", "interrupted", "ana", "/batches/"+broken)
	g.add("batch", "resume", "concepcion", "/batches/"+broken)
	at := astray(g.crew)
	page := func(name string) string { return "/batches/" + at[name] }
	g.add("batch", "comment", "ana", page("comment"))
	g.add("batch", "lot", "ana", page("lot"))
	g.add("batch", "scanback", "ana", page("labels"))
	g.add("labels", "scrapped", "ana", page("labels")+"/steps/S12/labels")
	g.add("batch", "ended", "ana", page("stopped"))
	g.add("course", "disposal", "ana", page("stopped")+"/course")
	g.add("batch", "gate", "concepcion", page("gate"))
	g.add("batch", "held", "concepcion", page("held"))
	g.add("course", "held", "ines", page("held")+"/course")
	g.add("deviation", "approve", "hector", page("deviation")+"/deviations/"+at["number"])
	g.add("release", "deviation", "hector", page("deviation")+"/release")
}

// masters are the pages of recipes: a version in each state of its life.
func (g *gallery) masters() {
	lead := g.browser().signIn("concepcion")
	lead.upload("/masters", g.masterFile("3", oldLimit, `limit: ">=63", source: C`), change...).ok()
	lead.post("/masters/REX-001/3/submit").ok()
	lead.upload("/masters", g.masterFile("6", oldLimit, `limit: ">=50", source: X`), change...).ok()
	g.add("masters", "all", "concepcion", "/masters")
	g.add("master", "review", "ines", "/masters/REX-001/3")
	g.add("master", "faults", "concepcion", "/masters/REX-001/6")
	g.add("master", "effective", "ana", "/masters/REX-001/2")
}

// released is a batch on its last way.
func (g *gallery) released() {
	g.Values = plantest.Load(g.t, "seville-fresh").Values // as it is written: what went astray is over
	review, sign := g.begun(""), g.begun("")
	g.act(sign, mbr.ActQAReview)
	g.add("release", "review", "ines", "/batches/"+review+"/release")
	g.add("release", "unmet", "mercedes", "/batches/"+review+"/release")
	g.add("release", "sign", "mercedes", "/batches/"+sign+"/release")
	g.add("batch", "sign", "mercedes", "/batches/"+sign)
	done := g.begun("")
	g.act(done, mbr.ActQAReview)
	g.act(done, mbr.ActCertification)
	g.add("register", "filled", "mercedes", "/register")
	g.add("certificates", "filled", "mercedes", "/certificates")
	g.add("release", "certified", "mercedes", "/batches/"+done+"/release")
}

// orders are the pages of an order, of who the patient is, of what is connected to it, and a courier's phone.
func (g *gallery) orders() {
	g.Furnish(g.Scenario)
	g.furnished = true
	lucia := g.browser().signIn("lucia")
	lucia.post("/orders", order("3401-007", "24", "forenoon", dolores...)...).ok()
	var number string
	for w, err := range g.plant.Batches.Worklists(g.t.Context()) {
		require.NoError(g.t, err)
		number = w.Number
	}
	_, event := g.state(number)
	g.add("order_new", "empty", "lucia", "/orders/new")
	g.add("order", "placed", g.who(people.Investigator, false), "/batches/"+number+"/order")
	g.add("patients", "search", "lucia", "/patients")
	g.add("patient", "known", g.who(people.Nurse, false), "/patients/3401-007")
	g.add("trace", "empty", "ines", "/trace")
	g.add("trace", "event", "ines", "/trace?of="+event.CoI.String())
	g.add("courier", "no-pass", "", "/courier/")
}

// ships are the pages of shipments: one that is held, and what arrives unexpected.
func (g *gallery) ships() {
	j := g.crew.voyageOf("ES01-280")
	j.arrive()
	operator := g.browser().signIn("ana")
	operator.post(j.at+"/receipt", j.inspected("label_collected_at", "no", "on_call", "yes")...).ok()
	operator.files(j.at+"/logger", "file", "run.csv", j.sheet("LOG-77", 45, 52, 95, 124, 81)).ok()
	g.add("shipments", "held", "ines", "/shipments")
	g.add("harvests", "some", "ines", "/harvests")
	g.add("shipment", "decide", "ines", j.at)
	g.add("shipment", "hospital", "rocio", j.at)
	g.add("shipment_new", "plan", "ana", "/shipments/new")
	g.add("shipment_unexpected", "scan", "ana", "/shipments/unexpected")
	g.add("takeon", "ask", "ines", "/taken-on")
	g.add("passes", "none", "ana", j.at+"/passes")
}

// nobody are the pages before a sign-in, and those of a terminal.
func (g *gallery) nobody() {
	g.here, g.badge = g.code("SVQ-07", people.Settings{Name: "Sala 2", Area: "CR-2", Lang: "es", Density: 378}), g.crew.badge("ana")
	g.add("signin", "empty", "", "/sign-in")
	g.add("signin", "refused", "", "/sign-in", func(b *tab) {
		b.write("[name=username]", "ana")
		b.write("[name=password]", "nope")
		b.follow("main button.act")
	})
	g.add("here", "none", "", "/terminal")
	g.add("resume", "kept", "ana", "/worklist", func(b *tab) {
		b.submit("/sign-in", "username", "ana", "password", password, "resume", "/batches/X/steps/S11/fields/gross_mass/enter", "keep.value", "143,6")
	})
	g.add("switch", "typed", "here", "/switch")
	g.add("here", "terminal", "here", "/terminal")
	g.add("signin", "terminal", "here", "/sign-in")
	g.add("signin", "pad", "here", "/sign-in", func(b *tab) {
		b.scan(g.badge)
		b.sees("Ana Belén Carreño Ruiz")
	})
}

// submit sends a form as the page would, and waits for the page that answers.
func (b *tab) submit(path string, fields ...string) {
	b.t.Helper()
	var inputs strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&inputs, "add(%q, %q);", fields[i], fields[i+1])
	}
	eval[bool](b, `(() => {
		window.still = true;
		const form = Object.assign(document.createElement("form"), {method: "post", action: "`+path+`"});
		const add = (name, value) => form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
		`+inputs.String()+`
		document.body.append(form);
		setTimeout(() => form.submit());
		return true;
	})()`)
	b.arrived()
}

// as signs a person in without the form.
func (b *tab) as(username string) {
	b.t.Helper()
	require.True(b.t, eval[bool](b, `fetch("/sign-in", {method: "POST", body: new URLSearchParams({username: "`+username+`", password: "`+password+`"})}).then(r => r.ok)`), username)
}

// leave signs whoever is here out.
func (b *tab) leave() {
	b.t.Helper()
	require.True(b.t, eval[bool](b, `fetch("/sign-out", {method: "POST"}).then(r => r.ok || r.status === 401)`))
}

// unproven is a harvest that nobody scanned: it is entered from paper when half an hour has passed.
func (g *gallery) unproven(paper string) {
	was := g.clock().Add(-35 * time.Minute).In(g.plant.Profile.Location)
	g.browser().signIn("rocio").post("/batches/"+paper+"/steps/S06/unscanned", "reason", "sin red en la planta 3, formulario 118", "done_day", was.Format("02"), "done_month", was.Format("01"),
		"done_year", was.Format("2006"), "done_hour", was.Format("15"), "done_minute", was.Format("04")).ok()
	g.add("batch", "unscanned", "rocio", "/batches/"+paper)
	g.add("course", "unproven", "ines", "/batches/"+paper+"/course")
}
