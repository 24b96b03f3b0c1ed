package phone_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// What a courier reports stands with the shipment, once, with who, when and how exactly that is known; it moves no custody,
// and both sides are told until they have read the newest (TR-2, TR-10).
func TestAReportOnTheWayStandsWithItsShipment_TR10(t *testing.T) {
	w := newWorld(t)
	id, label := w.packed()
	courier := w.equip("luis", people.Courier, id, label)
	load := func() *shipment.Shipment {
		s, err := w.ships.Load(context.Background(), id)
		require.NoError(t, err)
		return s
	}
	report := func(text string) {
		courier.act(phone.Note, map[string]any{"scanned": "", "place": "", "seals": []string{}, "text": text})
		courier.reach(true)
	}
	read := func(role people.Role) error {
		by := ledger.Author{Account: "marta", Role: string(role), Terminal: "test"}
		return w.ships.Change(context.Background(), by, id, func(s *shipment.Shipment, _ time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
			d, err := s.Acknowledge(by, "report")
			return []ledger.Draft{d}, nil, nil, err
		})
	}
	require.Error(t, read(people.Logistics), "nothing is reported yet")

	happened := w.now
	report("Atasco, llego una hora tarde")
	courier.deliver(courier.signed) // the same again
	s := load()
	require.Len(t, s.Reports, 1)
	r := s.Reports[0]
	require.Equal(t, "Atasco, llego una hora tarde", r.Text)
	require.Equal(t, "luis", r.By.Account)
	require.False(t, r.At.Earliest.After(happened) || r.At.Latest.Before(happened), "%v is not between %v and %v", happened, r.At.Earliest, r.At.Latest)
	require.Empty(t, s.Legs)
	both := []shipment.Acknowledgement{{Party: "hospital", What: "report"}, {Party: "plant", What: "report"}}
	require.Equal(t, both, s.Unread())
	sheets, err := w.ships.Open(context.Background())
	require.NoError(t, err)
	require.Equal(t, both, sheets[0].Unread, "the list knows")

	require.NoError(t, read(people.Logistics))
	require.Error(t, read(people.Logistics), "once")
	require.Equal(t, both[:1], load().Unread())
	report("Otra hora más")
	require.Equal(t, both, load().Unread(), "what is new is to be read again")
	require.NoError(t, read(people.Logistics))
	require.NoError(t, read(people.Nurse))

	courier.act(phone.Seals, map[string]any{"scanned": "", "seals": []string{"S-1"}})
	courier.reach(true)
	require.Empty(t, load().Unread(), "the seals are those of the packing")
	courier.act(phone.Seals, map[string]any{"scanned": "", "seals": []string{"S-9"}})
	courier.reach(true)
	require.Equal(t, both, load().Unread(), "other seals are news")

	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "test"}
	_, err = w.people.RevokePass(context.Background(), by, courier.pass.ID, people.Why{Reason: "phone lost"})
	require.NoError(t, err)
	courier.withdrawn = true
	report("Todo bien")
	s = load()
	require.True(t, s.Reports[len(s.Reports)-1].Revoked, "it is kept, and shown as such (CS-80)")
	w.restart()
	require.Len(t, load().Reports, 5, "as the entries say")
}
