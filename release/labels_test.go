package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/internal/paper/papertest"
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

// S35 prints the label of the product for each filled container: not before the code of the custodian is there, in the language
// of the country that ordered it, with the next serial, so that the label of the filling does not pass for it.
func TestProductLabelIsPrintedAndComesBack_S35(t *testing.T) { // LB-1, LB-2, LB-3, F23
	p, s, ss, n := upTo(t, "S35")
	op, k := p.by(s, ss, people.Operator), p.batches
	_, event, err := k.LoadWithEvent(bg, n)
	require.NoError(t, err)
	bottle := event.OfKind("final-container")[0]
	id := bottle.ID.String()
	require.NoError(t, k.Scan(bg, op, n, 0, "S35", "scan_each", bottle.Label))
	require.Equal(t, []string{"LB-3"}, rules(k.Labels(bg, op, n, 0, "S35")), "what it says is not known yet")
	require.NoError(t, k.Enter(bg, op, n, 0, "S35", "language", typed("de")))
	st, _ := p.load(n).Step("S35")
	require.True(t, p.load(n).Beyond(st.Fields["language"].Field), "Spain asks for Spanish")
	require.NoError(t, k.Correct(bg, op, n, 0, "S35", "language", typed("es"), "wrong key"))
	require.NoError(t, k.Enter(bg, op, n, 0, "S35", "blind_code", typed("K7-2231")))
	before := p.load(n).LabelBalance()
	require.NoError(t, k.Labels(bg, op, n, 0, "S35"))
	require.Equal(t, []string{"LB-1"}, rules(k.Labels(bg, op, n, 0, "S35")), "issued once")
	require.NoError(t, k.Print(bg, op, n, "S35"))

	b := p.load(n)
	st, _ = b.Step("S35")
	l := st.Label(id)
	require.Equal(t, 2, l.Serial, "the label of the filling had the first one")
	laid, err := k.LabelOf(bg, n, "S35", id)
	require.NoError(t, err)
	require.Equal(t, "product-blinded v1", laid.Template)
	require.NotEmpty(t, laid.Content.Expiry, "the code carries the expiry before the step is completed")
	require.Equal(t, []string{"LB-1"}, rules(k.ScanBack(bg, op, n, 0, "S35", bottle.Label)), "that is the label of the filling")
	require.NoError(t, k.ScanBack(bg, op, n, 0, "S35", laid.Content.String()))
	after := p.load(n).LabelBalance()
	require.Equal(t, before.Printed+1, after.Printed)
	require.Equal(t, before.ScannedBack+1, after.ScannedBack)
	require.Zero(t, after.Open)
}

// A hospital in another country than the plant has its language and its clock on the label, and UTC beside it.
func TestLabelIsMadeForTheDestination_LB2(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	s.Values["S01"]["country"], s.Values["S35"]["language"] = "PT", "pt"
	ss := p.enrol(s)
	n := p.open(s, ss, "3401-001", "S36")
	_, event, err := p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	laid, err := p.batches.LabelOf(bg, n, "S35", event.OfKind("final-container")[0].ID.String())
	require.NoError(t, err)
	pdf, err := laid.PDF()
	require.NoError(t, err)
	said := papertest.Text(t, pdf)
	require.Contains(t, said, "UTC")
	require.Contains(t, said, "WET")
}
