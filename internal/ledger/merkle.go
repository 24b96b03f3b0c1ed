package ledger

import (
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// The tree is RFC 6962. Its hashes are kept in tiles: a tile of level L holds 256 hashes of tree level 8·L,
// so its own root is one hash in a tile of level L+1 (the layout of C2SP tlog-tiles).
const (
	tileHeight = 8
	TileWidth  = 1 << tileHeight // hashes in a full tile
)

// Tile is a run of hashes to be stored: the tile number N of a level, full or still growing.
type Tile struct {
	Level int
	N     uint64
	Data  []byte // up to TileWidth hashes of 32 bytes
}

// TileReader returns the stored hashes of a tile; ErrNotFound where there is none.
type TileReader func(level int, n uint64) ([]byte, error)

// Tree is the right edge of a Merkle tree: its size and the open (not yet full) tile of each level, which is
// enough to grow it and to know its root. The zero Tree is empty. It is not safe for concurrent use; Clone it.
type Tree struct {
	size uint64
	open [][]tlog.Hash
}

// Size is the number of leaves.
func (t *Tree) Size() uint64 { return t.size }

// Clone returns a tree that further calls of Push on t leave alone, and that may be read from any goroutine. It
// shares the hashes, which are never changed in place. Only the newest clone of a tree may be pushed to.
func (t *Tree) Clone() Tree { return Tree{size: t.size, open: slices.Clone(t.open)} }

// Push adds a leaf. It returns the tiles to store, none for 255 leaves in 256: a tile of level 0 when it is full,
// and then the tile above in its present state, and so on upwards while tiles fill.
func (t *Tree) Push(leaf Digest) []Tile {
	t.size++
	var tiles []Tile
	hash := tlog.Hash(leaf)
	for level := 0; ; level++ {
		if level == len(t.open) {
			t.open = append(t.open, nil)
		}
		if t.open[level] == nil {
			t.open[level] = make([]tlog.Hash, 0, TileWidth)
		}
		t.open[level] = append(t.open[level], hash)
		run := t.open[level]
		full := len(run) == TileWidth
		if level > 0 || full {
			tiles = append(tiles, Tile{Level: level, N: (t.nodes(level) - 1) / TileWidth, Data: tileBytes(run)})
		}
		if !full {
			return tiles
		}
		hash = fold(run)
		t.open[level] = nil // a new array: clones still hold the old one
	}
}

// nodes is the number of complete hashes at tile level.
func (t *Tree) nodes(level int) uint64 { return t.size >> (tileHeight * level) }

// RestoreTree rebuilds the right edge of a tree of that size from the tiles and from the leaves behind the
// last full tile of level 0: at most 255 of them, however large the tree.
func RestoreTree(size uint64, tiles TileReader, leaf func(seq uint64) (Digest, error)) (Tree, error) {
	t := Tree{size: size}
	for level := 0; t.nodes(level) > 0; level++ {
		n := t.nodes(level)
		first := n - n%TileWidth
		var run []tlog.Hash
		switch {
		case first == n:
		case level == 0:
			run = make([]tlog.Hash, 0, TileWidth)
			for seq := first; seq < n; seq++ {
				d, err := leaf(seq)
				if err != nil {
					return Tree{}, fmt.Errorf("restore tree of %d: %w", size, err)
				}
				run = append(run, tlog.Hash(d))
			}
		default:
			stored, err := readTile(tiles, level, n/TileWidth, int(n-first))
			if err != nil {
				return Tree{}, fmt.Errorf("restore tree of %d: %w", size, err)
			}
			run = append(make([]tlog.Hash, 0, TileWidth), stored[:n-first]...)
		}
		t.open = append(t.open, run)
	}
	return t, nil
}

// Root is the RFC 6962 hash of the whole tree; it needs the open tiles alone.
func (t *Tree) Root() (Digest, error) {
	return t.RootAt(t.size, func(level int, n uint64) ([]byte, error) { return nil, ErrNotFound })
}

// RootAt is the root of the tree when it had that many leaves.
func (t *Tree) RootAt(size uint64, tiles TileReader) (Digest, error) {
	if size > t.size {
		return Digest{}, fmt.Errorf("root at %d of a tree of %d: %w", size, t.size, ErrNotFound)
	}
	root, err := tlog.TreeHash(int64(size), t.hashes(tiles))
	if err != nil {
		return Digest{}, fmt.Errorf("root at %d: %w", size, err)
	}
	return Digest(root), nil
}

// Inclusion proves leaf seq in the tree of that size. The proof is checked before it is given away, so a
// damaged tile is found here (*CorruptError).
func (t *Tree) Inclusion(seq, size uint64, leaf Digest, tiles TileReader) ([]Digest, error) {
	if size > t.size || seq >= size {
		return nil, fmt.Errorf("inclusion of entry %d in %d entries: %w", seq, size, ErrNotFound)
	}
	root, err := t.RootAt(size, tiles)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveRecord(int64(size), int64(seq), t.hashes(tiles))
	if err != nil {
		return nil, fmt.Errorf("inclusion of entry %d in %d entries: %w", seq, size, err)
	}
	err = tlog.CheckRecord(proof, int64(size), tlog.Hash(root), int64(seq), tlog.Hash(leaf))
	if err != nil {
		return nil, &CorruptError{Seq: seq, What: "the stored tree does not prove this entry"}
	}
	return digests(proof), nil
}

// Consistency proves that the tree of size old is a prefix of the tree of size new. The proof from the
// empty tree is empty. It is checked before it is given away.
func (t *Tree) Consistency(old, new uint64, tiles TileReader) ([]Digest, error) {
	if new > t.size || old > new {
		return nil, fmt.Errorf("consistency of %d and %d entries: %w", old, new, ErrNotFound)
	}
	if old == 0 {
		return nil, nil
	}
	oldRoot, err := t.RootAt(old, tiles)
	if err != nil {
		return nil, err
	}
	newRoot, err := t.RootAt(new, tiles)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveTree(int64(new), int64(old), t.hashes(tiles))
	if err != nil {
		return nil, fmt.Errorf("consistency of %d and %d entries: %w", old, new, err)
	}
	err = tlog.CheckTree(proof, int64(new), tlog.Hash(newRoot), int64(old), tlog.Hash(oldRoot))
	if err != nil {
		return nil, &CorruptError{Seq: old, What: "the stored tree does not prove its own growth"}
	}
	return digests(proof), nil
}

// hashes answers tlog's questions from the open tiles, else from the stored ones.
func (t *Tree) hashes(tiles TileReader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			up := level % tileHeight     // levels above the bottom of the tile
			first := uint64(n) << up     // in hashes of the tile's own level
			at := int(first % TileWidth) // in the tile
			number := first / TileWidth  // of the tile
			width := 1 << up             // hashes below this one
			tile := level / tileHeight
			run, err := t.run(tiles, tile, number, at+width)
			if err != nil {
				return nil, err
			}
			out[i] = fold(run[at : at+width])
		}
		return out, nil
	})
}

func (t *Tree) run(tiles TileReader, level int, n uint64, need int) ([]tlog.Hash, error) {
	if level < len(t.open) && n == t.nodes(level)/TileWidth && len(t.open[level]) >= need {
		return t.open[level], nil
	}
	return readTile(tiles, level, n, need)
}

func readTile(tiles TileReader, level int, n uint64, need int) ([]tlog.Hash, error) {
	data, err := tiles(level, n)
	if err != nil {
		return nil, fmt.Errorf("tile %d of level %d: %w", n, level, err)
	}
	if len(data)%tlog.HashSize != 0 || len(data) < need*tlog.HashSize {
		return nil, &CorruptError{Seq: n * TileWidth, What: fmt.Sprintf("tile %d of level %d has %d bytes", n, level, len(data))}
	}
	run := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range run {
		copy(run[i][:], data[i*tlog.HashSize:])
	}
	return run, nil
}

// fold is the root over a power of two of hashes.
func fold(run []tlog.Hash) tlog.Hash {
	if len(run) == 1 {
		return run[0]
	}
	half := len(run) / 2
	return tlog.NodeHash(fold(run[:half]), fold(run[half:]))
}

func tileBytes(run []tlog.Hash) []byte {
	out := make([]byte, 0, len(run)*tlog.HashSize)
	for i := range run {
		out = append(out, run[i][:]...)
	}
	return out
}

func digests(hashes []tlog.Hash) []Digest {
	out := make([]Digest, len(hashes))
	for i, h := range hashes {
		out[i] = Digest(h)
	}
	return out
}
