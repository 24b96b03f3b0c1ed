package chainofcustody_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

const seville = "rexbatch/ES-SVQ/3f9a"

// first is a therapy event at the plant where it was ordered, with the entries of its log.
type first struct {
	*event
	entries []ledger.Entry
}

func ordered(t *testing.T) *first {
	t.Helper()
	made := newEvent(t, 1)
	f := &first{event: &event{t, &chainofcustody.TherapyEvent{}}}
	f.append(author, chainofcustody.Order(made.CoI, "3401-001", "ES-SVQ", "DE-FRA"))
	draft, err := f.RegisterDonation(made.Donations[0].DIN)
	require.NoError(t, err)
	f.append(author, draft)
	drafts, err := f.Create("harvest-bag", "", 2, "SVQ26000017/S03")
	require.NoError(t, err)
	f.append(author, drafts...)
	return f
}

func (f *first) append(by ledger.Author, drafts ...ledger.Draft) {
	f.t.Helper()
	for _, d := range drafts {
		e, err := ledger.Provisional(d, by, scannedAt, f.Version+1)
		require.NoError(f.t, err)
		e.Seq = 50 + e.Version
		e.Leaf = ledger.DigestOf([]byte(fmt.Sprint(e.Seq, e.Type, string(e.Data))))
		require.NoError(f.t, f.Apply(e))
		f.entries = append(f.entries, e)
	}
}

// offer offers a container to the courier there, and is the position of that.
func (f *first) offer(c *chainofcustody.Container) uint64 {
	f.t.Helper()
	draft, err := f.Offer(people.Nurse, stated(c), chainofcustody.Courier)
	require.NoError(f.t, err)
	f.append(rocio, draft)
	return f.entries[len(f.entries)-1].Seq
}

func (f *first) takenOn() *event {
	f.t.Helper()
	here := &event{f.t, &chainofcustody.TherapyEvent{}}
	here.add(author, chainofcustody.TakeOn(seville, f.entries, chainofcustody.Moved{From: "ES-SVQ", To: "DE-FRA", Was: "SVQ26000017", Batch: "FRA26000017"})...)
	return here
}

func (f *first) carryOn(here *event) {
	f.t.Helper()
	drafts, err := here.CarryOn(seville, f.entries)
	require.NoError(f.t, err)
	here.add(author, drafts...)
}

var (
	rocio = ledger.Author{Account: "rocio", Role: string(people.Nurse)}
	carl  = ledger.Author{Account: "carl", Role: string(people.Courier)}
)

func stated(c *chainofcustody.Container) chainofcustody.Handover {
	return chainofcustody.Handover{Container: c.ID.String(), Seals: []string{"SEAL-1"}, Place: "ward"}
}

// answer is the entry with which an offer ended, as its log has it.
func answer(kind string, offer uint64, c *chainofcustody.Container) ledger.Draft {
	data := map[string]any{"offer": offer, "party": "courier", "reason": "the van is full"}
	if c != nil {
		data["container"] = c.ID.String()
	}
	return ledger.Draft{Type: kind, Data: data}
}

const (
	accepted  = "custody.handoff-accepted"
	withdrawn = "custody.handoff-withdrawn"
)

// I6: an offer that ended here ends once. What the other plant recorded of it later stands beside it, and blocks nothing that comes
// after it.
func TestCarryOn_I6_AnOfferThatEndedHereStaysAsItEnded(t *testing.T) {
	for _, c := range []struct{ name, here, there, says string }{
		{"accepted at both", accepted, accepted, "accepted at ES-SVQ by ES-SVQ/carl at 2026-11-22T09:00:00Z"},
		{"accepted here, withdrawn there", accepted, withdrawn, "withdrawn at ES-SVQ: the van is full"},
		{"withdrawn here, accepted there", withdrawn, accepted, "accepted at ES-SVQ by ES-SVQ/carl at 2026-11-22T09:00:00Z"},
		{"withdrawn at both", withdrawn, withdrawn, "withdrawn at ES-SVQ: the van is full"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := ordered(t)
			bag := f.Containers[0]
			seq := f.offer(bag)
			here := f.takenOn()
			here.add(ledger.Author{Account: "fritz", Role: string(people.Courier)}, answer(c.here, seq, bag))
			before := here.Clone()
			f.append(carl, answer(c.there, seq, bag))
			f.append(rocio, mustScan(t, f.event, bag))
			f.carryOn(here)
			require.Len(t, here.Scans, 1, "what came after it is here too")
			require.Equal(t, before.Containers[0].Custodian, here.Containers[0].Custodian, "custody is as it was")
			require.Equal(t, c.says, here.Offers[0].Disagrees)
			require.Equal(t, before.Offers[0].AcceptedAt, here.Offers[0].AcceptedAt)
			require.Equal(t, before.Offers[0].Withdrawn, here.Offers[0].Withdrawn)
			require.Empty(t, before.Offers[0].Disagrees)
		})
	}
}

func mustScan(t *testing.T, e *event, c *chainofcustody.Container) ledger.Draft {
	t.Helper()
	draft, _, refusal := e.Scan(rocio, scannedAt, "S03/bag", c.Kind, c.Label)
	require.Nil(t, refusal)
	return draft
}

// Positions are those of a log: offers of two containers may stand at the same one, in two logs.
func TestCarryOn_I6_OffersAtTheSamePositionAreNotConfused(t *testing.T) {
	for _, kind := range []string{accepted, withdrawn} {
		for _, there := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s there %v", kind, there), func(t *testing.T) {
				f := ordered(t)
				theirs, ours := f.Containers[0], f.Containers[1]
				seq := f.offer(theirs)
				here := f.takenOn()
				draft, err := here.Offer(people.Nurse, stated(ours), chainofcustody.Courier)
				require.NoError(t, err)
				entry, err := ledger.Provisional(draft, rocio, scannedAt, here.Version+1)
				require.NoError(t, err)
				entry.Seq = seq
				require.NoError(t, here.Apply(entry))
				ended, open := ours, theirs
				if there {
					ended, open = theirs, ours
					f.append(carl, answer(kind, seq, theirs))
					f.carryOn(here)
				} else if kind == withdrawn {
					draft, err := here.Withdraw(people.Nurse, ours.ID.String(), "the van is full")
					require.NoError(t, err)
					here.add(rocio, draft)
				} else {
					here.add(carl, answer(kind, seq, ours))
				}
				_, waits := here.Open(open.ID.String())
				require.True(t, waits)
				_, waits = here.Open(ended.ID.String())
				require.False(t, waits)
			})
		}
	}
	f := ordered(t)
	seq := f.offer(f.Containers[0])
	here := f.takenOn()
	here.add(rocio, answer(withdrawn, seq, f.Containers[0]))
	again, err := ledger.Provisional(ledger.Draft{Type: "custody.handoff-offered", Data: map[string]any{"container": f.Containers[0].ID.String(), "to": "courier"}}, rocio, scannedAt, here.Version+1)
	require.NoError(t, err)
	again.Seq = seq
	require.NoError(t, here.Apply(again))
	f.append(carl, answer(accepted, seq, f.Containers[0]))
	f.carryOn(here)
	waits, open := here.Open(f.Containers[0].ID.String())
	require.True(t, open, "what was accepted there is not what is offered here")
	require.Empty(t, waits.Origin)
	require.NotEmpty(t, here.Offers[0].Disagrees)

	f = ordered(t)
	seq = f.offer(f.Containers[0])
	f.append(rocio, answer(withdrawn, seq, nil))
	require.Equal(t, "the van is full", f.Offers[0].Withdrawn, "the first entries name no container")
}

// I2: what comes later is the same log further on, or nothing of it is taken; nothing comes twice.
func TestCarryOn_IsOfTheLogThatWasCarried(t *testing.T) {
	f := ordered(t)
	here := f.takenOn()
	before := here.Clone()
	f.append(rocio, mustScan(t, f.event, f.Containers[0]))
	other := append([]ledger.Entry{}, f.entries...)
	other[1].Leaf = ledger.DigestOf([]byte("written anew"))
	for name, entries := range map[string][]ledger.Entry{"cut": f.entries[:2], "empty": nil, "other": other} {
		_, err := here.CarryOn(seville, entries)
		require.Equal(t, "dossier-fault", code(t, err), name)
	}
	f.carryOn(here)
	require.Len(t, here.Carried, len(f.entries))
	require.Len(t, before.Carried, len(f.entries)-1, "who loaded it before sees it as it was")
	drafts, err := here.CarryOn(seville, f.entries)
	require.NoError(t, err)
	require.Empty(t, drafts)
}

// An account of the other plant is never taken for one here; nor is a position in its log.
func TestTakeOn_I3_AccountsAndPositionsAreThoseOfTheOtherPlant(t *testing.T) {
	f := ordered(t)
	f.append(rocio, mustScan(t, f.event, f.Containers[0]))
	amended, err := f.Amend("SVQ26000017", nil, "the other limb", people.Signature{Account: "ines", Role: string(people.Investigator)})
	require.NoError(t, err)
	f.append(author, amended, ledger.Draft{Type: "custody.container-frozen", Data: json.RawMessage(`{"container":"` + f.Containers[0].ID.String() + `"}`)})
	here := f.takenOn()
	require.Equal(t, "ines", f.Amendments[0].Signature.Account)
	require.Equal(t, "ES-SVQ/ines", here.Amendments[0].Signature.Account)
	require.Equal(t, []string{"", "ES-SVQ"}, []string{f.Scans[0].Origin, here.Scans[0].Origin})
	require.Equal(t, f.Scans[0].Seq, here.Scans[0].Seq)
	require.Equal(t, []string{"", "ES-SVQ"}, []string{f.Containers[0].Changes[0].Origin, here.Containers[0].Changes[0].Origin})
}
