package web_test

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// blinded checks that the arm of a finished batch is seen by unblinded roles alone, and that each look is an entry
// (I11).
func (c *crew) blinded(number string) {
	t := c.t
	arm := c.Values["S44"]["arm"]
	require.NotEmpty(t, arm)
	path := "/batches/" + number + "/steps/S44"
	for _, role := range []people.Role{people.QA, people.QP, people.Custodian} {
		var shown struct {
			Step struct {
				Fields []struct {
					Field string
					Value struct {
						Value  string
						Sealed bool
					}
				}
			}
		}
		c.as(role).get(path).ok().into(&shown)
		require.NotEmpty(t, shown.Step.Fields)
		require.True(t, shown.Step.Fields[0].Value.Sealed)
		require.Empty(t, shown.Step.Fields[0].Value.Value)
	}
	before := c.size()
	c.as(people.QA).post(path+"/reveal", map[string]any{"reason": "curious"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	require.Equal(t, before, c.size())
	c.as(people.Custodian).post(path+"/reveal", map[string]any{"reason": "hi"}).refused(http.StatusUnprocessableEntity, "I11", "reason-missing")
	shown := c.as(people.Custodian).post(path+"/reveal", map[string]any{"reason": "allocating the kit"}).ok()
	require.Contains(t, shown.text(), arm)
	require.Equal(t, before+1, c.size())

	var state struct {
		Steps []struct {
			Step     string
			Withheld bool
			Fields   []any
		}
	}
	c.as(people.Nurse).get("/batches/" + number).ok().into(&state)
	for _, st := range state.Steps {
		switch st.Step {
		case "S37", "S38", "S44": // the clinic does not read the plant's counts (LB-4)
			require.True(t, st.Withheld, st.Step)
			require.Empty(t, st.Fields)
		case "S05":
			require.NotEmpty(t, st.Fields)
		}
	}
}
