package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/material"
	"rexbatch/internal/people"
)

func (s *shift) lot(n material.Number) *material.Lot {
	l, err := s.Batches.Materials().Load(bg, n)
	require.NoError(s.t, err)
	return l
}

// A lot that was scanned in a step which is still open is where-used at once, and its recall freezes the batch before any
// of it is a use (AT-20, scenario 24).
func TestScannedLotIsFoundBeforeItIsUsed_24(t *testing.T) {
	s := before(t, "S03")
	edta := s.Deliver(s.Scenario, "edta-tube", 100)
	require.Empty(t, s.lot(edta).UsedBy())
	require.NoError(t, s.enter("S03", "edta_lot", edta.String()))
	l := s.lot(edta)
	require.Equal(t, []string{s.number}, l.UsedBy())
	require.Empty(t, l.Uses)
	require.Len(t, l.Taken, 1)
	require.Equal(t, "edta_lot", l.Taken[0].Field)
	require.Equal(t, 1, l.Item().Batches)

	require.NoError(t, s.Batches.Materials().Block(bg, s.As(people.QA, false), edta, 0, "recalled by its maker"))
	h, held := s.batch().Held()
	require.True(t, held, "nothing goes on with it")
	require.Equal(t, batch.HoldLot, h.Cause)

	require.NoError(t, s.Batches.LetGoOn(bg, s.As(people.QA, false), s.number, 0, h.ID, "the tubes are replaced"))
	delete(s.Values["S03"], "edta_lot")
	s.fill("S03")
	require.ErrorContains(t, s.complete("S03"), edta.String(), "it is not used all the same")
	other := s.Deliver(s.Scenario, "edta-tube", 100)
	require.NoError(t, s.correct("S03", "edta_lot", other.String()))
	require.NoError(t, s.complete("S03"))
	require.Empty(t, s.lot(edta).UsedBy())
	require.Equal(t, []string{s.number}, s.lot(other).UsedBy())
}

// Naming another lot in the open step gives the first one back, with the reason in its record; completing the step makes
// the second one a use and nothing else.
func TestLotAtHandGoesBack(t *testing.T) {
	s := before(t, "S03")
	first := s.Deliver(s.Scenario, "edta-tube", 100)
	require.NoError(t, s.enter("S03", "edta_lot", first.String()))
	second := s.Deliver(s.Scenario, "edta-tube", 100)
	require.NoError(t, s.correct("S03", "edta_lot", second.String()))
	require.Empty(t, s.lot(first).UsedBy(), "it was not taken after all")
	require.Equal(t, []string{s.number}, s.lot(second).UsedBy())

	delete(s.Values["S03"], "edta_lot")
	s.fill("S03")
	require.NoError(t, s.complete("S03"))
	l := s.lot(second)
	require.Empty(t, l.Taken)
	require.Len(t, l.Uses, 1)
	require.Equal(t, []string{s.number}, l.UsedBy())
}

// In a step of one arm no lot is told: the lot's page would tell the arm (I11).
func TestBlindedStepTellsNoLot_I11(t *testing.T) {
	s := before(t, "")
	blind := map[string]bool{}
	for _, st := range s.batch().Steps() {
		blind[st.Step.ID] = st.Step.Blind
	}
	found, err := s.Batches.Materials().Find(bg, material.Filter{})
	require.NoError(t, err)
	for _, i := range found {
		l := s.lot(i.Number)
		require.Empty(t, l.Taken, "every step is done: %s", i.Material)
		for _, u := range l.Uses {
			require.False(t, blind[u.Step], "%s in %s", i.Material, u.Step)
		}
	}
}
