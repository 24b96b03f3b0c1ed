package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
)

// A hand in a glove needs targets of 20 mm by 20 mm, 5 mm between them, and none in the outer 10 mm (screens, rule 3).
// primary is what a step is done with: the action, the keypad, and what the field in hand asks for. What is folded away for
// when the scanner fails, corrections and the ways to other pages are not.
const primary = `.bar button.act, .bar a.act, .keypad:not([hidden]) button, .active :is(.choice, .now, select, textarea, .number input, .wide-input), ` +
	`.active .number input, .signer input, .again :is(input, select), .broken :is(.choice, textarea), form.panel#act :is(input, textarea):not([type=hidden]), ` +
	`.scan-bar .act, .halt a, main.alone form.stack :is(button.act, input:not([type=hidden]):not([type=radio]), .choice), .pinkeys button, .switch-ways > *, .switch .pin`

// handsRun measures in millimetres of the terminal's screen. What is scrolled out of sight is brought into sight to see whether
// it can be reached; distances are taken as the page lies before the person.
const handsRun = `((perMM) => {
	const faults = [], name = (e) => (e.textContent.trim().replace(/\s+/g, " ") || e.name || e.id).slice(0, 40);
	const all = [...(document.querySelector("dialog[open]") ?? document).querySelectorAll("PRIMARY")].filter((e) => e.checkVisibility() && !e.closest("details:not([open])"));
	const scrollers = (e) => { const out = []; for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowY) && p !== document.body && p !== document.documentElement) out.push(p); return out; };
	const seen = (e) => { // the part of it that is not cut off
		let {left, top, right, bottom} = e.getBoundingClientRect();
		for (const p of scrollers(e)) { const c = p.getBoundingClientRect(); left = Math.max(left, c.left); top = Math.max(top, c.top); right = Math.min(right, c.right); bottom = Math.min(bottom, c.bottom); }
		return right - left > 1 && bottom - top > 1 ? {e, left, top, right, bottom} : null;
	};
	const boxes = all.map(seen).filter(Boolean);
	for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
		const a = boxes[i], b = boxes[j];
		if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
		const apart = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
		if (apart < 5 * perMM - 0.3) faults.push(name(a.e) + " and " + name(b.e) + " are " + (apart / perMM).toFixed(1) + " mm apart");
	}
	for (const e of all) {
		e.scrollIntoView({block: "nearest"});
		const r = e.getBoundingClientRect();
		if (r.width < 20 * perMM - 0.3 || r.height < 20 * perMM - 0.3) faults.push(name(e) + " is " + (r.width / perMM).toFixed(1) + " by " + (r.height / perMM).toFixed(1) + " mm");
		const b = seen(e);
		if (!b) { faults.push(name(e) + " cannot be brought into sight"); continue; }
		const rim = Math.min(b.left, b.top, innerWidth - b.right, innerHeight - b.bottom);
		if (rim < 10 * perMM - 0.3) faults.push(name(e) + " is " + (rim / perMM).toFixed(1) + " mm from the rim");
	}
	return {faults, measured: all.length};
})`

// hands are the targets of the page that a gloved hand would miss, at so many pixels in 100 mm.
func (b *tab) hands(density int) (faults []string, measured int) {
	b.t.Helper()
	type found struct {
		Faults   []string
		Measured int
	}
	f := eval[found](b, replaced(handsRun, "PRIMARY", primary)+fmt.Sprintf("(%d / 100)", density))
	return f.Faults, f.Measured
}

// walker takes a batch through its recipe and measures each sort of page on the way.
type walker struct {
	*crew
	b      *tab
	number string
	who    string
	seen   map[string]bool
	sorts  map[string]bool // of things to do and of fields, that were met
}

const sort = `(() => { const f = document.querySelector("form#act"), p = f ? new URL(f.action).pathname.split("/").slice(3) : [];
	return p[0] === "handoff" ? p[1] : p[2] === "fields" ? p[4] : p[2] === "labels" && p[3] ? "back" : p[2] ?? ""; })()`

// look opens the batch for a person, and measures it when its sort was not met before.
func (w *walker) look(role people.Role, what string) { w.lookAt(role, what, "") }

func (w *walker) lookAt(role people.Role, what, query string) {
	w.t.Helper()
	if w.seen[what] {
		return
	}
	w.seen[what] = true
	if who := w.crew.who(role, false); who != w.who {
		w.b.as(who)
		w.who = who
	}
	w.b.open("/batches/" + w.number + query)
	faults, measured := w.b.hands(density)
	w.sorts[eval[string](w.b, sort)] = true
	for _, f := range append(faults, w.b.ofBatch()...) {
		assert.Fail(w.t, f, what)
	}
	if measured == 0 {
		assert.True(w.t, eval[bool](w.b, `document.querySelector(".bar .await") !== null`), "%s: nothing was measured", what)
	}
}

// step does a step as Perform does, and looks before each field of a new type.
func (w *walker) step(st *mbr.Step) {
	w.t.Helper()
	ctx, by := w.t.Context(), w.author(st.Performer, false)
	labelled := len(st.Creates) == 0 && len(st.Relabels) == 0
	w.look(st.Performer, "step "+st.ID)
	for _, f := range st.FieldsAt(w.Profile.Site) {
		b, _ := w.state(w.number)
		if !b.Asked(f) {
			continue
		}
		given, has := w.Values[st.ID][f.ID]
		switch {
		case f.Type == mbr.TypeFile: // no scenario brings one
			w.sorts[string(f.Type)] = true
			w.lookAt(st.Performer, "field file", "?field="+f.ID)
		case f.Type == mbr.TypeScan:
			if !labelled && slices.ContainsFunc(st.Creates, func(c mbr.Creation) bool { return c.Kind == f.Expect }) {
				w.look(st.Performer, "labels")
				w.Label(w.number, st)
				w.look(st.Performer, "back")
				labelled = true
			}
			w.look(st.Performer, "field scan")
			for _, raw := range w.Labels(w.number, f) {
				require.NoError(w.t, w.plant.Batches.Scan(ctx, by, w.number, 0, st.ID, f.ID, raw), f.Ref())
			}
		case has && f.Type != mbr.TypeComputed && f.ID != "subject_no":
			w.sorts[string(f.Type)] = true
			w.look(st.Performer, "field "+string(f.Type)+fmt.Sprint(len(f.Options) > 4))
			require.NoError(w.t, w.plant.Batches.Enter(ctx, by, w.number, 0, st.ID, f.ID, batch.Input{Text: w.Value(given)}), f.Ref())
		}
	}
	w.rest(st, labelled)
}

// rest is what comes after the fields: labels, handoff, completion, the second person.
func (w *walker) rest(st *mbr.Step, labelled bool) {
	w.t.Helper()
	if !labelled {
		w.look(st.Performer, "labels")
		w.Label(w.number, st)
		w.look(st.Performer, "back")
	}
	w.ScanBack(w.number, st)
	if st.Custody != nil {
		w.look(st.Performer, "handoff "+string(st.Performer))
	}
	w.HandOver(w.number, st)
	w.Comment(w.number, st)
	w.look(st.Performer, "complete")
	require.NoError(w.t, w.plant.Batches.Complete(w.t.Context(), w.author(st.Performer, false), w.number, 0, st.ID), st.ID)
	if st.Second != nil {
		w.look(st.Performer, fmt.Sprint("second ", st.Second.Mode, len(st.Second.Fields) > 2))
		w.Verify(w.number, st)
	}
}

// density is that of a 15-inch terminal of 1280 by 1024 pixels, in pixels on 100 mm: the one whose pixels CSS assumes.
const density = 378

// TestHandsOnEveryKindOfStep walks both plants' recipes from the order to the last step at a registered terminal, and measures
// every step, every type of field, the second person's page and what comes between (screens, rules 2, 3, 19 and 21).
func TestHandsOnEveryKindOfStep(t *testing.T) {
	t.Parallel()
	seen, sorts := map[string]bool{}, map[string]bool{}
	for _, p := range []struct{ scenario, profile, lang string }{{"seville-fresh", "es-svq", "es"}, {"frankfurt-fresh", "de-fra", "de"}} {
		t.Run(p.scenario, func(t *testing.T) {
			f := newFloor(t, p.profile)
			c := enrol(f, f.plants[0], p.scenario, p.lang)
			w := &walker{crew: c, b: newTab(t, c.server.URL, terminal), seen: seen, sorts: sorts}
			w.b.become(w.code("SVQ-07", people.Settings{Name: "Sala 2", Lang: p.lang, Density: density}))
			w.number = c.open(map[string]string{"es-svq": "ES01-003", "de-fra": "DE01-007"}[p.profile])
			signed := false
			for {
				b, _ := w.state(w.number)
				st, open := b.Current()
				if !open {
					break
				}
				if st.Step.Act != "" && !signed {
					w.sign()
					signed = true
					continue
				}
				w.stand(b, st.Step)
				w.step(st.Step)
				w.standing = ""
			}
		})
	}
	for _, want := range []string{
		"", "enter", "scan", "labels", "back", "complete", "verify", "offer", "int", "decimal", "bool", "enum", "multi", "datetime", "date", "lot", "equipment", "text", "id", "list", "file",
	} {
		assert.True(t, sorts[want], "no page of the sort %q was met", want)
	}
}

// sign signs the acts of the release.
func (w *walker) sign() {
	w.t.Helper()
	acts := []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor}
	if w.Profile.TwoHeads {
		acts = slices.Insert(acts, 1, mbr.ActProduction, mbr.ActQuality)
	}
	for _, act := range acts {
		w.act(w.number, act)
	}
}

// Beside the steps: sign-in, the pad for a PIN and the stop, also on a terminal with a denser screen.
func TestHandsBesideTheSteps(t *testing.T) {
	t.Parallel()
	c := seville(t, "es")
	other, number := c.open("ES01-001"), c.open("ES01-002")
	c.play(other, "S11")
	c.play(number, "S11")
	_, foreign := c.state(other)
	c.browser().signIn("ana").post("/batches/"+number+"/steps/S11/fields/bag_scan/scan", "raw", foreign.OfKind("harvest-bag")[0].Label)
	badge := c.badge("ana")
	for _, screen := range []struct {
		device
		density int
	}{{terminal, density}, {device{"dense", 1920, 1080, true}, 556}} {
		t.Run(screen.name, func(t *testing.T) {
			b := newTab(t, c.server.URL, screen.device)
			b.become(c.code("SVQ-07"+strings.ToUpper(screen.name[:1]), people.Settings{Name: "Sala 2", Lang: "es", Density: screen.density}))
			measure := func(what string, least int) {
				t.Helper()
				faults, measured := b.hands(screen.density)
				for _, f := range faults {
					assert.Fail(t, f, what)
				}
				assert.GreaterOrEqual(t, measured, least, what)
			}
			b.open("/sign-in")
			measure("sign-in", 3)
			b.scan(badge)
			b.sees("Ana Belén Carreño Ruiz")
			measure("pad", 15)
			b.as("ana")
			b.open("/batches/" + number + "/steps/S11/stop")
			measure("stop", 2)
			b.shot("hands-stop-" + screen.name)
			b.open("/batches/" + other)
			_, event := c.state(other)
			eval[bool](b, `window.still = true`)
			b.scan(event.OfKind("harvest-bag")[0].Label)
			b.arrived()
			b.open("/batches/" + other + "?field=gross_mass")
			measure("keypad", 16)
			b.shot("hands-keypad-" + screen.name)
		})
	}
}
