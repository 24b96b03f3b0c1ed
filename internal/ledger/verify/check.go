package verify

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rexbatch/internal/ledger"
)

// knownFormat is the version of the data directory that this program can read.
const knownFormat = "rexbatch ledger 1"

var bucketNames = []string{"meta", "entries", "streams", "claims", "tiles", "blobs", "views", "secrets"}

// checker is one run.
type checker struct {
	ctx    context.Context
	dir    string
	opt    Options
	report Report

	db      *pages
	buckets map[string]tree
	key     string
	indexed uint64 // entries that the stream index must hold
	heads   []head // checkpoints to be met on the way

	last   time.Time
	hasher hasher
	tiler  tiler
	tiles  uint64 // stored tiles that the log calls for
	claims map[string]uint64
	blobs  map[ledger.Digest]bool
	recent map[string][]uint64 // positions of the entries that are not in the stream index
	first  map[string]uint64   // and the version of the first of each
}

// head is what a checkpoint says.
type head struct {
	name string
	size uint64
	root ledger.Digest
}

// run goes from the entries outwards: what is wrong with an entry is named before its consequences elsewhere.
func (c *checker) run(db *os.File, signed []byte) error {
	var err error
	c.db, err = openPages(db)
	if err != nil {
		return err
	}
	c.claims, c.blobs = map[string]uint64{}, map[ledger.Digest]bool{}
	c.recent, c.first = map[string][]uint64{}, map[string]uint64{}
	err = c.openBuckets()
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		c.checkMeta,
		func() error { return c.readCheckpoints(signed) },
		c.checkBlobs, c.checkEntries, c.checkHeads, c.checkTiles, c.checkStreams, c.checkClaims, c.checkDocuments,
		c.db.checkUse,
	} {
		err = step()
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) openBuckets() error {
	c.buckets = map[string]tree{}
	err := c.db.walk(c.db.top(), func(e element) error {
		t, err := bucketOf(e)
		c.buckets[string(e.key)] = t
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range bucketNames {
		_, ok := c.buckets[name]
		if !ok {
			return fault("ledger.db has no bucket %q", name)
		}
	}
	if len(c.buckets) != len(bucketNames) {
		return fault("ledger.db has buckets that do not belong there")
	}
	return nil
}

func (c *checker) checkMeta() error {
	meta := map[string]string{}
	err := c.db.walk(c.buckets["meta"], func(e element) error {
		meta[string(e.key)] = string(e.value)
		return nil
	})
	if err != nil {
		return err
	}
	if meta["format"] != knownFormat {
		return fault("the data has format %q, this program knows %q", meta["format"], knownFormat)
	}
	if len(meta["indexed"]) != 8 {
		return fault("the number of indexed entries is malformed")
	}
	c.indexed = binary.BigEndian.Uint64([]byte(meta["indexed"]))
	c.key, c.report.Origin = meta["key"], meta["origin"]
	pub, err := os.ReadFile(filepath.Join(c.dir, "log.pub"))
	if errors.Is(err, os.ErrNotExist) {
		return fault("log.pub is missing")
	}
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(pub)) != c.key {
		return fault("log.pub is not the key of this ledger")
	}
	return nil
}

// checkBlobs comes before the entries, which name blobs.
func (c *checker) checkBlobs() error {
	return c.db.walk(c.buckets["blobs"], func(e element) error {
		d := ledger.DigestOf(e.value)
		if !bytes.Equal(e.key, d[:]) {
			return fault("blob %x does not match its digest", e.key)
		}
		c.blobs[d] = true
		c.report.Blobs++
		return c.ctx.Err()
	})
}

// checkHeads holds the tree against checkpoints that the log does not reach.
func (c *checker) checkHeads() error {
	c.report.Root = c.hasher.root()
	for _, h := range c.heads {
		if h.size > c.hasher.size {
			return faultAt(c.hasher.size, "", "entries are missing: the log has %d, %s signs %d", c.hasher.size, h.name, h.size)
		}
	}
	return nil
}

// checkTiles looks at the open tiles, and for tiles too many. Full ones were compared on the way.
func (c *checker) checkTiles() error {
	for level, l := range c.tiler.levels {
		if level == 0 || len(l.open) == 0 {
			continue
		}
		err := c.checkTile(level, l.full, l.open)
		if err != nil {
			return err
		}
	}
	stored := uint64(0)
	err := c.db.walk(c.buckets["tiles"], func(element) error {
		stored++
		return nil
	})
	if err != nil {
		return err
	}
	if stored != c.tiles {
		return fault("%d tiles are stored, the log calls for %d", stored, c.tiles)
	}
	return nil
}

func (c *checker) checkTile(level int, n uint64, hashes []ledger.Digest) error {
	c.tiles++
	stored, ok, err := c.db.get(c.buckets["tiles"], binary.BigEndian.AppendUint64([]byte{byte(level)}, n))
	if err != nil {
		return err
	}
	want := make([]byte, 0, tileWidth*len(ledger.Digest{}))
	for _, h := range hashes {
		want = append(want, h[:]...)
	}
	if !ok || !bytes.Equal(stored, want) {
		return fault("tile %d of level %d is missing or does not match the entries", n, level)
	}
	return nil
}

// checkClaims compares what is held with what follows from the entries, both ways.
func (c *checker) checkClaims() error {
	err := c.db.walk(c.buckets["claims"], func(e element) error {
		seq, ok := c.claims[string(e.key)]
		if !ok {
			return fault("claim %q is held, but no entry took it", e.key)
		}
		if !bytes.Equal(e.value, number(seq)) {
			return faultAt(seq, "", "claim %q is not held by this entry, which took it", e.key)
		}
		c.report.Claims++
		return nil
	})
	if err != nil {
		return err
	}
	if c.report.Claims == uint64(len(c.claims)) {
		return nil
	}
	for key, seq := range c.claims {
		_, ok, err := c.db.get(c.buckets["claims"], []byte(key))
		if err != nil {
			return err
		}
		if !ok {
			return faultAt(seq, "", "claim %q was taken by this entry, but is not held", key)
		}
	}
	return nil
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
