package pages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// TestOperatorAtTheTerminal drives a real browser: sign in, worklist, batch, scan, keypad, complete.
func TestOperatorAtTheTerminal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, mine, expect, matched, mark, within, confirm, tare, ready, done string }{
		{"es", "Le espera a usted", "Escanee: bolsa de extracción", "El escaneo coincide", ",", "dentro del límite", "Confirmar masa bruta", "Confirmar masa de la tara", "Completar el paso", "El paso está completado"},
		{"de", "Wartet auf Sie", "Scannen: Knochenmark-Entnahmebeutel", "Der Scan stimmt überein", ",", "innerhalb der Grenze", "Bruttomasse bestätigen", "Taramasse bestätigen", "Schritt abschließen", "Der Schritt ist abgeschlossen"},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			c := seville(t, tt.lang)
			number := c.open("ES01-003")
			c.play(number, "S11")
			_, event := c.state(number)
			b := newTab(t, c.server.URL, terminal)
			b.signIn("ana")
			b.sees(tt.mine)
			b.shot("drive-1-worklist-" + tt.lang)
			b.click("a.line")
			b.sees(tt.expect)
			b.shot("drive-2-scan-" + tt.lang)
			b.scanned(event.OfKind("harvest-bag")[0].Label)
			b.sees(tt.matched)
			b.scanned(c.Value(c.Values["S11"]["balance_id"]))
			b.sees(tt.confirm)
			b.keys("1", "4", "3", tt.mark, "6")
			b.sees("143" + tt.mark + "6 g") // the value and its unit come back in words
			b.sees(tt.within)
			b.shot("drive-3-enter-" + tt.lang)
			b.sizes()
			b.click("button.act")
			b.sees(tt.tare)
			b.keys("3", "1", tt.mark, "2")
			b.click("button.act")
			b.sees(tt.ready)
			b.shot("drive-4-ready-" + tt.lang)
			b.click("button.act")
			b.sees(tt.done)
			b.shot("drive-5-next-" + tt.lang)
		})
	}
}

// A wrong label fills the screen, also when the focus stands in a field.
func TestWrongLabelAtTheTerminal_I4(t *testing.T) { // I4
	c := seville(t, "es")
	other, number := c.open("ES01-001"), c.open("ES01-002")
	c.play(other, "S11")
	c.play(number, "S11")
	_, foreign := c.state(other)
	b := newTab(t, c.server.URL, terminal)
	b.signIn("ana")
	b.open("/batches/" + number)
	b.click("details.fallback summary")
	b.do(chromedp.Focus(chromedp.CSS(`[name=typed]`)))
	b.scan(foreign.OfKind("harvest-bag")[0].Label)
	b.sees("PARE. La identidad no coincide.")
	b.shot("stop-es")
	links := eval[int](b, `document.querySelectorAll(".halt a, .halt button").length`)
	require.Equal(t, 2, links) // scan again, or back: nothing overrides it
	b.click(".halt .act.ghost")
	b.sees("PARADO")
	b.shot("stopped-batch-es")
}

// On a phone the field in hand stands in view as soon as the page does, above the one action, however many stand before it.
func TestFieldInHandIsInView(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	c.play(number, "S04")
	_, event := c.state(number)
	b := newTab(t, c.server.URL, phone)
	b.signIn("begona")
	b.open("/batches/" + number)
	for range 2 { // the wristband and the label
		b.scanned(event.CoI.Label())
	}
	b.shot("field-in-hand-es")
	at := eval[[]float64](b, `(() => {
		const field = document.querySelector(".fields .active").getBoundingClientRect(), bar = document.querySelector(".bar").getBoundingClientRect();
		return [field.top, field.bottom, bar.top];
	})()`)
	require.Positive(t, at[0])
	require.LessOrEqual(t, at[1], at[2])
}

// lying are the fields of a page whose name and value lie on one another.
const lying = `[...document.querySelectorAll(".field")].filter((field) => {
	const rects = (part) => { const all = document.createRange(); all.selectNodeContents(field.querySelector(part)); return [...all.getClientRects()]; };
	return rects(".name").some((a) => rects(".value").some((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4));
}).map((field) => field.innerText)`

// Long German words leave room for the values beside them on a phone, and for all ways to other pages at a terminal.
func TestLongWordsLeaveRoom(t *testing.T) {
	t.Parallel()
	f := newFloor(t, "de-fra")
	c := enrol(f, f.plants[0], "frankfurt-fresh", "de")
	number := c.open("DE01-007")
	c.play(number, "S06")
	b := newTab(t, c.server.URL, phone)
	b.signIn("joerg")
	b.open("/batches/" + number + "?step=S05")
	b.sees("114,0 mL")
	require.Empty(t, eval[[]string](b, lying))
	b.whole("long-words-de")
	b.at(terminal)
	b.become(c.code("SVQ-07", people.Settings{Name: "Raum 2", Lang: "de", Density: density}))
	b.signIn("katrin")
	b.open("/batches/" + number)
	b.shot("long-ways-de")
	ways := eval[[]int](b, `[document.querySelector(".places").scrollWidth, document.querySelector(".places").clientWidth]`)
	require.LessOrEqual(t, ways[0], ways[1], "a way is cut off")
}

// sizes measures what a glove has to hit: 20 mm are 76 px at 96 dpi, 5 mm between two are 19 (screens, rule 3).
func (b *tab) sizes() {
	b.t.Helper()
	small := eval[[]string](b, `
		[...document.querySelectorAll("button.act, .keypad button, .choice")].filter(e => e.checkVisibility()).flatMap(e => {
			const r = e.getBoundingClientRect();
			const faults = [];
			if (r.width < 75.5 || r.height < 75.5) faults.push(e.textContent.trim() + " is " + r.width + " by " + r.height);
			if (r.right > innerWidth - 37 && e.classList.contains("act") || r.bottom > innerHeight - 20) faults.push(e.textContent.trim() + " is at the edge");
			return faults;
		})`)
	require.Empty(b.t, small)
	near := eval[float64](b, `
		(() => { const k = [...document.querySelectorAll(".keypad button")].map(e => e.getBoundingClientRect());
		return Math.min(k[1].left - k[0].right, k[4].top - k[0].bottom); })()`)
	require.GreaterOrEqual(b.t, near, 18.9)
}
