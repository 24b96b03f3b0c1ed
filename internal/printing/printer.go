package printing

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Policy is how often and how long a printer is tried.
type Policy struct {
	Attempts int             // at least one is made
	Waits    []time.Duration // between attempts; the last one stands for all further ones
	Timeouts Timeouts
}

// Patient is the policy for people who stand at the printer and wait: they hear within a quarter of a minute that nobody
// answers there.
var Patient = Policy{Attempts: 3, Waits: []time.Duration{time.Second, 3 * time.Second}, Timeouts: Usual}

// Printer is a device with the policy by which it is tried. It is safe for concurrent use: jobs go one after the other.
type Printer struct {
	Device
	Policy Policy
	Wait   func(ctx context.Context, d time.Duration) error // Sleep in a program

	mu sync.Mutex
}

// Print sends a job until the printer has it, something may be on paper, or the policy or the context ends. The error is that
// of Send, and that of the context as well where it ended before anything was sent.
func (p *Printer) Print(ctx context.Context, job []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for attempt := range max(p.Policy.Attempts, 1) {
		if attempt > 0 {
			waited := p.Wait(ctx, p.pause(attempt))
			if waited != nil {
				return errors.Join(err, ctx.Err()) // why it was not printed says more than that nobody waits any more
			}
		}
		err = p.Send(ctx, job, p.Policy.Timeouts)
		var fault *Fault
		if !errors.As(err, &fault) || fault.Unsure {
			return err
		}
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
	return err
}

func (p *Printer) pause(attempt int) time.Duration {
	if len(p.Policy.Waits) == 0 {
		return 0
	}
	return p.Policy.Waits[min(attempt-1, len(p.Policy.Waits)-1)]
}

// Sleep waits for a duration or for the end of the context.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
