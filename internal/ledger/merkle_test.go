package ledger_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"rexbatch/internal/ledger"
)

// store keeps tiles as an engine does.
type store map[string][]byte

func (s store) put(tiles []ledger.Tile) {
	for _, t := range tiles {
		s[fmt.Sprint(t.Level, t.N)] = t.Data
	}
}

func (s store) read(level int, n uint64) ([]byte, error) {
	data, ok := s[fmt.Sprint(level, n)]
	if !ok {
		return nil, ledger.ErrNotFound
	}
	return data, nil
}

// I2: the tree is that of tlog at every size, and can be taken up again from tiles at any size, also
// beyond the 65,536 leaves from which on there are three levels.
func TestTreeIsThatOfTlog(t *testing.T) {
	const n = 66_000
	tiles := store{}
	var tree ledger.Tree
	var leaves []ledger.Digest
	var all []tlog.Hash // as tlog stores them
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = all[index]
		}
		return out, nil
	})
	leaf := func(seq uint64) (ledger.Digest, error) { return leaves[seq], nil }
	for i := range int64(n) {
		d := ledger.DigestOf(fmt.Append(nil, i))
		stored, err := tlog.StoredHashesForRecordHash(i, tlog.Hash(d), reader)
		require.NoError(t, err)
		all = append(all, stored...)
		leaves = append(leaves, d)
		tiles.put(tree.Push(d))
		if i > 600 && i%256 > 1 && i < 65_530 {
			continue
		}
		want, err := tlog.TreeHash(i+1, reader)
		require.NoError(t, err)
		root, err := tree.Root()
		require.NoError(t, err)
		require.Equal(t, ledger.Digest(want), root, "size %d", i+1)
		restored, err := ledger.RestoreTree(uint64(i+1), tiles.read, leaf)
		require.NoError(t, err)
		root, err = restored.Root()
		require.NoError(t, err)
		require.Equal(t, ledger.Digest(want), root, "size %d", i+1)
		if i%512 == 1 {
			tree = restored // and goes on growing
		}
	}
	for _, seq := range []uint64{0, 255, 256, 65_535, 65_536, n - 1} {
		for _, size := range []uint64{n, 65_537, 257} {
			if seq >= size {
				continue
			}
			_, err := tree.Inclusion(seq, size, leaves[seq], tiles.read)
			require.NoError(t, err)
			_, err = tree.Consistency(seq+1, size, tiles.read)
			require.NoError(t, err)
		}
	}

	// A damaged tile never becomes a proof.
	tiles["0 3"] = append([]byte{1}, tiles["0 3"][1:]...)
	_, err := tree.Inclusion(770, n, leaves[770], tiles.read)
	var corrupt *ledger.CorruptError
	require.ErrorAs(t, err, &corrupt)
	tiles["0 3"] = tiles["0 3"][:40]
	_, err = tree.Inclusion(770, n, leaves[770], tiles.read)
	require.ErrorAs(t, err, &corrupt)
}

// A clone is what readers hold while the log grows, and what a failed commit goes back to.
func TestCloneStays(t *testing.T) {
	var tree ledger.Tree
	for i := range 1000 {
		before := tree.Clone()
		want, err := before.Root()
		require.NoError(t, err)
		failed := before.Clone()
		failed.Push(ledger.DigestOf([]byte("never committed")))
		tree = before.Clone()
		tree.Push(ledger.DigestOf(fmt.Append(nil, i)))
		got, err := before.Root()
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, uint64(i), before.Size())
	}
}
