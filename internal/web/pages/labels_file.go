package pages

import (
	"fmt"
	"net/http"

	"rexbatch/internal/web/desk"
)

// labelFile is GET /batches/:batch/steps/:step/labels/:container/:file: one label as it is printed, as picture, PDF or ZPL.
func (v *visit) labelFile() error {
	file, err := v.desk.LabelFile(v.ctx(), v.Param("batch"), v.Param("step"), containerOf(v.Param("container")), v.Param("file"))
	if err != nil {
		return err
	}
	if v.Param("file") != desk.LabelPicture {
		v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", v.Param("container")+"-"+v.Param("file")))
	}
	return v.Blob(http.StatusOK, file.Type, file.Content)
}
