package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPicturesOfWorkAreas takes pictures of areas in each state, with their forms.
func TestPicturesOfWorkAreas(t *testing.T) {
	forLooking(t)
	c := seville(t, "es")
	ana := c.browser().signIn("ana")
	number := c.open("ES01-003")
	for _, id := range []string{"SVQ-A1", "SVQ-A2", "SVQ-A3", "SVQ-L1"} {
		c.lab(id)
	}
	ana.post("/areas/SVQ-L1/clear", clean...).ok()
	c.pass(3*time.Hour + 50*time.Minute)
	ana = c.browser().signIn("ana")
	ana.post("/areas/SVQ-A1/clear", "form", "clear", "nothing_foreign", "yes", "foreign_labels", "2", "previous_closed", "yes")
	ana.post("/areas/SVQ-A1/clear", clean...).ok()
	ana.post("/areas/SVQ-A2/clear", clean...).ok()
	c.takes("SVQ-A1", number)
	c.pass(7 * time.Minute)
	for kind, value := range map[string]string{"particles-0.5": "3521", "pressure": "15,2", "temperature": "21,4", "humidity": "45"} {
		ana.post("/areas/SVQ-A1/readings", "form", "readings", "kind", kind, "value", value, "source", "APC-04", "minutes", "3", "now", "1").ok()
	}
	for _, plate := range []string{"P-0012", "P-0013"} {
		ana.post("/areas/SVQ-A1/plates", "form", "plates", "kind", "settle-plate", "plate", plate, "position", "izquierda de la centrífuga", "minutes", "5", "now", "1").ok()
	}
	ana.post("/areas/SVQ-A1/plates/P-0012/result", "form", "P-0012", "colonies", "1", "note", "Micrococcus luteus").ok()
	for _, d := range []struct {
		device
		shows []show
	}{
		{terminal, []show{{"areas", "ana", "/areas", "light", false}, {"area-clear", "ana", "/areas/SVQ-A3", "light", true}, {"area-dark", "ana", "/areas/SVQ-A1", "dark", true}}},
		{desktop, []show{{"areas-dark", "ines", "/areas", "dark", false}, {"area", "ines", "/areas/SVQ-A1", "light", true}}},
		{phone, []show{{"areas", "ana", "/areas", "light", true}, {"area", "ana", "/areas/SVQ-A2", "dark", true}}},
	} {
		t.Run(d.name, func(t *testing.T) {
			b := newTab(t, c.server.URL, d.device)
			b.tour(d.name, d.shows)
			wide := eval[bool](b, `document.documentElement.scrollWidth > innerWidth`)
			require.False(t, wide, "the page is wider than the screen")
		})
	}
}
