package pages

import (
	"net/http"
	"slices"

	"rexbatch/batch/equipment"
	"rexbatch/internal/people"
)

// devicesPage is the devices of the plant; what runs out first stands first.
type devicesPage struct {
	frame
	Lines       []deviceLine
	MayRegister bool
	Typed       string
}

// deviceList is GET /equipment. A scanned tag leads to its device.
func (v *visit) deviceList() error {
	typed := v.QueryParam("raw")
	var problems []Problem
	code := http.StatusOK
	if typed != "" {
		id, err := equipment.ParseID(typed)
		if err == nil {
			return v.to("/equipment/" + string(id))
		}
		problems, code = v.problems(err, nil), status(err)
	}
	p := devicesPage{frame: v.frame("equipment", v.T("equipment.title"), problems...), MayRegister: v.desk.Session.May(people.ManageEquipment), Typed: typed}
	sheets, err := v.plant().Batches.Equipment().List(v.ctx())
	if err != nil {
		return err
	}
	for i := range sheets {
		p.Lines = append(p.Lines, v.deviceLine(&sheets[i]))
	}
	slices.SortStableFunc(p.Lines, func(a, b deviceLine) int { return a.due.Compare(b.due) })
	return v.render(code, "equipment", p)
}
