package shipment_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

const seville = "rexbatch/ES-SVQ/3f9a"

// first is a shipment at the plant to which it was to go first, with the entries of its log.
type first struct {
	*trip
	entries []ledger.Entry
}

func (f *first) add(by ledger.Author, when time.Time, drafts ...ledger.Draft) {
	for _, d := range drafts {
		e, err := ledger.Provisional(d, by, when, f.Version+1)
		require.NoError(f.t, err)
		e.Seq = 50 + e.Version
		e.Leaf = ledger.DigestOf([]byte(fmt.Sprint(e.Seq, e.Type, string(e.Data))))
		require.NoError(f.t, f.Apply(e))
		f.entries = append(f.entries, e)
	}
}

// leaving is a box with a courier of Seville, switched to Frankfurt.
func leaving(t require.TestingT) *first {
	f := &first{trip: &trip{t, &shipment.Shipment{}}}
	draft, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), plan())
	require.NoError(t, err)
	f.add(logistics, at("07:00"), draft)
	draft, err = f.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1", "A2"}, Place: "ward 3"})
	require.NoError(t, err)
	f.add(nurse, at("07:45"), draft)
	f.add(nurse, at("08:02"), f.Deliver(pickup())...)
	f.add(logistics, at("09:05"), ledger.Draft{Type: "shipment.plant-switched", Data: shipment.Switch{
		To: shipment.Place{Party: chainofcustody.Plant, Name: "Frankfurt", Site: "DE-FRA"}, Lane: lane(), Arrival: at("11:30"),
		Giving: people.Signature{Account: "quim"}, Taking: people.Signature{Account: "quinn"},
	}})
	return f
}

// takenOn is the shipment as it stands in Frankfurt.
func (f *first) takenOn(carrier string) *trip {
	s := &trip{f.t, &shipment.Shipment{}}
	s.add(logistics, at("09:30"), f.TakeOn(seville, f.entries, shipment.TakenOn{Batch: "FRA26000017", From: "ES-SVQ", Carrier: carrier})...)
	return s
}

// carryOn brings to Frankfurt what Seville learned since.
func (f *first) carryOn(s *trip) {
	drafts, err := s.CarryOn(seville, f.entries)
	require.NoError(f.t, err)
	s.add(logistics, at("10:30"), drafts...)
}

// process scenario 53: that the first plant is done with the shipment ends nothing where it goes on, whichever comes first.
func TestTakeOn_ClosedThereIsNotClosedHere(t *testing.T) {
	for name, early := range map[string]bool{"closed before": true, "closed later": false} {
		f := leaving(t)
		end := func() { f.add(logistics, at("09:10"), f.HandOn("DE-FRA")) }
		if early {
			end()
		}
		s := f.takenOn("")
		if !early {
			end()
			drafts, err := s.CarryOn(seville, f.entries)
			require.NoError(t, err)
			require.Empty(t, drafts[0].Frees, "the containers are in the box here")
			f.carryOn(s)
		}
		require.Equal(t, shipment.Closed, f.Status(), name)
		require.Equal(t, shipment.InTransit, s.Status(), name)
		require.Empty(t, s.ClosedWhy, name)
	}
}

// I2: what comes later is the same log further on, or nothing of it is taken; nothing comes twice.
func TestCarryOn_IsOfTheLogThatWasCarried(t *testing.T) {
	f := leaving(t)
	s := f.takenOn("")
	before := s.Clone()
	f.add(courier, at("09:40"), ledger.Draft{Type: "shipment.acknowledged", Data: shipment.Acknowledgement{Party: "hospital", What: "receipt"}})
	other := append([]ledger.Entry{}, f.entries...)
	other[1].Leaf = ledger.DigestOf([]byte("written anew"))
	for name, entries := range map[string][]ledger.Entry{"cut": f.entries[:2], "empty": nil, "other": other} {
		_, err := s.CarryOn(seville, entries)
		require.Equal(t, "I14 dossier-fault", rule(t, err), name)
	}
	f.carryOn(s)
	require.Len(t, s.Carried, len(f.entries))
	require.Len(t, before.Carried, len(f.entries)-1, "who loaded it before sees it as it was")
	drafts, err := s.CarryOn(seville, f.entries)
	require.NoError(t, err)
	require.Empty(t, drafts)
}

// I6: a courier of the first plant and one here are two people unless QA said that they are one.
func TestTakeOn_I6_ACourierOfTheOtherPlantIsNobodyHereUntilSaid(t *testing.T) {
	onward := ledger.Author{Account: "olga", Role: string(people.Courier)}
	for _, c := range []struct {
		name, carrier, giver string
		missing              bool
	}{
		{"said to be one person", "fritz", "fritz", false},
		{"nobody said", "", "fritz", true},
		{"said of somebody else", "frieda", "fritz", true},
		{"of one name", "", courier.Account, true},
	} {
		s := leaving(t).takenOn(c.carrier)
		s.add(operator, at("11:03"), s.Deliver(leg(shipment.Holder{Party: chainofcustody.Courier, Account: c.giver}, holder(chainofcustody.Plant, operator), at("11:00"), at("11:03")))...)
		require.Equal(t, c.missing, len(kinds(s.Chain())) > 0, c.name)
		if c.missing {
			require.Equal(t, []shipment.Fault{shipment.MissingLeg}, kinds(s.Chain()), c.name)
			require.False(t, s.Chain().Whole(), c.name)
		}
	}
	f := leaving(t)
	s := f.takenOn("fritz")
	f.add(onward, at("10:10"), f.Deliver(leg(shipment.Holder{Party: chainofcustody.Courier, Account: "otto"}, holder(chainofcustody.Courier, onward), at("10:00"), at("10:05")))...)
	f.carryOn(s)
	require.Equal(t, kinds(f.Chain()), kinds(s.Chain()), "of couriers of one plant both logs say the same")
	s.add(operator, at("11:03"), s.Deliver(leg(shipment.Holder{Party: chainofcustody.Courier, Account: "fritz"}, holder(chainofcustody.Plant, operator), at("11:00"), at("11:03")))...)
	require.Equal(t, []shipment.Fault{shipment.MissingLeg}, kinds(s.Chain()), "who had it there last is not the one of whom it was said")
}

// TR-2: what the first plant has read this one has not; the hospital is the same.
func TestTakeOn_TR2_ThisPlantReadsForItself(t *testing.T) {
	f := leaving(t)
	f.add(courier, at("09:00"), ledger.Draft{Type: "shipment.reported", Data: shipment.Report{Kind: "note", Text: "a tyre burst", By: holder(chainofcustody.Courier, courier)}})
	for _, party := range []string{"hospital", "plant"} {
		f.add(operator, at("09:01"), ledger.Draft{Type: "shipment.acknowledged", Data: shipment.Acknowledgement{Party: party, What: "report"}})
	}
	require.Empty(t, f.Unread())
	s := f.takenOn("")
	require.Equal(t, []shipment.Acknowledgement{{Party: "plant", What: "report"}}, s.Unread())
	f.add(operator, at("09:50"), ledger.Draft{Type: "shipment.acknowledged", Data: shipment.Acknowledgement{Party: "plant", What: "report"}})
	f.carryOn(s)
	require.NotEmpty(t, s.Unread(), "whenever they read it")
	draft, err := s.Acknowledge(operator, "report")
	require.NoError(t, err)
	s.add(operator, at("10:40"), draft)
	require.Empty(t, s.Unread())
}

// An account of the other plant is never taken for one here, wherever it stands; nor is a position in its log.
func TestTakeOn_I3_AccountsAndPositionsAreThoseOfTheOtherPlant(t *testing.T) {
	f := leaving(t)
	signed := people.Signature{Account: "ana"}
	handed := leg(holder(chainofcustody.Courier, courier), holder(chainofcustody.Courier, ledger.Author{Account: "ana"}), at("09:00"), at("09:01"))
	handed.Evidence = []shipment.Evidence{{Kind: "entry", Ref: "57"}, {Kind: "phone", Ref: "6c9f"}}
	warm := quantity.MustParse("12.0", "degC")
	for _, d := range []ledger.Draft{
		{Type: "shipment.box-labelled", Data: shipment.BoxLabel{Serial: 2, Second: &signed}},
		{Type: "shipment.reported", Data: shipment.Report{Kind: "note", By: shipment.Holder{Party: chainofcustody.Courier, Account: "ana"}}},
		{Type: "shipment.handed-over", Data: handed},
		{Type: "shipment.label-confirmed", Data: shipment.Confirmation{Signature: signed}},
		{Type: "shipment.logger-imported", Data: shipment.Import{Figures: &shipment.Figures{Min: warm, Max: warm, Above: 90}}},
		{Type: "shipment.excursion-decided", Data: map[string]any{"import": 0, "decision": shipment.Decision{Verdict: shipment.UseOn, Signature: signed}}},
		{Type: "shipment.quarantine-resolved", Data: shipment.Resolution{How: shipment.Accepted, Signature: signed}},
		{Type: "shipment.acknowledged", Data: shipment.Acknowledgement{Party: "hospital", What: "receipt"}},
	} {
		f.add(operator, at("09:10"), d)
	}
	accounts := func(s *shipment.Shipment) map[string]string {
		return map[string]string{
			"label": s.BoxLabels[0].By, "second": s.BoxLabels[0].Second.Account, "report": s.Reports[0].By.Account, "leg": s.Legs[1].Receiver.Account,
			"confirmation": s.Confirmed[0].Signature.Account, "decision": s.Excursion.Decision.Signature.Account, "resolution": s.Resolved.Signature.Account,
			"read": s.Informed[0].Account,
		}
	}
	for where, account := range accounts(f.Shipment) {
		require.Equal(t, "ana", account, where)
	}
	s := f.takenOn("")
	for where, account := range accounts(s.Shipment) {
		require.Equal(t, "ES-SVQ/ana", account, where)
	}
	require.Equal(t, []string{"ES-SVQ/quim", "ES-SVQ/quinn"}, []string{s.Switches[0].Giving.Account, s.Switches[0].Taking.Account})
	require.Equal(t, "57", f.Legs[1].Evidence[0].Ref)
	require.Equal(t, []shipment.Evidence{{Kind: "entry", Ref: "ES-SVQ #57"}, {Kind: "phone", Ref: "6c9f"}}, s.Legs[1].Evidence)
}
