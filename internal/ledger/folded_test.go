package ledger

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFoldedKeepsTheNewest(t *testing.T) {
	var f Folded[string]
	_, ok := f.Get("batch/1")
	require.False(t, ok)
	f.Put("batch/1", 2, "at two")
	f.Put("batch/1", 1, "at one")
	f.Put("batch/1", 2, "at two again")
	state, ok := f.Get("batch/1")
	require.True(t, ok)
	require.Equal(t, "at two", state)
	f.Put("batch/1", 3, "at three")
	state, _ = f.Get("batch/1")
	require.Equal(t, "at three", state)
}

func TestFoldedForgetsWhatNobodyAskedForTheLongest(t *testing.T) {
	var f Folded[int]
	for i := range maxFolded {
		f.Put(fmt.Sprint(i), 1, i)
	}
	_, ok := f.Get("0")
	require.True(t, ok)
	f.Put("one more", 1, 0)
	require.Len(t, f.kept, maxFolded)
	_, ok = f.Get("0")
	require.True(t, ok, "it was asked for")
	_, ok = f.Get("1")
	require.False(t, ok)
}
