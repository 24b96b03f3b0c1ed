package equipment

import (
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Decision is what the production lead decides on an alarm (process scenario 21).
type Decision string

// The decisions on an alarm.
const (
	Continue Decision = "continue"
	Restart  Decision = "restart"
	NewKit   Decision = "new-kit"
)

// maxOpen bounds the alarms of a device that nobody has decided on.
const maxOpen = 50

// Report is an alarm as the device shows it.
type Report struct {
	Code  string    // as on the display, e.g. "E-0417"
	Text  string    // in the words of the display
	At    time.Time // UTC
	Batch string    // in whose work it happened; empty when in none
	Step  string
}

// Alarm decides that the device gave an alarm. It is blocked until the production lead closes it.
func (d *Device) Alarm(by ledger.Author, now time.Time, r Report) ([]ledger.Draft, error) {
	err := may(by, people.ExecuteStep)
	if err != nil {
		return nil, err
	}
	err = d.kept()
	if err != nil {
		return nil, err
	}
	data := alarmRaised{At: r.At.UTC().Truncate(time.Microsecond), Batch: r.Batch, Step: r.Step}
	if data.At.After(now) {
		return nil, ledger.Refuse(ledger.Invalid, "DI-8", "alarm-time", "an alarm is recorded after it was given", "enter the time of the display")
	}
	if len(d.Open) >= maxOpen {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "alarm-too-many", "{id} has many open alarms already", "the production lead decides on them first", "id", string(d.ID))
	}
	data.Code, err = line("alarm-code", r.Code, 1, maxShort)
	if err != nil {
		return nil, err
	}
	data.Text, err = line("alarm-text", r.Text, 1, maxReason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeAlarm, Data: data}}, nil
}

// CloseAlarm decides what is done after an alarm. Only the production lead may.
func (d *Device) CloseAlarm(by ledger.Author, number int, decision Decision, reason string) ([]ledger.Draft, error) {
	if people.Role(by.Role) != people.ProductionLead {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "alarm-lead", "an alarm is decided on by the production lead, not by {role}", "call the production lead", "role", by.Role)
	}
	if number < 1 || number > len(d.Alarms) {
		return nil, ledger.Refuse(ledger.Missing, "AT-59", "no-alarm", "{id} has no alarm {alarm}", "look at the device again", "id", string(d.ID), "alarm", fmt.Sprint(number))
	}
	if d.Alarms[number-1].Decision != "" {
		return nil, ledger.Refuse(ledger.Stale, "AT-59", "alarm-closed", "alarm {alarm} of {id} is closed already", "look at the device again", "id", string(d.ID), "alarm", fmt.Sprint(number))
	}
	if decision != Continue && decision != Restart && decision != NewKit {
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "alarm-decision", "after an alarm work goes on, begins again, or begins again with a new kit", "choose one of these")
	}
	reason, err := reasonOf(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeAlarmClosed, Data: alarmClosed{Alarm: number, Decision: decision, Reason: reason}}}, nil
}
