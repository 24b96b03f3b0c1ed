package phone

import (
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

const (
	typeDelivered = "phone.event-delivered"
	streamPrefix  = "phone/"
	claimPrefix   = "phone-event/"
)

// Stream is the stream of what a phone delivered.
func Stream(phone string) string { return streamPrefix + phone }

// Worth is what a delivered event is good for.
type Worth string

// The worths of an event. Each one is kept for ever (I2).
const (
	Counts   Worth = "counts"   // it says what happened
	Copied   Worth = "conflict" // another event of this phone contradicts it: somebody copied the phone, or it lost its memory
	Evidence Worth = "evidence" // its pass was withdrawn before it was delivered: it moves no custody (CS-80), and stands at a bed with a doubt
)

// Delivered is one event as it stands in the record: what was signed, when it came, and what is known of its time.
type Delivered struct {
	Event
	Envelope Envelope
	Digest   ledger.Digest
	Worth    Worth
	Moment   chainofcustody.Moment
	Off      bool // the phone's clock was more than a minute off
	Received time.Time
	Seq      uint64
}

// Late tells whether the event came more than limit after it can have happened at the latest (DI-11).
func (d Delivered) Late(limit time.Duration) bool { return d.Received.Sub(d.Moment.Latest) > limit }

// Record is everything that one phone delivered, in the order in which it came.
type Record struct {
	Phone   string
	Events  []Delivered
	Version uint64
}

type delivered struct {
	Envelope Envelope      `json:"envelope"`
	Offset   time.Duration `json:"offset"` // server minus phone, at delivery, in nanoseconds
	Worth    Worth         `json:"worth"`
}

// Numbers are the digests of what counts, by number.
func (r *Record) Numbers() map[uint64]ledger.Digest {
	out := make(map[uint64]ledger.Digest, len(r.Events))
	for _, e := range r.Events {
		if e.Worth != Copied {
			out[e.Counter] = e.Digest
		}
	}
	return out
}

// Find is the event with that digest.
func (r *Record) Find(d ledger.Digest) (Delivered, bool) {
	for _, e := range r.Events {
		if e.Digest == d {
			return e, true
		}
	}
	return Delivered{}, false
}

// Missing are numbers that lie between what was delivered: the phone has them still, or lost them.
func (r *Record) Missing() []uint64 {
	have, most := r.Numbers(), uint64(0)
	for n := range have {
		most = max(most, n)
	}
	var out []uint64
	for n := uint64(1); n < most && len(out) < 1000; n++ {
		if _, ok := have[n]; !ok {
			out = append(out, n)
		}
	}
	return out
}

// Deliver decides what becomes of an event that was validly signed: it is always kept. withdrawn says that its pass
// was ended before. offset is the phone's clock against the server's at delivery. The second value is false where the
// event is in the record already.
func (r *Record) Deliver(e Event, envelope Envelope, offset time.Duration, withdrawn bool) (ledger.Draft, bool) {
	digest := envelope.Digest()
	if _, known := r.Find(digest); known {
		return ledger.Draft{}, false
	}
	d := delivered{Envelope: envelope, Offset: offset, Worth: Counts}
	claim := fmt.Sprintf("%s%s/%d", claimPrefix, e.Phone, e.Counter)
	switch {
	case Stands(r.Numbers(), e, digest) == Conflict:
		d.Worth = Copied
		claim += "/" + digest.String()[:16]
	case withdrawn:
		d.Worth = Evidence
	}
	return ledger.Draft{Type: typeDelivered, Data: d, Takes: []string{claim}}, true
}

// Apply folds one entry of the phone's stream.
func (r *Record) Apply(e ledger.Entry) error {
	if e.Type != typeDelivered || e.Version != r.Version+1 {
		return fmt.Errorf("phone stream %s: entry %d of type %q, version %d after %d", e.Stream, e.Seq, e.Type, e.Version, r.Version)
	}
	var d delivered
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return fmt.Errorf("phone stream %s: entry %d: %w", e.Stream, e.Seq, err)
	}
	event, err := parse(d.Envelope.Payload)
	if err != nil {
		return fmt.Errorf("phone stream %s: entry %d: %w", e.Stream, e.Seq, err)
	}
	r.Phone, r.Version = event.Phone, e.Version
	r.Events = append(r.Events, Delivered{
		Event: event, Envelope: d.Envelope, Digest: d.Envelope.Digest(), Worth: d.Worth, Moment: event.Time.Moment(d.Offset, e.Time),
		Off: event.Time.WrongClock(d.Offset), Received: e.Time, Seq: e.Seq,
	})
	return nil
}
