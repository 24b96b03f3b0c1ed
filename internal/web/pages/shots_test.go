package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
)

// show is one picture: who looks, at which device, at what.
type show struct {
	name, who, path string
	theme           string
	whole           bool
}

// TestPicturesOfEveryPage takes a picture of each page at its device. People look at them; the test holds that
// each one renders in a real browser under the content policy.
func TestPicturesOfEveryPage(t *testing.T) {
	c := seville(t, "es")
	c.Values["S11"]["gross_mass"] = "90.0" // below its limit: something for the reviewer
	batches := map[string]string{}
	for i, stop := range []string{"S01", "S09", "S13", "S20", "S33", "S42"} {
		number := c.open("ES01-00" + string(rune('1'+i)))
		c.play(number, stop)
		batches[stop] = number
	}
	c.perform(batches["S09"], step(c, batches["S09"]))
	c.perform(batches["S33"], step(c, batches["S33"]))
	at := func(stop string) string { return "/batches/" + batches[stop] }
	for _, d := range []struct {
		device
		shows []show
	}{
		{terminal, []show{
			{"worklist", "ana", "/worklist", "light", false},
			{"verify", "ana", at("S09"), "light", false},
			{"long-step", "sofia", at("S13"), "light", false},
			{"scan-dark", "ana", at("S20"), "dark", false},
			{"past-step", "ana", at("S20") + "?step=S11", "light", false},
			{"correct", "ana", at("S20") + "?step=S11&correct=gross_mass", "light", false},
			{"labels", "ana", at("S33") + "/steps/S33/labels", "light", true},
			{"others", "ana", at("S13"), "light", false},
		}},
		{desktop, []show{
			{"release-qa", "ines", at("S42") + "/release", "light", true},
			{"release-qp-dark", "mercedes", at("S42") + "/release", "dark", true},
			{"record", "ines", at("S13") + "/record", "light", false},
			{"worklist", "ines", "/worklist", "light", false},
			{"register", "mercedes", "/register", "light", false},
			{"batch", "ines", at("S42") + "?step=S37", "light", false},
		}},
		{phone, []show{
			{"order", "lucia", "/worklist", "light", false},
			{"order-batch", "lucia", at("S01"), "light", false},
			{"courier", "inaki", at("S09"), "dark", false},
			{"qp", "mercedes", at("S42") + "/release", "light", true},
		}},
	} {
		t.Run(d.name, func(t *testing.T) {
			b := newTab(t, c.server.URL, d.device)
			b.open("/sign-in")
			b.shot(d.name + "-signin")
			who := ""
			for _, s := range d.shows {
				if s.who != who {
					b.signIn(s.who)
					who = s.who
				}
				b.theme(s.theme)
				b.open(s.path)
				b.shot(d.name + "-" + s.name)
				if s.whole {
					b.whole(d.name + "-" + s.name + "-whole")
				}
			}
		})
	}
}

func step(c *crew, number string) *batch.Step {
	b, _ := c.state(number)
	st, ok := b.Current()
	require.True(c.t, ok)
	return st.Step
}
