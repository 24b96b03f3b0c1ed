package pages

import (
	"net/http"
	"time"

	"rexbatch/batch/material"
	"rexbatch/internal/people"
)

// lotsPage is the lots of the plant; what ends first stands first.
type lotsPage struct {
	frame
	Text       string
	Lines      []lotLine
	MayReceive bool
}

// lotLine is one lot.
type lotLine struct {
	Number, Material, Name, Supplier, SupplierLot string
	State                                         state
	Suspected                                     bool // an alarm pointed it out
	Expiry, Opened                                *clock
	Remaining, Received                           string
	Batches                                       int
}

// lotsSoon is when the expiry of a lot asks for attention: another one has to be ordered.
const lotsSoon = 30 * 24 * time.Hour

// lotList is GET /lots. A scanned number leads to its lot.
func (v *visit) lotList() error {
	text := v.QueryParam("raw")
	n, err := material.ParseNumber(text)
	if err == nil {
		return v.to("/lots/" + n.String())
	}
	p := lotsPage{frame: v.frame("lots", v.T("lots.title")), Text: text, MayReceive: v.desk.Session.May(people.ManageMaterials)}
	found, err := v.plant().Batches.Materials().Find(v.ctx(), material.Filter{Text: text})
	if err != nil {
		return err
	}
	for _, i := range found {
		p.Lines = append(p.Lines, v.lotLine(i))
	}
	return v.render(http.StatusOK, "lots", p)
}

func (v *visit) lotLine(i material.Item) lotLine {
	l := lotLine{
		Number: i.Number.String(), Material: v.materialName(i.Material), Name: i.Name, Supplier: i.Supplier, SupplierLot: i.SupplierLot,
		State: v.lotState(i.StatusAt(v.now())), Remaining: v.quantity(i.Remaining), Received: v.quantity(i.Received), Batches: i.Batches, Suspected: i.Suspected,
	}
	l.Expiry, l.Opened = v.lotClocks(i)
	return l
}

// lotClocks are the expiry and, where it runs, the time after opening. A lot that is used up has neither.
func (v *visit) lotClocks(i material.Item) (expiry, opened *clock) {
	if i.StatusAt(v.now()) == material.Consumed {
		return nil, nil
	}
	c := v.deadline(v.T("clock.expiry"), i.Expiry, v.now(), v.zone(), lotsSoon)
	c.At = endOfDay(i.Expiry, v.zone())
	if i.UsableUntil.Before(i.Expiry) {
		o := v.deadline(v.T("lot.opened"), i.UsableUntil, v.now(), v.zone(), time.Hour)
		if o.Tone == "stop" {
			o.Tone = "att" // another package may be opened
		}
		return &c, &o
	}
	return &c, nil
}

// endOfDay is an expiry as it stands on the goods: a day, where it is the last second of one.
func endOfDay(t time.Time, zone *time.Location) string {
	if t.In(zone).Format(time.TimeOnly) == "23:59:59" {
		return day(t.In(zone))
	}
	return moment(t, zone)
}

// lotIcons give each status a shape of its own; the tones are for what asks for an act.
var lotIcons = map[material.Status]state{
	material.Quarantine:  {Icon: "lock"},
	material.Released:    {Icon: "tick"},
	material.Blocked:     {Icon: "octagon", Tone: "stop"},
	material.OpenTooLong: {Icon: "clock", Tone: "att"},
	material.Expired:     {Icon: "triangle", Tone: "att"},
	material.Consumed:    {Icon: "dash"},
}

// lotState is the status of a lot; quarantine waits for those who release.
func (v *visit) lotState(s material.Status) state {
	out := lotIcons[s]
	out.Word = v.word("lot-status", string(s))
	if s == material.Quarantine && v.desk.Session.May(people.ReleaseMaterial) {
		out.Tone = "now"
	}
	return out
}
