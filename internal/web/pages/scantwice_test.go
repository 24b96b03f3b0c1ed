package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A label that is scanned twice in a step is said to be scanned already, and counts once. The second person of many labels is
// asked to scan any one of them, as the server wants it (I7).
func TestLabelScannedTwiceAndConfirmedOnce_I7(t *testing.T) { // I7
	t.Parallel()
	c := seville(t, "en")
	number := c.open("ES01-001")
	c.play(number, "S20")
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	b, _ := c.state(number)
	st, _ := b.Step("S20")
	c.stand(b, st.Step)
	ana, at := c.browser().signIn("ana"), "/batches/"+number
	scan := func() page {
		p := ana.get(at).ok()
		return ana.post(at+"/steps/S20/fields/bag_scan/scan", "seen", p.field("seen"), "raw", bag.Label).ok()
	}
	scan().has("The scan matches.")
	scan().has("This label was scanned already in this step").hasNot("The scan matches.")
	b, _ = c.state(number)
	st, _ = b.Step("S20")
	require.Len(t, st.Scans["bag_scan"], 1)

	c.perform(number, st.Step)
	b, _ = c.state(number)
	st, _ = b.Step("S20")
	require.Len(t, st.Scans["tube_labels_scan"], 8)
	p := c.browser().signIn("jorge").get(at).ok()
	p.has("8 are scanned: scan any one of them yourself", "Scan any one yourself").hasNot("scan it yourself")
}
