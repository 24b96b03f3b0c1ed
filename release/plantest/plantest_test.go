package plantest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/release/plantest"
)

// The furnished plant carries a fresh batch to its review without an exception.
func TestFreshScenariosHaveNoException(t *testing.T) {
	for _, c := range []struct{ scenario, profile string }{{"seville-fresh", "es-svq"}, {"frankfurt-fresh", "de-fra"}} {
		t.Run(c.scenario, func(t *testing.T) {
			crew := plantest.NewCrew(plantest.New(t, c.profile, plantest.NewClock(plantest.Morning)), plantest.Load(t, c.scenario), "en")
			number := crew.Order("3401-001")
			crew.Play(number, "")
			b, _ := crew.State(number)
			found, _ := b.Exceptions()
			require.Empty(t, found)
			st, _ := b.Current()
			require.Equal(t, "S42", st.Step.ID)
		})
	}
}
