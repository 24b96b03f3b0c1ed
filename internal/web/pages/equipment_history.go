package pages

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// deviceEvent is one line of a device's history, uses apart.
type deviceEvent struct {
	At, UTC, Who, Role string
	What               string
	State              *state   // of a check
	Made               string   // when it was made, where that is another day
	Details            []string // in words
	Remark             string

	at time.Time
}

// deviceHistory is what was recorded of the device, newest first.
func (v *visit) deviceHistory(d *equipment.Device) []deviceEvent {
	out := []deviceEvent{v.deviceEvent(d.RegisteredAt, d.RegisteredBy, "device.registered")}
	for _, r := range d.Records {
		out = append(out, v.deviceRecord(r))
	}
	for _, a := range d.Alarms {
		e := v.deviceEvent(a.At, a.By, "device.alarm")
		e.Details = []string{a.Code + " " + a.Text}
		out = append(out, e)
		if a.Decision == "" {
			continue
		}
		e = v.deviceEvent(a.ClosedAt, a.ClosedBy, "device.alarm-closed")
		e.Details, e.Remark = []string{a.Code + ": " + v.word("alarm-decision", string(a.Decision))}, a.Reason
		out = append(out, e)
	}
	for _, p := range d.Approvals {
		e := v.deviceEvent(p.At, p.By, "device.programme-approved")
		if p.Version == "" {
			e.What = v.T("device.programme-withdrawn")
		}
		e.Details, e.Remark = []string{p.Programme + " " + p.Version}, p.Reason
		out = append(out, e)
	}
	if d.Retired != "" {
		e := v.deviceEvent(d.RetiredAt, d.RetiredBy, "device.retired")
		e.Remark = d.Retired
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b deviceEvent) int { return b.at.Compare(a.at) })
	return out
}

func (v *visit) deviceEvent(at time.Time, by ledger.Author, what string) deviceEvent {
	return deviceEvent{
		At: moment(at, v.zone()), UTC: momentUTC(at), Who: v.full(by.Account), Role: v.word("role", by.Role), What: v.T(what), at: at,
	}
}

func (v *visit) deviceRecord(r equipment.Record) deviceEvent {
	e := v.deviceEvent(r.Recorded, r.By, "check."+string(r.Check))
	e.State = &state{Icon: "tick", Word: v.T("device.pass")}
	if !r.Passed {
		e.State = &state{Icon: "octagon", Tone: "stop", Word: v.T("device.fail")}
	}
	if r.AsFound != "" {
		e.Details = append(e.Details, v.T("device.found", "found", v.word("device", string(r.AsFound))))
	}
	if !r.Due.IsZero() && r.Check != equipment.DailyControl {
		e.Details = append(e.Details, v.T("device.until", "day", dayText(r.Due.Day)))
	}
	if r.Reference != "" {
		e.Details = append(e.Details, r.Reference)
	}
	if moment(r.At, v.zone()) != e.At {
		e.Made = moment(r.At, v.zone())
	}
	e.Remark = r.Remark
	return e
}

func alarmPath(id equipment.ID, number int) string {
	return fmt.Sprintf("/equipment/%s/alarms/%d/close", id, number)
}
