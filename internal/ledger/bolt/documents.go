package bolt

import (
	"bytes"
	"context"
	"maps"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"rexbatch/internal/ledger"
)

// ReplaceViews implements ledger.Log. It takes its turn in the queue like an append, and writes only the documents
// that differ, so that a reindex which finds nothing wrong changes nothing.
func (l *Log) ReplaceViews(ctx context.Context, docs map[string][]byte) error {
	err := ctx.Err()
	if err != nil {
		return err
	}
	r, err := prepare(ledger.Append{Views: docs}, l.clock())
	if err != nil {
		return err
	}
	if l.readOnly {
		return ErrReadOnly
	}
	r.replace = true
	return l.queue.enter(ctx, r, l.commit)
}

func replaceViews(b *bbolt.Bucket, docs map[string][]byte) error {
	changes := map[string][]byte{}
	err := b.ForEach(func(k, v []byte) error {
		if docs[string(k)] == nil {
			changes[string(k)] = nil
		}
		return nil
	})
	if err != nil {
		return err
	}
	for key, doc := range docs {
		old, ok := get(b, []byte(key))
		if doc != nil && !(ok && bytes.Equal(old, doc)) {
			changes[key] = doc
		}
	}
	return putDocuments(b, changes)
}

func (p *pending) putRest(r *request) error {
	blobs := p.tx.Bucket(bucketBlobs)
	for i, d := range r.blobs {
		_, stored := get(blobs, d[:])
		if stored {
			continue
		}
		err := blobs.Put(d[:], r.append.Blobs[i])
		if err != nil {
			return err
		}
	}
	err := putDocuments(p.tx.Bucket(bucketViews), r.append.Views)
	if err != nil {
		return err
	}
	return putDocuments(p.tx.Bucket(bucketSecrets), r.append.Secrets)
}

// putDocuments goes through the keys in order: neighbours share pages.
func putDocuments(b *bbolt.Bucket, docs map[string][]byte) error {
	if len(docs) == 0 {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(docs)) {
		var err error
		if docs[key] == nil {
			err = b.Delete([]byte(key))
		} else {
			err = b.Put([]byte(key), docs[key])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
