package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
)

// show is one picture: who looks, at which device, at what.
type show struct {
	name, who, path string
	theme           string
	whole           bool
}

// tour takes the pictures one after the other.
func (b *tab) tour(place string, shows []show) {
	b.t.Helper()
	who := ""
	for _, s := range shows {
		if s.who != who {
			b.signIn(s.who)
			who = s.who
		}
		b.theme(s.theme)
		b.open(s.path)
		b.shot(place + "-" + s.name)
		if s.whole {
			b.whole(place + "-" + s.name + "-whole")
		}
	}
}

// TestPicturesOfEveryPage takes a picture of each page at its device. People look at them; the test holds that
// each one renders in a real browser under the content policy.
func TestPicturesOfEveryPage(t *testing.T) {
	forLooking(t)
	c := seville(t, "es")
	c.Values["S12"]["sample_flow_mL"] = "2.4" // more than planned: something for the reviewer
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
			b.tour(d.name, d.shows)
		})
	}
}

// TestPicturesOfHandsAndSignatures shows what is filled in by hand: a time, a handoff, a signature, an error.
func TestPicturesOfHandsAndSignatures(t *testing.T) {
	forLooking(t)
	c := seville(t, "de")
	moment, handoff, release := c.open("ES01-001"), c.open("ES01-002"), c.open("ES01-003")
	c.play(moment, "S08")
	c.play(handoff, "S09")
	c.play(release, "")
	c.act(release, mbr.ActQAReview)
	at := func(number string) string { return "/batches/" + number }
	for _, d := range []struct {
		device
		shows []show
	}{
		{phone, []show{
			{"moment-de", "inaki", at(moment), "light", false},
			{"handoff-de", "inaki", at(handoff), "light", true},
		}},
		{terminal, []show{
			{"handoff-de", "ana", at(handoff), "light", false},
			{"labels-de", "ana", at(release) + "/steps/S12/labels", "light", true},
		}},
		{desktop, []show{
			{"sign-de", "mercedes", at(release) + "/release", "light", false},
			{"statement-de", "mercedes", "/statement", "light", false},
			{"error-de", "mercedes", "/batches/SVQ2600099X", "light", false},
			{"certificates-de", "mercedes", "/certificates", "light", false},
		}},
	} {
		t.Run(d.name, func(t *testing.T) {
			b := newTab(t, c.server.URL, d.device)
			b.tour(d.name, d.shows)
			b.click(".menu summary")
			b.shot(d.name + "-menu-de")
		})
	}
}

// TestPictureInEnglish is the batch page that a reader of the project sees first.
func TestPictureInEnglish(t *testing.T) {
	forLooking(t)
	c := seville(t, "en")
	c.Values["S12"]["sample_flow_mL"] = "2.4" // more than planned
	number := c.open("ES01-014")
	c.play(number, "S19")
	b := newTab(t, c.server.URL, terminal)
	b.signIn("ana")
	b.theme("light")
	b.open("/batches/" + number)
	_, event := c.state(number)
	b.scanned(event.OfKind("harvest-bag")[0].Label)
	b.scanned(c.Value(c.Values["S19"]["filter_lot"]))
	b.scanned(c.Value(c.Values["S19"]["buffer_lot"]))
	b.sees("Confirm volume filtered")
	b.keys("1", "0", "1", ".", "5")
	b.sees("101.5 mL")
	b.shot("batch")
}

func step(c *crew, number string) *mbr.Step {
	b, _ := c.state(number)
	st, ok := b.Current()
	require.True(c.t, ok)
	return st.Step
}
