package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/internal/people"
)

// Scenario 11: a label is missing. The reconciliation cannot be closed, the room stays the batch's, what was found by the
// search is recorded, and only a count that comes out right opens the way.
func TestMissingLabelKeepsTheRoom_11(t *testing.T) { // F23, LB-1, I5
	p, s, ss, n := upTo(t, "S36")
	op := p.by(s, ss, people.Operator)
	values := s.Values["S36"]
	for _, f := range []string{"printed", "applied", "on_samples", "retained", "destroyed", "area_emptied"} {
		v := values[f]
		if f == "applied" {
			v = "12" // of 13: one is nowhere
		}
		require.NoError(t, p.batches.Enter(bg, op, n, 0, "S36", f, typed(v)))
	}
	require.NotEmpty(t, rules(p.batches.Complete(bg, op, n, 0, "S36")), "24 = 12 + 9 + 1 + 1 does not hold")
	st, _ := p.load(n).Step("S36")
	require.Equal(t, batch.Open, st.Status)
	id := p.load(n).Areas["aseptic"]
	room, err := p.batches.Areas().Load(bg, id)
	require.NoError(t, err)
	require.Equal(t, area.Occupied, room.Status(p.Clock.Now()))
	require.Equal(t, n, room.Batch)
	require.Equal(t, []string{"I5"}, rules(room.MayWork(p.Clock.Now(), "SVQ2699999X")), "no other batch begins there")

	// The search is part of the record: the missing label is found and applied is corrected, with the reason.
	require.NoError(t, p.batches.Correct(bg, op, n, 0, "S36", "applied", typed(values["applied"]), "found on the second sheet under the bench"))
	require.NoError(t, p.batches.Complete(bg, op, n, 0, "S36"))
	corrected, _ := p.load(n).Step("S36")
	require.Len(t, corrected.Fields["applied"].Values, 2, "both counts stay")
}

// Scenarios 2 and 3 on the floor: a label of another Chain of Identity on the same bag stops the step, whichever is scanned
// first, and there is no way to choose one of them.
func TestTwoLabelsOnOneBag_3(t *testing.T) { // I4
	p, s, ss, n := upTo(t, "S09")
	other := p.open(s, ss, "3401-002", "S04")
	op := p.by(s, ss, people.Operator)
	require.NoError(t, p.batches.Scan(bg, op, n, 0, "S09", "bag_scan", p.labelOf(n, "harvest-bag")))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, op, n, 0, "S09", "bag_scan", p.labelOf(other, "harvest-bag"))))
	st, _ := p.load(n).Step("S09")
	require.Equal(t, batch.Stopped, st.Status)
	require.NotEmpty(t, st.Stops)
}
