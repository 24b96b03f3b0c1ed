package material

import (
	"time"

	"rexbatch/internal/quantity"
)

// The types of entry in a lot's stream.
const (
	typeReceived  = "lot.received"
	typeReleased  = "lot.released"
	typeBlocked   = "lot.blocked"
	typeUnblocked = "lot.unblocked"
	typeOpened    = "lot.opened"
	typeTaken     = "lot.taken"    // scanned in a step that is open
	typePutBack   = "lot.put-back" // the step goes on without it
	typeUsed      = "lot.used"
	typeCorrected = "lot.use-corrected"
	typeDiscarded = "lot.discarded"
	typeSuspected = "lot.suspected" // a device gave an alarm for which it may be the cause
	typeCleared   = "lot.cleared"

	streamPrefix = "lot/"
	claimPrefix  = "lot/"
)

type received struct {
	Number Number `json:"number"`
	Site   string `json:"site"`
	Delivery
}

// decided is a change of status by a person; a reason is needed where goods are blocked or freed again.
type decided struct {
	Reason string `json:"reason,omitempty"`
}

// opened has its own time, to the second: views show when a lot's time after opening ends, and what a view shows may not
// hang on the moment at which its entry becomes durable.
type opened struct {
	At time.Time `json:"at"`
}

type putBack struct {
	Batch  string `json:"batch"`
	Step   string `json:"step"`
	Field  string `json:"field"`
	Reason string `json:"reason,omitempty"` // of the correction that named another lot; none where the step took nothing of it
}

type used struct {
	Use
	OpenedAt *time.Time `json:"opened_at,omitempty"` // where the use opened the lot
}

// corrected changes an earlier entry of a use. Without a quantity, and with Reversed, the use did not happen.
type corrected struct {
	Use      uint64            `json:"use"` // version of the entry in the lot's stream
	Quantity quantity.Quantity `json:"quantity"`
	Reversed bool              `json:"reversed,omitempty"`
	Reason   string            `json:"reason"`
}

type discarded struct {
	Quantity quantity.Quantity `json:"quantity"`
	Reason   string            `json:"reason"`
}
