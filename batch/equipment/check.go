package equipment

import (
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// AsFound is the state in which a calibration found the device, before anything was adjusted.
type AsFound string

// The states in which a calibration finds a device. What could not be measured counts as out of tolerance.
const (
	InTolerance    AsFound = "in-tolerance"
	OutOfTolerance AsFound = "out-of-tolerance"
)

// Checking is one check that was made. What of it is needed depends on the check.
type Checking struct {
	At        time.Time // when it was made, UTC
	Passed    bool      // as the device was left; a cleaning is always passed
	Due       Due       // until when it then holds
	AsFound   AsFound   // of a calibration
	Reference string    // certificate or report; of a calibration and a qualification
	Remark    string    // needed when something was not as it should be
}

// Calibrate decides a calibration. One that finds the device out of tolerance throws doubt on every use since the last
// good one, also when the device was then adjusted and passed (process scenario 23); one that fails puts the device out
// of service.
func (d *Device) Calibrate(by ledger.Author, now time.Time, c Checking) ([]ledger.Draft, error) {
	if c.AsFound != InTolerance && c.AsFound != OutOfTolerance {
		return nil, ledger.Refuse(ledger.Invalid, "CS-67", "device-as-found",
			"a calibration says whether the device was found in tolerance or out of tolerance", "take it from the certificate")
	}
	return d.check(by, now, Calibration, c)
}

// Qualify decides a qualification or requalification. One that fails puts the device out of service, and throws doubt on
// every use since the last good one.
func (d *Device) Qualify(by ledger.Author, now time.Time, c Checking) ([]ledger.Draft, error) {
	c.AsFound = ""
	return d.check(by, now, Qualification, c)
}

// Clean decides that the device was cleaned.
func (d *Device) Clean(by ledger.Author, now time.Time, c Checking) ([]ledger.Draft, error) {
	c.AsFound, c.Reference, c.Passed = "", "", true
	return d.check(by, now, Cleaning, c)
}

// DailyControl decides the control of a day: c.Due is that day. One that fails blocks the device until one is passed, and
// throws doubt on every use since the last good one (process scenario 33).
func (d *Device) DailyControl(by ledger.Author, now time.Time, c Checking) ([]ledger.Draft, error) {
	c.AsFound, c.Reference = "", ""
	return d.check(by, now, DailyControl, c)
}

func (d *Device) check(by ledger.Author, now time.Time, check Check, c Checking) ([]ledger.Draft, error) {
	permission := people.ExecuteStep
	if check == Calibration || check == Qualification {
		permission = people.ManageEquipment
	}
	err := may(by, permission)
	if err != nil {
		return nil, err
	}
	err = d.kept()
	if err != nil {
		return nil, err
	}
	at := c.At.UTC().Truncate(time.Microsecond)
	if at.After(now) || at.Before(d.Standing[check].At) {
		return nil, ledger.Refuse(ledger.Invalid, "DI-8", "device-time",
			"a check is recorded after it was made, and after the one before it", "enter the time at which it was made")
	}
	data := checked{At: at, Passed: c.Passed, AsFound: c.AsFound}
	if c.Passed {
		data.Due = c.Due
		err = d.dueOf(check, at, c.Due)
		if err != nil {
			return nil, err
		}
	}
	if check == Calibration || check == Qualification {
		data.Reference, err = line("certificate", c.Reference, 1, maxRef)
		if err != nil {
			return nil, err
		}
	}
	data.Remark, err = line("remark", c.Remark, 0, maxReason)
	if err != nil {
		return nil, err
	}
	if data.doubtful(check) || !data.Passed {
		data.Remark, err = reasonOf(c.Remark)
		if err != nil {
			return nil, err
		}
	}
	return []ledger.Draft{{Type: checkTypes[check], Data: data}}, nil
}

// dueOf refuses a day until which a passed check cannot hold.
func (d *Device) dueOf(check Check, at time.Time, due Due) error {
	if due.IsZero() && d.Needed(check) {
		return ledger.Refuse(ledger.Invalid, "CS-67", "device-due-needed",
			"{id} needs its {check} again and again: the day until which this one holds is missing", "enter the day as it stands on the certificate or sticker",
			"id", string(d.ID), "check", string(check))
	}
	if !due.holdsAt(at) {
		return ledger.Refuse(ledger.Invalid, "CS-67", "device-due-past",
			"the day until which it holds is before the day on which it was made", "enter the day as it stands on the certificate or sticker")
	}
	return nil
}

// doubtful says whether a check throws doubt on what the device did before. A failure that says it found the device in
// tolerance does not: what is broken now was good until then.
func (c checked) doubtful(check Check) bool {
	switch check {
	case Calibration:
		return c.AsFound == OutOfTolerance
	case Cleaning:
		return false
	}
	return !c.Passed
}

// usesSince are the uses at and after a moment.
func (d *Device) usesSince(t time.Time) []Use {
	var out []Use
	for _, u := range d.Uses {
		if !u.At.Before(t) && u.Reversed == "" {
			out = append(out, u)
		}
	}
	return out
}

// Affected are the uses on which the newest finding throws doubt; none when there never was one.
func (d *Device) Affected() []Use {
	if len(d.Findings) == 0 {
		return nil
	}
	return d.Findings[len(d.Findings)-1].Uses
}
