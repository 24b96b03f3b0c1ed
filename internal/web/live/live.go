// Package live tells open pages that a stream of the record has grown. One goroutine per plant looks at the head of the
// log, however many pages listen; with several processes on one log each looks for itself, so an entry that another
// process made is seen as well.
//
// What it says is a version and nothing else: whoever listens reads the record as they may read it anyway. It is no
// part of the record; a page that misses a word gets the next one.
package live

import (
	"context"
	"iter"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"rexbatch/internal/ledger"
)

// Heads is what is looked at of a log.
type Heads interface {
	// Head is the tree over everything durable now.
	Head(ctx context.Context) (ledger.Head, error)
	// Streams yields the streams with a prefix, and their versions, in order of name.
	Streams(ctx context.Context, prefix string) iter.Seq2[ledger.StreamHead, error]
}

// maxListeners bounds one plant's open pages in one process: more than a plant has terminals.
const maxListeners = 512

// Watch looks at one log for those who listen. It looks at nothing while nobody does.
type Watch struct {
	log    Heads
	every  time.Duration
	logger *slog.Logger

	mu        sync.Mutex
	listeners map[*listener]struct{}
	seen      uint64 // size of the log when it was last looked at
	running   bool
}

type listener struct {
	stream string
	told   uint64
	news   chan uint64 // holds the newest version that was not taken yet
}

// New makes a watch that looks every so often.
func New(log Heads, every time.Duration, logger *slog.Logger) *Watch {
	return &Watch{log: log, every: every, logger: logger, listeners: map[*listener]struct{}{}}
}

// Listen gives the version of a stream now, and each newer one, until stop is called. Versions in between may be left
// out; the newest never is. Listeners beyond the bound are refused.
func (w *Watch) Listen(ctx context.Context, stream string) (news <-chan uint64, stop func(), err error) {
	l := &listener{stream: stream, news: make(chan uint64, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.listeners) >= maxListeners {
		return nil, nil, ledger.Refuse(ledger.Busy, "CS-81", "too-many-pages", "{n} pages are open at this plant", "close pages that nobody looks at; this one shows nothing new by itself", "n", strconv.Itoa(maxListeners))
	}
	version, err := w.version(ctx, stream)
	if err != nil {
		return nil, nil, err
	}
	l.tell(version)
	w.listeners[l] = struct{}{}
	if !w.running {
		w.running = true
		go w.run()
	}
	return l.news, func() { w.leave(l) }, nil
}

func (w *Watch) leave(l *listener) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.listeners, l)
}

// run looks until nobody listens any more.
func (w *Watch) run() {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for range tick.C {
		if !w.look() {
			return
		}
	}
}

// look tells every listener what is new, and whether anybody listens. A log that cannot be read now is looked at again.
func (w *Watch) look() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.listeners) == 0 {
		w.running = false
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	head, err := w.log.Head(ctx)
	if err == nil && head.Size != w.seen {
		err = w.tell(ctx)
	}
	if err != nil {
		w.logger.Warn("live pages", "cause", err.Error())
		return true
	}
	w.seen = head.Size
	return true
}

// tell reads the version of each stream that somebody listens to, once.
func (w *Watch) tell(ctx context.Context) error {
	versions := map[string]uint64{}
	for l := range w.listeners {
		version, known := versions[l.stream]
		if !known {
			var err error
			version, err = w.version(ctx, l.stream)
			if err != nil {
				return err
			}
			versions[l.stream] = version
		}
		l.tell(version)
	}
	return nil
}

// version is the newest version of a stream; zero when there is no such stream.
func (w *Watch) version(ctx context.Context, stream string) (uint64, error) {
	for h, err := range w.log.Streams(ctx, stream) {
		if err != nil {
			return 0, err
		}
		if h.Stream == stream {
			return h.Version, nil
		}
	}
	return 0, nil
}

// tell leaves a version for the listener, in place of one that was not taken.
func (l *listener) tell(version uint64) {
	if version <= l.told {
		return
	}
	l.told = version
	select {
	case <-l.news:
	default:
	}
	l.news <- version
}
