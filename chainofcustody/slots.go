package chainofcustody

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Part is the half of a day in which a plant takes a harvest into work: a process takes about seven hours.
type Part string

// The parts of a day.
const (
	Forenoon  Part = "forenoon"
	Afternoon Part = "afternoon"
)

// Parts are the parts of a day, in order.
func Parts() []Part { return []Part{Forenoon, Afternoon} }

// Slot is when a plant takes the harvest of one patient into work. One slot is one patient's.
type Slot struct {
	Day  string `json:"day"` // YYYY-MM-DD at the plant
	Part Part   `json:"part"`
}

// IsZero tells whether there is no slot.
func (s Slot) IsZero() bool { return s == Slot{} }

// String is a slot in one word, e.g. "2026-11-24/forenoon".
func (s Slot) String() string {
	if s.IsZero() {
		return ""
	}
	return s.Day + "/" + string(s.Part)
}

// ordinal counts slots, so that neighbours differ by one.
func (s Slot) ordinal() (int, error) {
	if s.IsZero() {
		return 0, ledger.Refuse(ledger.Invalid, "S01", "slot", "this is no slot: a day and its part are needed", "choose a slot of the calendar")
	}
	var faults ledger.Refusals
	day, err := time.Parse(time.DateOnly, s.Day)
	if err != nil {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "S01", "slot-date", "the slot needs a day of the calendar, {date} is none", "choose day, month and year again", "date", s.Day))
	}
	part := slices.Index(Parts(), s.Part)
	if part < 0 {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "S01", "slot-part", "the slot needs a part of the day, none is chosen", "choose the morning or the afternoon"))
	}
	if len(faults) > 0 {
		return 0, faults
	}
	return int(day.Unix()/86400)*len(Parts()) + part, nil
}

// Beside tells whether two slots follow each other without one in between.
func (s Slot) Beside(o Slot) bool {
	a, err := s.ordinal()
	b, other := o.ordinal()
	return err == nil && other == nil && (a-b == 1 || b-a == 1)
}

// Booking is a slot that is taken.
type Booking struct {
	Slot
	CoI     string `json:"coi"`
	Subject string `json:"subject"`
}

// Calendar is the slots of a plant that are taken, as its stream says. Because every reservation is made on the version of
// the one stream, two at the same moment cannot both be right.
type Calendar struct {
	Bookings []Booking // in order of time
	Version  uint64
}

const (
	typeReserved = "custody.slot-reserved"
	typeFreed    = "custody.slot-freed"
)

type reserved struct {
	Booking
	Was *Slot `json:"was,omitempty"` // the slot that the therapy event had until now
}

type freed struct {
	Booking
	Why string `json:"why"`
}

func (c *Calendar) apply(e ledger.Entry) error {
	c.Version = e.Version
	var d reserved // freed has the same booking
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return fmt.Errorf("calendar entry %d: %w", e.Seq, err)
	}
	c.Bookings = slices.DeleteFunc(c.Bookings, func(b Booking) bool { return b.CoI == d.CoI })
	switch e.Type {
	case typeReserved:
		i, _ := slices.BinarySearchFunc(c.Bookings, d.Booking, func(a, b Booking) int { return a.compare(b) })
		c.Bookings = slices.Insert(c.Bookings, i, d.Booking)
		return nil
	case typeFreed:
		return nil
	}
	return fmt.Errorf("calendar entry %d: unknown entry type %q", e.Seq, e.Type)
}

func (b Booking) compare(o Booking) int {
	x, _ := b.ordinal()
	y, _ := o.ordinal()
	return x - y
}

// Of is the slot of a therapy event; false when it has none.
func (c *Calendar) Of(coi isbt128.CoI) (Booking, bool) {
	i := slices.IndexFunc(c.Bookings, func(b Booking) bool { return b.CoI == coi.String() })
	if i < 0 {
		return Booking{}, false
	}
	return c.Bookings[i], true
}

// maxAhead is how long ahead a slot can be reserved.
const maxAhead = 366 * 24 * time.Hour

// Reserve decides that a therapy event has a slot, in place of the one it had. alike are subjects with the same name and
// year of birth: they are not taken into work one after the other (scenario 6). today is the day at the plant.
func (c *Calendar) Reserve(today time.Time, coi isbt128.CoI, subject string, slot Slot, alike []string) (ledger.Draft, error) {
	_, err := slot.ordinal()
	if err != nil {
		return ledger.Draft{}, err
	}
	last := today.Add(maxAhead).Format(time.DateOnly)
	if slot.Day < today.Format(time.DateOnly) || slot.Day > last {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "S01", "slot-day", "{slot} is no day on which a slot can be reserved", "choose a day from today on, within a year", "slot", slot.String())
	}
	for _, b := range c.Bookings {
		switch {
		case b.CoI == coi.String() && b.Slot == slot:
			return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "S01", "slot-same", "{subject} has the slot {slot} already", "leave it as it is", "subject", subject, "slot", slot.String())
		case b.Slot == slot:
			return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "S01", "slot-taken", "the slot {slot} is taken by {other}", "choose a free one", "slot", slot.String(), "other", b.Subject)
		case b.Beside(slot) && slices.Contains(alike, b.Subject):
			return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "AT-10", "slot-alike", "the slot {slot} is next to that of {other}, a patient with the same name and year of birth", "choose a slot that is not next to it", "slot", slot.String(), "other", b.Subject)
		}
	}
	d := reserved{Booking: Booking{Slot: slot, CoI: coi.String(), Subject: subject}}
	if had, ok := c.Of(coi); ok {
		d.Was = &had.Slot
	}
	return ledger.Draft{Type: typeReserved, Data: d}, nil
}

// CalendarStream is the stream of a plant's slots.
func CalendarStream(site string) string { return "slots/" + site }

// Calendar loads the plant's slots.
func (b *Book) Calendar(ctx context.Context) (*Calendar, error) {
	c := &Calendar{}
	for e, err := range b.Log.Stream(ctx, CalendarStream(b.Site), 0) {
		if err != nil {
			return nil, fmt.Errorf("calendar of %s: %w", b.Site, err)
		}
		err = c.apply(e)
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// DraftSlot is the part of an append that reserves a slot.
func (b *Book) DraftSlot(ctx context.Context, zone *time.Location, coi isbt128.CoI, subject string, slot Slot) (ledger.StreamAppend, error) {
	c, err := b.Calendar(ctx)
	if err != nil {
		return ledger.StreamAppend{}, err
	}
	alike, err := b.Alike(subject)
	if err != nil {
		return ledger.StreamAppend{}, err
	}
	draft, err := c.Reserve(b.Clock().In(zone), coi, subject, slot, alike)
	return ledger.StreamAppend{Stream: CalendarStream(b.Site), Expected: c.Version, Drafts: []ledger.Draft{draft}}, err
}

// FreeSlot is the part of an append that gives the slot of a therapy event back; false when it has none.
func (b *Book) FreeSlot(ctx context.Context, coi isbt128.CoI, why string) (ledger.StreamAppend, bool, error) {
	c, err := b.Calendar(ctx)
	if err != nil {
		return ledger.StreamAppend{}, false, err
	}
	had, ok := c.Of(coi)
	return ledger.StreamAppend{Stream: CalendarStream(b.Site), Expected: c.Version, Drafts: []ledger.Draft{{Type: typeFreed, Data: freed{Booking: had, Why: why}}}}, ok, nil
}

// Reserve gives a therapy event a slot, or another one: by who orders or who plans.
func (b *Book) Reserve(ctx context.Context, by ledger.Author, zone *time.Location, coi isbt128.CoI, slot Slot) error {
	if r := people.Role(by.Role); !r.May(people.OpenOrder) && !r.May(people.Schedule) {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-reserve", "the role {role} does not reserve slots", "the coordinator or the plant's scheduler does", "role", by.Role)
	}
	_, err := ledger.Decide(ctx, b.Log, func(ctx context.Context) (ledger.Append, error) {
		t, err := b.Load(ctx, coi)
		if err != nil {
			return ledger.Append{}, err
		}
		s, err := b.DraftSlot(ctx, zone, coi, t.Subject, slot)
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{s}}, err
	})
	return err
}

// Alike are the subject numbers of other patients of the plant with the same name and year of birth. Without a vault nobody
// knows.
func (b *Book) Alike(subject string) ([]string, error) {
	if b.Vault == nil {
		return nil, nil
	}
	return b.Vault.Alike(subject)
}

// Near are the patients who could be mixed up with this one now: of the same name and year of birth, with a slot within a
// day of this one's. Where a slot is not known, the patient counts (scenario 6).
func (b *Book) Near(ctx context.Context, coi isbt128.CoI, subject string) ([]string, error) {
	alike, err := b.Alike(subject)
	if err != nil || len(alike) == 0 {
		return nil, err
	}
	c, err := b.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	mine, known := c.Of(coi)
	far := func(other string) bool {
		i := slices.IndexFunc(c.Bookings, func(b Booking) bool { return b.Subject == other })
		if i < 0 || !known {
			return false
		}
		a, err := time.Parse(time.DateOnly, mine.Day)
		o, bad := time.Parse(time.DateOnly, c.Bookings[i].Day)
		return err == nil && bad == nil && a.Sub(o).Abs() > 24*time.Hour
	}
	return slices.DeleteFunc(alike, far), nil
}
