package pages

import (
	"time"

	"rexbatch/batch/area"
)

// areaRegister is POST /areas.
func (v *visit) areaRegister() error {
	author, err := v.forArea()
	if err != nil {
		return v.areasPage(status(err), v.problems(err, nil)...)
	}
	minutes, err := v.count("minutes")
	if err != nil {
		return v.areasPage(status(err), v.problems(err, nil)...)
	}
	id := v.FormValue("id")
	err = v.plant().Batches.Areas().Register(v.ctx(), author, area.Registration{
		ID: id, Kind: v.FormValue("kind"), Name: v.FormValue("name"), Grade: area.Grade(v.FormValue("grade")),
		ValidFor: time.Duration(minutes) * time.Minute,
	})
	if err != nil {
		return v.areasPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/areas/" + id + "?done=area-registered")
}
