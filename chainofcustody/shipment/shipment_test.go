package shipment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

var (
	logistics = ledger.Author{Account: "lola", Role: string(people.Logistics), Terminal: "t1"}
	nurse     = ledger.Author{Account: "rocio", Role: string(people.Nurse), Terminal: "t2"}
	courier   = ledger.Author{Account: "inaki", Role: string(people.Courier), Terminal: "t3"}
	operator  = ledger.Author{Account: "ana", Role: string(people.Operator), Terminal: "t4"}
)

// noon is when the box is picked up: the made-up loggers run from 07:30 to 11:20 on that day.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-11-22 "+clock)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func lane() shipment.Lane {
	return shipment.Lane{
		ID: "cold", Low: quantity.MustParse("2.0", "degC"), High: quantity.MustParse("8.0", "degC"), Outside: 30 * time.Minute, Longest: 4 * time.Hour,
	}
}

func plan() shipment.Plan {
	return shipment.Plan{
		Direction: shipment.ToPlant, CoI: "CHA999926000001", Batch: "SVQ2600001K", Lane: lane(), Box: "BOX-7",
		Logger: shipment.Logger{Serial: "SVQT00021", CalibratedUntil: at("23:59").AddDate(0, 1, 0)},
		From:   shipment.Place{Party: chainofcustody.Hospital, Name: "Hospital, ward 3"}, To: shipment.Place{Party: chainofcustody.Plant, Name: "Seville", Site: "ES-SVQ"},
		Pickup: at("08:00"), Arrival: at("11:00"), Expiry: at("08:00").Add(24 * time.Hour), Language: "pt",
	}
}

const bag = "A999926000001/B00001"

// trip folds drafts without a ledger: decisions are pure.
type trip struct {
	t require.TestingT
	*shipment.Shipment
}

func (s *trip) add(by ledger.Author, when time.Time, drafts ...ledger.Draft) {
	for _, d := range drafts {
		e, err := ledger.Provisional(d, by, when, s.Version+1)
		require.NoError(s.t, err)
		e.Seq = s.Version
		require.NoError(s.t, s.Apply(e))
	}
}

func packed(t require.TestingT, p shipment.Plan) *trip {
	s := &trip{t, &shipment.Shipment{}}
	draft, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), p)
	require.NoError(t, err)
	s.add(logistics, at("07:00"), draft)
	require.Equal(t, shipment.Planned, s.Status())
	draft, err = s.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1", "A2"}, Place: "ward 3"})
	require.NoError(t, err)
	s.add(nurse, at("07:45"), draft)
	require.Equal(t, shipment.Packed, s.Status())
	return s
}

func holder(party chainofcustody.Party, by ledger.Author) shipment.Holder {
	return shipment.Holder{Party: party, Account: by.Account, Role: by.Role, Terminal: by.Terminal}
}

func leg(giver, receiver shipment.Holder, given, taken time.Time) shipment.Leg {
	return shipment.Leg{
		Giver: giver, Receiver: receiver, Containers: []string{bag}, Seals: []string{"A1", "A2"}, Place: "dock",
		Given: chainofcustody.At(given), Taken: chainofcustody.At(taken),
	}
}

func pickup() shipment.Leg {
	return leg(holder(chainofcustody.Hospital, nurse), holder(chainofcustody.Courier, courier), at("08:00"), at("08:02"))
}

func delivery() shipment.Leg {
	return leg(holder(chainofcustody.Courier, courier), holder(chainofcustody.Plant, operator), at("11:00"), at("11:03"))
}

func arrived(t require.TestingT, p shipment.Plan) *trip {
	s := packed(t, p)
	s.add(nurse, at("08:02"), s.Deliver(pickup())...)
	require.Equal(t, shipment.InTransit, s.Status())
	s.add(operator, at("11:03"), s.Deliver(delivery())...)
	require.Equal(t, shipment.Delivered, s.Status())
	return s
}

func rule(t *testing.T, err error) string {
	t.Helper()
	rs := ledger.RefusalsOf(err)
	require.NotEmpty(t, rs, "%v", err)
	require.NotRegexp(t, `\{[a-z]+\}`, rs[0].What+rs[0].Next)
	return rs[0].Rule + " " + rs[0].Code
}

func TestPlan_TR3_LoggerIsCalibratedFromStartToEnd(t *testing.T) {
	for name, until := range map[string]time.Time{"none": {}, "over at the start": at("07:59"), "over on the way": at("10:59"), "over on arrival": at("11:00")} {
		p := plan()
		p.Logger.CalibratedUntil = until
		_, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), p)
		require.Equal(t, "TR-3 logger-calibration", rule(t, err), name)
	}
	p := plan()
	p.Logger.CalibratedUntil = at("11:01")
	s := &trip{t, &shipment.Shipment{}}
	draft, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), p)
	require.NoError(t, err)
	s.add(logistics, at("07:00"), draft)
	_, err = s.Pack(nurse, at("11:30"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1"}, Place: "ward 3"})
	require.Equal(t, "TR-3 logger-calibration", rule(t, err), "packed late, it has run out by then")
}

func TestPlan_Refuses(t *testing.T) {
	for want, change := range map[string]func(*shipment.Plan){
		"TR-1 lane-too-slow":  func(p *shipment.Plan) { p.Arrival = at("12:01") },
		"TR-1 shipment-times": func(p *shipment.Plan) { p.Arrival = p.Pickup },
		"TR-1 shipment-route": func(p *shipment.Plan) { p.Direction = shipment.ToHospital },
		"TR-1 lane-unknown":   func(p *shipment.Plan) { p.Lane = shipment.Lane{} },
		"TR-1 shipment-text":  func(p *shipment.Plan) { p.Box = "" },
		"I10 arrives-expired": func(p *shipment.Plan) { p.Expiry = at("11:00") },
	} {
		p := plan()
		change(&p)
		_, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), p)
		require.Equal(t, want, rule(t, err))
	}
	_, err := shipment.Order("SHP-SVQ26000017", courier, at("07:00"), plan())
	require.Equal(t, "CS-66 shipment-not-allowed", rule(t, err))
}

func TestPack_TR6_NeedsSealsAndTakesTheContainerOnce(t *testing.T) {
	s := &trip{t, &shipment.Shipment{}}
	draft, err := shipment.Order("SHP-SVQ26000017", logistics, at("07:00"), plan())
	require.NoError(t, err)
	s.add(logistics, at("07:00"), draft)
	_, err = s.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{bag}, Place: "ward 3"})
	require.Equal(t, "TR-6 no-seals", rule(t, err))
	_, err = s.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{bag, bag}, Seals: []string{"A1"}, Place: "ward 3"})
	require.Equal(t, "TR-6 named-twice", rule(t, err))
	_, err = s.Pack(operator, at("07:45"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1"}, Place: "ward 3"})
	require.Equal(t, "CS-66 not-the-sender", rule(t, err))
	draft, err = s.Pack(nurse, at("07:45"), shipment.Packing{Containers: []string{bag}, Seals: []string{"A1"}, Place: "ward 3"})
	require.NoError(t, err)
	require.Equal(t, []string{shipment.Carries(bag)}, draft.Takes)
}

func kinds(c shipment.Chain) []shipment.Fault {
	var out []shipment.Fault
	for _, f := range c.Flags {
		out = append(out, f.Kind)
	}
	return out
}

func TestChain_I6_OneCustodianAtATime(t *testing.T) {
	s := arrived(t, plan())
	c := s.Chain()
	require.True(t, c.Whole())
	require.Empty(t, c.Flags)
	require.Len(t, c.Links, 3)
	require.Equal(t, []string{"rocio", "inaki", "ana"}, []string{c.Links[0].Holder.Account, c.Links[1].Holder.Account, c.Links[2].Holder.Account})
}

// process scenario 9: pick-up 10:00, delivery 16:00 on a lane of four hours, and nobody had it for a while. Shown as
// time, not interpolated.
func TestScenario09_CustodyGapIsShownAsTime(t *testing.T) {
	s := packed(t, plan())
	first, second := pickup(), delivery()
	second.Given, second.Taken = chainofcustody.At(at("12:30")), chainofcustody.At(at("14:00"))
	s.add(nurse, at("08:02"), s.Deliver(first)...)
	s.add(operator, at("14:00"), s.Deliver(second)...)
	c := s.Chain()
	require.Equal(t, []shipment.Fault{shipment.Gap, shipment.TooLong}, kinds(c))
	require.Equal(t, 90*time.Minute, c.Flags[0].Span)
	require.Equal(t, 5*time.Hour+58*time.Minute, c.Flags[1].Span)
	draft, err := s.Receive(operator, at("14:10"), inspection())
	require.NoError(t, err)
	s.add(operator, at("14:10"), draft)
	require.Equal(t, []shipment.ProblemKind{shipment.CustodyBroken, shipment.TookTooLong}, problems(s.Receipt.Problems))
	require.Len(t, s.Held(), 1, "QA decides on the gap")
}

func TestChain_MissingLegIsShownAndNotClosed(t *testing.T) {
	s := packed(t, plan())
	s.add(operator, at("11:03"), s.Deliver(delivery())...)
	c := s.Chain()
	require.Equal(t, []shipment.Fault{shipment.MissingLeg}, kinds(c))
	require.Equal(t, "hospital (rocio) → courier (inaki)", c.Flags[0].Detail)
	require.False(t, c.Whole())
	require.True(t, c.Links[1].Broken)
	require.Equal(t, chainofcustody.Moment{}, c.Links[1].From, "from when on the courier had it is not known")
	// The handoff that was still on a phone is delivered afterwards: the chain is whole.
	s.add(nurse, at("12:00"), s.Deliver(pickup())...)
	require.True(t, s.Chain().Whole())
	require.Empty(t, s.Chain().Flags)
}

func TestChain_FlagsWhatDoesNotFit(t *testing.T) {
	for want, change := range map[shipment.Fault]func(*shipment.Leg){
		shipment.SealsDiffer:      func(l *shipment.Leg) { l.SealsTaken = []string{"A1"} },
		shipment.UnknownContainer: func(l *shipment.Leg) { l.Containers = []string{bag, "A999926000009/B00001"} },
		shipment.LeftBehind:       func(l *shipment.Leg) { l.Containers = []string{} },
		shipment.RevokedPass:      func(l *shipment.Leg) { l.Revoked = true },
		shipment.WrongClock:       func(l *shipment.Leg) { l.WrongClock = true },
		shipment.SamePerson:       func(l *shipment.Leg) { l.Receiver.Account = l.Giver.Account },
		shipment.Overlap:          func(l *shipment.Leg) { l.Taken = chainofcustody.At(at("07:50")) },
	} {
		s := packed(t, plan())
		l := pickup()
		change(&l)
		s.add(nurse, at("08:02"), s.Deliver(l)...)
		require.Equal(t, []shipment.Fault{want}, kinds(s.Chain()))
	}
}

// process scenario 54: a phone whose clock was off says when by its own clock; the order is claimed only where the
// moments do not overlap, and the clock is marked.
func TestScenario54_WrongClockIsMarkedAndClaimsNoOrder(t *testing.T) {
	s := packed(t, plan())
	claim := chainofcustody.ClaimedTime{At: at("07:00"), Offset: time.Hour, Bound: time.Minute}
	l := pickup()
	l.GivenClaim, l.WrongClock = &claim, claim.WrongClock(time.Hour)
	l.Given = claim.Moment(20*time.Minute, at("12:00")) // the clock was set in between: both offsets are possible
	require.True(t, l.WrongClock)
	s.add(nurse, at("12:00"), s.Deliver(l)...)
	require.Equal(t, []shipment.Fault{shipment.OrderUnknown, shipment.WrongClock}, kinds(s.Chain()))
	require.True(t, s.Chain().Whole(), "custody is not in doubt, only when it changed")
}

// Whatever the order of delivery, the chain is the same: nothing is lost, and one link follows another.
func TestChain_I6_IsTheSameInAnyOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		accounts := []string{"a", "b", "c", "d"}
		parties := []chainofcustody.Party{chainofcustody.Hospital, chainofcustody.Courier, chainofcustody.Plant}
		person := rapid.Custom(func(t *rapid.T) shipment.Holder {
			return shipment.Holder{Party: rapid.SampledFrom(parties).Draw(t, "party"), Account: rapid.SampledFrom(accounts).Draw(t, "account")}
		})
		n := rapid.IntRange(1, 6).Draw(t, "legs")
		var legs []shipment.Leg
		for range n {
			start := at("08:00").Add(time.Duration(rapid.IntRange(0, 240).Draw(t, "at")) * time.Minute)
			bound := time.Duration(rapid.IntRange(0, 20).Draw(t, "bound")) * time.Minute
			l := leg(person.Draw(t, "giver"), person.Draw(t, "receiver"), start, start)
			l.Given = chainofcustody.Moment{Earliest: start.Add(-bound), Latest: start.Add(bound)}
			l.Taken = l.Given
			legs = append(legs, l)
		}
		chain := func(order []int) shipment.Chain {
			s := packed(t, plan())
			for _, i := range order {
				s.add(nurse, at("12:00"), s.Deliver(legs[i])...)
			}
			c := s.Chain()
			seen := map[int]bool{}
			for i, l := range c.Links {
				if l.Leg >= 0 {
					require.False(t, seen[l.Leg], "no leg counts twice")
					seen[l.Leg] = true
				}
				if i > 0 {
					require.Equal(t, c.Links[i-1].To == (chainofcustody.Moment{}), c.Links[i].Broken, "one ends where the next begins, or a leg is missing")
				}
			}
			require.Len(t, seen, n, "no leg is dropped")
			for i := range c.Links {
				c.Links[i].Leg = 0
			}
			for i := range c.Flags {
				c.Flags[i].Leg = 0
			}
			return c
		}
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		require.Equal(t, chain(order), chain(rapid.Permutation(order).Draw(t, "order")))
	})
}

func inspection() shipment.Inspection {
	return shipment.Inspection{Box: "BOX-7", Site: "ES-SVQ", Seals: []string{"A2", "A1"}, SealsOK: true, Matched: []string{bag}}
}

func problems(list []shipment.Finding) []shipment.ProblemKind {
	var out []shipment.ProblemKind
	for _, p := range list {
		out = append(out, p.Kind)
	}
	return out
}

func TestReceive_AT12_WhatIsWrongGoesIntoQuarantine(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*shipment.Inspection)
		want   []shipment.ProblemKind
		held   bool
	}{
		"all right":                      {func(*shipment.Inspection) {}, nil, false},
		"another box":                    {func(i *shipment.Inspection) { i.Box = "BOX-8" }, []shipment.ProblemKind{shipment.WrongBox}, true},
		"scenario 10: another plant":     {func(i *shipment.Inspection) { i.Site = "DE-FRA" }, []shipment.ProblemKind{shipment.WrongPlant}, true},
		"a broken seal":                  {func(i *shipment.Inspection) { i.SealsOK = false }, []shipment.ProblemKind{shipment.BrokenSeal}, true},
		"other seals":                    {func(i *shipment.Inspection) { i.Seals = []string{"A1", "A3"} }, []shipment.ProblemKind{shipment.OtherSeals}, true},
		"scenario 2: no collection date": {func(i *shipment.Inspection) { i.Missing = []shipment.Element{shipment.ElementCollected} }, []shipment.ProblemKind{shipment.LabelIncomplete}, true},
		"scenario 16: out of hours":      {func(i *shipment.Inspection) { i.OnCall = true }, []shipment.ProblemKind{shipment.OutOfHours}, false},
		"another container":              {func(i *shipment.Inspection) { i.Matched, i.Mismatch = nil, "A999926000009/B00001" }, []shipment.ProblemKind{shipment.WrongContainer}, true},
		"it leaks":                       {func(i *shipment.Inspection) { i.Leak = true }, []shipment.ProblemKind{shipment.Leaking}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := arrived(t, plan())
			in := inspection()
			c.change(&in)
			draft, err := s.Receive(operator, at("11:10"), in)
			require.NoError(t, err)
			require.Equal(t, []string{shipment.Carries(bag)}, draft.Frees)
			s.add(operator, at("11:10"), draft)
			require.Equal(t, shipment.Received, s.Status(), "whatever is wrong, it is here")
			require.Equal(t, c.want, problems(s.Receipt.Problems))
			require.Equal(t, c.held, len(s.Held()) > 0)
			_, err = s.Receive(operator, at("11:11"), in)
			require.Equal(t, "TR-8 shipment-status", rule(t, err))
		})
	}
	s := arrived(t, plan())
	_, err := s.Receive(courier, at("11:10"), inspection())
	require.Equal(t, "CS-66 not-the-receiver", rule(t, err))
}

// process scenario 16: the storage starts with its temperature; the expiry runs on, the latest start is shown.
func TestScenario16_ArrivalOutOfHoursIsStoredWithItsLatestStart(t *testing.T) {
	s := arrived(t, plan())
	_, err := s.Store(operator, "fridge 2", quantity.MustParse("4.1", "degC"), s.Plan.Expiry, 7*time.Hour)
	require.Equal(t, "TR-8 shipment-status", rule(t, err))
	in := inspection()
	in.OnCall = true
	draft, err := s.Receive(operator, at("23:40"), in)
	require.NoError(t, err)
	s.add(operator, at("23:40"), draft)
	require.True(t, s.Sheet().OnCall)
	draft, err = s.Store(operator, "fridge 2", quantity.MustParse("4.1", "degC"), s.Plan.Expiry, 7*time.Hour)
	require.NoError(t, err)
	s.add(operator, at("23:41"), draft)
	require.Equal(t, "4.1", s.Storage.Temperature.Number())
	require.Equal(t, at("23:41"), s.Storage.Since)
	require.Equal(t, s.Plan.Expiry.Add(-7*time.Hour), s.Sheet().Latest)
	require.Len(t, s.Unread(), 2, "both sides are told")
}

// process scenario 10 at the plant that did not expect it.
func TestScenario10_UnexpectedBoxGoesIntoQuarantine(t *testing.T) {
	s := &trip{t, &shipment.Shipment{}}
	draft, err := shipment.Unexpected("SHP-FRA26000011", operator, shipment.Unplanned{Raw: "=+0", CoI: "CHA999926000001", Expected: "ES-SVQ", Place: "quarantine shelf"})
	require.NoError(t, err)
	s.add(operator, at("11:00"), draft)
	require.Equal(t, []shipment.ProblemKind{shipment.WrongPlant}, problems(s.Held()))
	_, err = s.Resolve(people.Signed{}, at("11:30"), shipment.Accepted, "looks like ours", true)
	require.Equal(t, "I4 identity-not-accepted", rule(t, err), "nobody can accept it as ours")
	_, err = s.Resolve(people.Signed{}, at("11:30"), shipment.TakenOver, "expiry allows it", false)
	require.Equal(t, "I10 plant-not-qualified", rule(t, err))
	_, err = s.Resolve(people.Signed{}, at("11:30"), shipment.Rerouted, "sent on to Seville", false)
	require.Equal(t, "I8 signature-missing", rule(t, err), "it is QA who decides, signed")
	_, err = shipment.Unexpected("SHP-FRA26000011", courier, shipment.Unplanned{Place: "x"})
	require.Equal(t, "CS-66 not-the-receiver", rule(t, err))
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "loggers", name))
	require.NoError(t, err)
	return b
}

func TestReadLogger_I14_FileThatFits(t *testing.T) {
	s := arrived(t, plan())
	f := shipment.File{Name: "run.txt", Text: file(t, "qtag-cold.txt"), PDF: file(t, "qtag-cold.pdf")}
	draft, refused, err := s.ReadLogger(operator, at("11:30"), f)
	require.NoError(t, err)
	require.Nil(t, refused)
	require.Equal(t, []ledger.Digest{ledger.DigestOf(f.Text), ledger.DigestOf(f.PDF)}, draft.Blobs)
	s.add(operator, at("11:30"), draft)
	require.Nil(t, s.Excursion)
	require.Equal(t, "4.74", s.Imports[0].Figures.Mean.Number())
	require.Equal(t, "4.7", s.Imports[0].Figures.Device.Mean.Number())
	require.Empty(t, s.Held())
}

// process scenario 18: rejected, and kept as evidence.
func TestScenario18_LoggerFileThatDoesNotMatchIsRejectedAndKept(t *testing.T) {
	for name, c := range map[string]struct {
		file   shipment.File
		now    string
		serial string
		want   string
	}{
		"serial on the order":  {shipment.File{Name: "a.txt", Text: file(t, "qtag-cold.txt")}, "11:30", "SVQT00099", "serial number SVQT00021 in the file, SVQT00099 on the order"},
		"clock ahead":          {shipment.File{Name: "a.txt", Text: file(t, "qtag-cold.txt")}, "11:05", "SVQT00021", "the clock of the logger is ahead"},
		"PDF and text differ":  {shipment.File{Name: "a.txt", Text: file(t, "qtag-cold.txt"), PDF: file(t, "qtag-cold-other.pdf")}, "11:30", "SVQT00021", "highest temperature: 5.4 degC in the PDF, 5.1 degC in the text"},
		"not a logger file":    {shipment.File{Name: "a.txt", Text: []byte("hello")}, "11:30", "SVQT00021", "unreadable: I14: this is no logger file"},
		"began after packing":  {shipment.File{Name: "a.txt", Text: file(t, "fridge-tag-2l.txt")}, "11:30", "900500000001", "it begins at 2026-11-22T07:50:00Z, after the box was packed"},
		"another PDF entirely": {shipment.File{Name: "a.txt", Text: file(t, "qtag-cold.txt"), PDF: []byte("%PDF-1.3")}, "11:30", "SVQT00021", "the PDF cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan()
			p.Logger.Serial = c.serial
			s := arrived(t, p)
			if name == "began after packing" {
				s.PackedAt = at("07:30")
			}
			draft, refused, err := s.ReadLogger(operator, at(c.now), c.file)
			require.NoError(t, err)
			require.NotNil(t, refused)
			require.Equal(t, "logger-rejected", refused.Code)
			require.Contains(t, refused.What, c.want)
			require.Contains(t, draft.Blobs, ledger.DigestOf(c.file.Text), "the file is kept")
			s.add(operator, at(c.now), draft)
			require.Len(t, s.Imports, 1)
			require.NotEmpty(t, s.Imports[0].Rejected)
			require.Nil(t, s.Excursion, "a rejected file says nothing of the material")
			_, err = s.Close(logistics, "")
			require.Error(t, err)
		})
	}
}

// process scenario 17 with a made-up file: 70 minutes above 8 °C, 30 allowed.
func TestScenario17_ExcursionHoldsTheMaterialAndTellsBothSides(t *testing.T) {
	p := plan()
	p.Logger.Serial = "SVQT00022"
	s := arrived(t, p)
	draft, refused, err := s.ReadLogger(operator, at("11:30"), shipment.File{Name: "warm.txt", Text: file(t, "qtag-warm.txt")})
	require.NoError(t, err)
	require.Nil(t, refused)
	s.add(operator, at("11:30"), draft)
	require.Equal(t, "4.4 to 13.9 °C on a lane of 2.0 to 8.0 °C: 70 min above, 0 min below, 30 min allowed", s.Excursion.What)
	require.Equal(t, 68, *s.Excursion.Figures.Device.Above, "what the device says is kept")
	require.Equal(t, []shipment.ProblemKind{shipment.TemperatureExcursion}, problems(s.Held()))
	require.Equal(t, []shipment.Acknowledgement{{Party: "hospital", What: "excursion"}, {Party: "plant", What: "excursion"}}, s.Unread())
	for _, by := range []ledger.Author{nurse, operator} {
		draft, err = s.Acknowledge(by, "excursion")
		require.NoError(t, err)
		s.add(by, at("11:40"), draft)
	}
	require.Empty(t, s.Unread())
	_, err = s.Acknowledge(nurse, "excursion")
	require.Equal(t, "TR-2 acknowledged-before", rule(t, err))
	_, err = s.DecideExcursion(people.Signed{}, shipment.Decision{Verdict: shipment.UseOn, Reason: "covered by data", Stability: "STAB-3"})
	require.Equal(t, "TR-1 shipment-text", rule(t, err), "the viability has to be shown before")
	_, err = s.DecideExcursion(people.Signed{}, shipment.Decision{Verdict: shipment.UseOn, Reason: "covered by data", Stability: "STAB-3", Viability: "94 %"})
	require.Equal(t, "I8 signature-missing", rule(t, err))
	// A second file that shows less does not make it disappear.
	cold := s.Plan.Logger.Serial
	s.Plan.Logger.Serial = "SVQT00021"
	draft, refused, err = s.ReadLogger(operator, at("11:50"), shipment.File{Name: "cold.txt", Text: file(t, "qtag-cold.txt")})
	require.NoError(t, err)
	require.Nil(t, refused)
	s.add(operator, at("11:50"), draft)
	s.Plan.Logger.Serial = cold
	require.NotEmpty(t, s.Held())
}

// process scenario 53: before the receipt only, on the lane of the new plant, in the hospital's language, signed by both.
func TestScenario53_PlantSwitchInTransit(t *testing.T) {
	sw := shipment.Switch{
		To: shipment.Place{Party: chainofcustody.Plant, Name: "Frankfurt", Site: "DE-FRA"}, Lane: lane(), Arrival: at("18:00"),
		Expiry: at("08:00").Add(30 * time.Hour), Variant: "DE-FRA", Reason: "the room in Seville is down",
	}
	s := packed(t, plan())
	s.add(nurse, at("08:02"), s.Deliver(pickup())...)
	require.NoError(t, s.MaySwitch(at("09:00"), sw))
	_, err := s.SwitchPlant(at("09:00"), sw, people.Signed{}, people.Signed{})
	require.Equal(t, "CS-66 switch-needs-qa", rule(t, err))
	same := sw
	same.To.Site = "ES-SVQ"
	require.Equal(t, "TR-8 switch-same-plant", rule(t, s.MaySwitch(at("09:00"), same)))
	late := sw
	late.Expiry = at("17:00")
	require.Equal(t, "I10 arrives-expired", rule(t, s.MaySwitch(at("09:00"), late)))
	// As both have signed.
	s.add(operator, at("09:05"), ledger.Draft{Type: "shipment.plant-switched", Data: sw})
	require.Equal(t, "DE-FRA", s.Plan.To.Site)
	require.Equal(t, sw.Expiry, s.Plan.Expiry)
	require.Equal(t, "pt", s.Plan.Language, "the labels keep the language of the hospital")
	s.add(operator, at("11:03"), s.Deliver(delivery())...)
	require.Equal(t, "TR-8 shipment-status", rule(t, s.MaySwitch(at("11:10"), same)), "too late: it is there")
}

func TestClose_NeverByAGuess(t *testing.T) {
	s := arrived(t, plan())
	_, err := s.Close(logistics, "")
	require.Equal(t, "TR-8 shipment-status", rule(t, err))
	draft, err := s.Receive(operator, at("11:10"), inspection())
	require.NoError(t, err)
	s.add(operator, at("11:10"), draft)
	_, err = s.Close(logistics, "")
	require.Equal(t, "TR-9 shipment-open-questions", rule(t, err), "the temperature is not known")
	draft, _, err = s.ReadLogger(operator, at("11:30"), shipment.File{Name: "run.txt", Text: file(t, "qtag-cold.txt")})
	require.NoError(t, err)
	s.add(operator, at("11:30"), draft)
	draft, err = s.Close(logistics, "")
	require.NoError(t, err)
	s.add(logistics, at("11:40"), draft)
	require.Equal(t, shipment.Closed, s.Status())
}

// Reasons had no codes in the first entries: those are read for ever.
func TestRejectedFileOfTheFirstEntriesIsRead(t *testing.T) {
	var i shipment.Import
	require.NoError(t, json.Unmarshal([]byte(`{"name": "run.csv", "rejected": ["the serial is LOG-99", {"code": "clock-ahead", "got": "2026-11-22T10:00:00Z"}]}`), &i))
	require.Equal(t, []shipment.Mismatch{{Code: shipment.Unreadable, Got: "the serial is LOG-99"}, {Code: shipment.ClockAhead, Got: "2026-11-22T10:00:00Z"}}, i.Rejected)
}
