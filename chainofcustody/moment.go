package chainofcustody

import (
	"time"
)

// maxClockError is how far a device's clock may be from the server's before it is marked (scenario 54).
const maxClockError = 60 * time.Second

// Moment is when something happened as far as it is known: not before Earliest, not after Latest, both in server
// time. What a person did at the server is exact; what a device says of itself has an error. An order of two moments
// is claimed only where they do not overlap. The zero Moment is any time.
type Moment struct {
	Earliest time.Time `json:"earliest,omitzero"` // zero: not known
	Latest   time.Time `json:"latest,omitzero"`   // zero: not known
}

// At is a moment that the server saw.
func At(t time.Time) Moment { return Moment{Earliest: t, Latest: t} }

// Before tells whether m is certainly over when n begins. Where neither is before the other, their order is not
// known, and nobody may claim one.
func (m Moment) Before(n Moment) bool {
	return !m.Latest.IsZero() && !n.Earliest.IsZero() && m.Latest.Before(n.Earliest)
}

// Certain tells whether both ends are known.
func (m Moment) Certain() bool { return !m.Earliest.IsZero() && !m.Latest.IsZero() }

// Width is how much is not known; zero where an end is missing.
func (m Moment) Width() time.Duration {
	if !m.Certain() {
		return 0
	}
	return m.Latest.Sub(m.Earliest)
}

// ClaimedTime is what a device says of when something happened, with what it knew then of its clock. The device's
// time is never rewritten (TR-10); what follows from it is computed.
type ClaimedTime struct {
	At     time.Time     `json:"at"`     // the device's clock
	Offset time.Duration `json:"offset"` // server minus device, at the last exchange before, in nanoseconds
	Bound  time.Duration `json:"bound"`  // by how much Offset may be wrong, not negative
}

// Moment is the claim in server time. now is the device's offset at delivery: where the device's clock was set in
// between the two differ, and the moment covers both. Nothing happened after the server received it.
func (c ClaimedTime) Moment(now time.Duration, received time.Time) Moment {
	low, high := min(c.Offset, now), max(c.Offset, now)
	bound := max(c.Bound, 0)
	m := Moment{Earliest: c.At.Add(low - bound), Latest: c.At.Add(high + bound)}
	if m.Latest.After(received) {
		m.Latest = received
	}
	if m.Earliest.After(m.Latest) { // the claim is later than its own delivery: all that is known is that it was before
		m.Earliest = time.Time{}
	}
	return m
}

// WrongClock tells whether the device's clock was more than a minute off, when it acted or at delivery (scenario 54).
func (c ClaimedTime) WrongClock(now time.Duration) bool {
	return c.Offset.Abs() > maxClockError || now.Abs() > maxClockError
}
