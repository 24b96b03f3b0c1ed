package pages

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"rexbatch/chainofcustody/trace"
)

// traceDownload is GET /trace/csv: the whole table as a file.
func (v *visit) traceDownload() error {
	g, err := v.plant().Release.Trace(v.ctx(), v.QueryParam("of"), trace.Kind(v.QueryParam("kind")))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\uFEFF") // spreadsheets take a file without it for another encoding
	w := csv.NewWriter(&file)
	w.UseCRLF = true
	err = w.Write([]string{v.T("trace.of"), v.T("trace.hub"), v.T("trace.id"), v.T("trace.with"), v.T("trace.id"), v.T("trace.name"), v.T("trace.as"), v.T("lot.step"), v.T("trace.when"), v.T("trace.told")})
	for _, e := range g.Edges {
		if err != nil {
			break
		}
		r := v.traceRow(e)
		name := ""
		if r.To.Name != r.To.ID {
			name = r.To.Name
		}
		err = w.Write([]string{cell(g.Root.ID), cell(r.Hub.Kind), cell(r.Hub.ID), cell(r.To.Kind), cell(r.To.ID), cell(name), cell(r.As), cell(r.Step), cell(r.When), cell(r.Told)})
	}
	if err != nil {
		return fmt.Errorf("trace as csv: %w", err)
	}
	w.Flush()
	return v.file("text/csv; charset=utf-8", "trace.csv", file.Bytes())
}

// cell keeps a spreadsheet from taking a text for a formula: what begins like one gets an apostrophe before it.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return "'" + text
	}
	return text
}
