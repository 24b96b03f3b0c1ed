package shipment

import (
	"time"

	"rexbatch/chainofcustody"
)

// Holder is one who has the box: a side, and the person for it.
type Holder struct {
	Party    chainofcustody.Party `json:"party"`
	Account  string               `json:"account"`
	Role     string               `json:"role,omitempty"`
	Terminal string               `json:"terminal,omitempty"`
}

// Evidence is where a side's confirmation stands: an entry of a stream, or an event that a phone signed.
type Evidence struct {
	Kind string `json:"kind"` // "entry" or "phone"
	Ref  string `json:"ref"`  // "custody/CHA999926000001@12", or the event's identifier
}

// Leg is one change of hands as both sides confirmed it.
type Leg struct {
	Giver      Holder                `json:"giver"`
	Receiver   Holder                `json:"receiver"`
	Containers []string              `json:"containers"`
	Seals      []string              `json:"seals"`                 // as the giver read them (TR-6)
	SealsTaken []string              `json:"seals_taken,omitempty"` // as the receiver read them; absent: the same
	Place      string                `json:"place"`
	Given      chainofcustody.Moment `json:"given"`
	Taken      chainofcustody.Moment `json:"taken"`
	// Claimed is what the phones said, where they were offline; received is the end of the moments then.
	GivenClaim *chainofcustody.ClaimedTime `json:"given_claim,omitempty"`
	TakenClaim *chainofcustody.ClaimedTime `json:"taken_claim,omitempty"`
	WrongClock bool                        `json:"wrong_clock,omitempty"` // a clock was more than a minute off (scenario 54)
	Revoked    bool                        `json:"revoked,omitempty"`     // signed with a pass that was revoked by then: evidence only
	Evidence   []Evidence                  `json:"evidence,omitempty"`
	Seq        uint64                      `json:"-"` // of the entry
	Origin     string                      `json:"-"` // site of the log in which Seq is its position; empty for this one
	Known      time.Time                   `json:"-"` // when the server learned of it
	// Was is how it was known before its time became known better, and CorrectedAt is when that was; nil where it never did.
	Was         *Leg      `json:"-"`
	CorrectedAt time.Time `json:"-"`
}

// lateAfter is how long after it happened a leg may come before it is shown as late (DI-11).
const lateAfter = 15 * time.Minute

// Late is how long after it happened, at the least, the server learned of a leg; zero where it came in time.
func (l Leg) Late() time.Duration { return lateBy(l.Taken, l.Known) }

func lateBy(m chainofcustody.Moment, known time.Time) time.Duration {
	late := known.Sub(m.Latest)
	if known.IsZero() || m.Latest.IsZero() || late <= lateAfter {
		return 0
	}
	return late
}

// key orders legs whose order is not known, the same way whatever their order of arrival.
func (l Leg) key() string {
	return l.Taken.Latest.UTC().Format(sortable) + "|" + l.Given.Latest.UTC().Format(sortable) + "|" + string(l.Giver.Party) + "|" + l.Giver.Account + "|" +
		string(l.Receiver.Party) + "|" + l.Receiver.Account + "|" + l.Place
}

const sortable = "2006-01-02T15:04:05.000000000"
