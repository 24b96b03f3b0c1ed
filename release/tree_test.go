package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

func portions(t *testing.T, kind chainofcustody.Kind, before, waste string, volumes ...string) batch.Portions {
	t.Helper()
	p, err := batch.ReadPortions(kind, before, volumes, waste, "mL")
	require.NoError(t, err)
	return p
}

// The bag goes into the gradient tubes with its volume, and the tubes into one pool: as the recipe makes them, step by step,
// each with a scan, and nothing is lost on the way (AT-14).
func TestTubesAreFilledAndPooled_AT14(t *testing.T) {
	s := before(t, "S20")
	op, k := s.As(people.Operator, false), s.Batches
	_, event := s.State(s.number)
	bag := event.OfKind("harvest-bag")[0]
	split := func(p batch.Portions) error {
		return k.Divide(bg, op, s.number, 0, bag.Label, chainofcustody.Split, p)
	}
	refusedAs(t, "scan-first", split(portions(t, "tube", "100.0", "0", "50.0", "50.0"))) // the step's own scan comes first
	s.scan("S20")
	refusedAs(t, "count-first", split(portions(t, "tube", "100.0", "0", "50.0", "50.0")))
	require.NoError(t, s.enter("S20", "tubes", "2"))
	refusedAs(t, "more-than-said", split(portions(t, "tube", "100.0", "0", "50.0", "25.0", "25.0")))
	refusedAs(t, "not-made-here", split(portions(t, "final-container", "100.0", "0", "50.0", "50.0")))
	refusedAs(t, "volume-balance", split(portions(t, "tube", "100.0", "0", "50.0", "40.0")))
	refusedAs(t, "scan-unreadable", k.Divide(bg, op, s.number, 0, "no label", chainofcustody.Split, portions(t, "tube", "100.0", "0", "100.0")))
	lead := s.As(people.ProductionLead, false)
	require.Error(t, k.Divide(bg, lead, s.number, 0, bag.Label, chainofcustody.Split, portions(t, "tube", "100.0", "0", "50.0", "50.0")), "not the performer of the step")
	_, event = s.State(s.number)
	require.Empty(t, event.OfKind("tube"), "nothing came of what was refused")
	require.Len(t, scansFor(event, "tree"), 7, "every scan stands in the record, of what was refused as well")

	require.NoError(t, split(portions(t, "tube", "100.0", "0.5", "50.0", "49.5")))
	_, event = s.State(s.number)
	tubes := event.OfKind("tube")
	require.Len(t, tubes, 2)
	require.Equal(t, "49.5 mL", tubes[1].Volume.String())
	require.Equal(t, bag.ID.String(), tubes[1].Parent)
	now, _ := event.Container(bag.ID.String())
	require.Equal(t, chainofcustody.Emptied, now.State)
	refusedAs(t, "more-than-said", split(portions(t, "tube", "", "0", "1.0")))
	require.Len(t, s.step("S20").Prints, 2, "their labels are printed and have to come back")
	refusedAs(t, "labels-issued", k.Labels(bg, op, s.number, 0, "S20"))

	raws := []string{tubes[0].Label, tubes[1].Label}
	refusedAs(t, "not-made-here", k.Pool(bg, op, s.number, 0, raws, portions(t, "interphase", "", "0", "99.5"))) // tubes are pooled at another step
	require.NoError(t, k.Freeze(bg, op, s.number, 0, tubes[0].Label))
	refusedAs(t, "frozen", k.Freeze(bg, op, s.number, 0, tubes[0].Label))
	require.NoError(t, k.Thaw(bg, op, s.number, 0, tubes[0].Label))
	refusedAs(t, "may-not-dispose", k.Freeze(bg, s.As(people.QP, false), s.number, 0, tubes[0].Label))
	refusedAs(t, "reason-missing", k.Destroy(bg, op, s.number, 0, tubes[0].Label, ""))
	require.NoError(t, k.Destroy(bg, op, s.number, 0, tubes[0].Label, "broke in the centrifuge"))
	refusedAs(t, "container-gone", k.Freeze(bg, op, s.number, 0, tubes[0].Label))
}

// Tubes go into one pool at the step that makes it, each after its own scan; two patients' never (I5).
func TestPoolOfOnePatient_I5(t *testing.T) {
	s := before(t, "S20")
	op, k := s.As(people.Operator, false), s.Batches
	_, event := s.State(s.number)
	s.scan("S20")
	require.NoError(t, s.enter("S20", "tubes", "2"))
	require.NoError(t, k.Divide(bg, op, s.number, 0, event.OfKind("harvest-bag")[0].Label, chainofcustody.Split, portions(t, "tube", "100.0", "0", "50.0", "50.0")))
	st := s.step("S20").Step
	for _, f := range st.FieldsAt("ES-SVQ") {
		if v, given := s.Values["S20"][f.ID]; given && f.ID != "tubes" {
			require.NoError(t, s.enter("S20", f.ID, s.Value(v)))
		}
	}
	require.NoError(t, k.Print(bg, op, s.number, "S20"))
	s.ScanBack(s.number, st)
	_, event = s.State(s.number)
	for _, tube := range event.OfKind("tube") {
		require.NoError(t, k.Scan(bg, op, s.number, 0, "S20", "tube_labels_scan", tube.Label))
	}
	s.Comment(s.number, st)
	require.NoError(t, s.complete("S20"))
	s.Verify(s.number, st)
	s.Play(s.number, "S22")
	_, event = s.State(s.number)
	tubes := event.OfKind("tube")
	require.Len(t, tubes, 2, "the step made no others")
	s.scan("S22")
	raws := []string{tubes[0].Label, tubes[1].Label}
	pool := func(raws []string) error {
		return k.Pool(bg, op, s.number, 0, raws, portions(t, "interphase", "", "60.0", "40.0"))
	}
	refusedAs(t, "not-to-pool", pool([]string{raws[0], raws[0]}))
	refusedAs(t, "pool-of-one", pool(raws[:1]))
	other := s.Order("3401-002")
	s.Play(other, "S05")
	_, foreign := s.State(other)
	refusedAs(t, "scan-mismatch", pool([]string{raws[0], foreign.OfKind("harvest-bag")[0].Label}))
	require.True(t, s.classes()[batch.Identity])
	require.NoError(t, pool(raws))
	_, event = s.State(s.number)
	made := event.OfKind("interphase")
	require.Len(t, made, 1)
	require.Equal(t, []string{tubes[0].ID.String(), tubes[1].ID.String()}, made[0].Pooled)
	require.Equal(t, quantity.New(400, -1, "mL"), *made[0].Volume)
}

// What another batch of the same patient made is not this one's to work with, and the product is frozen by the recipe's own
// steps alone: what is done there tells the arm (AT-11, I11).
func TestTreeOfAnotherBatch_AT11(t *testing.T) {
	s := before(t, "S15")
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	children, err := s.Batches.Split(bg, s.As(people.ProductionLead, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	s.Play(children[0], "S21")
	_, event := s.State(s.number)
	tube, op := event.OfKind("tube")[0], s.As(people.Operator, false)
	refusedAs(t, "other-batch", s.Batches.Freeze(bg, op, children[1], 0, tube.Label))
	b, _ := s.State(children[1])
	found, _ := b.Exceptions()
	require.Equal(t, batch.Identity, found[len(found)-1].Class)
	_, event = s.State(s.number)
	is, _ := event.Container(tube.ID.String())
	require.Equal(t, chainofcustody.Whole, is.State)
}

func TestProductIsFrozenByTheRecipeAlone_I11(t *testing.T) {
	s := before(t, "S36")
	_, event := s.State(s.number)
	product := event.OfKind("final-container")[0].Label
	refusedAs(t, "product-by-recipe", s.Batches.Freeze(bg, s.As(people.Operator, false), s.number, 0, product))
	refusedAs(t, "product-by-recipe", s.Batches.Thaw(bg, s.As(people.UnblindedOperator, false), s.number, 0, product))
}

func scansFor(event *chainofcustody.TherapyEvent, purpose string) []chainofcustody.ScanRecord {
	var out []chainofcustody.ScanRecord
	for _, s := range event.Scans {
		if s.Purpose == purpose {
			out = append(out, s)
		}
	}
	return out
}
