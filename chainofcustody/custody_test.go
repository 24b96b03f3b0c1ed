package chainofcustody_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/people"
)

var scannedAt = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

var author = ledger.Author{Account: "lucia", Role: string(people.Coordinator), Terminal: "t1"}

// event folds drafts without a ledger: decisions are pure.
type event struct {
	t *testing.T
	*chainofcustody.TherapyEvent
}

func newEvent(t *testing.T, seq int) *event {
	t.Helper()
	fin, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	coi, err := isbt128.NewCoI(fin, 26, seq)
	require.NoError(t, err)
	e := &event{t, &chainofcustody.TherapyEvent{}}
	e.add(author, chainofcustody.Order(coi, "3401-001", "ES-SVQ", ""))
	din, err := isbt128.NewDIN(fin, 26, seq)
	require.NoError(t, err)
	draft, err := e.RegisterDonation(din)
	require.NoError(t, err)
	e.add(author, draft)
	drafts, err := e.Create("harvest-bag", "", 1, "S03")
	require.NoError(t, err)
	e.add(author, drafts...)
	return e
}

func (e *event) add(by ledger.Author, drafts ...ledger.Draft) {
	e.t.Helper()
	for _, d := range drafts {
		entry, err := ledger.Provisional(d, by, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), e.Version+1)
		require.NoError(e.t, err)
		entry.Seq = e.Version
		require.NoError(e.t, e.Apply(entry))
	}
}

func TestScan_I4_MatchesOnlyTheExpectedContainer(t *testing.T) {
	ours, theirs := newEvent(t, 1), newEvent(t, 2)
	drafts, err := ours.Create("tube", "harvest-bag", 2, "S20")
	require.NoError(t, err)
	ours.add(author, drafts...)
	bag, tube := ours.OfKind("harvest-bag")[0], ours.OfKind("tube")[0]
	foreign := theirs.OfKind("harvest-bag")[0]
	for _, c := range []struct {
		name     string
		expected chainofcustody.Kind
		raw      string
		outcome  chainofcustody.Outcome
	}{
		{"our bag", "harvest-bag", bag.Label, chainofcustody.Matched},
		{"our bag with a reader's prefix", "harvest-bag", "]d1" + bag.Label, chainofcustody.Matched},
		{"our wristband where any label will do", chainofcustody.AnyLabel, ours.CoI.Label(), chainofcustody.Matched},
		{"our bag where any label will do", chainofcustody.AnyLabel, bag.Label, chainofcustody.Matched},
		{"typed with its check character", "harvest-bag", typed(bag.ID), chainofcustody.Matched},
		{"another patient's bag", "harvest-bag", foreign.Label, chainofcustody.Mismatched},
		{"another patient's wristband", chainofcustody.AnyLabel, theirs.CoI.Label(), chainofcustody.Mismatched},
		{"another patient's bag, typed", "harvest-bag", typed(foreign.ID), chainofcustody.Mismatched},
		{"our tube instead of the bag", "harvest-bag", tube.Label, chainofcustody.Mismatched},
		{"a wristband instead of the bag", "harvest-bag", ours.CoI.Label(), chainofcustody.Mismatched},
		{"typed without check character", "harvest-bag", bag.ID.String(), chainofcustody.Unreadable},
		{"nothing", "harvest-bag", "", chainofcustody.Unreadable},
		{"a label cut off", "harvest-bag", bag.Label[:20], chainofcustody.Unreadable},
		{"binary", "harvest-bag", "\x00\xff\xfe", chainofcustody.Unreadable},
		{"too long", "harvest-bag", bag.Label + string(make([]byte, 600)), chainofcustody.Unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			draft, match, refusal := ours.Scan(author, scannedAt, "B/S19/bag_scan", c.expected, c.raw)
			scans := len(ours.Scans)
			ours.add(author, draft)
			require.Len(t, ours.Scans, scans+1, "every scan is recorded")
			require.Equal(t, c.outcome, ours.Scans[scans].Outcome)
			require.Equal(t, c.outcome == chainofcustody.Matched, !match.IsZero())
			require.Equal(t, c.outcome == chainofcustody.Matched, refusal == nil)
			if c.outcome == chainofcustody.Mismatched {
				require.Equal(t, "I4", refusal.Rule)
				require.Equal(t, ledger.Stop, refusal.Kind)
				require.NotEmpty(t, refusal.Args["want"])
				require.NotEmpty(t, refusal.Args["got"])
			}
		})
	}
}

// typed is a container as a person types it: without separators, with its check character.
func typed(id isbt128.ContainerID) string {
	return id.DIN().String() + id.Division().String() + string(id.Check())
}

func TestCreate_ContainersStandInTheTreeOfTheirDonation(t *testing.T) {
	e := newEvent(t, 1)
	_, err := e.Create("interphase", "tube", 1, "S22")
	require.Error(t, err, "nothing is made from what does not exist")
	_, err = e.Create("tube", "harvest-bag", 0, "S20")
	require.Error(t, err)
	_, err = e.Create("tube", "harvest-bag", 51, "S20")
	require.Error(t, err)
	drafts, err := e.Create("tube", "harvest-bag", 4, "S20")
	require.NoError(t, err)
	e.add(author, drafts...)
	seen := map[string]bool{}
	for _, c := range e.Containers {
		require.False(t, seen[c.ID.String()])
		seen[c.ID.String()] = true
		require.Equal(t, e.Donations[0].DIN, c.ID.DIN())
		if c.Kind == "tube" {
			require.Equal(t, e.OfKind("harvest-bag")[0].ID.String(), c.Parent)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("=+03000&/CHA999926000001=A99992600000100=,B00001")
	f.Add("]d1&/CHA999926000001")
	f.Add("\x1d\x00")
	f.Fuzz(func(t *testing.T, raw string) {
		e := newEvent(t, 1)
		for _, expected := range []chainofcustody.Kind{"harvest-bag", chainofcustody.AnyLabel} {
			draft, match, refusal := e.Scan(author, scannedAt, "x", expected, raw)
			require.NotEqual(t, match.IsZero(), refusal == nil)
			e.add(author, draft)
		}
	})
}

func book(t *testing.T) *chainofcustody.Book {
	t.Helper()
	now := time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	log, err := bolt.Open(t.TempDir(), bolt.Options{Site: "ES-SVQ", Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	fin, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	return &chainofcustody.Book{Log: log, Site: "ES-SVQ", FIN: fin, Clock: clock}
}

func TestLoadedEventIsSharedAndStaysAsItWas(t *testing.T) {
	b, ctx := book(t), context.Background()
	coi, err := order(b, "3401-001")
	require.NoError(t, err)
	old, err := b.Load(ctx, coi)
	require.NoError(t, err)
	din, draft, series, err := b.DraftDonation(ctx, old)
	require.NoError(t, err)
	_, err = b.Log.Append(ctx, ledger.Append{Author: author, Streams: []ledger.StreamAppend{
		series, {Stream: chainofcustody.Stream(coi), Expected: old.Version, Drafts: []ledger.Draft{draft}},
	}})
	require.NoError(t, err)
	now, err := b.Load(ctx, coi)
	require.NoError(t, err)
	require.Equal(t, din, now.Donations[0].DIN)
	require.Empty(t, old.Donations, "who loaded it before sees it as it was")
	again, err := b.Load(ctx, coi)
	require.NoError(t, err)
	require.Same(t, now, again)
	fresh, err := (&chainofcustody.Book{Log: b.Log, Site: b.Site, FIN: b.FIN, Clock: b.Clock}).Load(ctx, coi)
	require.NoError(t, err)
	require.Equal(t, fresh, now, "folded on, it is what a fold from the first entry gives")
}

func TestCloneOfAnEventIsIndependent(t *testing.T) {
	e := newEvent(t, 1)
	nurse := ledger.Author{Account: "rocio", Role: string(people.Nurse)}
	bag := e.Containers[0]
	h := chainofcustody.Handover{Container: bag.ID.String(), Seals: []string{"SEAL-1"}, Place: "ward"}
	offer, err := e.Offer(people.Nurse, h, chainofcustody.Courier)
	require.NoError(t, err)
	e.add(nurse, offer)
	old := e.Clone()
	r, err := e.Receive(ledger.Author{Account: "inaki", Role: string(people.Courier)}, scannedAt, h, bag.Label)
	require.NoError(t, err)
	e.add(ledger.Author{Account: "inaki", Role: string(people.Courier)}, r.Drafts...)
	same, ok := e.Container(bag.ID.String())
	require.True(t, ok)
	require.Equal(t, chainofcustody.Courier, same.Custodian.Party)
	kept, ok := old.Container(bag.ID.String())
	require.True(t, ok)
	require.Equal(t, chainofcustody.Hospital, kept.Custodian.Party)
	require.Same(t, old.Containers[0], kept)
	require.True(t, old.Offers[0].AcceptedAt.IsZero())
	require.Empty(t, old.Scans)
}

func order(b *chainofcustody.Book, subject string) (isbt128.CoI, error) {
	var coi isbt128.CoI
	_, err := ledger.Decide(context.Background(), b.Log, func(ctx context.Context) (ledger.Append, error) {
		var streams []ledger.StreamAppend
		var err error
		coi, streams, err = b.DraftOrder(ctx, subject, "")
		return ledger.Append{Author: author, Streams: streams}, err
	})
	return coi, err
}

func TestOrder_ID10_CoIIsIssuedOnceEvenAtTheSameMoment(t *testing.T) {
	b := book(t)
	const n = 8
	cois := make([]isbt128.CoI, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { cois[i], errs[i] = order(b, "3401-00"+string(rune('1'+i))) })
	}
	wg.Wait()
	seen := map[string]bool{}
	issued := 0
	for i := range n {
		if errs[i] != nil {
			require.NotEmpty(t, ledger.RefusalsOf(errs[i]), "%v", errs[i])
			continue
		}
		require.False(t, seen[cois[i].String()])
		seen[cois[i].String()] = true
		issued++
	}
	next, err := chainofcustody.Next(context.Background(), b.Log, "series/coi/A9999/26")
	require.NoError(t, err)
	require.Equal(t, uint64(issued+1), next, "the series has no gap")
}

func TestOrder_AT13_SubjectNumberIsTakenOnce(t *testing.T) {
	b := book(t)
	_, err := order(b, "3401-001")
	require.NoError(t, err)
	_, err = order(b, "3401-001")
	var taken *ledger.ClaimError
	require.ErrorAs(t, err, &taken)
	for _, bad := range []string{"", "Ana García", "a b", "x\x00", "0123456789012345678901234567890123"} {
		_, err = order(b, bad)
		require.NotEmpty(t, ledger.RefusalsOf(err), "%q", bad)
	}
}
