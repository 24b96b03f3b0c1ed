package master_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
)

// Whatever was approved for when and withdrawn when: at any instant one version at most is in force, and only it is called
// so; as time goes on, a lower number follows a higher one only where the higher one was withdrawn.
func TestOneVersionIsInForce_AT5(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hour := func(name string) time.Time {
			return morning.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, name)) * time.Hour)
		}
		var versions []master.Item
		for n := rapid.IntRange(0, 6).Draw(t, "versions"); n > 0; n-- {
			v := master.Item{ID: master.ID{Recipe: recipe, Number: n}, Status: rapid.SampledFrom([]master.Status{master.Draft, master.Approved, master.Approved}).Draw(t, "status")}
			if v.Status == master.Approved {
				v.From = hour("from")
			}
			if rapid.IntRange(0, 2).Draw(t, "is withdrawn") == 0 {
				v.Status, v.WithdrawnAt = master.Withdrawn, hour("withdrawn")
			}
			versions = append(versions, v)
		}
		versions = rapid.Permutation(versions).Draw(t, "order")
		before := 0
		for h := range 24 {
			at := morning.Add(time.Duration(h) * time.Hour)
			current, ok := master.InForce(versions, at)
			var effective []int
			newest := 0
			for _, v := range versions {
				if !v.From.IsZero() && !v.From.After(at) && (v.WithdrawnAt.IsZero() || v.WithdrawnAt.After(at)) {
					newest = max(newest, v.Number)
				}
				now := v
				if v.WithdrawnAt.After(at) && !v.From.IsZero() { // as it stood before it was withdrawn
					now.Status = master.Approved
				}
				if now.StatusAt(versions, at) == master.Effective {
					effective = append(effective, v.Number)
				}
			}
			require.Equal(t, newest, current.Number)
			if ok {
				require.Equal(t, []int{current.Number}, effective)
				require.False(t, current.From.After(at))
			} else {
				require.Empty(t, effective)
			}
			if current.Number < before {
				i := slices.IndexFunc(versions, func(v master.Item) bool { return v.Number == before })
				require.False(t, versions[i].WithdrawnAt.IsZero() || versions[i].WithdrawnAt.After(at), "%d gave way to %d", before, current.Number)
			}
			before = current.Number
		}
	})
}

// Several people draft versions at the same moment: in the record their numbers only go up.
func TestDraftsAtOnceKeepTheirOrder_AT5(t *testing.T) {
	p := newPlant(t)
	var all sync.WaitGroup
	var errs [10]error
	for n := 2; n < 10; n++ {
		file := version(t, strconv.Itoa(n))
		all.Go(func() {
			_, _, errs[n] = p.Start(p.ctx, lea, file, "CC-2026-014", "Drafted beside others.")
		})
	}
	all.Wait()
	for _, err := range errs {
		require.Equal(t, err != nil, len(ledger.RefusalsOf(err)) > 0, "%v", err)
	}
	last := 1
	for e, err := range p.Log.Entries(p.ctx, 0) {
		require.NoError(t, err)
		if e.Type != "master.drafted" {
			continue
		}
		n, err := strconv.Atoi(e.Stream[len("master/"+recipe+"/"):])
		require.NoError(t, err)
		require.Greater(t, n, last)
		last = n
	}
	require.Greater(t, last, 1)
}
