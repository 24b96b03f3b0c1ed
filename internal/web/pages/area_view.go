package pages

import (
	"cmp"
	"slices"
	"time"

	"rexbatch/batch/area"
)

// areaEvent is one thing that happened in a work area.
type areaEvent struct {
	State     state
	At, UTC   string
	Who       string
	Batch     string
	Mark      *Mark
	Text      string // what was found, or why
	Seq       uint64
	happened  time.Time
	orderedBy uint64
}

// areaHistory is what happened to the area since a time, the newest first.
func (v *visit) areaHistory(a *area.Area, since time.Time) []areaEvent {
	var all []areaEvent
	for _, c := range a.Clearances {
		all = append(all, v.clearance(a, c))
	}
	for _, o := range a.Taken {
		mark := MarkOf(o.CoI)
		taken := v.areaEvent(o.From, o.By, "lock", "area.taken")
		taken.Batch, taken.Mark, taken.Seq, taken.orderedBy = o.Batch, &mark, o.Seq, 2*o.Seq
		all = append(all, taken)
		if o.To.IsZero() {
			continue
		}
		freed := v.areaEvent(o.To, o.Freed, "ring", "area.freed")
		freed.Batch, freed.Mark, freed.Text, freed.orderedBy = o.Batch, &mark, o.Reason, 2*o.Seq+1
		if o.Reason != "" {
			freed.State.Icon, freed.State.Tone, freed.State.Word = "triangle", "att", v.T("area.freed-by-qa")
		}
		all = append(all, freed)
	}
	all = slices.DeleteFunc(all, func(e areaEvent) bool { return e.happened.Before(since) })
	slices.SortFunc(all, func(x, y areaEvent) int {
		return cmp.Or(y.happened.Compare(x.happened), cmp.Compare(y.orderedBy, x.orderedBy))
	})
	return all
}

func (v *visit) areaEvent(at time.Time, account, icon, key string) areaEvent {
	return areaEvent{State: state{Icon: icon, Word: v.T(key)}, At: moment(at, v.zone()), UTC: momentUTC(at), Who: v.full(account), happened: at}
}

// clearance is one time that the area was looked over; what was found stands beside it.
func (v *visit) clearance(a *area.Area, c area.Clearance) areaEvent {
	e := v.areaEvent(c.At, c.First, "tick", "area.cleared")
	e.Seq, e.orderedBy = c.Seq, 2*c.Seq
	if c.Passed {
		e.Who += " + " + c.Second.Name
		e.Text = v.T("area.cleared-until", "at", moment(c.Until, v.zone()))
		return e
	}
	e.State = state{Icon: "octagon", Word: v.T("area.not-clear"), Tone: "stop"}
	switch {
	case c.Checklist.ForeignLabels > 0:
		e.Text = v.T("area.found-labels", "n", itoa(c.Checklist.ForeignLabels))
	case !c.Checklist.NothingForeign:
		e.Text = v.T("area.found-items")
	default:
		e.Text = v.T("area.found-open")
	}
	return e
}

// areaReading is one reading, with the batches that it concerns.
type areaReading struct {
	Kind, Value, Limit string
	State              state
	From, To, At       string
	Source             string
	Plate              string
	Note               string
	Batches            []string
	Seq                uint64
}

// levelIcons give each level a shape of its own.
var levelIcons = map[area.Level]state{
	area.Within: {Icon: "tick"}, area.Alert: {Icon: "triangle", Tone: "att"}, area.Action: {Icon: "octagon", Tone: "stop"},
	area.NotJudged: {Icon: "dash"}, area.Undecidable: {Icon: "triangle", Tone: "att"},
}

func (v *visit) areaReading(a *area.Area, r area.Reading) areaReading {
	out := areaReading{
		Kind: v.word("kind", string(r.Kind)), Value: v.quantity(r.Value), State: levelIcons[r.Level()], From: moment(r.From, v.zone()), To: moment(r.To, v.zone()),
		At: moment(r.At, v.zone()), Source: v.full(r.Source), Plate: r.Plate, Note: r.Note, Seq: r.Seq,
	}
	out.State.Word = v.word("level", string(r.Level()))
	if !r.Limits.Action.IsZero() {
		out.Limit = v.limit(r.Limits.Action)
	}
	if r.Position != "" {
		out.Source = r.Position
	}
	for _, o := range a.Occupations(r.From, r.To) {
		if !slices.Contains(out.Batches, o.Batch) {
			out.Batches = append(out.Batches, o.Batch)
		}
	}
	return out
}

// areaPlate is a plate that waits for its result.
type areaPlate struct {
	ID, Kind, Position, From, To, By, Path string
}

func (v *visit) areaPlate(p area.Plate) areaPlate {
	return areaPlate{
		ID: p.ID, Kind: v.word("kind", string(p.Kind)), Position: p.Position, From: moment(p.From, v.zone()), To: moment(p.To, v.zone()), By: v.full(p.By),
		Path: "/areas/" + v.Param("area") + "/plates/" + p.ID + "/result",
	}
}
