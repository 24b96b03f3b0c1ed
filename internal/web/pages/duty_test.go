package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
)

// QA's worklist leads to the deviation that waits for its class, and says until when it has to be closed once it has one;
// the release page of the unfinished batch sums up what is open (AT-59).
func TestWorklistLeadsToTheDeviation_AT59(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S10")
	c.Values["S10"]["max_T"] = "9.1"
	b, _ := c.state(number)
	st, _ := b.Step("S10")
	c.perform(number, st.Step)
	b, _ = c.state(number)
	require.NotEmpty(t, b.Deviations)
	d := b.Deviations[0]

	qa := c.browser().signIn("ines")
	qa.get("/worklist").ok().has("Waits for you", "Classify "+d.Number, "waiting since", `href="/batches/`+number+`/deviations/`+d.Number+`"`)
	require.NoError(t, c.Batches.Classify(t.Context(), c.author("qa", false), number, 0, d.Number, batch.Major, "2026-12-22"))
	qa.get("/worklist").ok().has("Investigate "+d.Number, "by 22 DEC 2026", "Major")

	p := qa.get("/batches/"+number+"/release").ok().has("steps are still open", "Show the list")
	p.hasNot("out-of-limit:S10", "time-limit:")
	c.browser().signIn("ana").get("/worklist").ok().hasNot("Classify")
}

// The second person sees what was changed and what is open in the step before signing (I8, CS-11).
func TestSecondPersonSeesChangesAndExceptions_I8(t *testing.T) { // I8
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S02")
	b, _ := c.state(number)
	st, _ := b.Step("S02")
	c.Values["S02"]["hiv"] = "pending"
	c.Values["S02"]["decision"] = "accept_with_label"
	c.Values["S02"]["label_warning"] = "not_evaluated"
	c.perform(number, st.Step)
	require.NoError(t, c.Batches.Correct(t.Context(), c.author(st.Step.Performer, false), number, 0, "S02", "consent_version", batch.Input{Text: "ES 3.1"}, "the newer form was signed"))
	p := c.browser().signIn("ines").get("/batches/" + number).ok()
	p.has("Open exceptions of this step", "HIV 1/2", "ES 3.0", "the newer form was signed", "Values changed after first entry: 1")
	p.has("NOT EVALUATED FOR INFECTIOUS SUBSTANCES")
}
