package verify

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"rexbatch/internal/ledger"
)

// checkStreams walks the index: every stream's versions count from 1 without a gap and its positions ascend. Together
// with checkVersion this makes index and entries equal. On the way it derives each stream's views.
func (c *checker) checkStreams() error {
	c.report.ViewsChecked = len(c.opt.Projections) > 0
	expected := map[string]ledger.Digest{} // of the documents
	stream, found := "", uint64(0)
	var seqs []uint64
	end := func() error {
		if stream == "" {
			return nil
		}
		seqs = append(seqs, c.recent[stream]...)
		delete(c.recent, stream)
		err := c.project(stream, seqs, expected)
		seqs = seqs[:0]
		return err
	}
	err := c.db.walk(c.buckets["streams"], func(e element) error {
		n := len(e.key) - 9
		if n < 1 || e.key[n] != 0 || len(e.value) != 8 {
			return fault("the stream index has a malformed key %q", e.key)
		}
		version, seq := binary.BigEndian.Uint64(e.key[n+1:]), binary.BigEndian.Uint64(e.value)
		if name := string(e.key[:n]); name != stream {
			err := end()
			if err != nil {
				return err
			}
			stream = name
		}
		if version != uint64(len(seqs))+1 || len(seqs) > 0 && seqs[len(seqs)-1] >= seq || seq >= c.indexed {
			return faultAt(seq, stream, "version %d in the stream index is out of order", version)
		}
		seqs = append(seqs, seq)
		found++
		return c.ctx.Err()
	})
	if err != nil {
		return err
	}
	err = end()
	if err != nil {
		return err
	}
	if found != c.indexed || c.indexed > c.report.Entries {
		return fault("the stream index has %d entries, it should have %d", found, c.indexed)
	}
	for _, name := range slices.Sorted(maps.Keys(c.recent)) {
		err = c.project(name, c.recent[name], expected)
		if err != nil {
			return err
		}
	}
	return c.checkViews(expected)
}

// project derives the views of one stream.
func (c *checker) project(stream string, seqs []uint64, expected map[string]ledger.Digest) error {
	c.report.Streams++
	for _, p := range c.opt.Projections {
		if !strings.HasPrefix(stream, p.Prefix) {
			continue
		}
		docs, err := p.Views(c.blob, c.entriesAt(stream, seqs))
		var f *Fault
		if errors.As(err, &f) {
			return f
		}
		if err != nil {
			return faultAt(seqs[len(seqs)-1], stream, "its views cannot be derived: %v", err)
		}
		for key, doc := range docs {
			_, twice := expected[key]
			if twice {
				return &Fault{Stream: stream, What: "view " + key + " is derived twice"}
			}
			if doc == nil {
				continue
			}
			stored, ok, err := c.db.get(c.buckets["views"], []byte(key))
			if err != nil {
				return err
			}
			if !ok || !bytes.Equal(stored, doc) {
				return &Fault{Stream: stream, What: "view " + key + " is missing or is not what the entries say"}
			}
			expected[key] = ledger.DigestOf(doc)
		}
	}
	return nil
}

// blob reads a blob; that its bytes match the digest was checked before.
func (c *checker) blob(d ledger.Digest) ([]byte, error) {
	value, ok, err := c.db.get(c.buckets["blobs"], d[:])
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ledger.ErrNotFound
	}
	return bytes.Clone(value), nil
}

// entriesAt reads a stream's entries again, one by one.
func (c *checker) entriesAt(stream string, seqs []uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, seq := range seqs {
			value, ok, err := c.db.get(c.buckets["entries"], number(seq))
			if err != nil {
				yield(ledger.Entry{}, err)
				return
			}
			if !ok || len(value) < 32 {
				yield(ledger.Entry{}, faultAt(seq, "", "the entry cannot be found by its key"))
				return
			}
			e, err := ledger.Decode(seq, bytes.Clone(value[32:])) // the reader may keep it
			if err == nil && e.Stream != stream {
				err = faultAt(seq, e.Stream, "the stream index has it as an entry of %s", stream)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// checkViews looks for views that no stream accounts for.
func (c *checker) checkViews(expected map[string]ledger.Digest) error {
	return c.db.walk(c.buckets["views"], func(e element) error {
		c.report.Views++
		want, ok := expected[string(e.key)]
		if c.report.ViewsChecked && (!ok || ledger.DigestOf(e.value) != want) {
			return fault("view %q does not follow from any entry", e.key)
		}
		return c.ctx.Err()
	})
}

// checkDocuments reads the secrets, whose content is nobody's business here.
func (c *checker) checkDocuments() error {
	return c.db.walk(c.buckets["secrets"], func(element) error {
		c.report.Secrets++
		return c.ctx.Err()
	})
}
