package people

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"rexbatch/internal/ledger"
)

// Limiter bounds how often each key (an address, a username) may try. It lives in the process and may be lost:
// the lock of an account does not depend on it. Its memory is bounded: at most a set number of keys are known,
// and when all of them are in use the rest share one allowance, so that a flood of new keys gains nothing.
type Limiter struct {
	every time.Duration
	burst int
	most  int
	clock func() time.Time

	mu     sync.Mutex
	known  map[string]*list.Element // of *allowance
	oldest *list.List               // front: least recently used
	rest   *rate.Limiter
}

type allowance struct {
	key string
	lim *rate.Limiter
}

// NewLimiter allows each key burst tries at once and one more every interval, for at most so many keys.
func NewLimiter(every time.Duration, burst, keys int, clock func() time.Time) *Limiter {
	return &Limiter{
		every: every, burst: burst, most: keys, clock: clock,
		known: map[string]*list.Element{}, oldest: list.New(), rest: rate.NewLimiter(rate.Every(every), burst),
	}
}

// Allow takes one try of the key, or returns a Refusal of kind Busy.
func (l *Limiter) Allow(key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	if !l.of(key, now).AllowN(now, 1) {
		return ledger.Refuse(ledger.Busy, "CS-81", "too-many-tries",
			"There were too many tries from here.", "Wait {wait}, then try again.",
			"wait", l.every.String())
	}
	return nil
}

func (l *Limiter) of(key string, now time.Time) *rate.Limiter {
	if e, ok := l.known[key]; ok {
		l.oldest.MoveToBack(e)
		return e.Value.(*allowance).lim
	}
	if len(l.known) >= l.most {
		front := l.oldest.Front()
		if front == nil {
			return l.rest
		}
		// Only a key whose allowance is full again may be forgotten: forgetting another would give it new tries.
		old := front.Value.(*allowance)
		if old.lim.TokensAt(now) < float64(l.burst) {
			return l.rest
		}
		l.oldest.Remove(front)
		delete(l.known, old.key)
	}
	a := &allowance{key: key, lim: rate.NewLimiter(rate.Every(l.every), l.burst)}
	l.known[key] = l.oldest.PushBack(a)
	return a.lim
}
