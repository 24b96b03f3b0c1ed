package shipment_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
)

func planned(t require.TestingT) *trip {
	s := &trip{t, &shipment.Shipment{}}
	draft, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), plan())
	require.NoError(t, err)
	s.add(logistics, at("07:00"), draft)
	return s
}

func takenOut(containers ...string) shipment.Unpacking {
	return shipment.Unpacking{Containers: containers, Place: "ward 3", Reason: "the courier does not come"}
}

// Who plans may cancel, with a reason, what has not begun; everything else about it is refused from then on.
func TestCancel_BeforeAnythingIsHandedOver(t *testing.T) {
	s := planned(t)
	_, err := s.Cancel(nurse, "the courier does not come")
	require.Equal(t, "CS-66 shipment-not-allowed", rule(t, err))
	_, err = s.Cancel(logistics, "no")
	require.Equal(t, "CS-12 reason-missing", rule(t, err))
	require.NoError(t, s.MayCarry())

	draft, err := s.Cancel(logistics, " the courier does not come ")
	require.NoError(t, err)
	s.add(logistics, at("07:10"), draft)
	require.Equal(t, shipment.Cancelled, s.Status())
	require.Equal(t, []any{at("07:10"), "lola", "the courier does not come"}, []any{s.CancelledAt, s.CancelledBy.Account, s.CancelledWhy})
	require.Equal(t, "TR-8 shipment-cancelled", rule(t, s.MayCarry()))
	require.True(t, s.Sheet().Over())
	for name, do := range map[string]func() error{
		"packed": func() error {
			_, err := s.Pack(nurse, at("07:20"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1"}, Place: "w"})
			return err
		},
		"unpacked":  func() error { _, err := s.Unpack(nurse, takenOut(bag)); return err },
		"cancelled": func() error { _, err := s.Cancel(logistics, "once more, please"); return err },
		"received":  func() error { _, err := s.Receive(operator, at("07:20"), inspection()); return err },
		"closed":    func() error { _, err := s.Close(logistics, "nothing is left to do"); return err },
		"labelled":  func() error { return s.MayLabel(nurse, "", nil) },
		"stored":    func() error { _, err := s.Store(operator, "fridge", lane().Low, time.Time{}, 0); return err },
		"measured": func() error {
			_, _, err := s.ReadLogger(operator, at("07:20"), shipment.File{Name: "x", Text: []byte("x")})
			return err
		},
		"switched": func() error {
			return s.MaySwitch(at("07:20"), shipment.Switch{To: shipment.Place{Party: chainofcustody.Plant, Site: "DE-FRA"}, Lane: lane(), Arrival: at("10:00"), Reason: "down here"})
		},
	} {
		require.Equal(t, "TR-8 shipment-status", rule(t, do()), name)
	}
}

// A packed box is unpacked before its shipment is cancelled: the sender scans what they take out, so the material is with them. What
// was handed over is not undone (I6).
func TestUnpack_I6_TheMaterialStaysWithItsCustodian(t *testing.T) {
	s := packed(t, plan())
	_, err := s.Cancel(logistics, "the courier does not come")
	require.Equal(t, "I6 cancel-packed", rule(t, err))
	_, err = s.Unpack(operator, takenOut(bag))
	require.Equal(t, "CS-66 not-the-sender", rule(t, err))
	_, err = s.Unpack(nurse, takenOut())
	require.Equal(t, "I4 unpack-all", rule(t, err))
	_, err = s.Unpack(nurse, takenOut(bag, "A999926000009/B00001"))
	require.Equal(t, "I4 unpack-other", rule(t, err))
	_, err = s.Unpack(nurse, shipment.Unpacking{Containers: []string{bag}, Place: "ward 3"})
	require.Equal(t, "CS-12 reason-missing", rule(t, err))

	draft, err := s.Unpack(nurse, takenOut(bag))
	require.NoError(t, err)
	require.Equal(t, []string{shipment.Carries(bag)}, draft.Frees)
	s.add(nurse, at("07:50"), draft)
	require.Equal(t, shipment.Planned, s.Status())
	require.Empty(t, s.Packing.Containers)
	u := s.Unpacked[0]
	require.Equal(t, []any{[]string{"A1", "A2"}, "rocio", at("07:45"), at("07:50")}, []any{u.Was.Seals, u.PackedBy.Account, u.PackedAt, u.At}, "nothing is hidden")
	require.Equal(t, u.Was, s.PackedWhen(at("07:47")))
	require.Empty(t, s.PackedWhen(at("07:51")).Containers)

	again, err := s.Pack(nurse, at("07:52"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A3"}, Place: "ward 3"})
	require.NoError(t, err)
	require.Equal(t, []string{shipment.Carries(bag)}, again.Takes)
	s.add(nurse, at("07:52"), again)
	s.add(nurse, at("08:02"), s.Deliver(pickup())...)
	_, err = s.Unpack(nurse, takenOut(bag))
	require.Equal(t, "TR-8 shipment-status", rule(t, err), "the courier has it")
	_, err = s.Cancel(logistics, "the courier does not come")
	require.Equal(t, "TR-8 shipment-status", rule(t, err))
}

// What phones show to have changed hands after all is kept and seen: it is on its way whatever the plan says, and QA looks at it.
func TestCancel_I6_WhatPhonesHandedOverAllTheSameIsOnItsWay(t *testing.T) {
	s := planned(t)
	draft, err := s.Cancel(logistics, "the courier does not come")
	require.NoError(t, err)
	s.add(logistics, at("07:10"), draft)
	s.add(courier, at("09:00"), s.Deliver(pickup())...)
	require.Equal(t, shipment.InTransit, s.Status())
	require.Equal(t, chainofcustody.Courier, s.Chain().Holder().Party)
	require.Equal(t, []shipment.Fault{shipment.NotInBox}, kinds(s.Chain()))
	require.False(t, s.Chain().Whole())
	require.NoError(t, s.MayCarry(), "it has to be brought somewhere")
	receipt, err := s.Receive(operator, at("11:05"), inspection())
	require.NoError(t, err)
	s.add(operator, at("11:05"), receipt)
	require.Equal(t, []shipment.ProblemKind{shipment.OtherSeals, shipment.CustodyBroken}, problems(s.Held()))
}

// Whatever is done in whatever order: a container is claimed exactly while it is in the box and under way, a cancelled shipment
// claims nothing and does not come back by a command, and no packing is forgotten.
func TestCancel_HoldsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := planned(t), at("07:30")
		claims := map[string]bool{}
		packings := 0
		bags := []string{bag, "A999926000001/B00002"}
		for range rapid.IntRange(1, 25).Draw(t, "acts") {
			now = now.Add(time.Minute)
			some := bags[:rapid.IntRange(1, 2).Draw(t, "bags")]
			by := rapid.SampledFrom([]ledger.Author{nurse, logistics, operator, courier}).Draw(t, "by")
			var drafts []ledger.Draft
			var err error
			was := s.Status()
			one := func(d ledger.Draft, e error) { drafts, err = []ledger.Draft{d}, e }
			switch act := rapid.SampledFrom([]string{"pack", "pack", "unpack", "unpack", "cancel", "hand", "receive", "close"}).Draw(t, "act"); act {
			case "pack":
				one(s.Pack(by, now, shipment.Packing{Containers: some, Seals: []string{"A1"}, Place: "ward 3"}))
				if err == nil {
					packings++
				}
			case "unpack":
				one(s.Unpack(by, takenOut(some...)))
			case "cancel":
				one(s.Cancel(by, "the courier does not come"))
				require.False(t, err == nil && was != shipment.Planned, "only what has not begun")
			case "hand":
				if rapid.IntRange(0, 3).Draw(t, "seldom") == 0 {
					l := rapid.SampledFrom([]shipment.Leg{pickup(), delivery()}).Draw(t, "leg")
					l.Containers = s.Packing.Containers
					drafts = s.Deliver(l)
				}
			case "receive":
				one(s.Receive(by, now, inspection()))
			case "close":
				one(s.Close(by, "nothing is left to do"))
			}
			if err != nil {
				continue
			}
			for _, d := range drafts {
				for _, c := range d.Frees {
					require.True(t, claims[c], "%s is not claimed", c)
					delete(claims, c)
				}
				for _, c := range d.Takes {
					require.False(t, claims[c], "%s is claimed already", c)
					claims[c] = true
				}
			}
			s.add(by, now, drafts...)
			if was == shipment.Cancelled && s.Status() != shipment.Cancelled {
				require.NotEmpty(t, s.Legs, "no command brings it back")
			}
			switch s.Status() {
			case shipment.Planned, shipment.Cancelled, shipment.Closed:
				require.Empty(t, claims)
			case shipment.Packed:
				want := map[string]bool{}
				for _, c := range s.Packing.Containers {
					want[shipment.Carries(c)] = true
				}
				require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(claims)))
				require.Equal(t, chainofcustody.Hospital, s.Chain().Holder().Party)
			}
			kept := len(s.Unpacked)
			if !s.PackedAt.IsZero() {
				kept++
			}
			require.Equal(t, packings, kept)
		}
	})
}
