package pages

import (
	"fmt"
	"net/http"
)

// printDownload is GET /batches/:batch/record-print/:print/pdf. Before the print is finished it leads to its progress.
func (v *visit) printDownload() error {
	number, id := v.Param("batch"), v.Param("print")
	pdf, err := v.desk.Printed(number, id)
	if err != nil {
		return err
	}
	if pdf == nil {
		return v.to("/batches/" + number + "/record-print/" + id)
	}
	v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", number+"-record.pdf"))
	return v.Blob(http.StatusOK, "application/pdf", pdf)
}
