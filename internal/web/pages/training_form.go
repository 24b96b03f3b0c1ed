package pages

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/internal/people"
)

// trainingForm records a training, with what was typed before a refusal.
type trainingForm struct {
	People                                []choice
	Procedure, Version, Trainer, Evidence string
	From, Until                           []picker
}

// trainingForm offers everybody but the one who records.
func (v *visit) trainingForm(all []people.Person) trainingForm {
	f := trainingForm{
		Procedure: v.FormValue("procedure"), Version: v.FormValue("version"), Trainer: v.FormValue("trainer"), Evidence: v.FormValue("evidence"),
		From: v.days("from"), Until: v.days("until"),
	}
	chosen := v.FormValue("username")
	for _, p := range all {
		if p.Account != v.desk.Session.Account {
			f.People = append(f.People, choice{Code: p.Account, Name: p.Name, Chosen: p.Account == chosen})
		}
	}
	return f
}

// days asks for a day by day, month in letters and year.
func (v *visit) days(prefix string) []picker {
	part := func(name string) picker { return picker{Name: prefix + "-" + name, Label: v.T("moment." + name)} }
	days, months, years := part("day"), part("month"), part("year")
	for d := 1; d <= 31; d++ {
		days.add(v, fmt.Sprintf("%02d", d), "")
	}
	for m := time.January; m <= time.December; m++ {
		months.add(v, fmt.Sprintf("%02d", int(m)), strings.ToUpper(m.String()[:3]))
	}
	this := v.now().In(v.zone()).Year()
	for y := this - 2; y <= this+5; y++ {
		years.add(v, fmt.Sprint(y), "")
	}
	return []picker{days, months, years}
}

// date joins the parts of a day.
func (v *visit) date(prefix string) string {
	return v.FormValue(prefix+"-year") + "-" + v.FormValue(prefix+"-month") + "-" + v.FormValue(prefix+"-day")
}
