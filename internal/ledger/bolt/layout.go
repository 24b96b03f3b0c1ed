package bolt

import (
	"bytes"
	"encoding/binary"

	bbolt "go.etcd.io/bbolt"

	"rexbatch/internal/ledger"
)

// format is the version of everything in the data directory. A file with another one is refused.
const format = "rexbatch ledger 1"

// The files of a data directory.
const (
	dbFile         = "ledger.db"
	keyFile        = "log.key"
	pubFile        = "log.pub"
	checkpointFile = "checkpoint"
)

// The buckets of ledger.db. All numbers in keys and values are 8 bytes, big endian.
var (
	bucketMeta    = []byte("meta")    // format, origin, key, indexed
	bucketEntries = []byte("entries") // seq → leaf hash, exact bytes
	bucketStreams = []byte("streams") // stream 0x00 version → seq, of the entries below indexed
	bucketClaims  = []byte("claims")  // key → seq of the entry that holds it
	bucketTiles   = []byte("tiles")   // level (1 byte) number → hashes
	bucketBlobs   = []byte("blobs")   // SHA-256 → bytes
	bucketViews   = []byte("views")   // key → document
	bucketSecrets = []byte("secrets") // key → document
)

var buckets = [][]byte{bucketMeta, bucketEntries, bucketStreams, bucketClaims, bucketTiles, bucketBlobs, bucketViews, bucketSecrets}

var (
	metaFormat  = []byte("format")
	metaOrigin  = []byte("origin")
	metaKey     = []byte("key")
	metaIndexed = []byte("indexed")
)

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// numberAt reads an 8-byte number; anything else is a damaged file.
func numberAt(v []byte, what string) (uint64, error) {
	if len(v) != 8 {
		return 0, &ledger.CorruptError{What: what + " is not a number"}
	}
	return binary.BigEndian.Uint64(v), nil
}

// streamKey is stream 0x00 version. Names have no control characters, so streams stay apart and in order.
func streamKey(stream string, version uint64) []byte {
	k := make([]byte, 0, len(stream)+9)
	k = append(append(k, stream...), 0)
	return binary.BigEndian.AppendUint64(k, version)
}

// splitStreamKey is the reverse of streamKey.
func splitStreamKey(k []byte) (stream []byte, version uint64, ok bool) {
	n := len(k) - 9
	if n < 1 || k[n] != 0 {
		return nil, 0, false
	}
	return k[:n], binary.BigEndian.Uint64(k[n+1:]), true
}

func tileKey(level int, n uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{byte(level)}, n)
}

// get tells an empty document from a missing one, which Bucket.Get does not promise to do.
func get(b *bbolt.Bucket, key []byte) (value []byte, ok bool) {
	k, v := b.Cursor().Seek(key)
	return v, k != nil && bytes.Equal(k, key)
}
