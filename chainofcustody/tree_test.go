package chainofcustody_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

func ml(tenths int64) quantity.Quantity { return quantity.New(tenths, -1, "mL") }

func (e *event) match(t require.TestingT, c *chainofcustody.Container) chainofcustody.Match {
	_, m, refusal := e.Scan(author, scannedAt, chainofcustody.TreePurpose(c.ID.String()), chainofcustody.AnyLabel, c.Label)
	require.Nil(t, refusal)
	return m
}

func code(t require.TestingT, err error) string {
	found := ledger.RefusalsOf(err)
	require.Len(t, found, 1, "%v", err)
	return found[0].Code
}

func TestDivideBalances_AT14(t *testing.T) {
	e := newEvent(t, 1)
	bag := e.OfKind("harvest-bag")[0]
	split := func(before, a, b, waste int64) error {
		_, err := e.Divide(author, scannedAt, e.match(t, bag), chainofcustody.Division{
			Manner: chainofcustody.Split, Before: ml(before), Waste: ml(waste), Tolerance: ml(5), Purpose: "B/S19",
			Portions: []chainofcustody.Portion{{Kind: "tube", Volume: ml(a)}, {Kind: "tube", Volume: ml(b)}},
		})
		return err
	}
	require.NoError(t, split(1000, 500, 480, 20))
	require.NoError(t, split(1000, 500, 495, 0), "within the tolerance")
	require.NoError(t, split(1000, 500, 505, 0))
	require.Equal(t, "volume-balance", code(t, split(1000, 500, 494, 0)))
	require.Equal(t, "volume-balance", code(t, split(1000, 500, 506, 0)))
	require.Equal(t, "volume", code(t, split(0, 500, 500, 0)))
	require.Equal(t, "volume", code(t, split(1000, 0, 1000, 0)))
	require.Equal(t, "volume", code(t, split(1000, -1, 1001, 0)))
	_, err := e.Divide(author, scannedAt, e.match(t, bag), chainofcustody.Division{Manner: "pour", Before: ml(10)})
	require.Equal(t, "division", code(t, err))
	_, err = e.Divide(author, scannedAt.Add(time.Minute), e.match(t, bag), chainofcustody.Division{})
	require.Equal(t, "scan-first", code(t, err), "I4: scanned a minute ago")
	_, err = e.Divide(author, scannedAt, chainofcustody.Match{}, chainofcustody.Division{})
	require.Equal(t, "scan-first", code(t, err))
}

func TestFrozenAndDestroyedGiveNothing(t *testing.T) {
	e := newEvent(t, 1)
	bag := e.OfKind("harvest-bag")[0]
	_, err := e.Thaw(author, scannedAt, e.match(t, bag))
	require.Equal(t, "not-frozen", code(t, err))
	draft, err := e.Freeze(author, scannedAt, e.match(t, bag))
	require.NoError(t, err)
	e.add(author, draft)
	require.Equal(t, chainofcustody.Frozen, bag.State)
	_, err = e.Divide(author, scannedAt, e.match(t, bag), chainofcustody.Division{})
	require.Equal(t, "frozen", code(t, err))
	draft, err = e.Thaw(author, scannedAt, e.match(t, bag))
	require.NoError(t, err)
	e.add(author, draft)
	draft, err = e.Destroy(author, scannedAt, e.match(t, bag), "bag torn")
	require.NoError(t, err)
	e.add(author, draft)
	for _, err := range []error{
		second(e.Destroy(author, scannedAt, e.match(t, bag), "again")), second(e.Freeze(author, scannedAt, e.match(t, bag))),
	} {
		require.Equal(t, "container-gone", code(t, err))
	}
}

func second[T any](_ T, err error) error { return err }

// A pool is of one kind, of one patient, and only where the recipe has a rule. I5
func TestPool_I5(t *testing.T) {
	ours, theirs := newEvent(t, 1), newEvent(t, 2)
	for _, e := range []*event{ours, theirs} {
		drafts, err := e.Divide(author, scannedAt, e.match(t, e.OfKind("harvest-bag")[0]), chainofcustody.Division{
			Manner: chainofcustody.Split, Before: ml(1000), Waste: ml(0), Tolerance: ml(0), Purpose: "B/S19",
			Portions: []chainofcustody.Portion{{Kind: "tube", Volume: ml(600)}, {Kind: "tube", Volume: ml(400)}},
		})
		require.NoError(t, err)
		e.add(author, drafts...)
	}
	tubes := ours.OfKind("tube")
	both := []chainofcustody.Match{ours.match(t, tubes[0]), ours.match(t, tubes[1])}
	rule := &chainofcustody.PoolRule{From: "tube", Into: "work-bag", Tolerance: ml(5)}
	_, err := ours.Pool(author, scannedAt, both, nil, ml(1000), ml(0), "B/S22")
	require.Equal(t, "no-pooling", code(t, err))
	_, err = ours.Pool(author, scannedAt, []chainofcustody.Match{both[0], theirs.match(t, theirs.OfKind("tube")[0])}, rule, ml(1000), ml(0), "B/S22")
	require.Equal(t, "scan-first", code(t, err), "a match of another patient opens nothing here")
	_, err = ours.Pool(author, scannedAt, []chainofcustody.Match{both[0], both[0]}, rule, ml(1000), ml(0), "B/S22")
	require.Equal(t, "not-to-pool", code(t, err))
	_, err = ours.Pool(author, scannedAt, both, rule, ml(900), ml(0), "B/S22")
	require.Equal(t, "volume-balance", code(t, err))
	drafts, err := ours.Pool(author, scannedAt, both, rule, ml(980), ml(20), "B/S22")
	require.NoError(t, err)
	ours.add(author, drafts...)
	pool := ours.OfKind("work-bag")[0]
	require.Equal(t, []string{tubes[0].ID.String(), tubes[1].ID.String()}, pool.Pooled)
	require.Equal(t, chainofcustody.Emptied, tubes[1].State)
	require.Equal(t, "98.0 mL", pool.Volume.String())
	lines := chainofcustody.Lines(ours.Tree(nil))
	require.Len(t, lines, 4)
	require.Equal(t, 2, lines[2].Depth, "harvest bag, tube, pool")
}

// Whatever is divided, sampled, frozen and destroyed, in whatever order: no material comes from nothing, every container has
// one CoI, and a fold from the entries gives the same tree. I4, I5, I6, I13
func TestTreeKeepsItsVolume(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := newEvent(t, 1)
		bag := e.OfKind("harvest-bag")[0]
		drafts, err := e.Divide(author, scannedAt, e.match(rt, bag), chainofcustody.Division{
			Manner: chainofcustody.Split, Before: ml(10000), Waste: ml(0), Tolerance: ml(0), Purpose: "B/S1", Portions: []chainofcustody.Portion{{Kind: "work-bag", Volume: ml(10000)}},
		})
		require.NoError(rt, err)
		e.add(author, drafts...)
		waste := int64(0)
		for range rapid.IntRange(1, 25).Draw(rt, "acts") {
			c := rapid.SampledFrom(e.Containers).Draw(rt, "container")
			m, version := e.match(rt, c), e.Version
			switch rapid.SampledFrom([]string{"split", "sample", "freeze", "thaw", "destroy"}).Draw(rt, "act") {
			case "freeze":
				if d, err := e.Freeze(author, scannedAt, m); err == nil {
					e.add(author, d)
				}
			case "thaw":
				if d, err := e.Thaw(author, scannedAt, m); err == nil {
					e.add(author, d)
				}
			case "destroy":
				d, err := e.Destroy(author, scannedAt, m, "for the test")
				if err == nil && rapid.IntRange(0, 5).Draw(rt, "seldom") == 0 {
					e.add(author, d)
				}
			default:
				manner := rapid.SampledFrom([]chainofcustody.Manner{chainofcustody.Split, chainofcustody.Sample}).Draw(rt, "manner")
				a, w := rapid.Int64Range(0, 6000).Draw(rt, "a"), rapid.Int64Range(0, 50).Draw(rt, "waste")
				portions := []chainofcustody.Portion{{Kind: "tube", Volume: ml(a)}}
				if manner == chainofcustody.Split && c.Volume != nil {
					rest, err := c.Volume.Sub(ml(a + w))
					require.NoError(rt, err)
					portions = append(portions, chainofcustody.Portion{Kind: "tube", Volume: rest})
				}
				d, err := e.Divide(author, scannedAt, m, chainofcustody.Division{Manner: manner, Before: ml(1), Portions: portions, Waste: ml(w), Tolerance: ml(0), Purpose: "B/S2"})
				if err == nil {
					waste += w
					e.add(author, d...)
				} else {
					require.Equal(rt, version, e.Version)
				}
			}
			total := ml(waste)
			for _, c := range e.Containers {
				require.Equal(rt, e.Donations[0].DIN, c.ID.DIN())
				if c.Volume == nil {
					continue
				}
				require.GreaterOrEqual(rt, c.Volume.Sign(), 0)
				total, err = total.Add(*c.Volume)
				require.NoError(rt, err)
			}
			require.True(rt, total.Equal(ml(10000)), "%s", total)
		}
		require.Len(rt, chainofcustody.Lines(e.Tree(nil)), len(e.Containers), "every container stands in the tree once")
	})
}
