package pages

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// entryForm is how a field is asked for.
type entryForm struct {
	Kind    string // "number", "choice", "several", "moment", "date", "text", or "floor" for a lot or device that is scanned
	Typed   string // what was typed before a refusal; kept
	Reason  string
	Chosen  map[string]bool
	Decimal string // the language's decimal mark, on the keypad
	Date    []picker
	Clock   []picker
	Now     string // the time that the "now" button would enter
	Draft   string // when what is typed here was kept, in words; empty where nothing was

	Grounds   []choice // why a failed result is replaced; none where none failed
	Performed []picker // when a late entry was done
}

// picker is one part of a date or time.
type picker struct {
	Name, Label string
	Form        string // to which it belongs, where it stands outside of it and has to be answered; empty otherwise
	Options     []choice
}

func (v *visit) entryForm(f *mbr.Field, step *stepView) entryForm {
	e := entryForm{Decimal: decimalMark(v.lang), Typed: v.FormValue("value"), Reason: v.FormValue("reason"), Chosen: map[string]bool{}}
	switch f.Type {
	case mbr.TypeDecimal, mbr.TypeInt:
		e.Kind = "number"
	case mbr.TypeLot, mbr.TypeDevice:
		e.Kind = "text"
		if onFloor(f) {
			e.Kind = "floor"
		}
	case mbr.TypeBool, mbr.TypeEnum:
		e.Kind = "choice"
	case mbr.TypeMulti:
		e.Kind = "several"
	case mbr.TypeDateTime:
		e.Kind = "moment"
		v.clockForm(&e)
	case mbr.TypeDate:
		e.Kind = "date"
		v.dateForm(&e)
	default:
		e.Kind = "text"
	}
	if step.Correcting && !step.Field.Has {
		e.Performed = v.momentPickers("performed")
	}
	if step.Correcting && e.Typed == "" {
		e.Typed = step.Field.Raw
	}
	form, err := v.FormParams()
	if err == nil {
		for _, code := range form["value"] {
			e.Chosen[code] = true
		}
	}
	if step.Correcting && len(e.Chosen) == 0 {
		for _, code := range strings.Split(step.Field.Raw, ",") {
			e.Chosen[strings.TrimSpace(code)] = true
		}
	}
	return e
}

// dateForm asks for a date by day, month in letters and year, so that nobody takes one for the other.
func (v *visit) dateForm(e *entryForm) {
	days, months, years := v.picker("day"), v.picker("month"), v.picker("year")
	for d := 1; d <= 31; d++ {
		days.add(v, fmt.Sprintf("%02d", d), "")
	}
	for m := time.January; m <= time.December; m++ {
		months.add(v, fmt.Sprintf("%02d", int(m)), strings.ToUpper(m.String()[:3]))
	}
	this := v.now().In(v.zone()).Year()
	for y := this - 1; y <= this+40; y++ {
		years.add(v, fmt.Sprint(y), "")
	}
	e.Date = []picker{days, months, years}
}

// clockForm adds the time of day. Nothing is chosen beforehand: a time that nobody looked at is no record.
func (v *visit) clockForm(e *entryForm) {
	v.dateForm(e)
	hours, minutes := v.picker("hour"), v.picker("minute")
	for h := range 24 {
		hours.add(v, fmt.Sprintf("%02d", h), "")
	}
	for m := range 60 {
		minutes.add(v, fmt.Sprintf("%02d", m), "")
	}
	e.Now = moment(v.now(), v.zone())
	e.Clock = []picker{hours, minutes}
	t, ok := v.twice()
	if !ok {
		return
	}
	offsets := v.picker("offset")
	for _, at := range []time.Time{t.Add(-time.Hour), t.Add(time.Hour)} {
		offsets.add(v, at.In(v.zone()).Format("-07:00"), "")
	}
	e.Clock = append(e.Clock, offsets)
}

func (v *visit) picker(name string) picker { return picker{Name: name, Label: v.T("moment." + name)} }

// add offers a code; it is called by itself when it has no name. What was picked before a refusal stays picked.
func (p *picker) add(v *visit, code, name string) {
	if name == "" {
		name = code
	}
	p.Options = append(p.Options, choice{Code: code, Name: name, Chosen: v.FormValue(p.Name) == code})
}

// twice tells whether the local time that was typed happens twice or never.
func (v *visit) twice() (time.Time, bool) {
	const layout = "2006-01-02T15:04"
	text := v.localTime()
	t, err := time.ParseInLocation(layout, text, v.zone())
	if err != nil {
		return t, false
	}
	return t, t.Format(layout) != text || t.Add(time.Hour).Format(layout) == text || t.Add(-time.Hour).Format(layout) == text
}

// localTime joins the parts of a point in time; empty while a part is missing.
func (v *visit) localTime() string {
	date := v.localDate()
	hour, minute := v.FormValue("hour"), v.FormValue("minute")
	if date == "" || hour == "" || minute == "" {
		return ""
	}
	return date + "T" + hour + ":" + minute
}

func (v *visit) localDate() string {
	d, m, y := v.FormValue("day"), v.FormValue("month"), v.FormValue("year")
	if d == "" || m == "" || y == "" {
		return ""
	}
	return y + "-" + m + "-" + d
}

// input is what the form says, in the form that the domain reads.
func (v *visit) input(f *mbr.Field) batch.Input {
	switch f.Type {
	case mbr.TypeDateTime:
		if v.FormValue("now") != "" {
			return batch.Input{Text: v.now().In(v.zone()).Truncate(time.Minute).Format(time.RFC3339)}
		}
		text := v.localTime()
		if offset := v.FormValue("offset"); text != "" && offset != "" {
			text += ":00" + offset
		}
		return batch.Input{Text: text}
	case mbr.TypeDate:
		return batch.Input{Text: v.localDate()}
	case mbr.TypeMulti:
		form, err := v.FormParams()
		if err != nil {
			return batch.Input{}
		}
		return batch.Input{Text: strings.Join(form["value"], ",")}
	}
	if raw := strings.TrimRight(v.FormValue("raw"), "\r\n"); raw != "" && onFloor(f) {
		return batch.Input{Text: raw, Scanned: true}
	}
	return batch.Input{Text: v.FormValue("value")}
}
