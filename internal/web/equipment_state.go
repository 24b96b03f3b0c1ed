package web

import (
	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// deviceLineOut is a device without its history.
type deviceLineOut struct {
	ID         equipment.ID      `json:"id" example:"CEN-03"`
	Kind       string            `json:"kind" example:"centrifuge"`
	Name       string            `json:"name"`
	Area       string            `json:"area"`
	Status     equipment.Status  `json:"status" enum:"in-service,out-of-service"`
	Retired    string            `json:"retired,omitempty" doc:"Why the device is never used again"`
	Checks     []checkOut        `json:"checks" doc:"What it has to pass, or has passed, with the newest result of each"`
	Programmes map[string]string `json:"programmes" doc:"Approved version of each programme"`
	OpenAlarms int               `json:"open_alarms"`
	Version    uint64            `json:"version"`
}

// checkOut is where a device stands with one check.
type checkOut struct {
	Check    equipment.Check `json:"check" enum:"qualification,calibration,cleaning,daily-control"`
	Needed   bool            `json:"needed"`
	Recorded bool            `json:"recorded"`
	Passed   bool            `json:"passed"`
	At       string          `json:"at,omitempty" doc:"When the newest one was made"`
	Due      string          `json:"due,omitempty" example:"2027-06-30" doc:"It holds until the end of this day at the plant"`
	DueEnd   string          `json:"due_end,omitempty" doc:"That moment in UTC"`
	LastGood string          `json:"last_good,omitempty" doc:"When one was last passed"`
}

func deviceLine(s *equipment.Sheet) deviceLineOut {
	out := deviceLineOut{
		ID: s.ID, Kind: s.Kind, Name: s.Name, Area: s.Area, Status: s.Status(), Retired: s.Retired, Checks: []checkOut{},
		Programmes: map[string]string{}, OpenAlarms: len(s.Open), Version: s.Version,
	}
	for programme, version := range s.Programmes {
		out.Programmes[programme] = version
	}
	for _, check := range equipment.Checks() {
		standing, recorded := s.Standing[check]
		if !recorded && !s.Needed(check) {
			continue
		}
		out.Checks = append(out.Checks, checkOut{
			Check: check, Needed: s.Needed(check), Recorded: recorded, Passed: standing.Passed, At: utc(standing.At),
			Due: standing.Due.Day, DueEnd: utc(standing.Due.End), LastGood: utc(standing.LastGood),
		})
	}
	return out
}

// deviceOut is a device with its history.
type deviceOut struct {
	deviceLineOut
	RegisteredAt string              `json:"registered_at"`
	RegisteredBy string              `json:"registered_by"`
	Records      []deviceRecordOut   `json:"records" doc:"Every check, in the order of recording"`
	Alarms       []deviceAlarmOut    `json:"alarms"`
	Approvals    []deviceApprovalOut `json:"approvals" doc:"Every programme version that was approved or taken back"`
	Uses         []deviceUseOut      `json:"uses" doc:"In the order of use"`
	Findings     []deviceFindingOut  `json:"findings" doc:"Failed checks that throw doubt on earlier uses"`
}

type deviceRecordOut struct {
	Check     equipment.Check   `json:"check"`
	At        string            `json:"at"`
	Passed    bool              `json:"passed"`
	Due       string            `json:"due,omitempty"`
	AsFound   equipment.AsFound `json:"as_found,omitempty"`
	Reference string            `json:"reference,omitempty"`
	Remark    string            `json:"remark,omitempty"`
	Recorded  string            `json:"recorded_at"`
	By        ledger.Author     `json:"by"`
}

type deviceAlarmOut struct {
	Alarm    int                `json:"alarm"`
	Code     string             `json:"code"`
	Text     string             `json:"text"`
	At       string             `json:"at"`
	Batch    string             `json:"batch,omitempty"`
	Step     string             `json:"step,omitempty"`
	By       ledger.Author      `json:"by"`
	Decision equipment.Decision `json:"decision,omitempty" doc:"None while the alarm is open"`
	Reason   string             `json:"reason,omitempty"`
	ClosedBy string             `json:"closed_by,omitempty"`
	ClosedAt string             `json:"closed_at,omitempty"`
}

type deviceApprovalOut struct {
	Programme string        `json:"programme"`
	Version   string        `json:"version,omitempty" doc:"None where the approval was taken back"`
	Reason    string        `json:"reason"`
	At        string        `json:"at"`
	By        ledger.Author `json:"by"`
}

type deviceUseOut struct {
	Batch            string        `json:"batch"`
	CoI              string        `json:"coi"`
	Subject          string        `json:"subject"`
	Step             string        `json:"step"`
	At               string        `json:"at"`
	Until            string        `json:"until,omitempty" doc:"Planned end"`
	Programme        string        `json:"programme,omitempty"`
	ProgrammeVersion string        `json:"programme_version,omitempty"`
	By               ledger.Author `json:"by"`
	Reversed         string        `json:"reversed,omitempty" doc:"Recorded in error, for this reason: another device was used"`
}

type deviceFindingOut struct {
	Check   equipment.Check `json:"check"`
	At      string          `json:"at"`
	Since   string          `json:"since,omitempty" doc:"The last time the check was passed; none when never"`
	Remark  string          `json:"remark"`
	Batches []string        `json:"batches" doc:"In doubt, each once"`
	Uses    []deviceUseOut  `json:"uses"`
}

func deviceState(d *equipment.Device) deviceOut {
	out := deviceOut{
		deviceLineOut: deviceLine(&d.Sheet), RegisteredAt: utc(d.RegisteredAt), RegisteredBy: d.RegisteredBy.Account,
		Records: []deviceRecordOut{}, Alarms: []deviceAlarmOut{}, Approvals: []deviceApprovalOut{}, Uses: deviceUses(d.Uses), Findings: []deviceFindingOut{},
	}
	for _, r := range d.Records {
		out.Records = append(out.Records, deviceRecordOut{
			Check: r.Check, At: utc(r.At), Passed: r.Passed, Due: r.Due.Day, AsFound: r.AsFound, Reference: r.Reference, Remark: r.Remark,
			Recorded: utc(r.Recorded), By: r.By,
		})
	}
	for _, a := range d.Alarms {
		out.Alarms = append(out.Alarms, deviceAlarmOut{
			Alarm: a.Number, Code: a.Code, Text: a.Text, At: utc(a.At), Batch: a.Batch, Step: a.Step, By: a.By,
			Decision: a.Decision, Reason: a.Reason, ClosedBy: a.ClosedBy.Account, ClosedAt: utc(a.ClosedAt),
		})
	}
	for _, p := range d.Approvals {
		out.Approvals = append(out.Approvals, deviceApprovalOut{Programme: p.Programme, Version: p.Version, Reason: p.Reason, At: utc(p.At), By: p.By})
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, deviceFindingOut{
			Check: f.Check, At: utc(f.At), Since: utc(f.Since), Remark: f.Remark, Batches: list(f.Batches()), Uses: deviceUses(f.Uses),
		})
	}
	return out
}

func deviceUses(uses []equipment.Use) []deviceUseOut {
	out := []deviceUseOut{}
	for _, u := range uses {
		out = append(out, deviceUseOut{
			Batch: u.Batch, CoI: u.CoI, Subject: u.Subject, Step: u.Step, At: utc(u.At), Until: utc(u.Until),
			Programme: u.Programme, ProgrammeVersion: u.ProgrammeVersion, By: u.By, Reversed: u.Reversed,
		})
	}
	return out
}
