package bolt

import (
	"context"
	"sync"

	"rexbatch/internal/ledger"
)

// Group commit works by the state of a queue alone: whoever finds nobody committing becomes the leader, takes
// all that waits into one transaction, commits it in its own goroutine, and hands leadership to the first who
// came meanwhile. A lone append waits for nobody; there is no timer to be late (performance.md, fact 2).

// A group may not grow so large that its commit becomes a pause. The first append always fits.
const (
	groupEntries = 1024
	groupBytes   = 8 << 20
)

// request is one Append on its way.
type request struct {
	append  ledger.Append
	stored  []ledger.Stored
	blobs   []ledger.Digest // of append.Blobs
	bytes   int
	replace bool // ReplaceViews
	err     error
	receipt ledger.Receipt
	wake    chan signal // one signal; buffered, so that the leader never waits
}

type signal int

const (
	done signal = iota // receipt and err are set
	lead               // you are the leader now
)

type queue struct {
	mu      sync.Mutex
	busy    bool // somebody leads
	closed  bool
	waiting []*request
	idle    chan struct{} // made by close while busy; closed when the last leader ends
}

// enter brings r to its end: through commit as leader of a group, or as a follower of another leader.
func (q *queue) enter(ctx context.Context, r *request, commit func([]*request)) error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return ledger.ErrClosed
	}
	if q.busy {
		q.waiting = append(q.waiting, r)
		q.mu.Unlock()
		if q.follow(ctx, r) == done {
			return r.err
		}
	} else {
		q.busy = true
		q.mu.Unlock()
	}
	group := q.take(r)
	commit(group)
	for _, other := range group[1:] {
		other.wake <- done
	}
	q.handOver()
	return r.err
}

// follow waits until r is settled or r must lead. A caller who gives up leaves the queue if nobody has taken
// r; after that the outcome is awaited, for it can no longer be prevented.
func (q *queue) follow(ctx context.Context, r *request) signal {
	select {
	case s := <-r.wake:
		return s
	case <-ctx.Done():
	}
	q.mu.Lock()
	for i, w := range q.waiting {
		if w == r {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			q.mu.Unlock()
			r.err = ctx.Err()
			return done
		}
	}
	q.mu.Unlock()
	return <-r.wake
}

// take makes the leader's group: its own request and those that wait, in order, within the bounds.
func (q *queue) take(leader *request) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	entries, bytes, n := len(leader.stored), leader.bytes, 0
	for n < len(q.waiting) {
		w := q.waiting[n]
		entries, bytes = entries+max(1, len(w.stored)), bytes+w.bytes
		if entries > groupEntries || bytes > groupBytes {
			break
		}
		n++
	}
	group := append(make([]*request, 0, n+1), leader)
	group = append(group, q.waiting[:n]...)
	q.waiting = append(q.waiting[:0], q.waiting[n:]...)
	return group
}

// handOver ends a leader's turn. One leader serves one group, so that no caller works for others forever.
func (q *queue) handOver() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		next := q.waiting[0]
		q.waiting = append(q.waiting[:0], q.waiting[1:]...)
		next.wake <- lead
		return
	}
	q.busy = false
	if q.idle != nil {
		close(q.idle)
	}
}

// close refuses all that waits and all that comes, and returns when the last leader has ended. It is false
// when the queue was closed before.
func (q *queue) close() bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.closed = true
	for _, w := range q.waiting {
		w.err = ledger.ErrClosed
		w.wake <- done
	}
	q.waiting = nil
	if q.busy {
		q.idle = make(chan struct{})
		idle := q.idle
		q.mu.Unlock()
		<-idle
		return true
	}
	q.mu.Unlock()
	return true
}
