// Package equipment keeps the devices of a plant: whether each is qualified, calibrated and clean, which programme
// versions it may run, and which batches it gave values to (CS-67).
//
// One device is one aggregate (stream "equipment/<id>"). Decisions are pure functions of the folded state; Book loads,
// decides and appends. The package knows nothing of batches but their numbers.
package equipment

import (
	"time"

	"rexbatch/internal/ledger"
)

// Book loads devices from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string // the plant, e.g. "ES-SVQ"
	Clock func() time.Time
}
