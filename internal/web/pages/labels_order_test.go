package pages_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// The labels of the collection kit are issued, printed and scanned back before anybody is asked how many came out (S03).
func TestLabelsComeBeforeTheirCount_S03(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S03")
	logistics, ctx := c.who(people.Logistics, false), context.Background()
	b := c.browser().signIn(logistics)
	asks := func(what string) {
		t.Helper()
		b.get("/batches/" + number).ok().has(what)
	}
	for _, field := range []string{"printer_id", "kit_lot", "anticoagulant_lot", "edta_lot", "tube_labels"} {
		asks("/fields/" + field + "/enter")
		require.NoError(t, c.Batches.Enter(ctx, c.author(people.Logistics, false), number, 0, "S03", field, batch.Input{Text: c.Value(c.Values["S03"][field])}))
	}
	b.get("/batches/" + number).ok().has("/batches/" + number + "/steps/S03/labels").hasNot("/fields/labels_printed/enter")
	b.post("/batches/"+number+"/steps/S03/labels", "seen", "0").ok()
	b.get("/batches/" + number).ok().has("/steps/S03/labels/scan").hasNot("/fields/labels_printed/enter")
	_, event := c.state(number)
	for _, container := range event.Containers {
		require.NoError(t, c.Batches.ScanBack(ctx, c.author(people.Logistics, false), number, 0, "S03", container.Label))
	}
	asks("/fields/labels_printed/enter")
}
