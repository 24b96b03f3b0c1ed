package equipment

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

// Apply folds one entry of the device's stream into the state.
func (d *Device) Apply(e ledger.Entry) error {
	d.Version = e.Version
	var err error
	switch e.Type {
	case typeRegistered:
		err = d.applyRegistered(e)
	case typeCalibrated:
		err = d.applyChecked(Calibration, e)
	case typeQualified:
		err = d.applyChecked(Qualification, e)
	case typeCleaned:
		err = d.applyChecked(Cleaning, e)
	case typeControlled:
		err = d.applyChecked(DailyControl, e)
	case typeAlarm:
		err = d.applyAlarm(e)
	case typeAlarmClosed:
		err = d.applyAlarmClosed(e)
	case typeProgramme:
		err = d.applyProgramme(e)
	case typeRetired:
		err = d.applyRetired(e)
	case typeUsed:
		err = d.applyUsed(e)
	case typeReversed:
		err = d.applyReversed(e)
	default:
		err = fmt.Errorf("unknown entry type %q", e.Type)
	}
	if err != nil {
		return fmt.Errorf("device %s, entry %d: %w", d.ID, e.Seq, err)
	}
	return nil
}

func (d *Device) applyRegistered(e ledger.Entry) error {
	var r registered
	err := json.Unmarshal(e.Data, &r)
	if err != nil {
		return err
	}
	d.ID, d.Kind, d.Name, d.Area, d.Needs = r.ID, r.Kind, r.Name, r.Area, r.Needs
	d.RegisteredAt, d.RegisteredBy = e.Time, e.Author
	d.Standing, d.Programmes = map[Check]Standing{}, map[string]string{}
	for check, due := range r.Due {
		d.Standing[check] = Standing{Passed: true, Due: due}
	}
	return nil
}

func (d *Device) applyChecked(check Check, e ledger.Entry) error {
	var c checked
	err := json.Unmarshal(e.Data, &c)
	if err != nil {
		return err
	}
	d.Records = append(d.Records, Record{
		Check: check, At: c.At, Passed: c.Passed, Due: c.Due, AsFound: c.AsFound, Reference: c.Reference, Remark: c.Remark,
		Recorded: e.Time, By: e.Author,
	})
	before := d.Standing[check]
	if c.doubtful(check) && !d.doubted(check, before.LastGood) {
		d.Findings = append(d.Findings, Finding{Check: check, At: c.At, Since: before.LastGood, Remark: c.Remark, Uses: d.usesSince(before.LastGood)})
	}
	now := Standing{Passed: c.Passed, At: c.At, Due: c.Due, LastGood: before.LastGood}
	if c.Passed {
		now.LastGood = c.At
	}
	d.Standing[check] = now
	return nil
}

// doubted says whether an earlier failure of the check threw doubt on the same uses: nothing was passed in between, so the
// device was not used since.
func (d *Device) doubted(check Check, since time.Time) bool {
	return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Check == check && f.Since.Equal(since) })
}

func (d *Device) applyAlarm(e ledger.Entry) error {
	var a alarmRaised
	err := json.Unmarshal(e.Data, &a)
	if err != nil {
		return err
	}
	alarm := Alarm{Number: len(d.Alarms) + 1, Code: a.Code, Text: a.Text, At: a.At, Batch: a.Batch, Step: a.Step, By: e.Author}
	d.Alarms, d.Open = append(d.Alarms, alarm), append(d.Open, alarm)
	return nil
}

func (d *Device) applyAlarmClosed(e ledger.Entry) error {
	var c alarmClosed
	err := json.Unmarshal(e.Data, &c)
	if err != nil {
		return err
	}
	if c.Alarm < 1 || c.Alarm > len(d.Alarms) {
		return fmt.Errorf("there is no alarm %d", c.Alarm)
	}
	a := &d.Alarms[c.Alarm-1]
	a.Decision, a.Reason, a.ClosedBy, a.ClosedAt = c.Decision, c.Reason, e.Author, e.Time
	d.Open = slices.DeleteFunc(d.Open, func(o Alarm) bool { return o.Number == c.Alarm })
	return nil
}

func (d *Device) applyProgramme(e ledger.Entry) error {
	var p programmeApproved
	err := json.Unmarshal(e.Data, &p)
	if err != nil {
		return err
	}
	d.Approvals = append(d.Approvals, Programme{Programme: p.Programme, Version: p.Version, Reason: p.Reason, At: e.Time, By: e.Author})
	if p.Version == "" {
		delete(d.Programmes, p.Programme)
		return nil
	}
	d.Programmes[p.Programme] = p.Version
	return nil
}

func (d *Device) applyRetired(e ledger.Entry) error {
	var r retired
	err := json.Unmarshal(e.Data, &r)
	if err != nil {
		return err
	}
	d.Retired, d.RetiredAt, d.RetiredBy = r.Reason, e.Time, e.Author
	return nil
}

func (d *Device) applyUsed(e ledger.Entry) error {
	var u used
	err := json.Unmarshal(e.Data, &u)
	if err != nil {
		return err
	}
	d.Uses = append(d.Uses, Use{
		Batch: u.Batch, CoI: u.CoI, Subject: u.Subject, Step: u.Step, Until: u.Until, Programme: u.Programme,
		ProgrammeVersion: u.ProgrammeVersion, At: u.when(e), By: e.Author, Entry: e.Version,
	})
	return nil
}

func (u used) when(e ledger.Entry) time.Time {
	if u.At.IsZero() {
		return e.Time
	}
	return u.At
}

func (d *Device) applyReversed(e ledger.Entry) error {
	var r reversed
	err := json.Unmarshal(e.Data, &r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.Uses, func(u Use) bool { return u.Entry == r.Use })
	if i < 0 {
		return fmt.Errorf("there is no use with the entry %d", r.Use)
	}
	u := &d.Uses[i]
	u.Reversed, u.ReversedBy, u.ReversedAt = r.Reason, e.Author, e.Time
	return nil
}
