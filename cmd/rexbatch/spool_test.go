package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/templates"
)

// A label is one whole file; printed again after a failure it is still one, and a reprint is another (LB-1).
func TestSpoolKeepsOneFileForEachLabel_LB1(t *testing.T) {
	data := t.TempDir()
	s := spool{dir: filepath.Join(data, "spool", "ES-SVQ")}
	layouts, err := label.Load(templates.Labels)
	require.NoError(t, err)
	coi, err := isbt128.ParseCoI("CHA999926000001")
	require.NoError(t, err)
	id, err := isbt128.ParseContainerID("A999926000001/B00001")
	require.NoError(t, err)
	facts := label.Facts{
		Kind: "harvest-bag", Language: "es", Content: isbt128.LabelContent{CoI: coi, ID: id, Serial: 1}, Subject: "ES07-0042", Batch: "SVQ2600001X",
		Plant: label.Plant{Protocol: "DEMO", Sponsor: "Demo"}, Issued: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	laid, err := layouts.Lay(facts)
	require.NoError(t, err)
	job := batch.PrintJob{
		Site: "ES-SVQ", Batch: "SVQ2600001X", CoI: coi.Print(), Container: "A9999 26 000001/B00001 K", Code: laid.Content.String(), Kind: "harvest-bag",
		Text: "Bolsa de extracción", Serial: 1, Label: laid,
	}
	require.NoError(t, s.Print(context.Background(), job))
	require.NoError(t, s.Print(context.Background(), job))
	again := job
	again.Serial = 2
	require.NoError(t, s.Print(context.Background(), again))
	files, err := filepath.Glob(filepath.Join(s.dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	require.Equal(t, "SVQ2600001X.A9999-26-000001-B00001-K.1.json", filepath.Base(files[0]))
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	var spooled spooledLabel
	require.NoError(t, json.Unmarshal(text, &spooled))
	require.Equal(t, spooledLabel{
		Site: job.Site, Batch: job.Batch, CoI: job.CoI, Container: job.Container, Code: job.Code, Kind: job.Kind, Text: job.Text, Serial: 1,
		Template: "collection-bag v1", Pages: 1,
	}, spooled)
	pdf, err := os.ReadFile(strings.TrimSuffix(files[0], "json") + "pdf")
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-1.7")))
	zpl, err := os.ReadFile(strings.TrimSuffix(files[0], "json") + "zpl")
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(zpl, []byte("^XA")))

	// A folder that cannot be written is a failure that the record keeps, not a label on paper.
	require.NoError(t, os.RemoveAll(s.dir))
	require.NoError(t, os.WriteFile(s.dir, nil, 0o600))
	require.Error(t, s.Print(context.Background(), job))
}
