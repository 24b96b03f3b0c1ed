package chainofcustody

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// MatchLife is how long a match is good for the act for which it was scanned: scan and act are one movement of the hand.
const MatchLife = 30 * time.Second

// Match is the proof that one person scanned a container of this therapy event for one purpose at one time, and that it was
// the expected one. Only Scan makes it, so outside of this room it cannot be forged, kept for another act, or passed on (I4).
type Match struct {
	coi       isbt128.CoI
	container isbt128.ContainerID
	purpose   string
	keyed     bool
	serial    int
	expiry    string
	batch     string
	by        string
	at        time.Time
}

// Serial is the serial of the label that was read; zero when it says none, or was typed.
func (m Match) Serial() int { return m.serial }

// Expiry is the expiry that the label says (DS 005); empty when it says none.
func (m Match) Expiry() string { return m.expiry }

// Batch is the batch that the label says; empty when it says none, as labels in the codes of identifiers do.
func (m Match) Batch() string { return m.batch }

// Keyed tells whether the identifier was typed with its check character instead of read by a device (ID-12).
func (m Match) Keyed() bool { return m.keyed }

// CoI is the identity that was matched.
func (m Match) CoI() isbt128.CoI { return m.coi }

// Container is the container that was matched; zero when any label of the CoI was asked for.
func (m Match) Container() isbt128.ContainerID { return m.container }

// Purpose is what the scan was made for.
func (m Match) Purpose() string { return m.purpose }

// IsZero tells whether there is no match.
func (m Match) IsZero() bool { return m.purpose == "" }

// For holds that a match serves an act: of this treatment, for this purpose, by this person, and made just before. The
// refusal names I4; nil when it serves.
func (m Match) For(coi isbt128.CoI, purpose, account string, now time.Time) *ledger.Refusal {
	why := ""
	switch {
	case m.IsZero():
		why = "nothing was scanned"
	case m.coi != coi:
		why = "the scan was of another treatment"
	case m.purpose != purpose:
		why = "the scan was made for " + m.purpose
	case m.by != account:
		why = "the scan was made by another person"
	case now.Before(m.at) || now.Sub(m.at) > MatchLife:
		why = fmt.Sprintf("the scan is older than %d seconds", int(MatchLife.Seconds()))
	default:
		return nil
	}
	return ledger.Refuse(ledger.Unmet, "I4", "no-match", "this needs a matching scan of its own: {why}", "scan the container, then go on at once", "why", why, "purpose", purpose)
}

// MaxFailed is how many times in a row an identifier may be typed wrongly for one purpose before the step is locked (ID-12).
const MaxFailed = 3

// Failed is how often, in a row and since a time, an identifier was typed for a purpose that could not be read: a wrong check
// character, or characters missing. A match in between begins the count anew; what a scanner sent does not count.
func (t *TherapyEvent) Failed(purpose string, since time.Time) int {
	n := 0
	for _, s := range t.Scans {
		switch {
		case s.Purpose != purpose || !s.At.After(since):
		case s.Outcome == Matched:
			n = 0
		case s.Outcome == Unreadable && LooksTyped(s.Raw):
			n++
		}
	}
	return n
}

// LooksTyped tells whether a text is of the characters that identifiers are typed with; codes have others.
func LooksTyped(raw string) bool {
	plain := strings.TrimSpace(raw)
	return plain != "" && strings.Trim(strings.ToUpper(plain), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ* /") == ""
}
