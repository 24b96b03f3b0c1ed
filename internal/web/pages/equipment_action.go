package pages

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/people"
)

// deviceAsk says what an act on a device asks for.
type deviceAsk struct {
	AsFound, Result, Made, Due, Reference, Remark, Alarm, Programme, Reason bool
}

// deviceDeed is an act on a device, and who may do it.
type deviceDeed struct {
	code string
	may  func(people.Role) bool
	ask  deviceAsk
}

func floorWorker(r people.Role) bool { return r.May(people.ExecuteStep) }

func equipmentKeeper(r people.Role) bool { return r.May(people.ManageEquipment) }

// deviceDeeds are the acts in the order in which they are offered: what is done every day first.
var deviceDeeds = []deviceDeed{
	{"control", floorWorker, deviceAsk{Result: true, Remark: true}},
	{"clean", floorWorker, deviceAsk{Due: true, Remark: true}},
	{"alarm", floorWorker, deviceAsk{Alarm: true}},
	{"calibrate", equipmentKeeper, deviceAsk{AsFound: true, Result: true, Made: true, Due: true, Reference: true, Remark: true}},
	{"qualify", equipmentKeeper, deviceAsk{Result: true, Made: true, Due: true, Reference: true, Remark: true}},
	{"programme", equipmentKeeper, deviceAsk{Programme: true, Reason: true}},
	{"retire", equipmentKeeper, deviceAsk{Reason: true}},
}

// deviceAction is an act that is offered to this person, with what was typed before a refusal.
type deviceAction struct {
	deviceAsk
	Path, Code           string
	Open                 bool    // it was refused a moment ago
	Roles                *picker // where several of the person's roles could do it
	MadeOn, MadeAt, Till []picker
	Typed                map[string]string
}

// deviceActions are the acts that are open to the person.
func (v *visit) deviceActions(s *equipment.Sheet) []deviceAction {
	if s.Retired != "" {
		return nil
	}
	var out []deviceAction
	for _, d := range deviceDeeds {
		roles, ok := v.rolesFor(d.may)
		if !ok {
			continue
		}
		a := deviceAction{deviceAsk: d.ask, Code: d.code, Path: "/equipment/" + string(s.ID) + "/" + d.code, Roles: roles, Typed: map[string]string{}}
		a.Open = v.Request().URL.Path == a.Path
		typed := func(name string) string {
			if !a.Open {
				return ""
			}
			return v.FormValue(name)
		}
		for _, name := range []string{"result", "as_found", "reference", "remark", "code", "text", "programme", "version", "reason"} {
			a.Typed[name] = typed(name)
		}
		if d.ask.Made {
			a.MadeOn, a.MadeAt = v.dayPickers("made", -1, 0, typed), v.timePickers("made", typed)
		}
		if d.ask.Due {
			a.Till = v.dayPickers("due", 0, 10, typed)
		}
		out = append(out, a)
	}
	return out
}

// rolesFor are the person's roles that may do something, to choose from when they are several; false when none may.
func (v *visit) rolesFor(may func(people.Role) bool) (*picker, bool) {
	roles := picker{Name: "role", Label: v.T("device.role")}
	for _, r := range v.desk.Session.Roles {
		if may(r) {
			roles.add(v, string(r), v.word("role", string(r)))
		}
	}
	switch len(roles.Options) {
	case 0:
		return nil, false
	case 1:
		return nil, true
	}
	return &roles, true
}

// dayPickers ask for a date by day, month in letters and year, so that nobody takes one for the other.
func (v *visit) dayPickers(prefix string, from, to int, typed func(string) string) []picker {
	days, months, years := v.picker("day"), v.picker("month"), v.picker("year")
	for d := 1; d <= 31; d++ {
		days.Options = append(days.Options, choice{Code: fmt.Sprintf("%02d", d), Name: fmt.Sprintf("%02d", d)})
	}
	for m := time.January; m <= time.December; m++ {
		months.Options = append(months.Options, choice{Code: fmt.Sprintf("%02d", int(m)), Name: day(time.Date(2000, m, 1, 0, 0, 0, 0, time.UTC))[3:6]})
	}
	this := v.now().In(v.zone()).Year()
	for y := this + from; y <= this+to; y++ {
		years.Options = append(years.Options, choice{Code: fmt.Sprint(y), Name: fmt.Sprint(y)})
	}
	return named(prefix, typed, days, months, years)
}

func (v *visit) timePickers(prefix string, typed func(string) string) []picker {
	hours, minutes := v.picker("hour"), v.picker("minute")
	for h := range 24 {
		hours.Options = append(hours.Options, choice{Code: fmt.Sprintf("%02d", h), Name: fmt.Sprintf("%02d", h)})
	}
	for m := range 60 {
		minutes.Options = append(minutes.Options, choice{Code: fmt.Sprintf("%02d", m), Name: fmt.Sprintf("%02d", m)})
	}
	return named(prefix, typed, hours, minutes)
}

// momentPickers ask for a moment that is not long ago.
func (v *visit) momentPickers(prefix string) []picker {
	return v.momentPickersFrom(prefix, -1, 0)
}

// momentPickersFrom ask for a moment in the years around this one.
func (v *visit) momentPickersFrom(prefix string, from, to int) []picker {
	return slices.Concat(v.dayPickers(prefix, from, to, v.FormValue), v.timePickers(prefix, v.FormValue))
}

// named gives the parts of a moment names of their own in a form that asks for two. What was picked stays picked.
func named(prefix string, typed func(string) string, parts ...picker) []picker {
	for i := range parts {
		parts[i].Name = prefix + "_" + parts[i].Name
		for j := range parts[i].Options {
			o := &parts[i].Options[j]
			o.Chosen = typed(parts[i].Name) == o.Code
		}
	}
	return parts
}
