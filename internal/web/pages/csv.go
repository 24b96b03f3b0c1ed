package pages

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
)

// table sends rows as a CSV file (RFC 4180, UTF-8 with its mark, so that a spreadsheet reads the letters).
func (v *visit) table(name string, rows [][]string) error {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = inert(cell)
		}
		err := w.Write(cells)
		if err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	w.Flush()
	if w.Error() != nil {
		return fmt.Errorf("table %s: %w", name, w.Error())
	}
	h := v.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	return v.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// inert keeps a spreadsheet from reading a text as a formula.
func inert(cell string) string {
	if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-") || strings.HasPrefix(cell, "@") {
		return "'" + cell
	}
	return cell
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
