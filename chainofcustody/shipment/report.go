package shipment

import (
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Report is what somebody on the way told from their phone: what happened, or how they read the seals. It moves no custody
// (TR-10).
type Report struct {
	Kind       phone.Kind                 `json:"kind"` // phone.Note or phone.Seals
	Text       string                     `json:"text,omitempty"`
	Seals      []string                   `json:"seals,omitempty"`
	By         Holder                     `json:"by"`
	At         chainofcustody.Moment      `json:"at"`
	Claim      chainofcustody.ClaimedTime `json:"claim"` // what the phone said
	WrongClock bool                       `json:"wrong_clock,omitempty"`
	Revoked    bool                       `json:"revoked,omitempty"` // its pass was withdrawn before it was delivered
	Event      string                     `json:"event"`             // digest of what the phone signed
	Known      time.Time                  `json:"-"`                 // when the server learned of it
	Version    uint64                     `json:"-"`                 // of the stream with its entry
}

// Late is how long after it happened, at the least, the server learned of it; zero where it came in time (DI-11).
func (r Report) Late() time.Duration { return lateBy(r.At, r.Known) }

// tells says whether an event of a phone is a report. What was signed with a pass that had been withdrawn is one too: it
// happened, and is shown as such (CS-80).
func tells(e phone.Delivered) bool { return e.Kind == phone.Note || e.Kind == phone.Seals }

// report is what a phone's event adds to the shipment of which it tells.
func report(e phone.Delivered, by ledger.Author) []ledger.Draft {
	return []ledger.Draft{{Type: typeReported, Data: Report{
		Kind: e.Kind, Text: e.Text, Seals: e.Seals, By: holderAs(people.Role(by.Role), by.Account, e.Phone), At: e.Moment, Claim: e.Time,
		WrongClock: e.Off, Revoked: e.Worth == phone.Evidence, Event: e.Digest.String(),
	}}}
}

// News tells whether a report has to be read by the other sides: what happened, and seals that are not those of the packing.
func (s *Shipment) News(r Report) bool {
	return r.Kind == phone.Note || len(s.Packing.Seals) > 0 && !sameSet(s.Packing.Seals, r.Seals)
}

// reported is the version with the newest news that a side did not tell itself; 0 for none.
func (s *Shipment) reported(party string) uint64 {
	newest := uint64(0)
	for _, r := range s.Reports {
		if string(r.By.Party) != party && s.News(r) {
			newest = max(newest, r.Version)
		}
	}
	return newest
}
