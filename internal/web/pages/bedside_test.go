package pages_test

import (
	"context"
	"fmt"
	"image"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web"
	"rexbatch/internal/web/desk"
	"rexbatch/release/plantest"
)

// The phone decides by the same examples as the server: every label, every decision, every balance.
func TestPhoneDecidesAsTheServer_I4_I10(t *testing.T) {
	f := newFloor(t, "es-svq")
	examples, err := os.ReadFile("../../../testdata/bedside/examples.json")
	require.NoError(t, err)
	b := newTab(t, f.server.URL, phone)
	b.open("/courier/")
	faults := eval[[]string](b, `Promise.all([import("/static/courier/decide.js"), import("/static/courier/label.js")]).then(([d, l]) => {
		const e = `+string(examples)+`;
		const faults = [];
		const span = (s) => ({ earliest: Date.parse(s.earliest), latest: Date.parse(s.latest) });
		for (const x of e.labels) {
			for (const [expect, want] of [["wristband", x.wristband], ["final-container", x.container]]) {
				const got = d.compare(e.statement, expect, x.raw).found;
				if (got !== want) faults.push(expect + " " + x.raw + ": " + got + ", not " + want);
			}
		}
		for (const x of e.decisions) {
			const scan = (s, expect) => (s.raw ? { expect, raw: s.raw, at: span(s.at) } : null);
			const got = d.decide({
				statement: x.no_statement ? null : e.statement, standing: x.standing, limb: x.limb, given: x.given, now: span(x.now), seen: x.seen && Date.parse(x.seen),
				wristband: scan(x.wristband, "wristband"), containers: x.containers.map((c) => scan(c, "final-container")),
			});
			if (got.rules.join() !== x.rules.join()) faults.push(x.name + ": " + got.rules + ", not " + x.rules);
			if (d.Leave.is(got.leave) !== (x.rules.length === 0)) faults.push(x.name + ": leave");
		}
		for (const x of e.balances) {
			const got = d.balance(e.statement, x.containers, d.hundredths(x.given).value, d.hundredths(x.left).value).fits;
			if (got !== x.fits) faults.push(x.given + " and " + x.left + ": " + got);
		}
		try { new d.Leave(Symbol("decided"), "left", []); faults.push("a leave was made without a decision"); } catch {}
		if (d.Leave.is({ limb: "left" }) || d.Leave.is(Object.create(d.Leave.prototype))) faults.push("something else is taken for a leave");
		return faults;
	})`)
	require.Empty(t, faults)
}

// ward is a batch that was shipped, and a person at the bedside with a link.
type ward struct {
	*floor
	plant  *web.Plant
	crew   *plantest.Crew
	number string
}

func (f *floor) ward() *ward {
	plant := f.plants[0]
	w := &ward{floor: f, plant: plant, crew: plantest.NewCrew(f.parts[plant], plantest.Load(f.t, "seville-fresh"), "en")}
	w.number = w.crew.Order("3401-001")
	w.crew.Play(w.number, "S48") // to the first signed act
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(f.t, w.crew.Act(w.number, act), act)
	}
	w.crew.Play(w.number, "S47")
	return w
}

// link is a pass for the bedside: the address with its secret behind the hash, and the PIN.
func (w *ward) link(role people.Role) (string, string) {
	by := w.crew.As(people.Logistics, false)
	_, secrets, err := w.plant.People.IssuePass(context.Background(), by, people.NewPass{Account: w.crew.Who(role, false), Role: role, Scope: bedside.Stream(w.number), Until: w.clock().Add(48 * time.Hour)})
	require.NoError(w.t, err)
	return "/courier/#" + desk.PassLink(w.plant, secrets.Token), secrets.PIN
}

func (w *ward) bedside() *bedside.Administration {
	at, err := w.plant.Batches.Bedside().Load(context.Background(), w.number)
	require.NoError(w.t, err)
	return at
}

// code is a code as a printer would print it, drawn by the page's own encoder.
func (b *tab) code(text string) image.Image {
	require.True(b.t, eval[bool](b, fmt.Sprintf(`import("/static/courier/camera.js").then(async (m) => {
		let c = document.querySelector("#drawn");
		if (!c) { c = document.createElement("canvas"); c.id = "drawn"; c.hidden = true; document.body.append(c); }
		await m.draw(c, %q);
		return true;
	})`, text)))
	return b.canvas("#drawn")
}

// cut changes the statement that the phone keeps, as somebody with a phone in hand could.
const tampered = `new Promise((done) => { const o = indexedDB.open("rexbatch-courier"); o.onsuccess = () => {
	const tx = o.result.transaction("passes", "readwrite"), s = tx.objectStore("passes");
	s.getAll().onsuccess = (e) => { const p = e.target.result[0]; window.kept ??= p.bed.proof.entry; p.bed.proof.entry = CHANGED; s.put(p); };
	tx.oncomplete = () => (o.result.close(), done(true)); }; })`

// seenAhead is whether the phone keeps that it has reached a time well after now.
const seenAhead = `import("/static/courier/store.js").then(async (s) => (await s.passes())[0].seen > performance.timeOrigin + performance.now() + (await s.passes())[0].offset + 1800e3)`

// kept counts the events of a kind that the phone keeps.
func kept(kind string) string {
	return fmt.Sprintf(`import("/static/courier/store.js").then(async (s) => (await s.events((await s.passes())[0].phone)).filter((e) => e.document.kind === %q).length)`, kind)
}

// twice taps a button two times before the page can answer.
func twice(b *tab, text string) {
	require.True(b.t, eval[bool](b, fmt.Sprintf(`(() => { const one = [...document.querySelectorAll("main button")].find((x) => x.textContent === %q); one.click(); one.click(); return true; })()`, text)))
}

// What the phone keeps it keeps once: of two windows that begin together one begins, and a phone that can keep nothing says
// so and goes on reading.
func TestPhoneKeepsOneBeginningAndReadsOnAfterAFault_I4(t *testing.T) {
	f := newFloor(t, "es-svq")
	b := newTab(t, f.server.URL, phone)
	b.open("/courier/")
	b.is(`document.body.dataset.ready === "yes"`)
	eval[bool](b, `(p => (p.value = "en", p.dispatchEvent(new Event("change")), true))(document.querySelector("[data-lang-pick]"))`)
	b.sees("Open the link that the plant or the hospital sent you.")
	require.Equal(t, []bool{true, false}, eval[[]bool](b, `Promise.all(["server", "store", "key"].map((m) => import("/static/courier/" + m + ".js"))).then(async ([server, store, key]) => {
		await store.keepPass({ phone: "8XK2MPQ4-1", pair: await key.make(), n: 0, previous: "", offset: 0, bound: 1000 });
		const begin = () => server.record("8XK2MPQ4-1", { kind: "bed-start" }, (done) => !done.some((e) => e.document.kind === "bed-start"));
		return (await Promise.all([begin(), begin()])).map(Boolean).sort().reverse();
	})`))
	require.Equal(t, 1, eval[int](b, kept("bed-start")))
	require.Equal(t, 2, eval[int](b, `import("/static/courier/server.js").then((s) => s.record("8XK2MPQ4-1", { kind: "note" })).then((e) => e.n)`), "what was not kept took no number")

	require.True(t, eval[bool](b, `import("/static/courier/reading.js").then(({ reading }) => {
		window.took = [];
		reading({ title: "t", hint: "h", head: () => "", back: () => {}, accept: async (text) => {
			if (text === "FIRST") throw new Error("disk full");
			took.push(text);
			return true;
		} });
		return true;
	})`))
	b.write("#typed", "FIRST")
	b.click("main form button")
	b.sees("The phone could not keep what was read (disk full).")
	b.shot("bedside-not-kept-en")
	eval[bool](b, `(document.querySelector("#typed").value = "SECOND", true)`)
	b.click("main form button")
	b.is(`window.took.join() === "SECOND"`)
}

// What arrives late does not take the place of a stop that is shown meanwhile, and a page that an act leads away from is deaf
// to every other tap.
func TestNothingLateTakesThePlaceOfAStop_Screens8(t *testing.T) {
	f := newFloor(t, "es-svq")
	b := newTab(t, f.server.URL, phone)
	b.open("/courier/")
	b.is(`document.body.dataset.ready === "yes"`)
	require.Equal(t, "halt", eval[string](b, `Promise.all(["bedside", "view"].map((m) => import("/static/courier/" + m + ".js"))).then(async ([bedside, { el, show }]) => {
		const pass = { phone: "8XK2MPQ4-1", person: { name: "n" }, offset: 0, bound: 1000, bed: { batch: "SVQ2600001K", standing: { state: "released", checked: new Date().toISOString() } } };
		const shared = { pass: () => pass, flush() {}, reach() {}, line: () => "" };
		await bedside.home(shared);
		const late = bedside.renew(shared);
		show(el("section.halt", {}, el("h1", {}, "stop")));
		await late;
		return document.querySelector("[data-view]").firstElementChild.className;
	})`))
	require.Equal(t, []string{"first", "next"}, eval[[]string](b, `import("/static/courier/view.js").then(async ({ button, el, show }) => {
		const did = [];
		let go;
		const first = button("first", async () => { did.push("first"); await new Promise((then) => { go = then; }); show(el("h1", {}, "2"), next); });
		const beside = button("beside", () => did.push("beside"));
		const next = button("next", () => did.push("next"));
		show(el("h1", {}, "1"), first, beside);
		first.click(); first.click(); beside.click();
		go();
		await new Promise((then) => setTimeout(then));
		next.click();
		return did;
	})`))
}

// At the bed of a hospital without a network: another patient's wristband stops, the right ones go on, the other leg stops,
// the infusion begins and ends with its volumes; a statement of which one letter is changed is none. The plant learns of
// all of it when the phone is back, once.
func TestBedsideWithoutANetwork_12_44_51_52(t *testing.T) {
	t.Parallel()
	f := newFloor(t, "es-svq")
	w := f.ward()
	base, line := f.behindCut()
	b, hold := filmed(t, base)
	link, pin := w.link(people.Interventionist)
	b.open(link)
	b.enterPIN(pin)
	b.sees("At the bedside")
	b.is(`document.body.dataset.ready === "yes" && !location.hash`)
	eval[bool](b, `import("/static/courier/camera.js").then((m) => m.warm()).then(() => true)`)
	statement := w.bedside().Current()
	require.NotNil(t, statement)
	b.sees(statement.Certificate)
	b.sees("Recall last checked")
	coi, err := isbt128.ParseCoI(statement.CoI)
	require.NoError(t, err)
	band, foreign := b.code(coi.Label()), b.code("&/CHA999926999999")
	id, err := isbt128.ParseContainerID(statement.Containers[0].ID)
	require.NoError(t, err)
	bag := printedLabel(t, statement.CoI, id)

	line.set(true)
	b.open("/courier/") // the page itself comes from the phone
	b.enterPIN(pin)
	b.sees("Released")
	b.shot("bedside-home-en")

	// 43: an hour later the clock is set back behind what the phone showed, and the page is opened again.
	require.True(t, eval[bool](b, `(() => { const real = Date.now; Date.now = () => real() + 3600e3; document.dispatchEvent(new Event("visibilitychange")); return true; })()`))
	b.comes(seenAhead, "EXPRESSION")
	b.open("/courier/")
	b.enterPIN(pin)
	b.sees("Released")
	b.tap("Check patient and product")
	b.sees("The phone's clock cannot show that it has not expired.")
	b.tap("Back")
	line.set(false) // the server's time puts it right
	eval[bool](b, `document.dispatchEvent(new Event("visibilitychange"))`)
	b.comes(seenAhead, "EXPRESSION.then((ahead) => !ahead)")
	b.is(`document.body.innerText.includes("delivered")`)
	line.set(true)
	b.open("/courier/")
	b.enterPIN(pin)
	b.sees("Released")

	// 12: another patient's wristband.
	hold(foreign)
	b.tap("Check patient and product")
	b.sees("Stop: do not give it")
	b.sees("The wristband is not that of this product's patient.")
	b.shot("bedside-stop-en")
	require.Equal(t, []string{"Scan again", "Back"}, eval[[]string](b, `[...document.querySelectorAll("main button")].map((x) => x.textContent)`), "no way around")

	// 52: the other leg.
	hold(band)
	b.tap("Scan again")
	b.sees("Scan container 1 of 1.")
	hold(bag)
	b.sees("Which leg is treated?")
	b.shot("bedside-limb-en")
	wrong, right := "right leg", "left leg"
	if statement.Limb == "right" {
		wrong, right = right, wrong
	}
	b.tap(wrong)
	b.sees("This is not the leg of the order.")
	b.shot("bedside-limb-stop-en")

	// 44: one letter of the statement is changed on the phone.
	changed := strings.Replace(tampered, "CHANGED", `btoa(atob(window.kept).replace('"limb":"`+statement.Limb+`"', '"limb":"`+strings.Fields(wrong)[0]+`"'))`, 1)
	require.True(t, eval[bool](b, changed))
	b.open("/courier/")
	b.enterPIN(pin)
	b.sees("Not valid")
	b.shot("bedside-invalid-en")
	require.False(t, eval[bool](b, `[...document.querySelectorAll("main button")].some((x) => x.textContent === "Check patient and product")`))
	require.True(t, eval[bool](b, strings.Replace(tampered, "CHANGED", `btoa(atob(p.bed.proof.entry).replace('"limb":"`+strings.Fields(wrong)[0]+`"', '"limb":"`+statement.Limb+`"'))`, 1)))
	b.open("/courier/")
	b.enterPIN(pin)
	b.sees("Released")

	// 44: the certificate's file, as it was signed and with one byte changed.
	pdf, _, err := w.plant.Release.Certificate(context.Background(), statement.Certificate)
	require.NoError(t, err)
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "certificate.pdf"), filepath.Join(dir, "changed.pdf")
	require.NoError(t, os.WriteFile(good, pdf, 0o600))
	pdf[len(pdf)/2] ^= 1
	require.NoError(t, os.WriteFile(bad, pdf, 0o600))
	b.tap("Check the certificate's file")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{good}))
	b.sees("as it was signed")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{bad}))
	b.sees("is not the valid certificate")
	b.shot("bedside-file-en")
	b.tap("Back")

	// 51: begun, and stopped half way.
	hold(band)
	b.tap("Check patient and product")
	b.sees("Scan container 1 of 1.")
	hold(bag)
	b.sees("Which leg is treated?")
	b.tap(right)
	b.sees("Everything agrees")
	b.shot("bedside-agrees-en")
	twice(b, "The infusion begins now")
	b.sees("The infusion runs since")
	b.tap("End the infusion")
	filled := statement.Containers[0].Volume
	b.write("#given", "1,5")
	b.write("#left", "0.5")
	eval[bool](b, `(document.querySelector("#how").value = "interrupted", document.querySelector("#residual").value = "kept", true)`)
	b.do(chromedp.SendKeys(chromedp.CSS("#reaction"), "fall of blood pressure"))
	b.write("#reference", "SAE-2026-014")
	b.tap("Confirm volumes")
	b.sees("Measure again.")
	b.is(`(() => { const p = document.querySelector(".problem"), r = p.getBoundingClientRect(); return p.contains(document.elementFromPoint(r.left + 8, r.top + 8)); })()`)
	b.shot("bedside-end-en")
	rest, err := filled.Sub(quantity.MustParse("1.5", "mL"))
	require.NoError(t, err)
	eval[bool](b, fmt.Sprintf(`(document.querySelector("#left").value = %q, true)`, rest.Number()))
	twice(b, "Confirm volumes")
	b.sees("Infusion ended")
	b.sees("on this phone")
	require.Empty(t, w.bedside().Scans, "nobody but the phone knows")

	line.set(false)
	f.pass(30 * time.Minute)
	eval[bool](b, `document.dispatchEvent(new Event("visibilitychange"))`)
	b.is(`!document.body.innerText.includes("on this phone") && document.body.innerText.includes("delivered")`)
	b.shot("bedside-delivered-en")
	at := w.bedside()
	require.Len(t, at.Starts, 1)
	require.Empty(t, at.Starts[0].Doubts)
	require.Equal(t, "1.5 mL", at.Starts[0].End.Given.String())
	require.Equal(t, []string{"bed-interrupted", "bed-reaction"}, at.Starts[0].End.Faults)
	require.Equal(t, "&/CHA999926999999", strings.TrimPrefix(at.Scans[0].Raw, at.Scans[0].Raw[:3]), "as it was read")
	require.Len(t, at.Stops, 3)
	require.Equal(t, []string{"bed-clock"}, at.Stops[0].Rules)
	require.Equal(t, []string{"bed-limb"}, at.Stops[2].Rules)
	require.Equal(t, 1, eval[int](b, kept("bed-start")))
	require.Equal(t, 1, eval[int](b, kept("bed-end")))
	eval[bool](b, `document.dispatchEvent(new Event("visibilitychange"))`)
	b.sees("connected")
	require.Len(t, w.bedside().Starts, 1, "once")
	for _, lang := range []string{"es", "de"} {
		eval[bool](b, fmt.Sprintf(`(p => (p.value = %q, p.dispatchEvent(new Event("change")), true))(document.querySelector("[data-lang-pick]"))`, lang))
		b.is(fmt.Sprintf(`document.documentElement.lang === %q`, lang))
		b.sees("1,5 mL ·")
		b.is(`!document.body.innerText.includes("DEMONSTRATION – NOT") && !document.body.innerText.includes("Language")`)
		b.shot("bedside-home-" + lang)
	}

	page := newTab(t, f.server.URL, desktop)
	page.signIn(w.crew.Who(people.QA, false))
	page.open("/batches/" + w.number + "/bedside")
	page.sees("SAE-2026-014")
	page.sees("Dose given")
	page.whole("bedside-page-en")
	w.takenAtTheTerminal()
}

// takenAtTheTerminal completes the step in which the product is given with what the phone delivered (I14).
func (w *ward) takenAtTheTerminal() {
	batches, by := w.plant.Batches, w.crew.As(people.Interventionist, false)
	b, _ := w.crew.State(w.number)
	st, _ := b.Step("S47")
	require.NoError(w.t, batches.Start(w.t.Context(), by, w.number, 0, "S47"))
	for _, f := range st.Step.FieldsAt(w.plant.Site()) {
		if f.Type == mbr.TypeScan {
			for _, raw := range w.crew.Labels(w.number, f) {
				require.NoError(w.t, batches.Scan(w.t.Context(), by, w.number, 0, "S47", f.ID, raw))
			}
		}
	}
	giver := newTab(w.t, w.server.URL, terminal)
	giver.signIn(by.Account)
	giver.open("/batches/" + w.number)
	giver.sees("The phones at the bed delivered 7 values for this step")
	giver.shot("bedside-take-en")
	giver.click(`form[action$="/steps/S47/bedside"] button`)
	giver.sees("Taken from the bedside.")
	giver.sees("fall of blood pressure; SAE-2026-014")
	giver.whole("bedside-taken-en")
	b, _ = w.crew.State(w.number)
	c, _ := b.Value("S47.volume_given")
	require.Equal(w.t, "1.5 mL", c.Value.String())
	require.Equal(w.t, batch.AtTheBed, c.Origin)
}

// 43: the cath lab is late: the page stops before anybody scans, and the physician's way is a request that the Qualified
// Person answers. A recall reaches the phone at its next contact.
func TestCathLabLateOnThePhone_43(t *testing.T) {
	t.Parallel()
	f := newFloor(t, "es-svq")
	w := f.ward()
	b := newTab(t, f.server.URL, phone)
	link, pin := w.link(people.Interventionist)
	b.open(link)
	b.enterPIN(pin)
	b.sees("Released")
	f.pass(w.bedside().Current().Expiry.Sub(w.clock()) + time.Minute)
	eval[bool](b, `document.dispatchEvent(new Event("visibilitychange"))`)
	b.sees("· expired")
	b.tap("Check patient and product")
	b.sees("The product has expired.")
	b.shot("bedside-expired-en")
	b.tap("Ask the plant")
	b.do(chromedp.SendKeys(chromedp.CSS("#reason"), "traffic; the marrow cannot be taken again"))
	b.do(chromedp.SendKeys(chromedp.CSS("#risk"), "told the patient: fewer living cells"))
	b.shot("bedside-ask-en")
	b.tap("Send the request")
	b.is(`document.body.innerText.includes("Asked the plant") && !document.body.innerText.includes("on this phone")`)
	at := w.bedside()
	require.Empty(t, at.Starts)
	require.Len(t, at.Open(), 1)
	require.Equal(t, []string{"bed-expired"}, at.Requests[0].Rules)

	w.crew.Sessions["petra"] = f.parts[w.plant].Hire("petra", "Petra Ruiz", "en", people.QP)
	page := newTab(t, f.server.URL, desktop)
	page.signIn("petra")
	page.open("/batches/" + w.number + "/bedside")
	page.sees("traffic; the marrow cannot be taken again")
	page.click("details.assess summary")
	page.do(chromedp.SendKeys(chromedp.CSS("textarea[name=text]"), "no stability data beyond the expiry"))
	page.write("details.assess input[type=password]", password)
	page.click("details.assess button.act")
	page.sees("The request is answered.")
	page.click("details.lot-act summary")
	page.do(chromedp.SendKeys(chromedp.CSS("details.lot-act textarea"), "growth in another batch of that day"))
	page.write("details.lot-act input[type=password]", password)
	page.click("details.lot-act button.act")
	page.sees("The certificate is recalled.")
	page.whole("bedside-recalled-en")

	eval[bool](b, `document.dispatchEvent(new Event("visibilitychange"))`)
	b.sees("declined")
	b.sees("Recalled")
	b.tap("Check patient and product")
	b.sees("The product was recalled.")
	require.Empty(t, w.bedside().Starts)
}

// A link for the bedside is given on the batch's page, once, to somebody of the hospital.
func TestLinkForTheBedside(t *testing.T) {
	f := newFloor(t, "es-svq")
	crew := plantest.NewCrew(f.parts[f.plants[0]], plantest.Load(t, "seville-fresh"), "en")
	number := crew.Order("3401-001")
	b := f.browser().signIn(crew.Who(people.Logistics, false))
	path := "/batches/" + number + "/bedside"
	b.get(path).ok().has("Nothing yet.")
	b.post(path+"/passes", "account", crew.Who(people.Interventionist, false), "role", "interventionist").ok().has("/courier/#ES-SVQ~", "PIN")
	b.get(path).ok().hasNot("/courier/#")
	b.post(path+"/passes", "account", crew.Who(people.Courier, false), "role", "courier").has("does nothing at the bedside")
}

// The Qualified Person signs a recall over what the page showed, and without a phone that ever asked (I8, AT-57).
func TestRecallOnThePage_I8(t *testing.T) {
	f := newFloor(t, "es-svq")
	w := f.ward()
	f.parts[w.plant].Hire("petra", "Petra Ruiz", "en", people.QP)
	b := f.browser().signIn("petra")
	path := "/batches/" + w.number + "/bedside"
	p := b.get(path).ok().has("What phones go by", "Recall the certificate", "the batch is held as well")
	require.Nil(t, w.bedside().Current(), "whoever looks states nothing")
	b.post(path+"/recall", "form", "recall", "reason", "growth in another batch", "password", password).has("Nothing was shown that could be signed.")
	other := strings.Repeat("0", len(p.field("shown")))
	b.post(path+"/recall", "form", "recall", "shown", other, "reason", "growth in another batch", "password", password).
		has("has changed since it was shown", "growth in another batch")
	b.post(path+"/recall", "form", "recall", "shown", p.field("shown"), "reason", "growth in another batch", "password", password).ok().
		has("The certificate is recalled.", "growth in another batch").hasNot("Sign the recall")
}

// Nobody is shown the way to a page that refuses them, and nobody who may open it misses the way: a courier carries the
// product and sees nothing of the patient's bed (CS-66).
func TestOnlyWhoMayOpenTheBedsideIsShownTheWay_CS66(t *testing.T) {
	f := newFloor(t, "es-svq")
	crew := plantest.NewCrew(f.parts[f.plants[0]], plantest.Load(t, "seville-fresh"), "en")
	path := "/batches/" + crew.Order("3401-001")
	for role, may := range map[people.Role]bool{people.Courier: false, people.Nurse: true, people.Interventionist: true, people.QA: true, people.Operator: true} {
		b := f.browser().signIn(crew.Who(role, false))
		answer := b.get(path + "/bedside")
		require.Equal(t, may, answer.status == http.StatusOK, role)
		for _, page := range []string{path, path + "/course", path + "/order"} {
			p := b.get(page).ok()
			require.Equal(t, may, strings.Contains(p.body, `href="`+path+`/bedside"`), "%s on %s", role, page)
		}
	}
}
