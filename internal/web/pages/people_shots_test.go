package pages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// TestPicturesOfPeople takes a picture of each page of accounts, training and terminals, in light and dark.
func TestPicturesOfPeople(t *testing.T) {
	forLooking(t)
	for lang, theme := range map[string]string{"es": "light", "de": "dark"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.hire("radia", "Radia Admin", lang, people.Admin)
			qa := people.System("test")
			for _, one := range []struct{ who, procedure, from, until string }{
				{"ana", "GOWN-B", "2026-01-10", "2027-01-09"}, {"ana", "SOP-PRD-013", "2026-01-10", "2026-12-10"}, {"ana", "MEDIA-FILL", "2026-05-02", "2026-11-01"},
				{"jorge", "GOWN-B", "2026-12-01", "2027-11-30"}, {"jorge", "SOP-PRD-013", "2026-02-01", "2027-01-31"}, {"sofia", "SOP-QC-004", "2026-02-01", "2027-01-31"},
			} {
				_, err := c.plant.People.RecordTraining(t.Context(), qa, one.who, people.Training{
					Procedure: one.procedure, Version: "3", From: one.from, Until: one.until, Trainer: "Inés Ortega Luque", Evidence: "TR-2026-118",
				})
				require.NoError(t, err)
			}
			c.badge("ana")
			c.code("SVQ-07", bench)
			c.code("SVQ-08", people.Settings{Name: "Control de calidad", Lang: lang})
			shows := []show{
				{"account", "ana", "/account", theme, true},
				{"training", "ines", "/training", theme, false},
				{"person-training", "ines", "/people/ana", theme, false},
				{"people", "radia", "/people", theme, false},
				{"person", "radia", "/people/jorge", theme, false},
				{"terminals", "radia", "/terminals", theme, false},
				{"terminal", "radia", "/terminals/SVQ-07", theme, false},
			}
			b := newTab(t, c.server.URL, desktop)
			b.tour("people-"+lang, shows)
			b.open("/people/jorge")
			b.do(chromedp.SendKeys(chromedp.CSS(`form[action$="/badge"] [name=reason]`), "nuevo operario"), chromedp.Click(chromedp.CSS(`form[action$="/badge"] button`)))
			b.do(chromedp.WaitReady(chromedp.CSS(".badge-card")))
			b.shot("people-" + lang + "-badge")
			b.open("/terminals/SVQ-07")
			b.do(chromedp.SendKeys(chromedp.CSS(`form[action$="/code"] [name=reason]`), "instalación"), chromedp.Click(chromedp.CSS(`form[action$="/code"] button`)))
			b.do(chromedp.WaitReady(chromedp.CSS(".once")))
			b.shot("people-" + lang + "-code")
			code := eval[string](b, `document.querySelector(".code-text").textContent`)
			b.open("/training")
			b.become(code)
			b.shot("people-" + lang + "-here")
			b.open("/switch")
			b.shot("people-" + lang + "-switch")
			b.do(chromedp.EmulateViewport(phone.width, phone.height, chromedp.EmulateTouch, chromedp.EmulateMobile))
			b.open("/account")
			b.whole("people-" + lang + "-account-phone")
		})
	}
}
