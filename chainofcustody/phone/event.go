package phone

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"time"
	"unicode/utf8"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// Format is the version of an event's form.
const Format = 1

// Kind is what an event says.
type Kind string

// The kinds of event.
const (
	Give  Kind = "give"  // the holder offers: container, seals, place as the giver sees them
	Take  Kind = "take"  // the receiver confirms the same, over the giver's signed event
	Scan  Kind = "scan"  // a label was read on the way
	Note  Kind = "note"  // something happened: a delay, damage, a broken seal
	Seals Kind = "seals" // the seals were looked at, or others were put on
)

// Event is what one person did with the phone of their pass.
type Event struct {
	Phone    string // id of the phone
	Counter  uint64 // from 1, without gaps
	Previous string // digest of the event before it; empty for the first
	Kind     Kind
	Shipment string
	Scanned  string // the label as it was read, byte for byte; empty where none was
	Typed    bool   // the label was typed with its check character
	Seals    []string
	Place    string
	Text     string
	Time     chainofcustody.ClaimedTime
	Given    *Envelope // of a Take: what the giver's phone signed; nil where the giver had none
	Bed      *Bed      // of an event at the bedside; then there is no shipment
}

// form is the JSON of an event, as the phone writes it.
type form struct {
	V        int       `json:"v"`
	Phone    string    `json:"phone"`
	N        uint64    `json:"n"`
	Previous string    `json:"prev"`
	Kind     Kind      `json:"kind"`
	Shipment string    `json:"shipment"`
	Scanned  string    `json:"scanned"`
	Typed    bool      `json:"typed"`
	Seals    []string  `json:"seals"`
	Place    string    `json:"place"`
	Text     string    `json:"text"`
	At       string    `json:"at"`        // RFC 3339 with milliseconds, UTC, of the phone's clock
	OffsetMS int64     `json:"offset_ms"` // server minus phone, as last known
	BoundMS  int64     `json:"bound_ms"`
	Given    *Envelope `json:"given"`
	Bed      *Bed      `json:"bed"`
}

const (
	maxScanned = 512
	maxSeals   = 10
	maxSeal    = 40
	maxPlace   = 120
	maxText    = 500
	maxOffset  = int64(50 * 365 * 24 * 3600 * 1000) // fifty years of milliseconds: no clock is further off
)

var (
	phoneIDs = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{8}-[1-9]$`)
	digests  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	shipping = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._*-]{0,63}$`)
)

func parse(payload []byte) (Event, error) {
	var f form
	err := strict(payload, &f)
	if err != nil {
		return Event{}, refuseForm(err.Error())
	}
	why := f.fault()
	if why != "" {
		return Event{}, refuseForm(why)
	}
	at, err := time.Parse(time.RFC3339Nano, f.At)
	if err != nil || at.Year() < 1970 || at.Year() > 9000 {
		return Event{}, refuseForm("its time is none")
	}
	return Event{
		Phone: f.Phone, Counter: f.N, Previous: f.Previous, Kind: f.Kind, Shipment: f.Shipment, Scanned: f.Scanned, Typed: f.Typed,
		Seals: f.Seals, Place: f.Place, Text: f.Text, Given: f.Given, Bed: f.Bed,
		Time: chainofcustody.ClaimedTime{At: at.UTC(), Offset: milliseconds(f.OffsetMS), Bound: milliseconds(f.BoundMS)},
	}, nil
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func (f form) fault() string {
	switch {
	case f.V != Format:
		return fmt.Sprintf("its form is version %d", f.V)
	case !phoneIDs.MatchString(f.Phone):
		return "its phone has no id"
	case f.N == 0 || f.N > math.MaxInt32:
		return "it has no number"
	case f.N == 1 != (f.Previous == "") || f.Previous != "" && !digests.MatchString(f.Previous):
		return "it does not name the event before it"
	case f.Bed == nil && !shipping.MatchString(f.Shipment), f.Bed != nil && f.Shipment != "":
		return "it names no shipment"
	case f.OffsetMS < -maxOffset || f.OffsetMS > maxOffset || f.BoundMS < 0 || f.BoundMS > maxOffset:
		return "its clock is out of all bounds"
	case len(f.Scanned) > maxScanned || len(f.Seals) > maxSeals:
		return "a label or the list of seals is too long"
	case f.Given != nil && f.Kind != Take:
		return "only a take has a giver's event"
	}
	return f.textFault()
}

func (f form) textFault() string {
	if !fits(f.Place, maxPlace) || !fits(f.Text, maxText) {
		return "its place or text is too long or cannot be printed"
	}
	for _, seal := range f.Seals {
		if seal == "" || !fits(seal, maxSeal) {
			return "a seal number is empty, too long or cannot be printed"
		}
	}
	if f.Bed != nil {
		return f.Bed.fault(f.Kind, f.Scanned)
	}
	switch f.Kind {
	case Give, Take:
		if f.Scanned == "" || f.Place == "" {
			return "a handoff needs a scanned label and a place"
		}
	case Scan:
		if f.Scanned == "" {
			return "a scan needs a label"
		}
	case Note:
		if f.Text == "" {
			return "a note needs a text"
		}
	case Seals:
		if len(f.Seals) == 0 {
			return "no seal is named"
		}
	default:
		return "its kind is unknown"
	}
	return ""
}

func fits(text string, most int) bool {
	return len(text) <= most && (text == "" || paper.Printable(text) == nil)
}

// strict reads one JSON document without unknown fields and with nothing behind it.
func strict(doc []byte, into any) error {
	if !utf8.Valid(doc) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err != nil {
		return errors.New("it is not the expected JSON")
	}
	_, err = d.Token()
	if !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// Standing is what an event is to those that its phone delivered before.
type Standing int

// The standings of an event.
const (
	New      Standing = iota // its number was not delivered yet; those between may still come
	Again                    // the same event: it is delivered already, and answered as such
	Conflict                 // another event has its number, or it names another one before it: a copy of the phone signed it
)

// Stands holds an event against the digests that its phone delivered, by number. Phones deliver in any order.
func Stands(delivered map[uint64]ledger.Digest, e Event, digest ledger.Digest) Standing {
	kept, taken := delivered[e.Counter]
	before, known := delivered[e.Counter-1]
	switch {
	case taken && kept == digest:
		return Again
	case taken, known && before.String() != e.Previous:
		return Conflict
	}
	return New
}

// Number is the number that an envelope claims to have, for an answer about one that is refused; 0 for none.
func Number(e Envelope) uint64 {
	var claimed struct {
		N uint64 `json:"n"`
	}
	if len(e.Payload) > maxPayload || json.Unmarshal(e.Payload, &claimed) != nil {
		return 0
	}
	return claimed.N
}
