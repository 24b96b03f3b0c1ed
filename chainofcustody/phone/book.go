package phone

import (
	"context"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book takes what phones deliver into a plant's log.
type Book struct {
	Log    ledger.Log
	People *people.Directory
	Clock  func() time.Time
	// Moves adds to an append what an event does elsewhere, such as a change of custody; nil for nothing. It is asked also
	// of what is evidence only: what was done at a bed happened, and a label that was read was read. It is not asked of a copy.
	// It is asked afresh whenever the record has moved on, and refuses nothing: what was signed stands.
	Moves func(ctx context.Context, a *ledger.Append, e Delivered) error

	folded ledger.Folded[*Record]
}

// most is how many events one delivery may have.
const most = 40

// Answer is what became of one event of a delivery.
type Answer struct {
	Delivered
	Err error // why it was not taken; then the rest is empty
}

// Load folds what a phone delivered. A phone that delivered nothing has an empty record.
func (b *Book) Load(ctx context.Context, phone string) (*Record, error) {
	kept, ok := b.folded.Get(Stream(phone))
	if !ok {
		kept = &Record{Phone: phone}
	}
	r := kept
	for e, err := range b.Log.Stream(ctx, Stream(phone), kept.Version) {
		if err != nil {
			return nil, fmt.Errorf("read phone %s: %w", phone, err)
		}
		if r == kept {
			copied := *kept
			copied.Events = kept.Events[:len(kept.Events):len(kept.Events)]
			r = &copied
		}
		err = r.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if r != kept {
		b.folded.Put(Stream(phone), r.Version, r)
	}
	return r, nil
}

// Greet finds and proves the phone of a delivery. It returns the pass and how far the phone's clock is behind.
func (b *Book) Greet(ctx context.Context, hello Envelope) (people.Pass, people.Phone, time.Duration, error) {
	g, err := ReadGreeting(hello)
	if err != nil {
		return people.Pass{}, people.Phone{}, 0, err
	}
	pass, phone, err := b.People.PassOfPhone(ctx, g.Phone)
	if err != nil {
		return people.Pass{}, people.Phone{}, 0, err
	}
	key, err := ParseKey(phone.Key)
	if err != nil {
		return people.Pass{}, people.Phone{}, 0, err
	}
	offset, err := OpenGreeting(hello, key, b.Clock())
	return pass, phone, offset, err
}

// Deliver takes events of the phone that greeted, each for itself: one that was not signed by it is refused, one that
// was is kept whatever it says, and one that came before is answered as before (exactly once, TR-10).
func (b *Book) Deliver(ctx context.Context, pass people.Pass, phone people.Phone, offset time.Duration, events []Envelope) ([]Answer, error) {
	if len(events) > most {
		return nil, refuseForm(fmt.Sprintf("it has more than %d events", most))
	}
	key, err := ParseKey(phone.Key)
	if err != nil {
		return nil, err
	}
	out := make([]Answer, 0, len(events))
	for _, envelope := range events {
		answer, err := b.one(ctx, pass, phone, key, offset, envelope)
		if err != nil && ledger.RefusalsOf(err) == nil {
			return out, err
		}
		out = append(out, Answer{Delivered: answer, Err: err})
	}
	return out, nil
}

func (b *Book) one(ctx context.Context, pass people.Pass, phone people.Phone, key Key, offset time.Duration, envelope Envelope) (Delivered, error) {
	if envelope.Phone != phone.ID {
		return Delivered{}, refuseForm("it is of another phone")
	}
	event, err := Open(envelope, key)
	if err != nil {
		return Delivered{}, err
	}
	if event.Scope() != pass.Scope {
		return Delivered{}, ledger.Refuse(ledger.Forbidden, "CS-66", "phone-scope",
			"the phone {phone} has no pass for the shipment {shipment}", "open the link of that shipment", "phone", phone.ID, "shipment", event.About())
	}
	by := ledger.Author{Account: pass.Account, Role: string(pass.Role), Terminal: phone.Terminal()}
	digest := envelope.Digest()
	_, err = ledger.Decide(ctx, b.Log, func(ctx context.Context) (ledger.Append, error) {
		record, err := b.Load(ctx, phone.ID)
		if err != nil {
			return ledger.Append{}, err
		}
		now, err := b.People.Pass(ctx, pass.ID) // it may be withdrawn at this moment
		if err != nil {
			return ledger.Append{}, err
		}
		draft, fresh := record.Deliver(event, envelope, offset, now.Revoked)
		if !fresh {
			return ledger.Append{Author: by}, nil
		}
		a := ledger.Append{Author: by, Streams: []ledger.StreamAppend{
			{Stream: Stream(phone.ID), Expected: record.Version, Drafts: []ledger.Draft{draft}},
			now.Guard(),
		}}
		next, err := record.after(draft, by, b.Clock())
		if err != nil || next.Worth == Copied || b.Moves == nil {
			return a, err
		}
		return a, b.Moves(ctx, &a, next)
	})
	if err != nil {
		return Delivered{}, fmt.Errorf("deliver event %d of phone %s: %w", event.Counter, phone.ID, err)
	}
	record, err := b.Load(ctx, phone.ID)
	if err != nil {
		return Delivered{}, err
	}
	kept, _ := record.Find(digest)
	return kept, nil
}

// after is the event as it would stand in the record, before it does.
func (r *Record) after(draft ledger.Draft, by ledger.Author, now time.Time) (Delivered, error) {
	next := Record{Phone: r.Phone, Version: r.Version}
	e, err := ledger.Provisional(draft, by, now, r.Version+1)
	if err == nil {
		err = next.Apply(e)
	}
	if err != nil {
		return Delivered{}, err
	}
	return next.Events[0], nil
}
