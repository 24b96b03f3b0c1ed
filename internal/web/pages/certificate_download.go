package pages

import (
	"fmt"
	"net/http"
)

// certificateDownload is GET /certificates/:certificate.
func (v *visit) certificateDownload() error {
	pdf, ref, err := v.plant().Release.Certificate(v.ctx(), v.Param("certificate"))
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", ref.Number+".pdf"))
	return v.Blob(http.StatusOK, "application/pdf", pdf)
}
