// Package material keeps the lots of the materials that a batch is made with: what they are, whether they may be used,
// and where they were used (AT-20, AT-21).
//
// One lot is one aggregate (stream "lot/<number>"). Decisions are pure functions of the folded state; Book loads,
// decides and appends. The package knows nothing of batches but their numbers.
package material

import (
	"time"

	"rexbatch/internal/ledger"
)

// Book loads lots from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string // the plant, e.g. "ES-SVQ"
	Clock func() time.Time
}
