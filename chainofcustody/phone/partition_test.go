package phone_test

import (
	"context"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// world is a plant's server, phones with clocks of their own, and a network that loses, doubles, delays and reorders.
type world struct {
	t      *testing.T
	rand   *mrand.Rand
	now    time.Time // the true time; the server's
	dir    string
	log    *bolt.Log
	people *people.Directory
	book   *phone.Book
	ships  *shipment.Book
	phones []*carried
	seen   map[ledger.Digest]uint64    // where an answered event stands
	truth  map[ledger.Digest]time.Time // when it really happened
}

var lane = shipment.Lane{ID: "cold", Low: quantity.MustParse("2.0", "degC"), High: quantity.MustParse("8.0", "degC"), Outside: 30 * time.Minute, Longest: 24 * time.Hour}

// packed is a new shipment of one bag from the hospital, packed by its nurse.
func (w *world) packed() (shipment.ID, string) {
	ctx := context.Background()
	id, series, err := w.ships.Next(ctx)
	require.NoError(w.t, err)
	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "test"}
	order, err := shipment.Order(id, by, w.now, shipment.Plan{
		Direction: shipment.ToPlant, CoI: "CHA999926000001", Batch: "SVQ2600001K", Lane: lane, Box: "BOX-7",
		Logger: shipment.Logger{Serial: "SVQT00021", CalibratedUntil: w.now.AddDate(1, 0, 0)},
		From:   shipment.Place{Party: chainofcustody.Hospital, Name: "Hospital, ward 3"}, To: shipment.Place{Party: chainofcustody.Plant, Name: "Seville", Site: site},
		Pickup: w.now.Add(time.Hour), Arrival: w.now.Add(20 * time.Hour),
	})
	require.NoError(w.t, err)
	stream, views, err := w.ships.Add(&shipment.Shipment{}, id, by, []ledger.Draft{order})
	require.NoError(w.t, err)
	_, err = w.log.Append(ctx, ledger.Append{Author: by, Streams: []ledger.StreamAppend{series, stream}, Views: views})
	require.NoError(w.t, err)
	bag := fmt.Sprintf("A9999%02d%06d/B00001", w.now.Year()%100, len(w.phones)+1)
	nurse := ledger.Author{Account: "nuria", Role: string(people.Nurse), Terminal: "test"}
	require.NoError(w.t, w.ships.Change(ctx, nurse, id, func(s *shipment.Shipment, now time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
		d, err := s.Pack(nurse, now, shipment.Packing{Containers: []string{bag}, Seals: []string{"S-1"}, Place: "ward 3"})
		return []ledger.Draft{d}, nil, nil, err
	}))
	container, err := isbt128.ParseContainerID(bag)
	require.NoError(w.t, err)
	din, err := container.DIN().Structure()
	require.NoError(w.t, err)
	label, err := isbt128.Compound(din, container.Division().Structure())
	require.NoError(w.t, err)
	return id, label
}

// carried is a phone on its way: its clock, what it knows of the server's, and what it signed.
type carried struct {
	*handset
	world     *world
	pass      people.Pass
	phone     people.Phone
	shipment  string
	label     string        // of the bag
	skew      time.Duration // its clock minus the true time
	offset    time.Duration // what it believes to be server minus phone
	signed    []phone.Envelope
	inFlight  []phone.Envelope // on the network
	withdrawn bool
}

const site = "ES-SVQ"

func newWorld(t *testing.T) *world {
	w := &world{t: t, rand: mrand.New(mrand.NewPCG(7, 11)), now: time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC), dir: t.TempDir(),
		seen: map[ledger.Digest]uint64{}, truth: map[ledger.Digest]time.Time{}}
	w.start()
	t.Cleanup(func() { require.NoError(t, w.log.Close()) })
	ctx := context.Background()
	for _, p := range []struct {
		name string
		role people.Role
	}{{"nuria", people.Nurse}, {"luis", people.Courier}, {"marta", people.Logistics}} {
		_, password, err := w.people.Create(ctx, people.System("test"), people.NewAccount{Username: p.name, Name: p.name, Lang: "es", Roles: []people.Role{p.role}})
		require.NoError(t, err)
		_, token, err := w.people.SignIn(ctx, p.name, password, "test")
		require.NoError(t, err)
		require.NoError(t, w.people.ChangePassword(ctx, token, password, "cuatro sillas de rafia"))
	}
	return w
}

func (w *world) clock() time.Time { return w.now }

// start opens the server on its data, as after a crash: nothing that lived in the process is left.
func (w *world) start() {
	log, err := bolt.Open(w.dir, bolt.Options{Site: site, Clock: w.clock})
	require.NoError(w.t, err)
	directory, err := people.Open(log, people.Options{Site: site, Zone: time.UTC, Clock: w.clock, Cost: people.Cost{Time: 1, Memory: 8, Threads: 1}})
	require.NoError(w.t, err)
	w.log, w.people, w.book = log, directory, &phone.Book{Log: log, People: directory, Clock: w.clock}
	w.ships = &shipment.Book{Log: log, Prefix: "SVQ", Clock: w.clock, Lanes: []shipment.Lane{lane}}
	w.book.Moves = (&shipment.Phones{Shipments: w.ships, Phones: w.book, People: directory}).Moves
}

func (w *world) restart() {
	require.NoError(w.t, w.log.Close())
	w.start()
}

func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// equip gives a person a pass and enrols their phone.
func (w *world) equip(account string, role people.Role, shipment shipment.ID, label string) *carried {
	ctx := context.Background()
	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "test"}
	_, secrets, err := w.people.IssuePass(ctx, by, people.NewPass{Account: account, Role: role, Scope: "shipment/" + string(shipment), Until: w.now.Add(96 * time.Hour)})
	require.NoError(w.t, err)
	h := newHandset(w.t, "")
	pass, enrolled, err := w.people.EnrolPhone(ctx, secrets.Token, secrets.PIN, h.Public(w.t))
	require.NoError(w.t, err)
	h.ID = enrolled.ID
	skew := time.Duration(w.rand.Int64N(int64(96*time.Hour))) - 48*time.Hour
	c := &carried{handset: h, world: w, pass: pass, phone: enrolled, shipment: string(shipment), label: label, skew: skew, offset: -skew}
	w.phones = append(w.phones, c)
	return c
}

// copied is the phone's memory on another one.
func (h *handset) copied() *handset {
	c := *h.Handset
	return &handset{&c}
}

// act signs something that happens now.
func (c *carried) act(kind phone.Kind, more map[string]any) phone.Envelope {
	doc := map[string]any{
		"kind": kind, "shipment": c.shipment, "scanned": c.label, "at": c.world.now.Add(c.skew).Format("2006-01-02T15:04:05.000Z"),
		"offset_ms": c.offset.Milliseconds(), "bound_ms": 1500,
	}
	for k, v := range more {
		doc[k] = v
	}
	e := c.write(c.world.t, doc)
	c.signed = append(c.signed, e)
	c.inFlight = append(c.inFlight, e)
	c.world.truth[e.Digest()] = c.world.now
	return e
}

// reach is a moment of network: some of what is in flight arrives, in any order, some of it twice, some answers are lost.
func (c *carried) reach(all bool) {
	r := c.world.rand
	r.Shuffle(len(c.inFlight), func(i, j int) { c.inFlight[i], c.inFlight[j] = c.inFlight[j], c.inFlight[i] })
	for len(c.inFlight) > 0 && (all || r.IntN(3) > 0) {
		n := min(1+r.IntN(4), len(c.inFlight))
		some := c.inFlight[:n:n]
		if r.IntN(4) == 0 {
			some = append(some, c.signed[r.IntN(len(c.signed))]) // sent before, perhaps by an answer that was lost
		}
		c.deliver(some)
		if all || r.IntN(4) > 0 { // otherwise the answer is lost, and it is sent again
			c.inFlight = c.inFlight[n:]
		}
	}
}

func (c *carried) greeting() phone.Envelope {
	sent := c.world.now.Add(c.skew)
	doc, err := json.Marshal(map[string]any{"v": 1, "hello": c.ID, "site": site, "sent": sent.Format("2006-01-02T15:04:05.000Z"), "offset_ms": (-c.skew).Milliseconds()})
	require.NoError(c.world.t, err)
	return c.sign(c.world.t, doc)
}

func (c *carried) deliver(events []phone.Envelope) {
	t, ctx := c.world.t, context.Background()
	c.world.pass(time.Duration(c.world.rand.IntN(2000)) * time.Millisecond)
	c.offset = -c.skew // it asked the server for the time
	pass, enrolled, offset, err := c.world.book.Greet(ctx, c.greeting())
	require.NoError(t, err)
	answers, err := c.world.book.Deliver(ctx, pass, enrolled, offset, events)
	require.NoError(t, err)
	require.Len(t, answers, len(events))
	for i, a := range answers {
		require.NoError(t, a.Err)
		require.Equal(t, events[i].Digest(), a.Digest)
		if seq, before := c.world.seen[a.Digest]; before {
			require.Equal(t, seq, a.Seq, "delivered twice, stands once")
		}
		c.world.seen[a.Digest] = a.Seq
	}
}

// Two hundred shipments with three phones each over a bad network: no event is lost or doubled, no order is claimed that
// is false, what was forged or sent by somebody else is refused, and a stolen phone moves nothing (I2, I3, I6, TR-10).
func TestPartition_TR10(t *testing.T) {
	shipments := 200
	if testing.Short() {
		shipments = 20
	}
	w := newWorld(t)
	for i := range shipments {
		id, label := w.packed()
		w.pass(10 * time.Minute)
		nurse, courier, receiver := w.equip("nuria", people.Nurse, id, label), w.equip("luis", people.Courier, id, label), w.equip("marta", people.Logistics, id, label)
		w.journey(nurse, courier, receiver)
		if i%25 == 24 {
			w.restart()
		}
	}
	for _, c := range w.phones {
		c.reach(true)
	}
	w.restart()
	w.check()
	w.custody()
}

// custody holds that the chain is what happened, in whatever order the phones delivered it: one custodian at a time, from
// hand to hand, and nothing broken that was not (I6).
func (w *world) custody() {
	byScope := map[string]bool{} // whether a phone of it was stolen
	for _, c := range w.phones {
		byScope[c.shipment] = byScope[c.shipment] || c.withdrawn
	}
	reordered := 0
	for id := range byScope {
		s, err := w.ships.Load(context.Background(), shipment.ID(id))
		require.NoError(w.t, err)
		chain := s.Chain()
		if byScope[id] && len(s.Legs) == 1 { // the courier's own confirmation came after the report: evidence, not a leg
			require.False(w.t, chain.Whole(), "%s: the leg that nobody proves is seen to be missing", id)
			continue
		}
		require.Len(w.t, s.Legs, 2, "%s: both handoffs, once each", id)
		var held []string
		for _, l := range chain.Links {
			require.False(w.t, l.Broken)
			held = append(held, l.Holder.Account)
		}
		require.Equal(w.t, []string{"nuria", "luis", "marta"}, held, "%s: %+v", id, chain.Flags)
		for _, f := range chain.Flags {
			allowed := []shipment.Fault{shipment.WrongClock, shipment.OrderUnknown}
			if byScope[id] { // the courier's phone was reported stolen before the receiver's confirmation came
				allowed = append(allowed, shipment.RevokedPass)
			}
			require.Contains(w.t, allowed, f.Kind, "%s: %+v", id, f)
		}
		require.Equal(w.t, shipment.Delivered, s.Status())
		if s.Legs[0].Receiver.Account == "marta" {
			reordered++
		}
		turned := s.Clone()
		turned.Legs = []shipment.Leg{s.Legs[1], s.Legs[0]}
		again := turned.Chain()
		for i, l := range again.Links {
			require.Equal(w.t, chain.Links[i].Holder, l.Holder, "the order of delivery does not matter")
		}
	}
	require.Positive(w.t, reordered, "the second leg was delivered first somewhere, or nothing was tried")
}

// journey is one transport, with what goes wrong on the way.
func (w *world) journey(nurse, courier, receiver *carried) {
	r := w.rand
	step := func() { w.pass(time.Duration(1+r.IntN(90)) * time.Minute) }
	for _, leg := range [][2]*carried{{nurse, courier}, {courier, receiver}} {
		giver, taker := leg[0], leg[1]
		offer := giver.act(phone.Give, nil)
		w.pass(time.Duration(r.IntN(60)) * time.Second)
		taker.act(phone.Take, map[string]any{"given": offer})
		step()
		giver.reach(false)
		taker.reach(false)
		if r.IntN(5) == 0 { // somebody sets the clock of the phone
			taker.skew += time.Duration(r.Int64N(int64(96*time.Hour))) - 48*time.Hour
		}
		taker.act(phone.Scan, nil)
		step()
	}
	w.attack(courier, receiver)
	if r.IntN(10) == 0 {
		courier.stolen()
	}
}

// attack is what a stranger can send: another phone's signature, a changed event, a kept greeting, another shipment.
func (w *world) attack(victim, other *carried) {
	ctx := context.Background()
	pass, enrolled, err := w.people.PassOfPhone(ctx, victim.ID)
	require.NoError(w.t, err)
	thief := newHandset(w.t, victim.ID)
	thief.N, thief.Prev = victim.N, victim.Prev
	changed := victim.signed[0]
	changed.Payload = append([]byte(nil), changed.Payload...)
	changed.Payload[len(changed.Payload)/2] ^= 1
	elsewhere := victim.sign(w.t, func() []byte {
		h := victim.copied()
		return h.write(w.t, map[string]any{"shipment": "SVQ-S-9999"}).Payload
	}())
	before, err := w.log.Head(ctx)
	require.NoError(w.t, err)
	answers, err := w.book.Deliver(ctx, pass, enrolled, 0, []phone.Envelope{thief.write(w.t, nil), changed, other.signed[0], elsewhere})
	require.NoError(w.t, err)
	for _, a := range answers {
		require.Error(w.t, a.Err)
	}
	old := victim.greeting()
	w.pass(10 * time.Minute)
	_, _, _, err = w.book.Greet(ctx, old)
	require.ErrorContains(w.t, err, "CS-38")
	after, err := w.log.Head(ctx)
	require.NoError(w.t, err)
	require.Equal(w.t, before, after, "nothing of it is in the record")
}

// stolen is a phone whose loss was reported; whoever has it goes on signing.
func (c *carried) stolen() {
	w := c.world
	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "test"}
	_, err := w.people.RevokePass(context.Background(), by, c.pass.ID, people.Why{Reason: "reported stolen"})
	require.NoError(w.t, err)
	c.withdrawn = true
	w.pass(time.Minute)
	late := c.act(phone.Take, nil)
	c.reach(true)
	record, err := w.book.Load(context.Background(), c.ID)
	require.NoError(w.t, err)
	kept, ok := record.Find(late.Digest())
	require.True(w.t, ok, "it is kept")
	require.Equal(w.t, phone.Evidence, kept.Worth, "it moves nothing")
}

func (w *world) check() {
	ctx := context.Background()
	byShipment := map[string][]phone.Delivered{}
	total := 0
	for _, c := range w.phones {
		record, err := w.book.Load(ctx, c.ID)
		require.NoError(w.t, err)
		require.Len(w.t, record.Events, len(c.signed), "every event of phone %s, once", c.ID)
		require.Empty(w.t, record.Missing())
		for _, e := range record.Events {
			require.NotEqual(w.t, phone.Copied, e.Worth)
			byShipment[e.Shipment] = append(byShipment[e.Shipment], e)
			total++
		}
	}
	claimed := 0
	for _, events := range byShipment {
		for _, a := range events {
			at := w.truth[a.Digest]
			require.False(w.t, a.Moment.Latest.Before(at.Truncate(time.Millisecond)), "it ends before it happened")
			for _, b := range events {
				if a.Moment.Before(b.Moment) {
					claimed++
					require.True(w.t, at.Before(w.truth[b.Digest]), "a false order of %s and %s", a.Kind, b.Kind)
				}
			}
		}
	}
	require.Greater(w.t, claimed, total, "orders are claimed where they are known")
	stored := 0
	for e, err := range w.log.Entries(ctx, 0) {
		require.NoError(w.t, err)
		if e.Type == "phone.event-delivered" {
			stored++
			require.Regexp(w.t, `^phone/`, e.Author.Terminal)
			require.Contains(w.t, []string{"nuria", "luis", "marta"}, e.Author.Account)
		}
	}
	require.Equal(w.t, total, stored)
}

func TestACopiedPhoneIsFound_I2(t *testing.T) {
	w := newWorld(t)
	id, label := w.packed()
	c := w.equip("luis", people.Courier, id, label)
	c.act(phone.Scan, nil)
	copied := c.copied() // a phone's memory on another phone; a browser does not give its key away, but suppose
	c.act(phone.Scan, nil)
	c.reach(true)
	twin := copied.write(t, map[string]any{"kind": "scan", "shipment": c.shipment, "place": "elsewhere"})
	pass, enrolled, offset, err := w.book.Greet(context.Background(), c.greeting())
	require.NoError(t, err)
	for range 2 {
		answers, err := w.book.Deliver(context.Background(), pass, enrolled, offset, []phone.Envelope{twin})
		require.NoError(t, err)
		require.NoError(t, answers[0].Err)
		require.Equal(t, phone.Copied, answers[0].Worth, "kept and flagged")
	}
	record, err := w.book.Load(context.Background(), c.ID)
	require.NoError(t, err)
	require.Len(t, record.Events, 3)
}
