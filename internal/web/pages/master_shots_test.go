package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPicturesOfMasters takes pictures of versions in each state, with their forms.
func TestPicturesOfMasters(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.open("ES01-003")
			lead, qa := c.browser().signIn("concepcion"), c.browser().signIn("ines")
			for _, v := range []string{"3", "4", "5"} {
				lead.upload("/masters", c.masterFile(v, oldLimit, `limit: ">=6`+v+`", source: C`, "duration: 15 min", "duration: "+v+"0 min"), change...).ok()
				lead.post("/masters/REX-001/" + v + "/submit").ok()
			}
			qa.post("/masters/REX-001/3/approve", "password", password, "now", "1").ok()
			qa.post("/masters/REX-001/4/approve", "password", password, "day", "01", "month", "12", "year", "2026", "hour", "08", "minute", "00").ok()
			c.pass(time.Minute)
			c.open("ES01-004")
			lead.upload("/masters", c.masterFile("6", oldLimit, `limit: ">=50", source: X`), change...).ok()
			for _, d := range []struct {
				device
				shows []show
			}{
				{desktop, []show{
					{"masters-" + lang, "concepcion", "/masters", "light", true}, {"master-review-" + lang, "ines", "/masters/REX-001/5", "light", true},
					{"master-faults-" + lang, "concepcion", "/masters/REX-001/6", "dark", true},
				}},
				{terminal, []show{{"masters-" + lang, "ana", "/masters", "dark", false}, {"master-" + lang, "ana", "/masters/REX-001/3", "light", false}}},
				{phone, []show{{"masters-" + lang, "hector", "/masters", "light", true}, {"master-review-" + lang, "hector", "/masters/REX-001/5", "dark", true}}},
			} {
				t.Run(d.name, func(t *testing.T) {
					b := newTab(t, c.server.URL, d.device)
					b.tour(d.name, d.shows)
					wide := eval[bool](b, `document.documentElement.scrollWidth > innerWidth`)
					require.False(t, wide, "the page is wider than the screen")
				})
			}
		})
	}
}
