package mbr

import (
	"time"

	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Material is something that a batch is made with and that comes in lots (AT-21).
type Material struct {
	ID      string
	Name    Text
	Unit    quantity.Unit
	OpenFor time.Duration // how long it may be used once opened; zero means until it expires
	Demo    bool
}

// MaterialUse is a material that a step uses: from the lot that a field names, so much of it.
type MaterialUse struct {
	Material string
	Field    string // lot field of the step
	Quantity string // "150 mL", or a number field of the step; empty means that it is not counted
}

// EquipmentKind is a kind of device (CS-67).
type EquipmentKind struct {
	ID      string
	Name    Text
	Control bool // needs today's passed control, such as a check weight
}

// EquipmentUse is a device that a step uses: the one that a field names, with the programme that another one names.
type EquipmentUse struct {
	Kind      string
	Field     string // equipment field of the step
	Programme string // text field of the step that holds number and version of the programme; empty: none
}

// AreaKind is a kind of work area, such as the aseptic room of a plant.
type AreaKind struct {
	ID        string
	Name      Text
	Grade     Text
	Clearance time.Duration // how long a line clearance is valid
}

// LineAct is what a step does with the lock of its work area (I5).
type LineAct string

// The acts on a line.
const (
	LineClear LineAct = "clear" // clears the line by two persons and opens it for the batch
	LineFree  LineAct = "free"  // gives the area back
)

// Clock is a time limit between two events of the batch (domain description 2.4).
type Clock struct {
	ID    string
	Name  Text
	From  string // "S05.last_pull_at", or "S21@started", "S21@completed"
	To    string
	Limit string // "4 h", or "param.transport_limit"
	Warn  int    // percent of the limit after which a warning is shown
	Owner people.Role
	Late  LateAct
	Only  []string
}

// LateAct is what follows when a clock runs over its limit.
type LateAct string

// What follows from a time limit.
const (
	LateException LateAct = "exception" // the reviewer sees it
	LateDeviation LateAct = "deviation" // a deviation opens by itself (AT-59)
	LateBlock     LateAct = "block"     // the step of the second event cannot be started any more
)

// Applies tells whether the clock runs in the variant of a plant.
func (c Clock) Applies(site string) bool { return applies(c.Only, site) }

// Over is the limit of a clock.
func (r *Recipe) Over(c Clock) (time.Duration, error) {
	q, err := r.amount(c.Limit)
	if err != nil {
		return 0, err
	}
	return q.Duration()
}
