package pages_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/shipment"
)

// fill answers a form's questions by name; what is a choice is pressed.
func (b *tab) fill(form string, fields ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		at := form + ` [name="` + fields[i] + `"]`
		kind := eval[string](b, `(e => e ? e.type : "")(document.querySelector('`+at+`'))`)
		switch kind {
		case "radio", "checkbox":
			b.click(form + ` [name="` + fields[i] + `"][value="` + fields[i+1] + `"]`)
		case "select-one":
			require.True(b.t, eval[bool](b, `(e => (e.value = "`+fields[i+1]+`", e.value === "`+fields[i+1]+`"))(document.querySelector('`+at+`'))`), fields[i])
		default:
			b.write(at, fields[i+1])
		}
	}
}

// A shipment from plan to import in a real browser: the scanner fills what it reads, both sides confirm, the curve is drawn
// under the content policy (screens, rules 5 and 18).
func TestShipmentInTheBrowser_Screens5(t *testing.T) {
	t.Parallel()
	c := seville(t, "es")
	j := c.voyage()
	b := newTab(t, c.server.URL, terminal)
	b.signIn("ana")
	b.open("/shipments/new")
	now := j.clock()
	b.fill("main form", append([]string{
		"batch", j.number, "direction", "to-plant", "hospital", "Hospital Virgen del Rocío, planta 3", "lane", "cold-2-8", "box", "BOX-7", "logger", "LOG-77", "config", "CFG-2-8", "language", "es",
	}, append(j.moment("pickup", now.Add(5*time.Minute)), j.moment("arrival", now.Add(4*time.Hour))...)...)...)
	b.shot("shipment-plan")
	b.follow("main form button.act")
	b.sees("El envío está planificado")
	j.at = eval[string](b, "location.pathname")
	j.id = shipment.ID(j.at[len("/shipments/"):])

	nurse := newTab(t, c.server.URL, phone)
	nurse.signIn("rocio")
	nurse.open(j.at)
	nurse.wedge(j.bag.Label, usLayout, 0)
	nurse.wedge("SEAL-A1001", usLayout, 0)
	nurse.wedge("SEAL-A1002", usLayout, 0)
	nurse.wedge("SEAL-A1002", usLayout, 0) // read twice
	nurse.is(`document.querySelector("[name=seals]").value === "SEAL-A1001\nSEAL-A1002"`)
	require.Equal(t, j.bag.Label, nurse.value("textarea[name=raw]"))
	nurse.write("[data-act=pack] [name=place]", "planta 3")
	nurse.shot("shipment-pack-phone")
	nurse.follow("[data-act=pack] button.act")
	nurse.sees("La caja está embalada")
	j.packed = c.clock()
	give := func(giver *tab, to string) {
		giver.open(j.at)
		giver.click("[data-act=offer] .choice:has([value=" + to + "])")
		giver.wedge(j.bag.Label, usLayout, 0)
		giver.fill("[data-act=offer]", "place", "muelle", "seals", "SEAL-A1001, SEAL-A1002")
		giver.follow("[data-act=offer] button.act")
	}
	take := func(taker *tab) {
		taker.open(j.at)
		taker.wedge(j.bag.Label, usLayout, 0)
		taker.is(`document.querySelector("[data-act=accept] [name=raw]").value !== ""`)
		taker.fill("[data-act=accept]", "place", "muelle", "seals", "SEAL-A1001, SEAL-A1002")
		taker.follow("[data-act=accept] button.act")
	}
	give(nurse, "courier")
	courier := newTab(t, c.server.URL, phone)
	courier.signIn("inaki")
	take(courier)
	courier.sees("la tiene ahora")
	courier.whole("shipment-courier-phone")
	c.pass(10 * time.Minute)
	give(courier, "plant")
	take(b)
	b.open(j.at)
	b.is(`document.querySelector("[data-act=receive]").open`)
	b.wedge("BOX-7", usLayout, 0)
	b.wedge("SEAL-A1001", usLayout, 0)
	b.wedge("SEAL-A1002", usLayout, 0)
	b.wedge(j.bag.Label, usLayout, 0)
	b.is(`document.querySelector("[data-act=receive] [name=box]").value === "BOX-7"`)
	b.fill("[data-act=receive]", "seals_ok", "yes", "leak", "no", "on_call", "no", "label_coi", "yes", "label_subject_no", "yes", "label_birth_year", "yes", "label_din", "yes", "label_site", "yes", "label_collected_at", "yes", "volume", "85", "temperature", "5,1")
	b.whole("shipment-receive")
	b.follow("[data-act=receive] button.act")
	b.sees("No se encontró nada")
	file := filepath.Join(t.TempDir(), "run.csv")
	require.NoError(t, os.WriteFile(file, []byte(j.sheet("LOG-77", 45, 52, 91)), 0o600))
	b.do(chromedp.SetUploadFiles(chromedp.CSS("[data-act=logger] [name=file]"), []string{file}))
	b.follow("[data-act=logger] button.act")
	b.sees("El archivo está importado")
	require.Greater(t, eval[float64](b, `document.querySelector(".chart").getBoundingClientRect().width`), 300.0)
	require.NotEqual(t, eval[string](b, `getComputedStyle(document.querySelector(".chart-line")).stroke`), eval[string](b, `getComputedStyle(document.querySelector(".chart-limit")).stroke`), "the sheet colours it")
	b.whole("shipment-received")
	require.Equal(t, shipment.Received, j.load().Status())
	require.Len(t, j.load().Legs, 2)
	require.True(t, j.load().Chain().Whole())
}

// TestPicturesOfShipments takes pictures of what goes wrong on the way, for people to look at.
func TestPicturesOfShipments(t *testing.T) {
	forLooking(t)
	for lang, theme := range map[string]string{"de": "dark", "es": "light"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			j := c.voyage()
			j.arrive()
			operator := c.browser().signIn("ana")
			operator.post(j.at+"/receipt", j.inspected("label_collected_at", "no", "on_call", "yes", "volume", "41")...).ok()
			operator.files(j.at+"/logger", "file", "other.csv", j.sheet("LOG-99", 45))
			operator.files(j.at+"/logger", "file", "run.csv", j.sheet("LOG-77", 45, 52, 84, 95, 121, 124, 95, 81, 60)).ok()
			b := newTab(t, c.server.URL, desktop)
			b.tour("shipment-"+lang, []show{{"list", "ines", "/shipments", theme, false}, {"held", "ines", j.at, theme, true}, {"worklist", "ines", "/worklist", theme, false}})
			b.at(phone)
			b.tour("shipment-"+lang+"-phone", []show{{"hospital", "rocio", j.at, theme, true}, {"passes", "rocio", j.at + "/passes", theme, true}, {"list", "rocio", "/shipments?show=all", theme, true}})
			b.at(terminal)
			b.tour("shipment-"+lang+"-terminal", []show{{"unexpected", "ana", "/shipments/unexpected", theme, false}, {"new", "ana", "/shipments/new", theme, true}, {"passes", "ana", j.at + "/passes", theme, false}})
			b.submit(j.at+"/passes", "person", "inaki courier", "hours", "48")
			b.shot("shipment-" + lang + "-issued")
		})
	}
}
