// Package area keeps the work areas of a plant: whether a line is clear, which batch is open in it (I5), and what its
// environment was (AT-10, AT-50, AT-51).
//
// One work area is one aggregate (stream "area/<id>"). The lock belongs to the area, not to a terminal or a session, so
// it survives restarts. Decisions are pure functions of the folded state; Book loads, decides and appends. The
// package knows nothing of batches but their numbers.
package area

import (
	"time"

	"rexbatch/internal/ledger"
)

// Book loads work areas from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string // the plant, e.g. "ES-SVQ"
	Clock func() time.Time
}
