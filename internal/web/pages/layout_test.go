package pages_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/keyboard"
)

// A scanner that types for another keyboard than the terminal has is recognised, wherever the focus is: the page names
// both keyboards, takes nothing, keeps what arrived and waits for the next scan (screens, rules 5, 6 and 7).
func TestScannerWithAnotherKeyboard(t *testing.T) {
	for _, tt := range []struct {
		lang, told, expect, device string
		terminal                   layout
	}{
		{"es", "el terminal para alemán (QWERTZ)", "Escanee: bolsa de extracción", "Balanza", "DE"},
		{"de", "das Terminal für Französisch (AZERTY)", "Scannen: Knochenmark-Entnahmebeutel", "Waage", "FR"},
		{"en", "the terminal for Spanish (QWERTY)", "Scan: bone marrow collection bag", "Balance", "ES"},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			c := seville(t, tt.lang)
			number := c.open("ES01-003")
			c.play(number, "S11")
			_, event := c.state(number)
			bag := event.OfKind("harvest-bag")[0].Label
			through := func(text string) string {
				return keyboard.Fault{Scanner: keyboard.US, Terminal: keyboard.Layout(tt.terminal)}.Through(text)
			}
			b := newTab(t, c.server.URL, terminal)
			b.signIn("ana")
			b.open("/batches/" + number)
			b.sees(tt.expect)
			b.refuses(bag, tt.terminal, tt.told)
			b.shot("layout-" + tt.lang)
			b.click("details.fallback summary")
			b.do(chromedp.Focus(chromedp.CSS(`[name=typed]`)))
			b.refuses(bag, tt.terminal, tt.told)
			b.do(chromedp.Focus(chromedp.CSS(`summary`)))
			b.refuses(event.CoI.Label(), tt.terminal, "")
			_, event = c.state(number)
			scans := event.Scans[len(event.Scans)-3:]
			for i, raw := range []string{through(bag), through(bag), through(event.CoI.Label())} {
				require.Equal(t, raw, scans[i].Raw)
				require.Equal(t, chainofcustody.Unreadable, scans[i].Outcome)
			}
			b.sees(tt.expect)
			b.scanned(bag)
			b.is(`document.querySelector("form[data-plain]") !== null`)
			tag := c.Value(c.Values["S11"]["balance_id"])
			b.refuses(tag, tt.terminal, tt.told)
			b.scanned(tag)
			b.is(`document.querySelector("input[data-keypad]") !== null`)
			b.keys("1", "4", "3")
			b.wedge(bag, tt.terminal, 0) // nothing waits for a label: the number stays what it was
			b.is(`document.querySelector("[data-unasked]").open`)
			b.do(chromedp.KeyEvent(kb.Enter)) // as scanners do that end with two
			b.is(`document.querySelector("[data-unasked]").open`)
			b.is(`document.querySelector("[data-read]").textContent === ` + quoted(through(bag)))
			b.shot("unasked-" + tt.lang)
			b.click("[data-close]")
			b.is(`!document.querySelector("[data-unasked]").open && document.activeElement.matches("#value")`)
			require.Equal(t, "143", b.value("#value"))
			b.keys("6")
			require.Equal(t, "1436", b.value("#value"))
		})
	}
}

// refuses is a scan of which the page says that it came through another keyboard.
func (b *tab) refuses(raw string, l layout, told string) {
	b.t.Helper()
	eval[bool](b, `window.still = true`)
	b.wedge(raw, l, 0)
	b.arrived()
	b.sees(told)
	require.Equal(b.t, "scan-layout", eval[string](b, `document.querySelector(".problem").dataset.code`))
}

func quoted(text string) string { return "`" + strings.ReplaceAll(text, "`", "\\`") + "`" }

// A lot is read without a mark before it, and without a field in focus, by a scanner slower than a hand. Where another
// field is in hand, the person is asked for which lot it was (screens, rule 5).
func TestLotWithoutAField(t *testing.T) {
	t.Parallel()
	c := seville(t, "de")
	number := c.open("ES01-003")
	c.play(number, "S20")
	now, _ := c.state(number)
	st, _ := now.Current()
	bag, _ := st.Step.Field("bag_scan", c.Profile.Site)
	gradient, tube := c.Value(c.Values["S20"]["gradient_lot"]), c.Value(c.Values["S20"]["tube_lot"])
	b := newTab(t, c.server.URL, terminal)
	b.signIn("ana")
	b.open("/batches/" + number)
	b.scanned(c.Labels(number, bag)[0])
	b.is(`document.querySelector("form[data-plain]") !== null`)
	b.open("/batches/" + number + "?field=tubes")
	b.is(`document.activeElement.matches("[data-keypad]")`)
	b.wedge(gradient, usLayout, 150*time.Millisecond)
	b.is(`document.querySelector("[data-unasked]").open`)
	require.Equal(t, 2, eval[int](b, `document.querySelectorAll("[data-unasked] form:not([hidden])").length`))
	require.Empty(t, b.value("#value"))
	b.shot("which-lot-de")
	b.follow(`[data-unasked] form[action*="/gradient_lot/"] button`)
	b.sees("Gespeichert")
	b.open("/batches/" + number)
	b.is(`document.querySelector("form[data-plain]") !== null`)
	b.wedge(tube, usLayout, 150*time.Millisecond)
	b.is(`document.querySelector("input[data-keypad]") !== null`)
	then, _ := c.state(number)
	for field, want := range map[string]string{"S20.gradient_lot": gradient, "S20.tube_lot": tube} {
		got, ok := then.Value(field)
		require.True(t, ok)
		require.Equal(t, want, got.Value.Text)
	}
}
