package pages

import (
	"strings"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// deviceDueSoon is when the end of a check asks for attention: it takes days to have a device calibrated.
const deviceDueSoon = 7 * 24 * time.Hour

// deviceLine is one device without its history.
type deviceLine struct {
	ID, Kind, Name, Area string
	States               []state // whether it may be used now, and what stands against it
	Due                  *clock  // the check that runs out first
	Retired              string
	Tone                 string

	due time.Time
}

// deviceLine asks the device whether it may be used now; nothing is decided here.
func (v *visit) deviceLine(s *equipment.Sheet) deviceLine {
	l := deviceLine{ID: string(s.ID), Kind: v.kindName(s.Kind), Name: s.Name, Area: s.Area, Retired: s.Retired, due: farAway}
	if s.Retired != "" {
		l.States = []state{{Icon: "dash", Word: v.T("device.retired")}}
		l.due = farAway.AddDate(0, 0, 1) // behind those that nothing runs out for
		return l
	}
	for _, r := range ledger.RefusalsOf(s.MayUse(v.now(), equipment.Want{Kind: s.Kind})) {
		l.States = append(l.States, v.against(r))
	}
	if len(l.States) == 0 {
		l.States = []state{{Icon: "tick", Word: v.T("device.ready")}}
	}
	check, due, ok := s.NextDue()
	if ok {
		l.Due, l.due = v.dueClock(check, due), due.End
	}
	for _, st := range l.States {
		l.Tone = graver(l.Tone, st.Tone)
	}
	if l.Due != nil && l.Tone != "stop" {
		l.Tone = graver(l.Tone, l.Due.Tone)
	}
	return l
}

// againstIcons are the shapes of what may stand against a use. A control that is still to be made is a matter of every
// morning; it asks those for an act who make it.
var againstIcons = map[string]state{
	"device-out-of-service":    {Icon: "octagon", Tone: "stop"},
	"device-control-failed":    {Icon: "octagon", Tone: "stop"},
	"device-alarm-open":        {Icon: "triangle", Tone: "att"},
	"device-qualification-due": {Icon: "clock", Tone: "stop"},
	"device-calibration-due":   {Icon: "clock", Tone: "stop"},
	"device-cleaning-due":      {Icon: "clock", Tone: "stop"},
	"device-check-missing":     {Icon: "ring", Tone: "att"},
	"device-control-missing":   {Icon: "ring"},
}

func (v *visit) against(r *ledger.Refusal) state {
	out := againstIcons[r.Code]
	check := v.word("check", r.Args["check"])
	out.Word = v.T("against."+r.Code, "check", check, "alarm", r.Args["alarm"])
	if r.Code == "device-control-missing" && v.desk.Session.May(people.ExecuteStep) {
		out.Tone = "now"
	}
	return out
}

// graver is the tone that asks more.
func graver(a, b string) string {
	for _, tone := range []string{"stop", "att", "now"} {
		if a == tone || b == tone {
			return tone
		}
	}
	return ""
}

// dueClock runs out at the end of a day; it says the day, as the sticker does.
func (v *visit) dueClock(check equipment.Check, due equipment.Due) *clock {
	c := v.deadline(v.word("check", string(check)), due.End, v.now(), v.zone(), deviceDueSoon)
	c.At = dayText(due.Day)
	return &c
}

// dayText is a calendar day with its month in letters.
func dayText(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return day(t)
}

// kindName is what the effective recipe calls a kind of device, or the catalogue, or its code.
func (v *visit) kindName(code string) string {
	k, ok := v.plant().Batches.Recipe.Equipment[code]
	if !ok {
		return strings.TrimSuffix(sentence(v.word("kind", code)), ".") // the catalogue's words stand within sentences
	}
	return k.Name.In(v.lang)
}
