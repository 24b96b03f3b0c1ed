package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rexbatch/internal/ledger"
)

// Append implements ledger.Writer. Encoding and hashing are done here, in the caller's goroutine; only what needs
// the order of the log is done by the leader. When ctx ends before the append is taken into a commit, nothing of it
// is stored; after that the outcome is awaited and returned.
//
// If the disk fails at the very end of a commit, the outcome may be unknown until the log is opened again. The log
// then says so, and refuses all further appends.
func (l *Log) Append(ctx context.Context, a ledger.Append) (ledger.Receipt, error) {
	err := ctx.Err()
	if err != nil {
		return ledger.Receipt{}, err
	}
	_, last := l.snapshot()
	r, err := prepare(a, later(l.clock(), last))
	if err != nil {
		return ledger.Receipt{}, err
	}
	if l.readOnly {
		return ledger.Receipt{}, ErrReadOnly
	}
	err = l.queue.enter(ctx, r, l.commit)
	if err != nil {
		return ledger.Receipt{}, err
	}
	return r.receipt, nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func prepare(a ledger.Append, now time.Time) (*request, error) {
	stored, err := ledger.Prepare(a, now)
	if err != nil {
		return nil, err
	}
	r := &request{append: a, stored: stored, wake: make(chan signal, 1)}
	r.receipt.Time = now.UTC().Truncate(time.Microsecond)
	for _, b := range a.Blobs {
		r.blobs = append(r.blobs, ledger.DigestOf(b))
		r.bytes += len(b)
	}
	for _, s := range stored {
		r.bytes += len(s.Value)
	}
	for _, docs := range []map[string][]byte{a.Views, a.Secrets} {
		for key, doc := range docs {
			r.bytes += len(key) + len(doc)
		}
	}
	return r, nil
}

// commit brings a group into the log. Each append is checked against the log as those before it in the group
// leave it; one that does not fit fails alone. If the transaction fails, all fail.
func (l *Log) commit(group []*request) {
	next, err := l.write(group)
	if err != nil {
		for _, r := range group {
			if r.err == nil {
				r.err = err
			}
		}
		return
	}
	if next == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if next.indexed > l.state.recent.indexed {
		l.state.recent = recent{indexed: next.indexed, runs: map[string]run{}}
	} else {
		for i := range next.added {
			e := &next.added[i]
			l.state.recent.add(e.Stream, e.Version, e.Seq)
		}
	}
	l.state.tree, l.state.last = next.tree, next.last
}

// write is one transaction for the group. It returns what has changed, nil when no append of the group fitted.
func (l *Log) write(group []*request) (done *pending, failure error) {
	if l.broken != nil {
		return nil, l.broken
	}
	tx, err := l.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("append: %w", err)
	}
	// bbolt panics when it meets a damaged page. Everybody in the queue must then be told: a leader that
	// vanished would leave them waiting for ever.
	defer func() {
		cause := recover()
		if cause != nil {
			l.broken = fmt.Errorf("append: ledger.db cannot be written any more, verify it: %v", cause)
			done, failure = nil, errors.Join(l.broken, rollback(tx))
		}
	}()
	// Only the leader changes the state, so it may read all of it without the lock.
	p := &pending{tx: tx, base: &l.state.recent, tree: l.state.tree.Clone(), last: l.state.last,
		indexed: l.state.recent.indexed, heads: map[string]uint64{}}
	fitted := false
	for _, r := range group {
		r.err = p.fits(r)
		if r.err != nil {
			continue
		}
		fitted = true
		err = p.put(r)
		if err != nil {
			break
		}
	}
	if err == nil && fitted {
		err = p.finish()
	}
	if err != nil || !fitted {
		return nil, errors.Join(err, tx.Rollback())
	}
	err = tx.Commit()
	if err != nil {
		return nil, l.failed(errors.Join(err, ended(tx.Rollback())))
	}
	p.tx = nil
	return p, nil
}

// rollback lets go of the database even when undoing the transaction fails.
func rollback(tx *bbolt.Tx) (err error) {
	defer func() {
		cause := recover()
		if cause != nil {
			err = fmt.Errorf("roll back: %v", cause)
		}
	}()
	return ended(tx.Rollback())
}

// ended forgives a rollback of a transaction that has already rolled itself back.
func ended(err error) error {
	if errors.Is(err, berrors.ErrTxClosed) {
		return nil
	}
	return err
}

// failed decides what a failed commit means. The state in memory is still the one before it. If the file is too, the
// log goes on. If not, the disk failed after the new root was written: it is visible now and may be gone
// after a power failure, so nobody can be told either way, and nothing may be built on it.
func (l *Log) failed(cause error) error {
	var size uint64
	err := l.db.View(func(tx *bbolt.Tx) error {
		s, err := loadState(tx)
		size = s.tree.Size()
		return err
	})
	if err == nil && size == l.state.tree.Size() {
		return fmt.Errorf("append: nothing was stored: %w", cause)
	}
	l.broken = fmt.Errorf("append: the disk failed while the commit was ending; whether it is stored will be known when the ledger is opened again: %w",
		errors.Join(cause, err))
	return l.broken
}

// pending is a group on its way into a transaction.
type pending struct {
	tx      *bbolt.Tx
	base    *recent
	tree    ledger.Tree
	last    time.Time
	indexed uint64
	heads   map[string]uint64 // versions of the streams in this group
	added   []ledger.Entry
}

func (p *pending) head(stream string) (uint64, error) {
	v, ok := p.heads[stream]
	if ok {
		return v, nil
	}
	run, ok := p.base.runs[stream]
	if ok {
		return run.head(), nil
	}
	return indexedHead(p.tx, stream)
}

// fits checks an append and changes nothing.
func (p *pending) fits(r *request) error {
	if at := later(r.receipt.Time, p.last); !r.append.Within.Holds(at) {
		return &ledger.TimeError{At: at, Within: r.append.Within}
	}
	for _, s := range r.append.Streams {
		head, err := p.head(s.Stream)
		if err != nil {
			return err
		}
		if head != s.Expected {
			return &ledger.ConflictError{Stream: s.Stream, Expected: s.Expected, Actual: head}
		}
	}
	claims := map[string]uint64{} // taken by this append: position+1; freed by it: 0
	for i := range r.stored {
		e := &r.stored[i].Entry
		err := p.fitClaims(e, p.tree.Size()+uint64(i), claims)
		if err != nil {
			return err
		}
		for _, d := range e.Blobs {
			_, stored := get(p.tx.Bucket(bucketBlobs), d[:])
			if !stored && !slices.Contains(r.blobs, d) {
				return fmt.Errorf("%w: entry %s of %s names blob %s, which is not stored", ledger.ErrInvalid, e.Type, e.Stream, d)
			}
		}
	}
	return nil
}

// fitClaims takes an entry's frees before its takes, so that one entry can hand a claim on.
func (p *pending) fitClaims(e *ledger.Entry, seq uint64, claims map[string]uint64) error {
	holder := func(key string) (uint64, bool, error) {
		mark, ok := claims[key]
		if ok {
			return mark - 1, mark > 0, nil
		}
		v, ok := get(p.tx.Bucket(bucketClaims), []byte(key))
		if !ok {
			return 0, false, nil
		}
		seq, err := numberAt(v, "claim "+key)
		return seq, true, err
	}
	for _, key := range e.Frees {
		_, held, err := holder(key)
		if err != nil {
			return err
		}
		if !held {
			return fmt.Errorf("%w: entry %s of %s frees %s, which nobody holds", ledger.ErrInvalid, e.Type, e.Stream, key)
		}
		claims[key] = 0
	}
	for _, key := range e.Takes {
		by, held, err := holder(key)
		if err != nil {
			return err
		}
		if held {
			return &ledger.ClaimError{Key: key, Holder: by}
		}
		claims[key] = seq + 1
	}
	return nil
}

// put writes an append that fits. An error is of the transaction, not of the append.
func (p *pending) put(r *request) error {
	entries, claims := p.tx.Bucket(bucketEntries), p.tx.Bucket(bucketClaims)
	entries.FillPercent = 1 // keys only grow
	if r.replace {
		return replaceViews(p.tx.Bucket(bucketViews), r.append.Views)
	}
	late := r.receipt.Time.Before(p.last)
	if late {
		r.receipt.Time = p.last // I3: somebody with a later time was first
	}
	for i := range r.stored {
		s := &r.stored[i]
		if late {
			s.Restamp(p.last)
		}
		s.Entry.Seq = p.tree.Size()
		err := entries.Put(number(s.Entry.Seq), s.Value)
		if err != nil {
			return err
		}
		for _, key := range s.Entry.Frees {
			err = claims.Delete([]byte(key))
			if err != nil {
				return err
			}
		}
		for _, key := range s.Entry.Takes {
			err = claims.Put([]byte(key), number(s.Entry.Seq))
			if err != nil {
				return err
			}
		}
		err = p.putTiles(p.tree.Push(s.Entry.Leaf))
		if err != nil {
			return err
		}
		p.heads[s.Entry.Stream] = s.Entry.Version
		p.last = s.Entry.Time
		p.added = append(p.added, s.Entry)
		r.receipt.Entries = append(r.receipt.Entries, s.Entry)
	}
	return p.putRest(r)
}

func (p *pending) putTiles(tiles []ledger.Tile) error {
	b := p.tx.Bucket(bucketTiles)
	b.FillPercent = 1
	for _, t := range tiles {
		err := b.Put(tileKey(t.Level, t.N), t.Data)
		if err != nil {
			return err
		}
	}
	return nil
}

// finish writes the stream index when enough has come together.
func (p *pending) finish() error {
	size := p.tree.Size()
	if size-p.indexed < flushEvery {
		return nil
	}
	p.indexed = size
	return flush(p.tx, *p.base, p.added, size)
}
