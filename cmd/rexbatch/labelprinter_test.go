package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/printing"
	"rexbatch/internal/web"
	"rexbatch/templates"
)

func spoolJob(t *testing.T, area string) batch.PrintJob {
	t.Helper()
	layouts, err := label.Load(templates.Labels)
	require.NoError(t, err)
	coi, err := isbt128.ParseCoI("CHA999926000001")
	require.NoError(t, err)
	id, err := isbt128.ParseContainerID("A999926000001/B00001")
	require.NoError(t, err)
	laid, err := layouts.Lay(label.Facts{
		Kind: "harvest-bag", Language: "es", Content: isbt128.LabelContent{CoI: coi, ID: id, Serial: 1}, Subject: "ES07-0042", Batch: "SVQ2600001X",
		Plant: label.Plant{Protocol: "DEMO", Sponsor: "Demo"}, Issued: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	})
	require.NoError(t, err)
	return batch.PrintJob{
		Site: "ES-SVQ", Area: area, Batch: "SVQ2600001X", CoI: coi.Print(), Container: "A9999 26 000001/B00001 K", Code: laid.Content.String(), Kind: "harvest-bag",
		Text: "Bolsa de extracción", Serial: 1, Label: laid,
	}
}

// I5: a label goes to the printer of its work area and to no other; without one it lies in the folder.
func TestLabelGoesToThePrinterOfItsArea_I5(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	got := make(chan []byte, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		all, _ := io.ReadAll(c)
		got <- all
	}()
	data := t.TempDir()
	file := filepath.Join(data, printersFile)
	require.NoError(t, os.WriteFile(file, []byte("ES-SVQ:\n  - {area: SVQ-A1, address: \""+l.Addr().String()+"\", dpi: 203}\n"), 0o600))
	printers, err := readPrinters(file)
	require.NoError(t, err)
	p := newLabelPrinter(spool{dir: filepath.Join(data, "spool", "ES-SVQ")}, printers["ES-SVQ"])
	require.NoError(t, p.Print(context.Background(), spoolJob(t, "SVQ-A2")))
	require.NoError(t, p.Print(context.Background(), spoolJob(t, "")))
	require.Empty(t, got, "the printer of another area stays silent")
	job := spoolJob(t, "SVQ-A1")
	require.NoError(t, p.Print(context.Background(), job))
	want, err := job.Label.ZPL(spoolDots, "drawn")
	require.NoError(t, err)
	require.Equal(t, want, <-got)

	// Nobody answers any more: the label is not on paper, and why stands in the error that the record keeps.
	require.NoError(t, l.Close())
	ctx, stop := context.WithCancel(context.Background())
	p.areas["SVQ-A1"].Wait = func(context.Context, time.Duration) error { stop(); return ctx.Err() }
	var fault *printing.Fault
	require.ErrorAs(t, p.Print(ctx, job), &fault)
	require.Equal(t, printing.Unreachable, fault.Cause)
}

func TestReadPrinters(t *testing.T) {
	file := filepath.Join(t.TempDir(), printersFile)
	none, err := readPrinters(file)
	require.NoError(t, err)
	require.Empty(t, none)
	for text, want := range map[string]string{
		"ES-SVQ:\n  - {area: A1, address: 10.0.0.1, dpi: 200}":                                              "203, 300 or 600",
		"ES-SVQ:\n  - {area: A1, address: 10.0.0.1, dpi: 203, colour: red}":                                 "colour",
		"ES-SVQ:\n  - {area: A1, address: 'http://x', dpi: 203}":                                            "no address",
		"ES-SVQ:\n  - {area: A1, address: 10.0.0.1, dpi: 203, zpl: fast}":                                   "drawn or native",
		"ES-SVQ:\n  - {area: A1, address: 10.0.0.1, dpi: 203}\n  - {area: A1, address: 10.0.0.2, dpi: 300}": "two printers",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := readPrinters(file)
		require.ErrorContains(t, err, want, text)
	}
}

// A printer that nobody hears says so, one that is not asked says nothing, and a test page names no batch.
func TestPrintersSayWhatStateTheyAreIn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	got := make(chan []byte, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		text, _ := io.ReadAll(c)
		_ = c.Close()
		got <- text
	}()
	address := l.Addr().String()
	p := newLabelPrinter(spool{dir: t.TempDir()}, []printerSetting{{Area: "SVQ-A1", Address: address, DPI: 203}, {Area: "", Address: address, DPI: 203, Status: true}})
	require.Equal(t, []string{"", "SVQ-A1"}, []string{p.Printers()[0].Area, p.Printers()[1].Area})
	require.Equal(t, web.SilentPrinter, p.Ask(t.Context(), "SVQ-A1"))
	require.NoError(t, p.Test(t.Context(), "SVQ-A1"))
	require.Contains(t, string(<-got), "SVQ-A1")
	require.NoError(t, l.Close())
	require.Equal(t, string(printing.Unreachable), p.Ask(t.Context(), ""))
}
