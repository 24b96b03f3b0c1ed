package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// An amended order waits for the plant again, and the course says so instead of that nothing holds the batch (scenario 52). With
// it the decisions wait that were made on the order.
func TestAmendedOrderWaitsOnTheCourse_52(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S03")
	at := "/batches/" + number + "/course"
	coordinator := c.browser().signIn(c.who(people.Coordinator, false))
	coordinator.get(at).ok().has("Nothing holds this batch")
	by := c.author(people.Investigator, false)
	right := map[string]batch.Input{"index_limb": {Text: "right"}}
	require.NoError(t, c.Batches.Amend(t.Context(), by, number, 0, right, "the wound is on the other leg", c.Sign(by.Account, people.Investigator)))
	coordinator.get(at).ok().hasNot("Nothing holds this batch").
		has("Waits for the second person again", "S01 Open order", "The investigator amended the order", "Plant scheduler", "S02 Eligibility for procurement", "What the second person signed for has changed since")
	for _, step := range []string{"S01", "S02"} {
		b, _ := c.state(number)
		st, _ := b.Step(step)
		c.Verify(number, st.Step)
	}
	coordinator.get(at).ok().has("Nothing holds this batch").hasNot("Waits for the second person again")
}
