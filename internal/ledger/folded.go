package ledger

import "sync"

// maxFolded bounds how many states are kept folded: more than a plant works on at once.
const maxFolded = 128

// Folded keeps the newest states that were folded from streams, so that a reader folds only what came since. They are
// derived: a process that has none folds the stream from its first entry and gets the same. The zero value is ready.
//
// A kept state is shared by all readers. Nobody alters it: whoever folds on works on a copy of their own.
type Folded[S any] struct {
	mu    sync.Mutex
	kept  map[string]*folded[S]
	asked uint64 // counts the questions, to know which state was not asked for the longest
}

type folded[S any] struct {
	state         S
	version, used uint64
}

// Get is the state that is kept of a stream; false when there is none.
func (f *Folded[S]) Get(stream string) (S, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	k, ok := f.kept[stream]
	if !ok {
		var none S
		return none, false
	}
	k.used = f.asked
	return k.state, true
}

// Put keeps the state of a stream at a version, unless a newer one is kept already.
func (f *Folded[S]) Put(stream string, version uint64, state S) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string]*folded[S]{}
	}
	old, ok := f.kept[stream]
	if ok && old.version >= version {
		return
	}
	if !ok && len(f.kept) >= maxFolded {
		f.forget()
	}
	f.asked++
	f.kept[stream] = &folded[S]{state: state, version: version, used: f.asked}
}

// forget drops the state that nobody asked for the longest.
func (f *Folded[S]) forget() {
	oldest := ""
	for stream, k := range f.kept {
		if oldest == "" || k.used < f.kept[oldest].used {
			oldest = stream
		}
	}
	delete(f.kept, oldest)
}
