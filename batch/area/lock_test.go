package area_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

const (
	one, two = "SVQ2600001K", "SVQ2600002L"
	coiOne   = "CHA999926000001"
	coiTwo   = "CHA999926000002"
)

// Given an area locked by one batch, when another is begun there, it is refused until two persons have cleared it
// (inspector's check 21).
func TestTwoPatientsAreNeverInOneArea_I5(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	refused(t, p.occupy("SVQ-A1", one, coi(t, coiOne)), "AT-51", "area-not-cleared")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))

	r := refused(t, p.occupy("SVQ-A1", two, coi(t, coiTwo)), "I5", "area-occupied")
	require.Equal(t, one, r.Args["batch"])
	require.NotContains(t, r.What, coiOne, "who the patient is, is told nowhere but under the batch")
	refused(t, p.Clear(p.ctx, ana, "SVQ-A1", clean, p.verifies("ben", "SVQ-A1", clean)), "I5", "area-occupied")

	refused(t, p.free("SVQ-A1", two), "I5", "area-not-held")
	require.NoError(t, p.free("SVQ-A1", one))
	refused(t, p.free("SVQ-A1", one), "I5", "area-not-held")
	refused(t, p.occupy("SVQ-A1", two, coi(t, coiTwo)), "AT-51", "area-not-cleared")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", two, coi(t, coiTwo)))
	p.check()
}

func TestOneBatchMayBeInTwoAreas_I5(t *testing.T) {
	p := newPlant(t)
	for _, id := range []string{"SVQ-A1", "SVQ-L1"} {
		p.lab(id)
		p.clear(id)
		require.NoError(t, p.occupy(id, one, coi(t, coiOne)))
	}
}

func TestLockOutlivesTheProcess_I5(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
	p.restart()
	refused(t, p.occupy("SVQ-A1", two, coi(t, coiTwo)), "I5", "area-occupied")
	require.NoError(t, p.area("SVQ-A1").MayWork(p.now(), one))
}

// Two processes that both saw the area free cannot both take it, not even by an append that says nothing of its stream.
func TestOneOfManyTakesTheArea_I5(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	seen := p.area("SVQ-A1")
	draft, err := seen.Occupy(p.now(), one, coi(t, coiOne))
	require.NoError(t, err)
	require.Equal(t, []string{"area-lock/SVQ-A1"}, draft.Takes)

	var mu sync.Mutex
	var took int
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			a := p.area("SVQ-A1")
			d, err := a.Occupy(p.now(), one, coi(t, coiOne))
			if err != nil {
				return
			}
			_, err = p.log.Append(p.ctx, ledger.Append{Author: ana, Streams: []ledger.StreamAppend{{Stream: area.Stream(a.ID), Expected: a.Version, Drafts: []ledger.Draft{d}}}})
			var conflict *ledger.ConflictError
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				took++
			} else {
				require.True(t, errors.As(err, &conflict), "%v", err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, took)
	_, err = p.log.Append(p.ctx, ledger.Append{Author: ana, Streams: []ledger.StreamAppend{{Stream: "elsewhere/1", Drafts: []ledger.Draft{draft}}}})
	var claim *ledger.ClaimError
	require.ErrorAs(t, err, &claim)
}

func TestMayWork_I5(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	may := func(batch string) error { return p.area("SVQ-A1").MayWork(p.now(), batch) }
	refused(t, may(one), "AT-51", "area-not-cleared")
	p.clear("SVQ-A1")
	refused(t, may(one), "I5", "area-not-held")
	refused(t, may(""), "I5", "area-not-held")
	p.pass(4*time.Hour + time.Second)
	refused(t, may(one), "AT-51", "clearance-expired")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
	require.NoError(t, may(one))
	p.pass(9 * time.Hour) // the clearance says until when work may begin, not how long it may take
	require.NoError(t, may(one))
	refused(t, may(two), "I5", "area-occupied")
	refused(t, may(""), "I5", "area-occupied")
}

func TestOccupyNeedsABatchAndItsIdentity_I6(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	a := p.area("SVQ-A1")
	_, err := a.Occupy(p.now(), "", coi(t, coiOne))
	refused(t, err, "I5", "area-batch")
	_, err = (&area.Area{ID: "X1"}).Occupy(p.now(), one, coi(t, coiOne))
	refused(t, err, "AT-51", "area-not-cleared")
}

func TestOnlyQATakesAnAreaFromABatch_AT10(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	refused(t, p.Free(p.ctx, qa, "SVQ-A1", "batch was stopped for good"), "AT-10", "area-not-occupied")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
	for _, role := range people.Roles() {
		if role != people.QA {
			refused(t, p.Free(p.ctx, as("x", role), "SVQ-A1", "batch was stopped for good"), "AT-10", "may-not-free-area")
		}
	}
	for _, reason := range []string{"", "   no   ", "line\nline", string(make([]byte, 501))} {
		refused(t, p.Free(p.ctx, qa, "SVQ-A1", reason), "CS-12", "area-reason")
	}
	require.NoError(t, p.Free(p.ctx, qa, "SVQ-A1", " batch was stopped for good "))
	a := p.area("SVQ-A1")
	require.Equal(t, area.Uncleared, a.Status(p.now()))
	require.Equal(t, "batch was stopped for good", a.Taken[0].Reason)
	require.Equal(t, "quinn", a.Taken[0].Freed)
	_, err := p.log.Claim(p.ctx, "area-lock/SVQ-A1")
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestOccupationsOfAWindow_AT50(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	stay := func(batch, id string, d time.Duration) {
		p.clear("SVQ-A1")
		require.NoError(t, p.occupy("SVQ-A1", batch, coi(t, id)))
		p.pass(d)
		require.NoError(t, p.free("SVQ-A1", batch))
		p.pass(time.Hour)
	}
	stay(one, coiOne, 2*time.Hour) // 08:00 to 10:00
	stay(two, coiTwo, 2*time.Hour) // 11:00 to 13:00
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne))) // 14:00, still open
	a := p.area("SVQ-A1")
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC) }
	for _, c := range []struct {
		name     string
		from, to time.Time
		want     []string
	}{
		{"before all", at(7, 0), at(7, 59), nil},
		{"touching the first", at(7, 0), at(8, 0), []string{one}},
		{"within the first", at(9, 0), at(9, 1), []string{one}},
		{"at its end", at(10, 0), at(10, 0), []string{one}},
		{"between", at(10, 1), at(10, 59), nil},
		{"over both", at(9, 0), at(11, 0), []string{one, two}},
		{"while the last is open", at(15, 0), at(16, 0), []string{one}},
		{"over all", at(0, 0), at(23, 0), []string{one, two, one}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, o := range a.Occupations(c.from, c.to) {
				got = append(got, o.Batch)
			}
			require.Equal(t, c.want, got)
		})
	}
	require.True(t, a.Taken[2].To.IsZero())
}
