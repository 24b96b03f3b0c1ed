package pages

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"rexbatch/batch/equipment"
)

// deviceForm asks for a new device; what was typed before a refusal is kept.
type deviceForm struct {
	frame
	Kinds          []choice
	ID, Name, Area string
	Checks         []deviceNeed
	Roles          *picker
}

// deviceNeed is a check that the device may need, and the day until which it is passed already.
type deviceNeed struct {
	Code, Name string
	Needed     bool
	Till       []picker // none for a check of the day
}

// deviceRegisterShow is GET /equipment/register.
func (v *visit) deviceRegisterShow() error { return v.deviceForm(http.StatusOK) }

func (v *visit) deviceForm(code int, problems ...Problem) error {
	p := deviceForm{
		frame: v.frame("equipment", v.T("device.register"), problems...), ID: v.FormValue("id"), Name: v.FormValue("name"), Area: v.FormValue("area"),
	}
	p.Roles, _ = v.rolesFor(equipmentKeeper)
	for _, kind := range v.kinds() {
		p.Kinds = append(p.Kinds, choice{Code: kind, Name: v.kindName(kind), Chosen: v.FormValue("kind") == kind})
	}
	slices.SortFunc(p.Kinds, func(a, b choice) int { return cmp.Compare(a.Name, b.Name) })
	for _, check := range equipment.Checks() {
		n := deviceNeed{Code: string(check), Name: v.word("check", string(check)), Needed: v.FormValue("need_"+string(check)) != ""}
		if check != equipment.DailyControl {
			n.Till = v.dayPickers(string(check), 0, 10, v.FormValue)
		}
		p.Checks = append(p.Checks, n)
	}
	return v.render(code, "device_register", p)
}

// usualKinds are what such a plant has, also where the effective recipe names fewer.
var usualKinds = []string{
	"balance", "biosafety-cabinet", "centrifuge", "cytometer", "hematology-analyser", "incubator", "label-printer", "sepax", "temperature-logger", "welder",
}

// kinds are the kinds of device to choose from.
func (v *visit) kinds() []string {
	out := slices.AppendSeq(slices.Clone(usualKinds), maps.Keys(v.plant().Batches.Recipe.Equipment))
	slices.Sort(out)
	return slices.Compact(out)
}

// deviceRegister is POST /equipment.
func (v *visit) deviceRegister() error {
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.deviceForm(status(err), v.problems(err, nil)...)
	}
	book := v.plant().Batches.Equipment()
	r := equipment.Registration{
		ID: equipment.ID(v.FormValue("id")), Kind: v.FormValue("kind"), Name: v.FormValue("name"), Area: v.FormValue("area"), Checks: map[equipment.Check]equipment.Due{},
	}
	for _, check := range equipment.Checks() {
		due, err := book.Due(v.pickedDay(string(check)))
		if err != nil {
			return v.deviceForm(status(err), v.problems(err, nil)...)
		}
		if v.FormValue("need_"+string(check)) != "" || !due.IsZero() {
			r.Checks[check] = due
		}
	}
	id, err := book.Register(v.ctx(), author, r)
	if err != nil {
		return v.deviceForm(status(err), v.problems(err, nil)...)
	}
	return v.to("/equipment/" + string(id) + "?done=device-registered")
}
