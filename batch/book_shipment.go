package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/batch/oncall"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Shipments are the shipments of the plant. What concerns the material of a batch goes through this room, so that the
// batch learns of it in the same append.
func (k *Book) Shipments() *shipment.Book {
	k.shipping.Do(func() {
		k.shipments = &shipment.Book{Log: k.Log, Prefix: k.Prefix, Clock: k.Clock, Lanes: k.Lanes}
	})
	return k.shipments
}

// OnCall is who answers for the plant out of hours (process scenario 16).
func (k *Book) OnCall() *oncall.Book {
	k.calling.Do(func() {
		k.duty = &oncall.Book{Log: k.Log, Clock: k.Clock, Within: k.AnswerWithin, Person: k.Person}
	})
	return k.duty
}

// LoggerKind is the kind of equipment that temperature loggers are registered as.
const LoggerKind = "temperature-logger"

// ShipmentOrder is what a person states of a shipment to be planned.
type ShipmentOrder struct {
	Batch     string
	Direction shipment.Direction
	Lane      string
	Box       string
	Logger    string // its tag at the plant
	Config    string // of the logger, that matches the lane
	Hospital  string
	Language  string // of the labels: that of the hospital
	Pickup    time.Time
	Arrival   time.Time
	UseBy     time.Time // of marrow, where it is known; the product has its expiry
}

// PlanShipment plans a shipment of a batch's material. The product leaves only when it is certified and released by the
// sponsor (I10); the logger has to be in calibration from the planned start to the planned end (TR-3).
func (k *Book) PlanShipment(ctx context.Context, by ledger.Author, o ShipmentOrder) (shipment.ID, error) {
	var id shipment.ID
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		b, t, err := k.LoadWithEvent(ctx, o.Batch)
		if err != nil {
			return ledger.Append{}, err
		}
		err = b.here()
		if err != nil {
			return ledger.Append{}, err
		}
		p := shipment.Plan{
			Direction: o.Direction, CoI: t.CoI.String(), Batch: o.Batch, Box: o.Box, Pickup: o.Pickup, Arrival: o.Arrival, Expiry: o.UseBy, Language: o.Language,
			From: shipment.Place{Party: chainofcustody.Hospital, Name: o.Hospital}, To: shipment.Place{Party: chainofcustody.Plant, Name: k.Site, Site: k.Site},
		}
		if o.Direction == shipment.ToHospital {
			if refusal := b.MayLeave(k.Clock()); refusal != nil {
				return ledger.Append{}, refusal
			}
			p.From, p.To = p.To, p.From
			p.Expiry, _ = b.Expiry()
		} else if p.Expiry.IsZero() {
			p.Expiry, _ = b.LatestExpiry(b.Recipe)
		}
		p.Lane, err = k.Shipments().Lane(o.Lane)
		if err != nil {
			return ledger.Append{}, err
		}
		device, err := k.logger(ctx, o)
		if err != nil {
			return ledger.Append{}, err
		}
		p.Logger = shipment.Logger{Serial: string(device.ID), Config: o.Config, CalibratedUntil: device.Standing[equipment.Calibration].Due.End}
		book := k.Shipments()
		var series ledger.StreamAppend
		id, series, err = book.Next(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := shipment.Order(id, by, k.Clock().UTC(), p)
		if err != nil {
			return ledger.Append{}, err
		}
		stream, views, err := book.Add(&shipment.Shipment{}, id, by, []ledger.Draft{draft})
		guards := []ledger.StreamAppend{{Stream: Stream(o.Batch), Expected: b.Version}, {Stream: equipment.Stream(device.ID), Expected: device.Version}}
		return ledger.Append{Author: by, Streams: append(guards, series, stream), Views: views}, err
	})
	return id, err
}

// logger is the device that goes into the box: a logger whose checks hold until the planned arrival.
func (k *Book) logger(ctx context.Context, o ShipmentOrder) (*equipment.Device, error) {
	tag, err := equipment.ParseID(o.Logger)
	if err != nil {
		return nil, err
	}
	device, err := k.Equipment().Load(ctx, tag)
	if err != nil {
		return nil, err
	}
	var refused ledger.Refusals
	err = device.MayUse(k.Clock(), equipment.Want{Kind: LoggerKind, Until: o.Arrival})
	for _, r := range ledger.RefusalsOf(err) {
		if strings.HasPrefix(r.Code, "device-calibration") { // the plan says so itself, under its own rule
			continue
		}
		refused = append(refused, r)
	}
	return device, refused.Err()
}

// shipping is one command on a shipment with the batch and the therapy event whose material it carries.
type shipping struct {
	s *shipment.Shipment
	b *Batch
	t *chainofcustody.TherapyEvent
}

// shipped is what a command on a shipment wants to append.
type shipped struct {
	drafts  []ledger.Draft // of the shipment
	batch   []ledger.Draft
	therapy []ledger.Draft
	streams []ledger.StreamAppend // of others
	blobs   [][]byte
	beside  []beside        // what it records in other batches
	after   *ledger.Refusal // told after it is recorded
}

// onShipment loads a shipment with its batch, decides, and appends to all of them together.
func (k *Book) onShipment(ctx context.Context, by ledger.Author, id shipment.ID, decide func(shipping) (shipped, error)) error {
	book := k.Shipments()
	s, err := book.Load(ctx, id)
	if err != nil {
		return err
	}
	if s.Plan.Batch == "" { // what this plant did not expect belongs to no batch here
		return book.Change(ctx, by, id, func(s *shipment.Shipment, _ time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
			out, err := decide(shipping{s: s})
			return out.drafts, out.blobs, out.after, err
		})
	}
	return k.change(ctx, by, s.Plan.Batch, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		s, err := book.Load(ctx, id)
		if err != nil {
			return change{}, err
		}
		out, err := decide(shipping{s, b, t})
		if err != nil {
			return change{}, err
		}
		c := change{batch: out.batch, therapy: out.therapy, streams: out.streams, blobs: out.blobs, beside: out.beside, after: out.after, holds: true}
		if len(out.drafts) == 0 {
			return c, nil
		}
		stream, views, err := book.Add(s, id, by, out.drafts)
		c.streams, c.views = append(c.streams, stream), views
		return c, err
	})
}

// ShipmentsOf are the sheets of the shipments that carried a batch's material, in order of number: its own, and of one that was
// split from another what brought the marrow to that one.
func (k *Book) ShipmentsOf(ctx context.Context, b *Batch) ([]shipment.Sheet, error) {
	own, err := k.Shipments().Of(ctx, b.Number)
	if err != nil || b.Parent == "" {
		return own, err
	}
	before, err := k.Shipments().Of(ctx, b.Parent)
	if err != nil {
		return nil, err
	}
	before = slices.DeleteFunc(before, func(s shipment.Sheet) bool { return s.Direction != shipment.ToPlant })
	return slices.SortedFunc(slices.Values(append(before, own...)), func(a, b shipment.Sheet) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// carriedKind is the kind of container that a shipment carries.
func (b *Batch) carriedKind(d shipment.Direction) chainofcustody.Kind {
	for _, s := range b.order {
		if s.Custody == nil {
			continue
		}
		kind := chainofcustody.Kind(s.Custody.Container)
		if b.Released(string(kind)) == (d == shipment.ToHospital) {
			return kind
		}
	}
	return "harvest-bag"
}

// PackShipment records what is in the box. Each container is scanned into it (I4); a label that does not match is
// recorded, refused, and an exception of the batch.
func (k *Book) PackShipment(ctx context.Context, by ledger.Author, id shipment.ID, raws, seals []string, place string) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		if x.s.Plan.Direction == shipment.ToHospital {
			if refusal := x.b.MayLeave(k.Clock()); refusal != nil {
				return shipped{}, refusal
			}
		}
		out, ids, mismatch := x.scan(by, k.Clock(), "pack", raws)
		if mismatch != nil {
			out.after = mismatch
			return out, nil
		}
		draft, err := x.s.Pack(by, k.Clock().UTC(), shipment.Packing{Containers: ids, Seals: seals, Place: place})
		out.drafts = []ledger.Draft{draft}
		return out, err
	})
}

// scan compares labels with what the shipment carries. Every scan is recorded; the first that does not match is an
// exception of the batch.
func (x shipping) scan(by ledger.Author, now time.Time, purpose string, raws []string) (out shipped, ids []string, mismatch *ledger.Refusal) {
	kind := x.b.carriedKind(x.s.Plan.Direction)
	for _, raw := range raws[:min(len(raws), maxScans)] {
		draft, match, refusal := x.t.Scan(by, now, string(x.s.ID)+"/"+purpose, kind, raw)
		match, refusal = x.b.own(x.t, match, refusal)
		out.therapy = append(out.therapy, draft)
		if refusal == nil {
			ids = append(ids, match.Container().String())
			continue
		}
		if mismatch == nil {
			mismatch = refusal
			if refusal.Kind == ledger.Stop {
				out.batch = append(out.batch, ledger.Draft{Type: typeCustody, Data: mismatched(x.step(), "", refusal)})
			}
		}
	}
	return out, ids, mismatch
}

// maxScans bounds the labels of one box.
const maxScans = 50

// step is what is to be done in the batch now.
func (x shipping) step() string {
	if st, ok := x.b.Current(); ok {
		return st.Step.ID
	}
	return ""
}

// carrying is the open shipment that has the container in its box; nil when none has.
func (k *Book) carrying(ctx context.Context, container string) (*shipment.Shipment, error) {
	seq, err := k.Log.Claim(ctx, shipment.Carries(container))
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("shipment of %s: %w", container, err)
	}
	e, err := k.Log.Entry(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("shipment of %s: %w", container, err)
	}
	return k.Shipments().Load(ctx, shipment.ID(strings.TrimPrefix(e.Stream, shipment.Stream(""))))
}

// handedOver adds a handoff that both sides confirmed at the server to the shipment that carries the container.
func (k *Book) handedOver(ctx context.Context, by ledger.Author, s *shipment.Shipment, o chainofcustody.Offer, h chainofcustody.Handover, c *change) error {
	party, _ := chainofcustody.PartyOf(people.Role(by.Role))
	leg := shipment.Online(
		shipment.Holder{Party: o.From.Party, Account: o.From.Account, Role: o.By.Role, Terminal: o.By.Terminal},
		shipment.Holder{Party: party, Account: by.Account, Role: by.Role, Terminal: by.Terminal},
		o.OfferedAt, k.Clock(), h, o.Seals, shipment.Evidence{Kind: "entry", Ref: fmt.Sprint(o.Seq)})
	stream, views, err := k.Shipments().Add(s, s.ID, by, s.Deliver(leg))
	if err != nil {
		return err
	}
	c.streams = append(c.streams, stream)
	if c.views == nil {
		c.views = map[string][]byte{}
	}
	maps.Copy(c.views, views)
	return nil
}

func notExpected(id shipment.ID) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "TR-8", "shipment-unexpected", "shipment {id} was not expected at this plant", "QA decides what becomes of it", "id", string(id))
}

// ReceiveShipment records the inspection of the box at its destination: whatever is wrong, it is received, and what is
// wrong holds the batch until QA decides (AT-12).
func (k *Book) ReceiveShipment(ctx context.Context, by ledger.Author, id shipment.ID, raws []string, in shipment.Inspection) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		if x.b == nil {
			return shipped{}, notExpected(id)
		}
		in.Site = ""
		if party, ok := chainofcustody.PartyOf(people.Role(by.Role)); ok && party == chainofcustody.Plant {
			in.Site = k.Site
		}
		in.VolumeLimit = x.volumeLimit()
		out, ids, mismatch := x.scan(by, k.Clock(), "receipt", raws)
		in.Matched = ids
		if mismatch != nil {
			in.Mismatch = mismatch.Args["got"]
			if in.Mismatch == "" {
				in.Mismatch = mismatch.Code
			}
			out.after = mismatch
		}
		draft, err := x.s.Receive(by, k.Clock().UTC(), in)
		if err != nil {
			return shipped{}, err
		}
		out.drafts = []ledger.Draft{draft}
		after, err := x.s.After(by, k.Clock(), draft)
		if err != nil {
			return shipped{}, err
		}
		x.hold(&out, after)
		if in.OnCall && in.Site == k.Site { // scenario 16: who is on call is called in the same append
			call, err := k.OnCall().Raise(ctx, string(id))
			if err != nil {
				return shipped{}, err
			}
			out.streams = append(out.streams, call)
		}
		out.beside, err = k.strays(ctx, x, raws)
		return out, err
	})
}

// volumeStep and volumeField are where the recipe says how much marrow it needs (process scenario 14).
const volumeStep, volumeField = "S11", "net_volume"

// volumeLimit is how much marrow the batch's recipe asks for; none for a product, or where the recipe names none.
func (x shipping) volumeLimit() quantity.Limit {
	step, ok := x.b.Recipe.Step(volumeStep)
	if x.s.Plan.Direction != shipment.ToPlant || !ok {
		return quantity.Limit{}
	}
	field, ok := step.Field(volumeField, x.b.Site)
	if !ok {
		return quantity.Limit{}
	}
	return field.Limit
}

// hold holds the batch for what now holds the shipment: a label of another patient, an excursion, or what else was wrong.
func (x shipping) hold(out *shipped, after *shipment.Shipment) {
	if x.b == nil || !x.b.ClosedAt.IsZero() {
		return
	}
	before := x.s.Held()
	what := map[HoldCause][]string{}
	for _, p := range after.Held() {
		if slices.Contains(before, p) {
			continue
		}
		cause := HoldTransport
		switch p.Kind {
		case shipment.WrongContainer:
			cause = HoldIdentity
		case shipment.TemperatureExcursion:
			cause = HoldExcursion
		}
		what[cause] = append(what[cause], strings.TrimSpace(string(p.Kind)+" "+p.Detail))
	}
	for _, cause := range slices.Sorted(maps.Keys(what)) {
		out.batch = append(out.batch, x.b.holdDraft(len(out.batch), cause, string(x.s.ID), strings.Join(what[cause], "; ")))
	}
}

// UnexpectedArrival records that something arrived which this plant did not expect: quarantine (process scenario 10).
// expected is the plant to which its identifier belongs, as far as the server knows.
func (k *Book) UnexpectedArrival(ctx context.Context, by ledger.Author, raw, place string, expected func(isbt128.FIN) string) (shipment.ID, error) {
	u := shipment.Unplanned{Raw: raw, Place: place}
	scan, err := isbt128.ParseScan(raw)
	if err != nil {
		return "", ledger.Refuse(ledger.Invalid, "ID-12", "scan-unreadable", "the label cannot be read: {why}", "scan again, or type the identifier with its check character", "why", err.Error())
	}
	if !scan.CoI.IsZero() {
		u.CoI, u.Expected = scan.CoI.String(), expected(scan.CoI.FIN())
		if _, err := k.Of(ctx, scan.CoI); err == nil {
			return "", ledger.Refuse(ledger.Unmet, "TR-8", "is-expected", "{coi} is expected at this plant", "receive its shipment", "coi", scan.CoI.Print())
		}
	}
	var id shipment.ID
	_, err = ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		book := k.Shipments()
		next, series, err := book.Next(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		id = next
		draft, err := shipment.Unexpected(id, by, u)
		if err != nil {
			return ledger.Append{}, err
		}
		stream, views, err := book.Add(&shipment.Shipment{}, id, by, []ledger.Draft{draft})
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{series, stream}, Views: views}, err
	})
	return id, err
}

// StoreShipment records where a box waits that arrived out of hours (process scenario 16).
func (k *Book) StoreShipment(ctx context.Context, by ledger.Author, id shipment.ID, place string, at quantity.Quantity) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		until := x.s.Plan.Expiry
		if until.IsZero() && x.b != nil { // it was planned before anything was collected
			until, _ = x.b.LatestExpiry(x.b.Recipe)
		}
		draft, err := x.s.Store(by, place, at, until, k.Processing)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}

// ReadLogger takes a logger file for a shipment. One that does not belong to it is kept and refused; an excursion holds
// the batch (TR-2, process scenarios 17 and 18).
func (k *Book) ReadLogger(ctx context.Context, by ledger.Author, id shipment.ID, f shipment.File) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		draft, refused, err := x.s.ReadLogger(by, k.Clock().UTC(), f)
		if err != nil {
			return shipped{}, err
		}
		out := shipped{drafts: []ledger.Draft{draft}, blobs: [][]byte{f.Text}, after: refused}
		if len(f.PDF) > 0 {
			out.blobs = append(out.blobs, f.PDF)
		}
		after, err := x.s.After(by, k.Clock(), draft)
		if err != nil {
			return shipped{}, err
		}
		x.hold(&out, after)
		return out, nil
	})
}

// Viability is what the in-process control says of the cells, newest first; empty while nothing was measured.
func (b *Batch) Viability() string {
	for _, ref := range []string{"S29.viability", "S13.viability"} {
		c, ok := b.Value(ref)
		if !ok {
			continue
		}
		q, plain := c.Value.Quantity()
		if plain {
			return ref + ": " + q.String()
		}
	}
	return ""
}

// notMeasured stands in a decision that was made before any viability was measured.
const notMeasured = "not measured yet"

// DecideExcursion is QA's signed decision on an excursion: using the material lets the batch go on. The viability that was
// shown stands in the decision (process scenario 17).
func (k *Book) DecideExcursion(ctx context.Context, by ledger.Author, id shipment.ID, v shipment.Decision, sign Signer) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		v.Viability = notMeasured
		if x.b != nil && x.b.Viability() != "" {
			v.Viability = x.b.Viability()
		}
		signed, err := sign.as(ctx, by, people.Assessed, x.s.ShownExcursion(v))
		if err != nil {
			return shipped{}, err
		}
		draft, err := x.s.DecideExcursion(signed, v)
		if err != nil {
			return shipped{}, err
		}
		out := shipped{drafts: []ledger.Draft{draft}}
		if v.Verdict == shipment.UseOn {
			err = x.goOn(&out, by, v.Reason, HoldExcursion)
		}
		return out, err
	})
}

// goOn lets the batch go on from what was decided of the shipment.
func (x shipping) goOn(out *shipped, by ledger.Author, reason string, cause HoldCause) error {
	if x.b == nil {
		return nil
	}
	for _, h := range x.b.Holds {
		if h.Cause != cause || h.Ref != string(x.s.ID) || h.LetGo != "" {
			continue
		}
		drafts, err := x.b.LetGoOn(by, h.ID, reason)
		if err != nil {
			return err
		}
		out.batch = append(out.batch, drafts...)
	}
	return nil
}

// ResolveShipment is QA's signed end of a quarantine at receipt.
func (k *Book) ResolveShipment(ctx context.Context, by ledger.Author, id shipment.ID, how shipment.Way, reason string, sign Signer) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		signed, err := sign.as(ctx, by, people.Assessed, x.s.ShownQuarantine(how, reason))
		if err != nil {
			return shipped{}, err
		}
		draft, err := x.s.Resolve(signed, k.Clock().UTC(), how, reason, k.Recipe != nil)
		if err != nil {
			return shipped{}, err
		}
		out := shipped{drafts: []ledger.Draft{draft}}
		if how == shipment.Accepted {
			err = x.goOn(&out, by, reason, HoldTransport)
		}
		return out, err
	})
}

// ConfirmLabel records the hospital's signed statement of what was missing on the label (process scenario 2).
func (k *Book) ConfirmLabel(ctx context.Context, by ledger.Author, id shipment.ID, elements []shipment.Element, statement string, sign Signer) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		signed, err := sign.as(ctx, by, people.Performed, x.s.ShownLabel(elements, statement))
		if err != nil {
			return shipped{}, err
		}
		draft, err := x.s.ConfirmLabel(signed, elements, statement)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}

// SwitchPlant sends material on its way to another plant, signed by QA of both over the same (process scenario 53).
func (k *Book) SwitchPlant(ctx context.Context, by ledger.Author, id shipment.ID, sw shipment.Switch, giving, taking Signer) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		now := k.Clock().UTC()
		err := x.s.MaySwitch(now, sw)
		if x.b != nil && x.b.TakenOn != nil {
			err = switchedBefore(x.b)
		}
		if err != nil {
			return shipped{}, err
		}
		ours, err := giving(ctx, people.Approved, sw.Shown(x.s))
		if err == nil {
			err = own(by, ours)
		}
		if err != nil {
			return shipped{}, err
		}
		theirs, err := taking(ctx, people.Approved, sw.Shown(x.s))
		if err != nil {
			return shipped{}, err
		}
		draft, err := x.s.SwitchPlant(now, sw, ours, theirs)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}

// TellShipment records that a side has read what it was told of, or closes the shipment.
func (k *Book) TellShipment(ctx context.Context, by ledger.Author, id shipment.ID, what string) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		draft, err := x.s.Acknowledge(by, what)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}

// UnpackShipment records that a packed box is opened again before anybody took it over: each container is scanned as it is taken
// out (I4). What is offered to somebody is taken back with it, or they could confirm what is no longer in the box (I6).
func (k *Book) UnpackShipment(ctx context.Context, by ledger.Author, id shipment.ID, raws []string, place, reason string) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		if x.b == nil {
			return shipped{}, notExpected(id)
		}
		out, ids, mismatch := x.scan(by, k.Clock(), "unpack", raws)
		if mismatch != nil {
			out.after = mismatch
			return out, nil
		}
		draft, err := x.s.Unpack(by, shipment.Unpacking{Containers: ids, Place: place, Reason: reason})
		if err != nil {
			return shipped{}, err
		}
		out.drafts = []ledger.Draft{draft}
		for _, c := range ids {
			if _, open := x.t.Open(c); !open {
				continue
			}
			back, err := x.t.Withdraw(people.Role(by.Role), c, strings.TrimSpace(reason))
			if err != nil {
				return shipped{}, err
			}
			out.therapy = append(out.therapy, back)
		}
		return out, nil
	})
}

// CancelShipment ends a shipment that has not begun.
func (k *Book) CancelShipment(ctx context.Context, by ledger.Author, id shipment.ID, reason string) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		draft, err := x.s.Cancel(by, reason)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}

// CloseShipment ends a shipment with which nothing is left to do.
func (k *Book) CloseShipment(ctx context.Context, by ledger.Author, id shipment.ID, reason string) error {
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		draft, err := x.s.Close(by, reason)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
}
