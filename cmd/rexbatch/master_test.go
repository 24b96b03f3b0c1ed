package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/templates"
)

// A running batch stays with the version that it has pinned, and the comparison names it (AT-5).
func TestMasterDiffNamesRunningBatches_AT5(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "data")
	data, err := openDataDir(ctx, dir, time.Now)
	require.NoError(t, err)
	plant, err := data.plant("DE-FRA")
	require.NoError(t, err)
	by := ledger.Author{Account: "jutta", Role: string(people.Coordinator), Terminal: "T1"}
	number, _, err := plant.Batches.Open(ctx, by, "REX-DE-001")
	require.NoError(t, err)
	require.NoError(t, data.Close())

	file, err := templates.MBR.ReadFile("mbr/rex-001.yaml")
	require.NoError(t, err)
	pinned, err := pinnedBy(ctx, dir, ledger.DigestOf(file))
	require.NoError(t, err)
	require.Equal(t, []string{number}, pinned)

	other, err := os.ReadFile("../../testdata/masters/rex-001-v1.yaml")
	require.NoError(t, err)
	pinned, err = pinnedBy(ctx, dir, ledger.DigestOf(other))
	require.NoError(t, err)
	require.Empty(t, pinned)
}
