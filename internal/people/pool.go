package people

import (
	"context"
	"fmt"
	"sync/atomic"
)

// maxWaiting bounds who waits for a password check: at 30 a second and core, those behind would give up anyway.
const maxWaiting = 256

// lane says who asks for a hash. The door is open to outsiders, the desk only to people who are signed in.
type lane int

const (
	door lane = iota
	desk
)

// pool bounds how many argon2 hashes are computed at one time: each takes 64 MiB and a core, and beyond the
// number of cores they only slow each other and the ledger. The door may fill half of it, so that a flood of
// sign-ins from outside never keeps a Qualified Person from signing.
type pool struct {
	slots   chan struct{}
	door    chan struct{}
	waiting atomic.Int64 // at the door
	done    atomic.Int64
}

func newPool(n int) *pool {
	return &pool{slots: make(chan struct{}, n), door: make(chan struct{}, max(1, n/2))}
}

// do runs work in a slot. It gives up when ctx ends before one is free, or at once when too many wait.
func (p *pool) do(ctx context.Context, l lane, work func()) error {
	if l == door {
		if p.waiting.Add(1) > maxWaiting {
			p.waiting.Add(-1)
			return busy()
		}
		defer p.waiting.Add(-1)
		err := take(ctx, p.door)
		if err != nil {
			return err
		}
		defer func() { <-p.door }()
	}
	err := take(ctx, p.slots)
	if err != nil {
		return err
	}
	defer func() { <-p.slots }()
	work()
	p.done.Add(1)
	return nil
}

func take(ctx context.Context, slots chan struct{}) error {
	err := ctx.Err()
	if err == nil {
		select {
		case slots <- struct{}{}:
			return nil
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return fmt.Errorf("wait for a password check: %w", err)
}
