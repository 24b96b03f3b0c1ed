package prints

import (
	"context"
	"maps"
	"sync"
	"time"
)

// Board keeps what the printers of a plant said last, for all pages that show them, and counts the changes. The zero value is ready
// for use.
type Board struct {
	mu      sync.Mutex
	said    map[string]string // by area
	asked   time.Time
	seen    string
	version uint64
}

// Ask asks each printer, all at once: one that is off keeps nobody waiting for the others. What each said is kept.
func (b *Board) Ask(ctx context.Context, areas []string, ask func(ctx context.Context, area string) string) {
	var all sync.WaitGroup
	for _, area := range areas {
		all.Go(func() {
			said := ask(ctx, area)
			if ctx.Err() != nil {
				return // nobody waited for the answer
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.said == nil {
				b.said = map[string]string{}
			}
			b.said[area] = said
		})
	}
	all.Wait()
}

// Due tells whether the printers are to be asked again, once for all who watch: nobody has since that long.
func (b *Board) Due(now time.Time, every time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.asked) < every {
		return false
	}
	b.asked = now
	return true
}

// Said is what each printer said last; nothing of one that was not asked yet.
func (b *Board) Said() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.said)
}

// Note says the version of what can be seen now: a newer one than before when it is something else. It goes on where that of an
// earlier process ended, since none changes more often than a thousand times a second.
func (b *Board) Note(seen string, now time.Time) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if seen != b.seen || b.version == 0 {
		b.seen, b.version = seen, max(b.version+1, uint64(now.UnixMilli()))
	}
	return b.version
}
