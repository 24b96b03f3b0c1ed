package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
)

// enter brings a step to a field: everything before it is entered and scanned as the scenario says.
func (c *crew) enter(number, step string, fields ...string) {
	c.t.Helper()
	for _, f := range fields {
		require.NoError(c.t, c.plant.Batches.Enter(c.t.Context(), c.author(c.performer(number, step), false), number, 0, step, f, batch.Input{Text: c.Value(c.Values[step][f])}), f)
	}
}

func (c *crew) performer(number, step string) people.Role {
	b, _ := c.state(number)
	st, _ := b.Step(step)
	return st.Step.Performer
}

// A value beyond its limit is saved, and the page asks why before anything else (AT-59).
func TestValueBeyondItsLimitAsksWhy_AT59(t *testing.T) { // AT-59
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S10")
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	c.enter(number, "S10", "logger_serial_match", "readings", "min_T")
	p := ana.get(at).ok().has("Temperatura máxima")
	p = ana.post(at+"/steps/S10/fields/max_T/enter", "seen", p.field("seen"), "value", "9,1").ok().
		has("Guardado", "¿Por qué es así?", "Fuera del límite", "9,1", "≤ 8,0", "Guardar el comentario y continuar").hasNot("Confirmar tiempo fuera")
	short := ana.post(at+"/steps/S10/fields/max_T/comment", "seen", p.field("seen"), "text", "no")
	require.Equal(t, http.StatusUnprocessableEntity, short.status)
	short.has(">no</textarea>")
	ana.post(at+"/steps/S10/fields/max_T/comment", "seen", p.field("seen"), "text", "La caja estuvo al sol al cargarla").ok().
		has("El comentario está guardado", "Comentario:", "La caja estuvo al sol", "Tiempo fuera de rango")
	c.browser().signIn("ines").get(at+"/release").ok().has("La caja estuvo al sol al cargarla", "Desviaciones", "DEV-SVQ26-00001", "sin clasificar")
}

// Where the recipe bars a step, the page says so and offers to put the value right.
func TestBarredStepSaysWhy_AT59(t *testing.T) { // AT-59
	c := seville(t, "de")
	number := c.open("ES01-003")
	c.play(number, "S16")
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	c.enter(number, "S16", "previous_batch_id")
	p := ana.get(at).ok()
	p = ana.post(at+"/steps/S16/fields/foreign_labels_found/enter", "seen", p.field("seen"), "value", "2").ok().
		has("lässt die Vorschrift den Schritt nicht weitergehen", "Wert berichtigen", "correct=foreign_labels_found").hasNot("Schritt abschließen</button>")
	ana.post(at+"/steps/S16/fields/foreign_labels_found/correct", "seen", p.field("seen"), "value", "0", "reason", "zwei Etiketten entfernt").ok()
	ana.get(at).ok().hasNot("lässt die Vorschrift den Schritt nicht weitergehen")
}

// The second person enters the values without seeing the first ones; what differs is said in words (I7).
func TestSecondPersonEntersBlind_I7(t *testing.T) { // I7
	c := seville(t, "es")
	c.Values["S32"]["volume_used"] = "17.1" // not the computed volume of the dose, which everybody may see
	number := c.open("ES01-003")
	c.play(number, "S32")
	b, _ := c.state(number)
	st, _ := b.Step("S32")
	c.perform(number, st.Step)
	ana, jorge, at := c.browser().signIn("ana"), c.browser().signIn("jorge"), "/batches/"+number
	volume := "17,1"
	p := ana.get(at).ok().has("Lea usted estos valores", "Intento 1 de 3", `name="again.volume_used"`, `name="again.final_volume"`, "lo introduce la segunda persona").
		hasNot(">"+volume, "2,9\u00a0mL")
	jorge.get(at + "/record").ok().has("no se muestra hasta que firme la segunda persona").hasNot(volume + "\u00a0mL")
	jorge.get(at + "?step=S32").ok().hasNot(">" + volume)
	sign := func(used string) page {
		return ana.post(at+"/steps/S32/verify", "seen", p.field("seen"), "shown", p.field("shown"), "again.volume_used", used, "again.final_volume", "20,0", "username", "jorge", "password", password)
	}
	differs := sign("17,9")
	require.Equal(t, http.StatusConflict, differs.status)
	p = differs.has("no coincide con la primera (intento 1 de 3)", "«Volumen de células utilizado»", "Intento 2 de 3", `value="17,9"`).hasNot(">" + volume)
	p = sign("17,10").ok().has("La segunda persona ha firmado")
	jorge.get(at + "?step=S32").ok().has(volume)
	jorge.get(at + "/record").ok().has("Segunda entrada distinta")
}

// An interrupted step waits for the production lead, who says how it goes on, as often as the recipe lets it (AT-14).
func TestInterruptedStepOnPages_AT14(t *testing.T) { // AT-14
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S21")
	at := "/batches/" + number
	require.NoError(t, c.plant.Batches.Start(t.Context(), c.author(people.Operator, false), number, 0, "S21"))
	ana, lead := c.browser().signIn("ana"), c.browser().signIn("concepcion")
	p := ana.get(at).ok().has("Interrumpir el paso")
	ana.post(at+"/steps/S21/interrupt", "seen", p.field("seen"), "cause", "Corte de luz a los 12 minutos").ok().
		has("La interrupción está registrada", "Interrumpido", "Corte de luz a los 12 minutos", "hace 0", "deciden cómo continúa").hasNot("Guardar la decisión")
	lead.get("/worklist").ok().has("Le espera a usted", "INTERRUMPIDO")
	p = lead.get(at).ok().has("Guardar la decisión", "quedan 1 de 1", "S19", "S20")
	lead.post(at+"/steps/S21/resume", "seen", p.field("seen"), "decision", "repeat", "reason", "El gradiente se mezcló").ok().has("La decisión está registrada", "S19")
	b, _ := c.state(number)
	st, _ := b.Current()
	require.Equal(t, "S19", st.Step.ID)
	ana.get(at).ok().has("Este paso se repite tras una interrupción")
	lead.get(at+"/course").ok().has("Interrupciones", "El gradiente se mezcló")
}

// At a gate the open exceptions stand above the decision, and each choice says what follows.
func TestGateShowsWhatSpeaksAgainst_AT59(t *testing.T) { // AT-59
	c := seville(t, "en")
	c.little()
	number := c.open("ES01-003")
	c.play(number, "S14")
	lead, qa, at := c.browser().signIn("concepcion"), c.browser().signIn("ines"), "/batches/"+number
	c.enter(number, "S14", "low_volume_choice", "low_volume_decided_by")
	p := lead.get(at).ok().has("Before you decide", "Net volume", "55.5", "Projected yield", "Why is it so?")
	p = lead.post(at+"/steps/S14/fields/projected_yield/comment", "seen", p.field("seen"), "text", "The harvest was small").ok().has("goes on under a deviation", "the batch is held until QA decides", "the batch ends here")
	lead.post(at+"/steps/S14/fields/decision/enter", "seen", p.field("seen"), "value", "hold").ok()
	c.Values["S14"]["reason"] = "wait for the physician"
	c.enter(number, "S14", "reason", "area_emptied")
	b, _ := c.state(number)
	st, _ := b.Step("S14")
	require.NoError(t, c.plant.Batches.Complete(t.Context(), c.author(people.ProductionLead, false), number, 0, "S14"))
	c.Verify(number, st.Step)
	lead.get(at).ok().has("HELD", "Decided at a gate: Hold", "Nothing is done until QA lets it go on")
	qa.get("/worklist").ok().has("Waits for you", "HELD: Decided at a gate")
	p = qa.get(at + "/course").ok().has("Let the batch go on")
	qa.post(at+"/release-hold", "seen", p.field("seen"), "hold", p.field("hold"), "reason", "the physician agrees").ok().has("The batch may go on", "Went on", "the physician agrees")
	b, _ = c.state(number)
	require.True(t, b.Holds[0].LetAt.After(b.Holds[0].At))
	qa.get(at + "/course").ok().has("Inés Villaseñor Cobo · " + strings.ToUpper(b.Holds[0].LetAt.In(c.plant.Profile.Location).Format("02 Jan 2006 15:04 MST")))
	lead.get(at).ok().hasNot("HELD")
}

// A batch is stopped where nothing is half way; then each container is accounted for (scenarios 47 and 48).
func TestStopAndDisposalOnPages_AT59(t *testing.T) { // AT-59
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S10")
	at := "/batches/" + number
	qa, ana := c.browser().signIn("ines"), c.browser().signIn("ana")
	p := qa.get(at+"/course").ok().has("Parar el lote", "Retener el lote")
	qa.post(at+"/stop", "seen", p.field("seen"), "form", "stop", "cause", "patient-withdrew", "reason", "Retirada por teléfono").ok().has("PARADO", "El paciente se retiró", "Material por justificar")
	ana.get(at).ok().has("PARADO", "Indique qué se hizo con cada envase")
	_, event := c.state(number)
	ana.get("/worklist").ok().has("Justificar su material")
	for i, container := range event.Containers {
		p = ana.get(at + "/course").ok().has(container.ID.Print())
		p = ana.post(at+"/disposal", "seen", p.field("seen"), "form", "dispose", "raw", container.Label, "how", "destroyed", "reason", "Residuo infeccioso, contenedor 12").ok().has("Registrado", "Destruido")
		if i == len(event.Containers)-1 {
			p.has("El lote está cerrado")
		}
	}
	other := ana.post(at+"/disposal", "seen", "0", "raw", "&/CHA999926000777", "how", "destroyed", "reason", "x x x x")
	require.Equal(t, http.StatusConflict, other.status)
	other.has("PARE")
}

// Deviations are classified, investigated and approved on a page of their own, by two persons (AT-59).
func TestDeviationOnPages_AT59(t *testing.T) { // AT-59
	c := seville(t, "es")
	c.little()
	number := c.open("ES01-003")
	c.play(number, "S15")
	at := "/batches/" + number
	qa, other, lead := c.browser().signIn("ines"), c.browser().signIn("hector"), c.browser().signIn("concepcion")
	qa.get("/worklist").ok().has("Le espera a usted", "desviaci")
	b, _ := c.state(number)
	dev := at + "/deviations/" + b.Deviations[0].Number
	p := qa.get(dev).ok().has("Abierta por el sistema", "Volumen neto", "Clasificar")
	bad := qa.post(dev+"/classify", "seen", p.field("seen"), "classification", "major")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	bad.has("no es una fecha")
	qa.post(dev+"/classify", "seen", p.field("seen"), "classification", "major", "day", "22", "month", "12", "year", "2026").ok().has("Mayor", "22 DEC 2026", "por investigar")
	p = lead.get(dev).ok().has("Registrar la investigación").hasNot("Firmar la aprobación")
	lead.post(dev+"/investigate", "seen", p.field("seen"), "cause", "Extracción escasa de médula", "risk", "Ninguno: la dosis alcanza", "capa", "CAPA-7").ok().has("CAPA-7", "por aprobar")
	p = other.get(dev).ok().has("Firmar la aprobación")
	other.post(dev+"/approve", "seen", p.field("seen"), "password", password).ok().has("La aprobación está firmada", "Héctor", "cerrada")
	list := lead.get(at+"/course").ok().has(b.Deviations[0].Number, "cerrada")
	lead.post(at+"/deviations", "seen", list.field("seen"), "form", "deviate", "what", "La puerta estuvo abierta").ok().has("La desviación está abierta", "La puerta estuvo abierta", "No tiene ninguna excepción")
}

// Printed labels are scanned back; one is destroyed and printed anew before a second person (LB-1, LB-3).
func TestLabelsAreScannedBack_LB3(t *testing.T) { // LB-1, LB-3
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S12")
	_, event := c.state(number)
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	require.NoError(t, c.plant.Batches.Scan(t.Context(), c.author(people.Operator, false), number, 0, "S12", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	c.enter(number, "S12", "edta_lot", "bottle_lot", "sample_count_mL", "sample_flow_mL", "sample_sterility_mL")
	p := ana.get(at).ok().has("Emitir etiquetas")
	p = ana.post(at+"/steps/S12/labels", "seen", p.field("seen")).ok().has("Por escanear: 3", "en cola", "1 / 3")
	_, event = c.state(number)
	first := event.OfKind("sample-count")[0]
	files := at + "/steps/S12/labels/" + strings.ReplaceAll(first.ID.String(), "/", "-")
	require.True(t, strings.HasPrefix(ana.get(files+"/label.png").ok().body, "\x89PNG"), "the label as it is printed")
	require.True(t, strings.HasPrefix(ana.get(files+"/label.pdf").ok().body, "%PDF-1.7"))
	require.True(t, strings.HasPrefix(ana.get(files+"/label-203.zpl").ok().body, "^XA"))
	require.Equal(t, http.StatusNotFound, ana.get(files+"/label.exe").status)
	foreign := ana.post(at+"/steps/S12/labels/scan", "seen", p.field("seen"), "from", "labels", "raw", "&/CHA999926000777")
	require.Equal(t, http.StatusConflict, foreign.status)
	foreign.has("PARE")
	p = ana.get(at + "/steps/S12/labels").ok()
	p = ana.post(at+"/steps/S12/labels/scan", "seen", p.field("seen"), "from", "labels", "raw", first.Label).ok().has("La etiqueta está verificada", "Por escanear: 2", "Destruir / reimprimir")
	scrap := at + "/steps/S12/labels/" + strings.ReplaceAll(first.ID.String(), "/", "-") + "/scrap"
	alone := ana.post(scrap, "seen", p.field("seen"), "from", "labels", "what", "reprint", "reason", "Emborronada", "username", "ana", "password", password, "role", "operator")
	require.Equal(t, http.StatusConflict, alone.status)
	alone.has("Reimprimir exige la firma de una segunda persona", ">Emborronada</textarea>")
	p = ana.post(scrap, "seen", p.field("seen"), "from", "labels", "what", "reprint", "reason", "Emborronada", "username", "jorge", "password", password, "role", "operator").ok().
		has("se ha emitido otra", "#2", "Por escanear: 3")
	old := ana.post(at+"/steps/S12/labels/scan", "seen", p.field("seen"), "from", "labels", "raw", first.Label)
	require.Equal(t, http.StatusConflict, old.status, "the label that was destroyed still lies there")
	p = old.has("la válida es la n.º 2")
	b, _ := c.state(number)
	st, _ := b.Step("S12")
	for _, container := range event.Containers[len(event.Containers)-3:] {
		p = ana.post(at+"/steps/S12/labels/scan", "seen", p.field("seen"), "from", "labels", "raw", c.Batches.CodeOf(b, container, st.Label(container.ID.String()))).ok()
	}
	p.has("La etiqueta está verificada", "Escanear la muestra de esterilidad etiquetada")
	b, _ = c.state(number)
	st, _ = b.Step("S12")
	require.Equal(t, 1, b.LabelBalance().Destroyed)
	require.Len(t, st.Prints, 4)
}

// Where two steps can be done, each says so, and both wait for who does them (CS-65).
func TestParallelStepsAreOffered_CS65(t *testing.T) { // CS-65
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S17")
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	ana.get(at).ok().has("También se puede hacer ahora", "S18", "Medio de gradiente de densidad")
	ana.get("/worklist").ok().has("también", "S18")
	p := ana.get(at+"?step=S18").ok().has("También se puede hacer ahora", "Cabina de seguridad")
	p = ana.post(at+"/steps/S18/fields/cabinet_id/enter", "seen", p.field("seen"), "raw", "]d1"+c.Value("device:biosafety-cabinet")).ok().has("escaneado")
	require.Contains(t, p.path, "step=S18")
	b, _ := c.state(number)
	v, _ := b.Value("S18.cabinet_id")
	require.Equal(t, batch.Scanned, v.Origin)
}

// A batch is split, and the patient is harvested again: each batch stands beside the others, never merged (AT-1, AT-14).
func TestSplitAndFurtherHarvestOnPages_AT14(t *testing.T) { // AT-1, AT-14
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S15")
	lead, at := c.browser().signIn("concepcion"), "/batches/"+number
	p := lead.get(at+"/course").ok().has("Dividir el lote", "101,5")
	bad := lead.post(at+"/split", "seen", p.field("seen"), "form", "split", "share", "50,0", "share", "40,0", "reason", "dos dosis")
	require.Equal(t, http.StatusConflict, bad.status)
	bad.has("suman 90,0", "101,5", `value="50,0"`)
	lead.post(at+"/split", "seen", p.field("seen"), "form", "split", "share", "50,0", "share", "51,5", "reason", "dos dosis").ok().has("El lote está dividido", "DIVIDIDO", "separado de este")
	b, _ := c.state(number)
	lead.get("/batches/" + b.Children[0]).ok().has("S15").hasNot("DIVIDIDO")
	lucia := c.browser().signIn("lucia")
	lucia.get(at + "/course").ok().has("Abrir otra extracción")
	wrong := lucia.post(at+"/further", "form", "further", "why", "supplement", "reason", "Pocas células", "password", "nope")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	wrong.has(">Pocas células</textarea>")
	lucia.post(at+"/further", "form", "further", "why", "supplement", "reason", "Pocas células", "password", password).ok().has("El pedido está abierto", "S01")
}

// A step that the recipe lets begin at risk names what is missing, asks why it cannot wait, and goes on showing it.
func TestStepBegunAtRiskOnThePage_26(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"es", "en", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.Plant.ByRecipe(plantest.YieldAtRisk...)
			number := c.open("ES01-003")
			c.play(number, "S30")
			b := newTab(t, c.server.URL, phone)
			b.signIn(c.who(people.ProductionLead, false))
			for _, d := range []device{phone, terminal} {
				b.at(d)
				b.open("/batches/" + number + "?step=S31")
				for _, l := range looks[d] {
					require.Empty(t, b.accessible(l), "%s, %s", d.name, l)
					b.shot("risk-" + lang + "-" + d.name + "-" + l.theme)
				}
			}
			require.Equal(t, "/batches/"+number+"?step=S30", eval[string](b, `document.querySelector(".risk a").getAttribute("href")`))
			b.do(chromedp.SendKeys(chromedp.CSS(".risk textarea"), "S30: 08:40 - 09:10"))
			b.follow("button.act")
			require.Contains(t, eval[string](b, `document.querySelector(".step .aside-note").innerText`), "S30: 08:40 - 09:10")
			b.shot("risk-" + lang + "-begun")
			state, _ := c.state(number)
			st, _ := state.Step("S31")
			require.Equal(t, batch.Open, st.Status)
			require.Equal(t, []string{"S30"}, st.Risks[0].Before)
		})
	}
}

// A page that answers a refused command leads on as the page of the step does, also when it is loaded again.
func TestPageOfARefusalLeadsOn(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S10")
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	c.enter(number, "S10", "logger_serial_match", "readings")
	p := ana.get(at).ok()
	refused := ana.post(at+"/steps/S10/complete", "seen", p.field("seen"))
	require.Equal(t, http.StatusConflict, refused.status)
	refused.has(`href="` + at + `?step=S10&correct=readings#active"`).hasNot(`href="?step`)
	ana.get(at + "?step=S10&correct=readings").ok().has("Correct")
	ana.get(at+"/steps/S10/complete").ok().has("S10", "Read logger")
}
