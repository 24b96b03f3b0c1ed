package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
)

// A label is one whole file; printed again after a failure it is still one, and a reprint is another (LB-1).
func TestSpoolKeepsOneFileForEachLabel_LB1(t *testing.T) {
	data := t.TempDir()
	s := spool{dir: filepath.Join(data, "spool", "ES-SVQ")}
	job := batch.PrintJob{
		Site: "ES-SVQ", Batch: "SVQ2600001X", CoI: "CH A9999 26 000001 G", Container: "A9999 26 000001/B00001 K", Code: "=&,1000", Kind: "harvest-bag",
		Text: "Bolsa de extracción", Serial: 1,
	}
	require.NoError(t, s.Print(context.Background(), job))
	require.NoError(t, s.Print(context.Background(), job))
	again := job
	again.Serial = 2
	require.NoError(t, s.Print(context.Background(), again))
	files, err := os.ReadDir(s.dir)
	require.NoError(t, err)
	require.Len(t, files, 2)
	require.Equal(t, "SVQ2600001X.A9999-26-000001-B00001-K.1.json", files[0].Name())
	text, err := os.ReadFile(filepath.Join(s.dir, files[0].Name()))
	require.NoError(t, err)
	var label spooledLabel
	require.NoError(t, json.Unmarshal(text, &label))
	require.Equal(t, spooledLabel(job), label)

	// A folder that cannot be written is a failure that the record keeps, not a label on paper.
	require.NoError(t, os.RemoveAll(s.dir))
	require.NoError(t, os.WriteFile(s.dir, nil, 0o600))
	require.Error(t, s.Print(context.Background(), job))
}
