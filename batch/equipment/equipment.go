// Package equipment keeps the devices of a plant: whether each is qualified, calibrated and clean, which programme
// versions it may run, and which batches it was used for (CS-67).
//
// One device is one aggregate (stream "equipment/<id>"). Decisions are pure functions of the folded state; Book loads,
// decides and appends. The package knows nothing of batches but their numbers.
//
// A check that was passed holds until the end of a calendar day of the plant. That moment is computed once, with the
// plant's time zone, and stands in the entry in UTC: what a later copy of the zone rules says changes nothing.
package equipment

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
)

// symbology is the length of what a reader may send before the code.
const symbology = 3

// ID is a device's identifier, as it stands on its tag: "CEN-03".
type ID string

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{1,23}$`)
	kindForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,31}$`)
)

// ParseID reads an identifier that was scanned or typed. Blanks around it are dropped, and so is the symbology
// identifier that some readers send first ("]d1"); letters are made capital. It has 2 to 24 characters A–Z, 0–9 and '-', and does not
// begin with '-'.
func ParseID(s string) (ID, error) {
	id := strings.TrimSpace(s)
	if strings.HasPrefix(id, "]") && len(id) > symbology {
		id = id[symbology:]
	}
	if !idForm.MatchString(id) {
		return "", ledger.Refuse(ledger.Invalid, "CS-67", "device-id",
			"an equipment tag has 2 to 24 characters: capital letters, digits and hyphens", "scan the tag of the device")
	}
	return ID(strings.ToUpper(id)), nil
}

// streamPrefix begins the streams of devices, and the keys of their views.
const streamPrefix = "equipment/"

// Stream is the stream of a device.
func Stream(id ID) string { return streamPrefix + string(id) }

// Check is something that a device has to pass again and again.
type Check string

// The checks. The first two put a device out of service when they fail.
const (
	Qualification Check = "qualification"
	Calibration   Check = "calibration"
	Cleaning      Check = "cleaning"
	DailyControl  Check = "daily-control" // balance check weight, control of an analyser: counts for its calendar day
)

// Checks are all checks, in the order in which they are listed.
func Checks() []Check { return []Check{Qualification, Calibration, Cleaning, DailyControl} }

// Status says whether a device may be used at all.
type Status string

// The statuses of a device.
const (
	InService    Status = "in-service"
	OutOfService Status = "out-of-service"
)

// Standing is what the newest record of a check says.
type Standing struct {
	Passed   bool      `json:"passed"`
	At       time.Time `json:"at,omitzero"`        // when the check was made; zero when it was taken over at registration
	Due      Due       `json:"due,omitzero"`       // until when it holds; zero: without end
	LastGood time.Time `json:"last_good,omitzero"` // when it was last passed before or at this one; zero when never here
}

// Sheet is a device without its history: what a list shows, and what decides whether the device may be used. It is the
// view document, so it holds nothing that the entries' data do not.
type Sheet struct {
	ID         ID                 `json:"id"`
	Kind       string             `json:"kind"` // as recipes name it: "centrifuge", "balance"
	Name       string             `json:"name"` // make and model, for people
	Area       string             `json:"area"` // where it stands
	Needs      []Check            `json:"needs,omitempty"`
	Standing   map[Check]Standing `json:"standing,omitempty"`
	Programmes map[string]string  `json:"programmes,omitempty"` // programme → its approved version, e.g. "07" → "v2"
	Open       []Alarm            `json:"open,omitempty"`       // alarms that nobody has decided on
	Retired    string             `json:"retired,omitempty"`    // why; empty while the device is kept
	Version    uint64             `json:"version"`
}

// Device is one device with its history.
type Device struct {
	Sheet
	RegisteredAt time.Time
	RegisteredBy ledger.Author
	RetiredAt    time.Time
	RetiredBy    ledger.Author
	Records      []Record    // every check, in the order of recording
	Alarms       []Alarm     // every alarm, in the order of recording
	Approvals    []Programme // every programme version, in the order of approval
	Uses         []Use       // in the order of use
	Findings     []Finding   // every failed check that throws doubt on earlier uses
}

// Status says whether the device may be used at all: a retired one may not, nor one whose calibration or qualification
// failed last.
func (s *Sheet) Status() Status {
	if s.Retired != "" || s.failed() != "" {
		return OutOfService
	}
	return InService
}

// failed is the check that keeps the device out of service until it is passed again.
func (s *Sheet) failed() Check {
	for _, c := range []Check{Qualification, Calibration} {
		if st, ok := s.Standing[c]; ok && !st.Passed {
			return c
		}
	}
	return ""
}

// Needed says whether the device has to pass a check.
func (s *Sheet) Needed(c Check) bool { return slices.Contains(s.Needs, c) }

// NextDue is the check that runs out first, of those that were passed; false when none runs out.
func (s *Sheet) NextDue() (Check, Due, bool) {
	var next Check
	for _, c := range []Check{Qualification, Calibration, Cleaning} {
		due := s.Standing[c].Due
		if due.IsZero() || next != "" && !due.End.Before(s.Standing[next].Due.End) {
			continue
		}
		next = c
	}
	return next, s.Standing[next].Due, next != ""
}

// LastGoodControl is when the daily control was last passed. After a failed control, what the device said later than
// that is not usable (process scenario 33). False when it was never passed.
func (s *Sheet) LastGoodControl() (time.Time, bool) {
	at := s.Standing[DailyControl].LastGood
	return at, !at.IsZero()
}
