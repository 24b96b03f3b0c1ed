package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"rexbatch/internal/ledger"
)

// batchSize is how many entries one worker decodes at a time.
const batchSize = 256

// batch is consecutive entries on their way: read in order, decoded and hashed by any worker, checked in order.
type batch struct {
	first  uint64
	values [][]byte
	out    []ledger.Entry
	err    error // the first fault within the batch, after out
	done   chan struct{}
}

// decode checks each entry by itself.
func (b *batch) decode() {
	defer close(b.done)
	for i, value := range b.values {
		seq := b.first + uint64(i)
		e, err := ledger.Decode(seq, value[32:])
		leaf := leafHash(value[32:])
		if !bytes.Equal(leaf[:], value[:32]) || leaf != e.Leaf {
			b.err = faultAt(seq, e.Stream, "the bytes do not match their leaf hash")
			return
		}
		if err != nil {
			b.err = faultAt(seq, e.Stream, "%v", err)
			return
		}
		b.out = append(b.out, e)
	}
}

// checkEntries reads the whole log once. One goroutine reads, the others decode, this one checks.
func (c *checker) checkEntries() error {
	total, err := c.total()
	if err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	stop := make(chan struct{})
	defer func() {
		close(stop)
		for range order { // until the reader has ended
		}
	}()
	for range workers {
		go func() {
			for b := range work {
				b.decode()
			}
		}()
	}
	var readErr error // set before order is closed
	go func() {
		defer close(order)
		defer close(work)
		readErr = c.readEntries(func(b *batch) bool {
			select {
			case work <- b:
			case <-stop:
				return false
			}
			select {
			case order <- b:
				return true
			case <-stop:
				return false
			}
		})
	}()
	for b := range order {
		<-b.done
		for i := range b.out {
			err := c.checkEntry(&b.out[i])
			if err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
		err := c.ctx.Err()
		if err != nil {
			return err
		}
		if c.opt.Progress != nil {
			c.opt.Progress(c.hasher.size, total)
		}
	}
	c.report.Entries = c.hasher.size
	if errors.Is(readErr, errPages) {
		return faultAt(c.hasher.size, "", "%v", readErr)
	}
	return readErr
}

var errStopped = errors.New("stopped")

// readEntries walks the entries and sends them in batches; the batch before a fault is sent too.
func (c *checker) readEntries(send func(*batch) bool) error {
	next := uint64(0)
	b := &batch{done: make(chan struct{})}
	flush := func() bool {
		if len(b.values) == 0 {
			return true
		}
		full := b
		b = &batch{first: next, done: make(chan struct{})}
		return send(full)
	}
	err := c.db.walk(c.buckets["entries"], func(e element) error {
		if e.bucket || !bytes.Equal(e.key, number(next)) {
			return faultAt(next, "", "its place holds key %x: the entry is missing or its key is changed", e.key)
		}
		if len(e.value) < 32 || len(e.value) > 32+ledger.MaxEntry {
			return faultAt(next, "", "%d bytes cannot be an entry", len(e.value))
		}
		b.values = append(b.values, e.value)
		next++
		if len(b.values) == batchSize && !flush() {
			return errStopped
		}
		return nil
	})
	if !flush() || errors.Is(err, errStopped) {
		return nil // the checker has found something
	}
	return err
}

// total is the number of entries by the key of the last one, for progress alone.
func (c *checker) total() (uint64, error) {
	low, high := uint64(0), uint64(1)<<62 // the number of entries is in [low, high]
	for low < high {
		mid := low + (high-low)/2
		_, ok, err := c.db.get(c.buckets["entries"], number(mid))
		if err != nil {
			return 0, nil // the walk will name it
		}
		if ok {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}

// checkEntry holds one entry against those before it and against the index.
func (c *checker) checkEntry(e *ledger.Entry) error {
	if e.Time.Before(c.last) {
		return faultAt(e.Seq, e.Stream, "its time is before that of the entry before it")
	}
	c.last = e.Time
	err := c.checkVersion(e)
	if err != nil {
		return err
	}
	for _, key := range e.Frees {
		_, held := c.claims[key]
		if !held {
			return faultAt(e.Seq, e.Stream, "it frees %q, which nobody held", key)
		}
		delete(c.claims, key)
	}
	for _, key := range e.Takes {
		holder, held := c.claims[key]
		if held {
			return faultAt(e.Seq, e.Stream, "it takes %q, which entry %d held", key, holder)
		}
		c.claims[key] = e.Seq
	}
	for _, d := range e.Blobs {
		if !c.blobs[d] {
			return faultAt(e.Seq, e.Stream, "it names blob %s, which is missing", d)
		}
	}
	c.hasher.push(e.Leaf)
	err = c.tiler.push(0, e.Leaf, c.checkTile)
	if err != nil {
		return err
	}
	for _, h := range c.heads {
		if h.size == c.hasher.size && h.root != c.hasher.root() {
			return faultAt(e.Seq, "", "the entries up to this one are not those that %s signs", h.name)
		}
	}
	return nil
}

// checkVersion: an older entry must stand in the index at its version; the newest are not in the index yet, and must
// follow those before them.
func (c *checker) checkVersion(e *ledger.Entry) error {
	if e.Seq < c.indexed {
		v, ok, err := c.db.get(c.buckets["streams"], indexKey(e.Stream, e.Version))
		if err != nil {
			return err
		}
		if !ok || !bytes.Equal(v, number(e.Seq)) {
			return faultAt(e.Seq, e.Stream, "the stream index does not have it at version %d", e.Version)
		}
		return nil
	}
	first, ok := c.first[e.Stream]
	if !ok {
		first = e.Version
		c.first[e.Stream] = first
		for _, neighbour := range []struct {
			version uint64
			there   bool
		}{{e.Version - 1, e.Version > 1}, {e.Version, false}} {
			_, there, err := c.db.get(c.buckets["streams"], indexKey(e.Stream, neighbour.version))
			if err != nil {
				return err
			}
			if there != neighbour.there {
				return faultAt(e.Seq, e.Stream, "its version %d does not follow the stream's last", e.Version)
			}
		}
	}
	if e.Version != first+uint64(len(c.recent[e.Stream])) {
		return faultAt(e.Seq, e.Stream, "its version %d does not follow the stream's last", e.Version)
	}
	c.recent[e.Stream] = append(c.recent[e.Stream], e.Seq)
	return nil
}

func indexKey(stream string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(stream), 0), version)
}

// readCheckpoints checks the signatures now; the roots are compared when the log reaches them.
func (c *checker) readCheckpoints(signed []byte) error {
	if signed != nil {
		h, err := c.readCheckpoint("the checkpoint in the directory", signed)
		if err != nil {
			return err
		}
		c.report.HasCheckpoint, c.report.CheckpointSize = true, h.size
	}
	if c.opt.Checkpoint != nil {
		_, err := c.readCheckpoint("the checkpoint given", c.opt.Checkpoint)
		return err
	}
	return nil
}

func (c *checker) readCheckpoint(name string, signed []byte) (head, error) {
	h := head{name: name}
	verifier, err := note.NewVerifier(c.key)
	if err != nil || verifier.Name() != c.report.Origin {
		return h, fault("the ledger's key is malformed or not of its origin")
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return h, fault("%s is not signed by this log: %v", name, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != c.report.Origin {
		return h, fault("%s is not of this log", name)
	}
	h.size, err = strconv.ParseUint(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || rootErr != nil || len(root) != len(h.root) {
		return h, fault("%s is malformed", name)
	}
	h.root = ledger.Digest(root)
	if h.size == 0 && h.root != c.hasher.root() {
		return h, fault("%s has a wrong root", name)
	}
	c.heads = append(c.heads, h)
	return h, nil
}
