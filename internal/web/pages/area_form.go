package pages

import (
	"strconv"
	"strings"
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// clearForm is what two persons answer and sign.
type clearForm struct{ Roles picker }

// clearForm offers the roles of a second person of the plant.
func (v *visit) clearForm() *clearForm {
	f := &clearForm{Roles: picker{Name: "role", Label: v.T("area.second-role")}}
	for _, r := range people.Roles() {
		if r.May(people.VerifyStep) && r.May(people.ExecuteStep) && r.May(people.ReadRecord) {
			f.Roles.add(v, string(r), v.word("role", string(r)))
		}
	}
	for i, r := range f.Roles.Options { // most often the two do the same work
		f.Roles.Options[i].Chosen = r.Chosen || v.FormValue("role") == "" && v.has(people.Role(r.Code))
	}
	return f
}

// monitorForms are the forms by which the environment is recorded.
type monitorForms struct {
	Readings, Plates windowForm
}

// windowForm asks what was measured, when it ended and how long it took: two numbers fewer than asking for two times.
type windowForm struct {
	Kinds picker
	Ended entryForm
}

func (v *visit) monitorForms(posted string) *monitorForms {
	f := &monitorForms{}
	f.Readings.Kinds, f.Plates.Kinds = picker{Name: "kind", Label: v.T("area.kind-of-reading")}, picker{Name: "kind", Label: v.T("area.kind-of-plate")}
	for _, kind := range area.Kinds() {
		to := &f.Readings.Kinds
		if kind.Grows() {
			to = &f.Plates.Kinds
		}
		name := v.word("kind", string(kind))
		if unit := v.unit(kind.Unit()); !kind.Grows() {
			name += " (" + unit + ")"
		}
		to.add(v, string(kind), name)
	}
	v.clockForm(&f.Readings.Ended)
	v.clockForm(&f.Plates.Ended)
	if posted != "readings" {
		f.Readings.forget()
	}
	if posted != "plates" {
		f.Plates.forget()
	}
	return f
}

// forget takes back what another form of the page has picked.
func (f *windowForm) forget() {
	for _, p := range append(append([]picker{f.Kinds}, f.Ended.Date...), f.Ended.Clock...) {
		for i := range p.Options {
			p.Options[i].Chosen = false
		}
	}
}

// window is the stretch of time that a form states.
func (v *visit) window() (from, to time.Time, err error) {
	to, err = v.ended()
	if err != nil {
		return from, to, err
	}
	minutes, err := v.count("minutes")
	return to.Add(-time.Duration(minutes) * time.Minute), to, err
}

// maxCount is more than anybody counts on these pages.
const maxCount = 99_999

// count is a whole number that was typed. Anything else is refused and never taken for 0: that would be a result.
func (v *visit) count(name string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(v.FormValue(name)), 10, 32)
	if err != nil || n > maxCount {
		return 0, ledger.Refuse(ledger.Invalid, "DI-8", "not-a-count", "a count is missing, or is not a whole number", "type digits; 0 where there is nothing")
	}
	return int(n), nil
}

// ended is the time at which a window ended, on the plant's clock. In the night of a clock change one local time may be
// two: then its offset has to be stated (scenario 54).
func (v *visit) ended() (time.Time, error) {
	if v.FormValue("now") != "" {
		return v.now().Truncate(time.Minute), nil
	}
	text, offset := v.localTime(), v.FormValue("offset")
	if text == "" {
		return time.Time{}, ledger.Refuse(ledger.Invalid, "AT-50", "window-no-end", "it is not stated when it ended", "choose date and time, or say that it ended just now")
	}
	if offset != "" {
		t, err := time.Parse("2006-01-02T15:04Z07:00", text+offset)
		if err == nil {
			return t, nil
		}
	}
	t, twice := v.twice()
	if t.IsZero() {
		return t, ledger.Refuse(ledger.Invalid, "DI-9", "window-no-time", "this day does not exist", "choose another date")
	}
	if twice {
		return t, ledger.Refuse(ledger.Invalid, "DI-9", "window-twice", "this local time happens twice or never in the night of the clock change", "choose its offset from UTC as well")
	}
	return t, nil
}
