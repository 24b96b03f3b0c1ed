package shipment

import (
	"fmt"
	"time"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

// Lane is what a route allows: the range of temperature, how long it may be left, how long the way may take. It is data
// of the plant (templates/plants), and pinned in the shipment's plan.
type Lane struct {
	ID      string            `json:"id"`
	Low     quantity.Quantity `json:"low"`     // °C, still allowed
	High    quantity.Quantity `json:"high"`    // °C, still allowed
	Outside time.Duration     `json:"outside"` // that the temperature may be outside together, in nanoseconds
	Longest time.Duration     `json:"longest"` // from pick-up to delivery, in nanoseconds
}

// Range is the allowed range.
func (l Lane) Range() (temperature.Range, error) { return temperature.NewRange(l.Low, l.High) }

// Check says what is wrong with a lane of a plant's file.
func (l Lane) Check() error {
	_, err := l.Range()
	if err != nil {
		return fmt.Errorf("lane %s: %w", l.ID, err)
	}
	if l.ID == "" || l.Longest <= 0 || l.Outside < 0 {
		return fmt.Errorf("lane %q: needs an id, a longest duration, and no negative time outside", l.ID)
	}
	return nil
}
