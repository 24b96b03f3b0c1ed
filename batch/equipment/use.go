package equipment

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Want is what a step asks of a device.
type Want struct {
	Kind  string
	Until time.Time // planned end of the use: qualification, calibration and cleaning have to hold until then
	// Programme and its version, where the device runs one; both empty where it does not.
	Programme, ProgrammeVersion string
	// DailyControl asks for today's passed control also of a device that is not registered as needing one.
	DailyControl bool
	// PastDue lets it be used though its calibration is due: QA has approved that for this use (process scenario 22).
	PastDue bool
}

// MayUse says whether the device may be used now for what is wanted. The error is nil or holds every rule that stands
// against it (ledger.Refusals), except that a device of another kind is not looked at further.
//
// The planned end counts, not the start: a calibration that runs out in between is not enough (process scenario 22). A
// daily control counts on its day; work that goes on past midnight began with it. A failed control always stands against
// a use.
func (s *Sheet) MayUse(now time.Time, w Want) error {
	if s.Kind != w.Kind {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-wrong-kind", "{id} is a {kind}, a {want} is needed", "scan the right device",
			"id", string(s.ID), "kind", s.Kind, "want", w.Kind)
	}
	until := now
	if w.Until.After(now) {
		until = w.Until
	}
	var rs ledger.Refusals
	collect := func(err error) { rs = append(rs, ledger.RefusalsOf(err)...) }
	collect(s.serviceable())
	for _, check := range []Check{Qualification, Calibration, Cleaning} {
		if check == Calibration && w.PastDue && s.Standing[check].Passed {
			continue
		}
		collect(s.holds(check, until))
	}
	collect(s.controlled(now, w.DailyControl))
	collect(s.quiet())
	collect(s.approved(w.Programme, w.ProgrammeVersion))
	return rs.Err()
}

// serviceable refuses a device that is retired, or whose calibration or qualification failed last.
func (s *Sheet) serviceable() error {
	if s.Retired != "" {
		return s.kept()
	}
	if failed := s.failed(); failed != "" {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-out-of-service", "{id} is out of service: its {check} failed", "take another device",
			"id", string(s.ID), "check", string(failed))
	}
	return nil
}

// holds refuses a device whose check does not hold until the planned end.
func (s *Sheet) holds(check Check, until time.Time) error {
	standing, ok := s.Standing[check]
	if !ok {
		if !s.Needed(check) {
			return nil
		}
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-check-missing", "{id} needs {check}, and none is recorded", "take another device",
			"id", string(s.ID), "check", string(check))
	}
	if !standing.Passed || standing.Due.holdsAt(until) {
		return nil // one that failed is refused as out of service
	}
	due, end := standing.Due.Day, until.UTC().Format(time.RFC3339)
	switch check {
	case Qualification:
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-qualification-due", "the qualification of {id} holds until the end of {due}, the work lasts until {until}",
			"take another device, or have it qualified before", "id", string(s.ID), "due", due, "until", end)
	case Calibration:
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-calibration-due", "the calibration of {id} holds until the end of {due}, the work lasts until {until}",
			"take another device, have it calibrated before, or have QA approve its use for this batch under a deviation", "id", string(s.ID), "due", due, "until", end)
	}
	return ledger.Refuse(ledger.Unmet, "CS-67", "device-cleaning-due", "the cleaning of {id} holds until the end of {due}, the work lasts until {until}",
		"take another device, or clean it before", "id", string(s.ID), "due", due, "until", end)
}

// ControlStands refuses a device whose last daily control failed: what it gives is not usable (process scenario 33).
func (s *Sheet) ControlStands() error {
	if control, ok := s.Standing[DailyControl]; ok && !control.Passed {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-control-failed", "the last control of {id} failed", "find the cause, repeat the control, or take another device",
			"id", string(s.ID))
	}
	return nil
}

// controlled refuses a device whose daily control failed, or was not passed today where it has to be.
func (s *Sheet) controlled(now time.Time, asked bool) error {
	err := s.ControlStands()
	if err != nil {
		return err
	}
	control, ok := s.Standing[DailyControl]
	if (asked || s.Needed(DailyControl)) && (!ok || !now.Before(control.Due.End)) {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-control-missing", "{id} has no passed control of today", "make the daily control first",
			"id", string(s.ID))
	}
	return nil
}

// quiet refuses a device with an open alarm.
func (s *Sheet) quiet() error {
	if len(s.Open) == 0 {
		return nil
	}
	a := s.Open[0]
	return ledger.Refuse(ledger.Unmet, "AT-59", "device-alarm-open", "{id} has an open alarm: {alarm} {text}", "the production lead decides on it",
		"id", string(s.ID), "alarm", a.Code, "text", a.Text)
}

// approved refuses a programme, or a version of it, that is not the approved one.
func (s *Sheet) approved(programme, version string) error {
	if programme == "" {
		return nil
	}
	want, ok := s.Programmes[programme]
	if !ok {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-programme", "programme {programme} is not approved on {id}", "choose an approved programme",
			"programme", programme, "id", string(s.ID))
	}
	if version != want {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-programme-version", "programme {programme} of {id} is approved as {want}, not as {version}",
			"load the approved version, or take another device", "programme", programme, "id", string(s.ID), "want", want, "version", version)
	}
	return nil
}

// For is the batch for which a device is used.
type For struct {
	Batch, CoI, Subject, Step string
	At                        time.Time // when it was used, where that is recorded later; zero for now
}

// Use decides a use of the device for a batch. What is refused is what MayUse refuses.
//
// The list of a device's uses is read by blinded people: a use is not to be recorded in a step that only one arm has (I11).
func (d *Device) Use(by ledger.Author, now time.Time, w Want, f For) ([]ledger.Draft, error) {
	err := may(by, people.ExecuteStep)
	if err != nil {
		return nil, err
	}
	err = d.MayUse(now, w)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeUsed, Data: used{
		Batch: f.Batch, CoI: f.CoI, Subject: f.Subject, Step: f.Step, Until: w.Until.UTC().Truncate(time.Microsecond),
		Programme: w.Programme, ProgrammeVersion: w.ProgrammeVersion, At: f.At,
	}}}, nil
}

// Reverse decides, with the reason, that a use was recorded in error and did not happen: another device was used. The use
// stays in the history with this beside it, and no later finding throws doubt on it. entry is Use.Entry.
func (d *Device) Reverse(by ledger.Author, entry uint64, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ExecuteStep)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(d.Uses, func(u Use) bool { return u.Entry == entry && u.Reversed == "" }) {
		return nil, ledger.Refuse(ledger.Missing, "AT-20", "device-no-use", "{id} has no standing use with the entry {entry}", "look at the uses of the device",
			"id", string(d.ID), "entry", fmt.Sprint(entry))
	}
	return []ledger.Draft{{Type: typeReversed, Data: reversed{Use: entry, Reason: reason}}}, nil
}
