// Package clock tells how long something has run and how long it may still run. A clock goes from one event of the
// record to another, is never set, stopped or typed by anybody, and is read anew from the events each time: after a
// restart, or when the time of an event is corrected, it says what the events say (F11; process 2.4).
//
// All times are points on the UTC line and all spans are differences of them, so neither midnight nor a clock change
// alters a reading. The package does no I/O and has no clock of its own: the present comes as an argument.
package clock

import (
	"fmt"
	"time"
)

// Action is what being late means.
type Action string

// The actions.
const (
	Exception Action = "exception" // the work goes on, a reviewer sees it
	Block     Action = "block"     // the work may not go on
)

// Clock is a limit on the time between two events.
type Clock struct {
	ID       string
	From, To string        // references of the events that start and stop it, e.g. "S08.received_at"
	Limit    time.Duration // from From to To; exactly the limit is in time
	WarnAt   time.Duration // elapsed time from which people are warned; zero for no warning
	Owner    string        // the role that has to act
	Late     Action
}

// Check says what makes a clock unusable: a recipe with such a clock is not approved.
func (c Clock) Check() error {
	switch {
	case c.ID == "":
		return fmt.Errorf("a clock has no id")
	case c.From == "" || c.To == "" || c.From == c.To:
		return fmt.Errorf("clock %s needs two different events, not %q and %q", c.ID, c.From, c.To)
	case c.Limit <= 0:
		return fmt.Errorf("clock %s has the limit %s: a limit is longer than nothing", c.ID, c.Limit)
	case c.WarnAt < 0 || c.WarnAt > c.Limit:
		return fmt.Errorf("clock %s warns after %s: that is not within its limit of %s", c.ID, c.WarnAt, c.Limit)
	case c.Owner == "":
		return fmt.Errorf("clock %s has no owner", c.ID)
	case c.Late != Exception && c.Late != Block:
		return fmt.Errorf("clock %s: being late means %q or %q, not %q", c.ID, Exception, Block, c.Late)
	}
	return nil
}
