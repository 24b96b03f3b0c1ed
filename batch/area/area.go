// Package area keeps the work areas of a plant: whether a line is clear, which batch is open in it (I5), and what its
// environment was (AT-10, AT-50, AT-51).
//
// One work area is one aggregate (stream "area/<id>"). It is cleared by two persons, then taken by one batch, and has to
// be cleared again when that batch has left it. The lock is a claim of the ledger: it belongs to the area, not to a
// terminal or a session, survives restarts, and two processes cannot both give it away.
//
// Decisions are pure functions of the folded state; Book loads, decides and appends. The package knows nothing of
// batches but their numbers and the Chain of Identity that each stands under.
//
// Read it in the order of an area's life: register.go, clearance.go, lock.go, reading.go, plate.go.
package area

import (
	"maps"
	"slices"
	"time"

	"rexbatch/chainofcustody/isbt128"
)

// Area is the state of one work area as its entries say.
type Area struct {
	ID       string // e.g. "SVQ-A1"
	Kind     string // what recipes call such an area, e.g. "aseptic"
	Name     string
	Grade    Grade
	ValidFor time.Duration // of a clearance
	Limits   []Limits      // of its environment, one for each kind that is limited
	Batch    string        // the batch that is open in it; empty when none is
	CoI      isbt128.CoI   // of that batch
	Version  uint64

	Clearances []Clearance  // all, refused ones too, in order
	Taken      []Occupation // in order; the last one may be open
	Readings   []Reading    // in order of recording, results of plates among them
	Plates     []Plate      // in order of placing

	clear bool // the newest clearance stands: no batch has used it up, and no later one has failed
}

// Status is where a work area stands.
type Status string

// The statuses of a work area.
const (
	Uncleared Status = "uncleared"
	Cleared   Status = "cleared"
	Expired   Status = "expired" // cleared, but nobody began in time
	Occupied  Status = "occupied"
)

// Statuses are all statuses, in the order of an area's life.
func Statuses() []Status { return []Status{Uncleared, Cleared, Expired, Occupied} }

// Status is where the area stands at a moment.
func (a *Area) Status(now time.Time) Status { return statusAt(a.Batch, a.ClearUntil(), now) }

func statusAt(batch string, until, now time.Time) Status {
	switch {
	case batch != "":
		return Occupied
	case until.IsZero():
		return Uncleared
	case now.After(until):
		return Expired
	}
	return Cleared
}

// ClearUntil is the last moment at which a batch may begin on the standing clearance; zero when there is none.
func (a *Area) ClearUntil() time.Time {
	if !a.clear {
		return time.Time{}
	}
	return a.Clearances[len(a.Clearances)-1].Until
}

// LimitsOf are the limits for one kind of reading; zero when it has none here.
func (a *Area) LimitsOf(kind Kind) Limits {
	for _, l := range a.Limits {
		if l.Kind == kind {
			return l
		}
	}
	return Limits{Kind: kind}
}

// Stream is the stream of a work area.
func Stream(id string) string { return streamPrefix + id }

const (
	streamPrefix = "area/"
	claimLock    = "area-lock/"
	claimPlate   = "plate/"
)

// Grades are the grades that an area may have.
func Grades() []Grade { return slices.Sorted(maps.Keys(grades)) }
