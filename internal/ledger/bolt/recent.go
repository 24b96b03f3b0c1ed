package bolt

import (
	"bytes"
	"maps"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"rexbatch/internal/ledger"
)

// flushEvery is how many entries may be missing from the streams bucket. Updating it in every commit would dirty a
// page per stream (performance.md, fact 6); so the newest entries are indexed in memory alone, written all at
// once in order of key, and read again from the log's end at open.
const flushEvery = 1024

// recent is the index of the newest entries: those at positions from indexed on.
type recent struct {
	indexed uint64
	runs    map[string]run
}

// run is consecutive versions of one stream, from first on. Positions are only appended, so a copy of a run stays
// right while the log grows.
type run struct {
	first uint64
	seqs  []uint64
}

// head is the newest version of the run.
func (r run) head() uint64 { return r.first + uint64(len(r.seqs)) - 1 }

func (r *recent) add(stream string, version, seq uint64) {
	old, ok := r.runs[stream]
	if !ok {
		old.first = version
	}
	old.seqs = append(old.seqs, seq)
	r.runs[stream] = old
}

// loadRecent reads the entries that are not in the streams bucket yet.
func loadRecent(tx *bbolt.Tx, size uint64) (recent, error) {
	r := recent{runs: map[string]run{}}
	var err error
	r.indexed, err = numberAt(tx.Bucket(bucketMeta).Get(metaIndexed), "the number of indexed entries")
	if err != nil {
		return r, err
	}
	for seq := r.indexed; seq < size; seq++ {
		e, err := entryAt(tx, seq)
		if err != nil {
			return r, err
		}
		known, ok := r.runs[e.Stream]
		head := known.head()
		if !ok {
			head, err = indexedHead(tx, e.Stream)
			if err != nil {
				return r, err
			}
		}
		if e.Version != head+1 {
			return r, &ledger.CorruptError{Seq: seq, Stream: e.Stream, What: "the stream's versions are not in order"}
		}
		r.add(e.Stream, e.Version, seq)
	}
	return r, nil
}

// flush writes the recent index, and that of the entries being committed, into the streams bucket.
func flush(tx *bbolt.Tx, r recent, added []ledger.Entry, size uint64) error {
	keys := make(map[string]uint64, flushEvery+len(added))
	for stream, run := range r.runs {
		for i, seq := range run.seqs {
			keys[string(streamKey(stream, run.first+uint64(i)))] = seq
		}
	}
	for _, e := range added {
		keys[string(streamKey(e.Stream, e.Version))] = e.Seq
	}
	b := tx.Bucket(bucketStreams)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		err := b.Put([]byte(key), number(keys[key]))
		if err != nil {
			return err
		}
	}
	return tx.Bucket(bucketMeta).Put(metaIndexed, number(size))
}

// indexedHead is the newest version of a stream in the streams bucket, 0 when it has none.
func indexedHead(tx *bbolt.Tx, stream string) (uint64, error) {
	c := tx.Bucket(bucketStreams).Cursor()
	k, _ := c.Seek(append([]byte(stream), 1)) // just behind the stream's last key
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	name, version, ok := splitStreamKey(k)
	if k != nil && !ok {
		return 0, &ledger.CorruptError{Stream: stream, What: "the stream index has a malformed key"}
	}
	if !bytes.Equal(name, []byte(stream)) {
		return 0, nil
	}
	return version, nil
}
