package verify

import (
	"crypto/sha256"

	"rexbatch/internal/ledger"
)

// leafHash and nodeHash are those of RFC 6962.
func leafHash(raw []byte) ledger.Digest {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(raw)
	return ledger.Digest(h.Sum(nil))
}

func nodeHash(left, right ledger.Digest) ledger.Digest {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}

// hasher grows a Merkle tree as a stack of perfect subtrees, the largest first: one for each 1 in the binary
// form of size.
type hasher struct {
	size  uint64
	stack []ledger.Digest
}

func (h *hasher) push(leaf ledger.Digest) {
	h.stack = append(h.stack, leaf)
	for n := h.size; n&1 == 1; n >>= 1 {
		top := len(h.stack) - 2
		h.stack[top] = nodeHash(h.stack[top], h.stack[top+1])
		h.stack = h.stack[:top+1]
	}
	h.size++
}

func (h *hasher) root() ledger.Digest {
	if h.size == 0 {
		return sha256.Sum256(nil)
	}
	root := h.stack[len(h.stack)-1]
	for i := len(h.stack) - 2; i >= 0; i-- {
		root = nodeHash(h.stack[i], root)
	}
	return root
}

// tileWidth is the number of hashes in a full tile.
const tileWidth = 256

// tiler cuts the tree into tiles as they are stored.
type tiler struct {
	levels []tileLevel
}

type tileLevel struct {
	full uint64 // tiles that are complete
	open []ledger.Digest
}

// push adds a hash to a level, and upwards. check sees each tile when it is complete.
func (t *tiler) push(level int, hash ledger.Digest, check func(level int, n uint64, hashes []ledger.Digest) error) error {
	if level == len(t.levels) {
		t.levels = append(t.levels, tileLevel{})
	}
	l := &t.levels[level]
	l.open = append(l.open, hash)
	if len(l.open) < tileWidth {
		return nil
	}
	err := check(level, l.full, l.open)
	if err != nil {
		return err
	}
	var h hasher
	for _, d := range l.open {
		h.push(d)
	}
	l.full, l.open = l.full+1, l.open[:0]
	return t.push(level+1, h.root(), check)
}
